//! Physical lines of a text with their byte ranges.

use std::ops::Range;

/// One physical line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line<'a> {
    /// Byte where the line starts.
    pub start: usize,
    /// Byte after its line end.
    pub end: usize,
    /// 1-based number.
    pub number: u32,
    /// The line without its end and surrounding white space.
    pub text: &'a str,
}

impl Line<'_> {
    /// True for a line of nothing but white space (invisible characters included).
    pub fn is_blank(&self) -> bool {
        self.text.chars().all(|c| c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'))
    }
}

/// The lines of `source` from byte `from` on. A lone carriage return ends a line only where no line feed occurs at all.
pub fn lines(source: &str, from: usize) -> Vec<Line<'_>> {
    let separator = if memchr::memchr(b'\n', source.as_bytes()).is_some() { b'\n' } else { b'\r' };
    let mut number = 1 + memchr::memchr_iter(separator, &source.as_bytes()[..from]).count() as u32;
    let mut start = from;
    let mut found = Vec::new();
    while start < source.len() {
        let end = memchr::memchr(separator, &source.as_bytes()[start..]).map_or(source.len(), |at| start + at + 1);
        found.push(Line { start, end, number, text: source[start..end].trim_start_matches('\u{feff}').trim() });
        start = end;
        number += 1;
    }
    found
}

/// Byte range of `part` inside `whole`; `part` must be a slice of it.
pub fn range_in(whole: &str, part: &str) -> Range<usize> {
    let start = (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize);
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tile_the_text_whatever_ends_them() {
        for source in ["a\nb\n", "a\r\nb", "a\rb\r", "", "\n\n", "no end"] {
            let all = lines(source, 0);
            assert_eq!(all.iter().map(|l| &source[l.start..l.end]).collect::<String>(), source);
        }
        assert_eq!(lines("a\r\n\r\nb", 0)[2].number, 3);
    }
}
