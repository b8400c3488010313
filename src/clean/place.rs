//! Places in a source text: line numbers of byte ranges, slices of original bytes as text.

use std::ops::Range;

use crate::source::Decoded;
use crate::source::decode::encode;

/// A decoded document together with its bytes and line starts.
#[derive(Debug)]
pub struct Place<'a> {
    bytes: &'a [u8],
    decoded: &'a Decoded<'a>,
    /// Offsets in the text of the bytes that end lines.
    ends: Vec<usize>,
}

impl<'a> Place<'a> {
    /// Indexes the lines of a document.
    pub fn new(bytes: &'a [u8], decoded: &'a Decoded<'a>) -> Self {
        let text = decoded.text.as_bytes();
        // As in `block::line`: a lone carriage return ends a line only where no line feed occurs at all.
        let separator = if memchr::memchr(b'\n', text).is_some() { b'\n' } else { b'\r' };
        Self { bytes, decoded, ends: memchr::memchr_iter(separator, text).collect() }
    }

    /// The text that a range of source bytes was decoded to.
    pub fn text(&self, source: &Range<usize>) -> &'a str {
        let at = |offset| crate::source::format::floor(&self.decoded.text, self.decoded.map.text(offset));
        &self.decoded.text[at(source.start)..at(source.end).max(at(source.start))]
    }

    /// The bytes of a source range, unless encoding `text` gives just them.
    pub fn raw(&self, source: &Range<usize>, text: &str) -> Option<Vec<u8>> {
        let bytes = &self.bytes[source.clone()];
        let same = if self.decoded.encoding == "UTF-8" {
            text.as_bytes() == bytes
        } else {
            encode(text, self.decoded.encoding).is_some_and(|encoded| encoded == bytes)
        };
        (!same).then(|| bytes.to_vec())
    }

    /// First and last line of a range of source bytes, 1-based, white space at its ends not counted.
    pub fn lines(&self, source: &Range<usize>) -> (u32, u32) {
        let text = self.text(source);
        let start = self.decoded.map.text(source.start) + (text.len() - text.trim_start().len());
        let end = self.decoded.map.text(source.start) + text.trim_end().len();
        let line = |at: usize| 1 + self.ends.partition_point(|end| *end < at) as u32;
        (line(start), line(end.max(start)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::decode;
    use std::path::Path;

    #[test]
    fn lines_do_not_count_the_blank_ones_around() {
        let bytes = b"a\n\nb c\nd\n\n\ne";
        let decoded = decode(Path::new("x"), bytes, false).unwrap();
        let place = Place::new(bytes, &decoded);
        assert_eq!(place.lines(&(3..11)), (3, 4));
        assert_eq!(place.lines(&(11..12)), (7, 7));
        assert_eq!(place.lines(&(0..2)), (1, 1));
    }

    #[test]
    fn raw_bytes_are_kept_only_where_the_text_lost_them() {
        let bytes = "fine näme #! öüçş".as_bytes();
        let bytes: Vec<u8> = bytes.iter().map(|&byte| if byte == b'#' { 0xff } else { byte }).collect();
        let decoded = decode(Path::new("x"), &bytes, false).unwrap();
        let place = Place::new(&bytes, &decoded);
        let text = place.text(&(0..10));
        assert_eq!((text, place.raw(&(0..10), text)), ("fine näme", None));
        let text = place.text(&(10..13));
        assert_eq!((text, place.raw(&(10..13), text)), (" \u{fffd}!", Some(b" \xff!".to_vec())));
    }
}
