//! Units of judgement: a block, or a sentence of a long block.

use std::borrow::Cow;
use std::ops::Range;

use super::mask;
use crate::block::{Document, Kind, sentence};

/// Blocks of fewer words than this are judged whole: a sentence of a short paragraph has too little to stand on.
const LONG: usize = 14;

/// What is judged at one stroke.
#[derive(Debug, Clone)]
pub struct Unit<'a> {
    /// Index of its block in the document.
    pub block: usize,
    /// Its text as it is judged: the block's, or a sentence of it, without the mask it may wear.
    pub text: Cow<'a, str>,
    /// Bytes of it within the text of the block.
    pub range: Range<usize>,
    /// Words; a third of the letters in scripts that write no spaces.
    pub words: usize,
    /// True when the block has other units.
    pub part: bool,
}

/// The units of a document, in order.
pub fn units<'a>(document: &'a Document<'_>) -> Vec<Unit<'a>> {
    let mut found = Vec::with_capacity(document.blocks.len());
    for (index, block) in document.blocks.iter().enumerate() {
        let whole = words(&block.text);
        let text = block.text.as_ref();
        let parts = if whole >= LONG && splits(block.kind) { sentence::split(text) } else { Vec::new() };
        if parts.len() < 2 {
            found.push(Unit::new(index, text, 0..text.len(), whole));
            continue;
        }
        found.extend(parts.into_iter().map(|range| {
            let words = words(&text[range.clone()]);
            Unit { part: true, ..Unit::new(index, text, range, words) }
        }));
    }
    found
}

impl<'a> Unit<'a> {
    /// Bytes `range` of the text of a block, which have so many words as they stand there.
    fn new(block: usize, text: &'a str, range: Range<usize>, number: usize) -> Self {
        let text = &text[range.clone()];
        let (text, number) = match mask::off(text) {
            None => (Cow::Borrowed(text), number),
            Some(bare) => (Cow::Owned(bare), 0),
        };
        let words = if number == 0 { words(&text) } else { number };
        Self { block, text, range, words, part: false }
    }
}

fn splits(kind: Kind) -> bool {
    !matches!(kind, Kind::Code | Kind::Row | Kind::Heading | Kind::Cue)
}

/// Words of `text`: runs between white space; in Thai, Chinese, Japanese and their like a third of the letters.
pub fn words(text: &str) -> usize {
    if text.is_ascii() {
        return words_of_ascii(text.as_bytes());
    }
    let (spaced, dense) = spaced_and_dense(text);
    if dense * 2 > text.len() / 6 { spaced.max(dense / 3) } else { spaced }
}

fn words_of_ascii(text: &[u8]) -> usize {
    // Without a branch, and with sums of bytes, so that the compiler can do many at once.
    let blank = |byte: u8| u8::from(byte.wrapping_sub(b'\t') < 5) | u8::from(byte == b' ');
    let Some(&first) = text.first() else { return 0 };
    let mut words = usize::from(blank(first) == 0);
    for (before, after) in text[..text.len() - 1].chunks(255).zip(text[1..].chunks(255)) {
        words += usize::from(before.iter().zip(after).map(|(&a, &b)| blank(a) & !blank(b) & 1).sum::<u8>());
    }
    words
}

/// Runs between white space, and letters of [`is_dense`] scripts.
fn spaced_and_dense(text: &str) -> (usize, usize) {
    let (mut spaced, mut dense, mut open) = (0, 0, false);
    let mut chars = text.chars();
    loop {
        let rest = chars.as_str().as_bytes();
        // Two bytes make letters of Europe and the Middle East: no script without spaces, and two kinds of space.
        let Some(c) = chars.next() else { return (spaced, dense) };
        let blank = match rest {
            [byte, ..] if byte.is_ascii() => matches!(byte, b'\t'..=b'\r' | b' '),
            [0xC2, second, ..] => matches!(second, 0x85 | 0xA0),
            [0xC3..=0xDF, ..] => false,
            _ => {
                dense += usize::from(is_dense(c));
                c.is_whitespace()
            }
        };
        spaced += usize::from(!blank && !open);
        open = !blank;
    }
}

/// Letters of scripts written without spaces between words.
pub fn is_dense(c: char) -> bool {
    matches!(c, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::text;
    use proptest::prelude::*;

    #[test]
    fn long_blocks_fall_into_sentences_and_short_ones_stay_whole() {
        let source = "Yeah.\nWe moved the whole team to the new office last year. Nobody liked the new coffee machine at first, but we got used to it.\n";
        let document = text::parse(source);
        let units = units(&document);
        assert_eq!(units.iter().map(|u| u.block).collect::<Vec<_>>(), [0, 1, 1]);
        assert_eq!(units[1].range.end, units[2].range.start);
    }

    #[test]
    fn scripts_without_spaces_have_words_too() {
        assert_eq!(words("สล็อตเว็บตรงไม่ผ่านเอเย่นต์"), 9);
        assert_eq!(words("It is café time"), 4);
        for text in ["", " ", "a", " a b\t\x0bc \x1c \x7f\n"] {
            assert_eq!(words(text), text.split_whitespace().count(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn words_are_counted_as_characters_tell(text in "[ -~\\t\\n\\x0b\\x1c\\x85\\u{a0}\\u{1680}\\u{2000}-\\u{2030}\\u{205f}\\u{3000}éжด字ကក]{0,40}|[a ]{250,300}|\\PC{0,40}") {
            let dense = text.chars().filter(|&c| is_dense(c)).count();
            prop_assert_eq!(spaced_and_dense(&text), (text.split_whitespace().count(), dense));
            if text.is_ascii() {
                prop_assert_eq!(words(&text), text.split_whitespace().count());
            }
        }
    }
}
