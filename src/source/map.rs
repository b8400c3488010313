//! Offsets in decoded text against offsets in the source bytes.

use std::ops::Range;

/// Translates offsets between a decoded text and the bytes it came from. Both sides ascend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map {
    /// `(text, source)` offsets from which on the two run in step; empty when they do everywhere.
    anchors: Vec<(usize, usize)>,
    /// Source bytes before the text, such as a byte order mark.
    base: usize,
}

impl Map {
    /// The map of a text that stands in the source as it is, `base` bytes from its start.
    pub fn shifted(base: usize) -> Self {
        Self { anchors: Vec::new(), base }
    }

    /// The source byte at which the character at byte `at` of the text starts.
    pub fn source(&self, at: usize) -> usize {
        match self.anchors[..self.anchors.partition_point(|anchor| anchor.0 <= at)].last() {
            Some(&(text, source)) => source + (at - text),
            None => at + self.base,
        }
    }

    /// The source bytes of a range of the text.
    pub fn range(&self, text: &Range<usize>) -> Range<usize> {
        self.source(text.start)..self.source(text.end)
    }

    /// The byte of the text whose character starts at source byte `at`. Inside a character it may point past its start.
    pub fn text(&self, at: usize) -> usize {
        match self.anchors[..self.anchors.partition_point(|anchor| anchor.1 <= at)].last() {
            Some(&(text, source)) => text + (at - source),
            None => at.saturating_sub(self.base),
        }
    }
}

/// Grows a text and its map together.
#[derive(Debug)]
pub struct Builder {
    text: String,
    map: Map,
    source: usize,
}

impl Builder {
    /// A builder for a text that starts `base` bytes into the source.
    pub fn new(base: usize, capacity: usize) -> Self {
        Self { text: String::with_capacity(capacity), map: Map::shifted(base), source: base }
    }

    /// Appends `text`, which stands for the next `length` source bytes. Unless the lengths agree, it must be one character.
    pub fn push(&mut self, text: &str, length: usize) {
        if self.map.source(self.text.len()) != self.source {
            self.map.anchors.push((self.text.len(), self.source));
        }
        self.text.push_str(text);
        self.source += length;
    }

    /// Passes over `length` source bytes that stand for nothing.
    pub fn skip(&mut self, length: usize) {
        self.source += length;
    }

    /// The text and its map.
    pub fn finish(mut self) -> (String, Map) {
        if self.map.source(self.text.len()) != self.source {
            self.map.anchors.push((self.text.len(), self.source));
        }
        (self.text, self.map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_go_both_ways() {
        let mut builder = Builder::new(0, 0);
        builder.push("ab", 2);
        builder.push("ş", 1);
        builder.push("c", 1);
        let (text, map) = builder.finish();
        assert_eq!(text, "abşc");
        assert_eq!([0, 2, 4, 5].map(|at| map.source(at)), [0, 2, 3, 4]);
        assert_eq!([0, 2, 3, 4].map(|at| map.text(at)), [0, 2, 4, 5]);
    }
}
