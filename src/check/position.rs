//! Lines and columns of byte offsets.

use std::ops::Range;

use crate::report::Position;
use crate::source::{Decoded, format};

/// A decoded document with the starts of its lines.
pub(super) struct Places<'a> {
    decoded: &'a Decoded<'a>,
    /// Offsets in the text at which lines start.
    starts: Vec<usize>,
}

impl<'a> Places<'a> {
    pub(super) fn new(decoded: &'a Decoded<'a>) -> Self {
        let text = decoded.text.as_bytes();
        // As in `block::line`: a lone carriage return ends a line only where no line feed occurs at all.
        let separator = if memchr::memchr(b'\n', text).is_some() { b'\n' } else { b'\r' };
        let starts = std::iter::once(0).chain(memchr::memchr_iter(separator, text).map(|at| at + 1)).collect();
        Self { decoded, starts }
    }

    /// The text of a range of source bytes, without white space at its ends, and where it starts and ends.
    pub(super) fn of_bytes(&self, bytes: &Range<usize>) -> (Position, Position) {
        let text = &self.decoded.text;
        let at = |byte| format::floor(text, self.decoded.map.text(byte));
        let (start, end) = (at(bytes.start), at(bytes.end).max(at(bytes.start)));
        let lead = text[start..end].len() - text[start..end].trim_start().len();
        let trail = text[start..end].trim_end().len();
        (self.position(start + lead.min(trail)), self.position(start + trail.max(lead.min(trail))))
    }

    /// From the first character of line `first` to behind the last of line `last`, white space left out.
    pub(super) fn of_lines(&self, (first, last): (u32, u32)) -> (Position, Position) {
        let indent = self.line(first).chars().take_while(|c| c.is_whitespace()).count() as u32;
        let length = self.line(last).trim_end().chars().count() as u32;
        let start = Position { line: first, column: indent + 1 };
        (start, Position { line: last, column: length + 1 }.max(start))
    }

    /// The text of a line, its end included; empty for a line there is not.
    pub(super) fn line(&self, number: u32) -> &'a str {
        let index = (number as usize).saturating_sub(1);
        let end = self.starts.get(index + 1).copied().unwrap_or(self.decoded.text.len());
        self.starts.get(index).map_or("", |start| &self.decoded.text[*start..end])
    }

    fn position(&self, at: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line.saturating_sub(1)];
        Position { line: line as u32, column: 1 + self.decoded.text[start..at].chars().count() as u32 }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::decode::decoded;

    #[test]
    fn columns_count_characters() {
        let decoded = decoded("güneş\r\n  çok iyi \r\n\r\nson");
        let places = Places::new(&decoded);
        let start = decoded.text.find("  çok").unwrap();
        let end = decoded.text.find("son").unwrap();
        let (from, to) = places.of_bytes(&(start..end));
        assert_eq!((from, to), (Position { line: 2, column: 3 }, Position { line: 2, column: 10 }));
        assert_eq!(places.of_lines((2, 2)), (from, to));
        assert_eq!(places.line(4), "son");
        assert_eq!(places.line(9), "");
    }
}
