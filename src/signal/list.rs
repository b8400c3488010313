//! Enumerations of keywords.

use super::{SHARE, Signal};

/// Separators (commas, bars, bullets, dashes, slashes, emoji) for each word.
pub(crate) const SIGNAL: Signal = Signal {
    id: "enumeration",
    html: false,
    about: "separators for each word, as in lists of keywords",
    measure: |s, i| {
        let text = &*s.units[i].text;
        (marks(text) as f32 / s.units[i].words.max(1) as f32).min(1.0)
    },
    knots: SHARE,
};

fn marks(text: &str) -> usize {
    let ascii = text.bytes().filter(|byte| matches!(byte, b',' | b'|' | b'/')).count();
    if text.is_ascii() {
        return ascii;
    }
    // The first bytes of the other marks, which are no later bytes of any character.
    let may = |byte: u8| matches!(byte, 0xC2 | 0xE2 | 0xE3 | 0xEF | 0xF0);
    let begins = text.bytes().enumerate().filter(|&(_, byte)| may(byte)).map(|(at, _)| at);
    ascii + begins.filter(|&at| text[at..].chars().next().is_some_and(is_mark)).count()
}

fn is_mark(c: char) -> bool {
    matches!(c, ',' | '|' | '•' | '·' | '–' | '/' | '、' | '，' | '►' | '»') || is_emoji(c)
}

/// Pictographs.
pub(crate) fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b50}')
}

/// True when `text` ends with the punctuation of a sentence, quotes, brackets and marks after it left aside.
pub(crate) fn ends(text: &str) -> bool {
    text.trim_end()
        .trim_end_matches(['"', '\'', ')', ']', '”', '’', '»', '*', '_', '」', '』'])
        .ends_with(['.', '!', '?', '…', '。', '！', '？', '।', '؟', '۔', '။', '។', ':', '»'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_counted_once() {
        let all: String = ('\0'..=char::MAX).filter(|&c| is_mark(c)).flat_map(|c| ['é', c]).collect();
        assert_eq!(marks(&all), all.chars().filter(|&c| is_mark(c)).count());
        assert_eq!((marks("a, b / c"), marks("字字")), (2, 0));
    }
}
