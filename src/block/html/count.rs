//! How much text a block holds.

use crate::block::Block;

/// Characters and words.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Count {
    /// Characters that are not white space.
    pub(super) chars: u32,
    /// Those of them inside links.
    pub(super) linked: u32,
    /// Words.
    pub(super) words: u32,
    /// Blocks.
    pub(super) blocks: u32,
    /// Words of visible blocks that read like sentences: long, and hardly linked.
    pub(super) prose: u32,
}

/// Words a block must have to count as prose: captions, teasers and menu lines rarely reach it.
const PROSE: u32 = 15;

impl Count {
    pub(super) fn add(&mut self, other: Self) {
        self.chars += other.chars;
        self.linked += other.linked;
        self.words += other.words;
        self.blocks += other.blocks;
        self.prose += other.prose;
    }
}

/// What one block holds.
pub(super) fn of(block: &Block<'_>) -> Count {
    let (chars, words) = measure(&block.text);
    let linked: u32 = block.links.iter().filter_map(|l| block.text.get(l.span.clone())).map(|t| measure(t).0).sum();
    let prose = if words >= PROSE && linked * 3 < chars && block.hidden.is_none() { words } else { 0 };
    Count { chars, linked, words, blocks: 1, prose }
}

/// Characters and words of a text. In scripts without spaces two characters count as a word.
fn measure(text: &str) -> (u32, u32) {
    let (mut chars, mut words, mut unspaced, mut inside) = (0_u32, 0_u32, 0_u32, false);
    for &byte in text.as_bytes() {
        if byte <= b' ' {
            inside = false;
            continue;
        }
        words += u32::from(!inside);
        inside = true;
        // Continuation bytes belong to the character before them.
        chars += u32::from(byte & 0xC0 != 0x80);
        unspaced += u32::from((0xE3..=0xE9).contains(&byte));
    }
    (chars, words + unspaced / 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_with_and_without_spaces() {
        assert_eq!(measure("two  words\n"), (8, 2));
        assert_eq!(measure("静かな朝"), (4, 3));
    }
}
