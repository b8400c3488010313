//! Enumerations of keywords.

use super::{SHARE, Signal};

/// Separators (commas, bars, bullets, dashes, slashes, emoji) for each word.
pub(crate) const SIGNAL: Signal = Signal {
    id: "enumeration",
    html: false,
    about: "separators for each word, as in lists of keywords",
    measure: |s, i| {
        let text = &*s.units[i].text;
        let marks = if text.is_ascii() {
            text.bytes().filter(|byte| matches!(byte, b',' | b'|' | b'/')).count()
        } else {
            text.chars().filter(|&c| is_mark(c)).count()
        };
        (marks as f32 / s.units[i].words.max(1) as f32).min(1.0)
    },
    knots: SHARE,
};

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
