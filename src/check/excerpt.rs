//! The lines of the source that a report shows.

use super::position::Places;
use crate::report::{Excerpt, Position};

/// Up to so many lines are shown whole; of more, the first and the last.
const WHOLE: u32 = 5;
/// So many of the first lines are shown when not all are.
const HEAD: u32 = 3;
/// A line is shown up to so many characters.
const WIDTH: usize = 120;
/// So many characters before the finding are shown when its line is too long to be shown from its start.
const BEFORE: usize = 20;

/// The lines from `start` to `end`.
pub(super) fn excerpt(places: &Places<'_>, start: Position, end: Position) -> Excerpt {
    let count = end.line.saturating_sub(start.line) + 1;
    let column = |line| if line == start.line { start.column } else { 1 };
    let line = |number| (number, clip(places.line(number).trim_end(), column(number)));
    if count <= WHOLE {
        return Excerpt { head: (start.line..=end.line).map(line).collect(), ..Excerpt::default() };
    }
    Excerpt {
        head: (start.line..start.line + HEAD).map(line).collect(),
        omitted: (count - HEAD - 1) as usize,
        tail: Some(line(end.line)),
    }
}

/// A part of `line` that holds `column`.
fn clip(line: &str, column: u32) -> String {
    let column = column as usize - 1;
    let from = if column + BEFORE > WIDTH { column - BEFORE } else { 0 };
    let mut rest = line.chars().skip(from);
    let shown: String = rest.by_ref().take(WIDTH).collect();
    let (before, after) = (if from > 0 { "…" } else { "" }, if rest.next().is_some() { "…" } else { "" });
    format!("{before}{shown}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::decode::decoded;

    #[test]
    fn long_runs_show_their_ends() {
        let text: String = (1..=9).map(|n| format!("line {n}\n")).collect();
        let decoded = decoded(&text);
        let at = |line| Position { line, column: 1 };
        let shown = excerpt(&Places::new(&decoded), at(2), at(8));
        assert_eq!(shown.head.iter().map(|(n, _)| *n).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!((shown.omitted, shown.tail), (3, Some((8, "line 8".into()))));
    }

    #[test]
    fn long_lines_are_shown_around_the_finding() {
        let line = format!("{}needle{}", "a".repeat(500), "b".repeat(500));
        let shown = clip(&line, 501);
        assert!(shown.starts_with("…aaa") && shown.contains("needle") && shown.ends_with("b…"));
        assert_eq!(shown.chars().count(), WIDTH + 2);
        assert_eq!(clip("short", 3), "short");
    }
}
