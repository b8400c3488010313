//! How the words begin: a sentence, a title, a keyword.

use super::{Signal, letter};

/// 0 no cased letter first, 1 lower case first, 2 a capital first and words in lower case after it, 3 every long word capitalised.
pub(crate) const SIGNAL: Signal = Signal {
    id: "case",
    html: false,
    about: "how the words begin: caseless, lower case, sentence, title",
    measure: |s, i| {
        let text = &*s.units[i].text;
        let Some(first) = text.chars().find(|&c| letter::is_alphabetic(c)) else { return 0.0 };
        if letter::is_lowercase(first) {
            return 1.0;
        }
        if !letter::is_uppercase(first) {
            return 0.0;
        }
        let mut long = text
            .split_whitespace()
            .skip(1)
            .filter(|word| word.len() > 3)
            .filter_map(|word| word.chars().next())
            .filter(|&c| letter::is_alphabetic(c))
            .take(12)
            .peekable();
        if long.peek().is_some() && long.all(letter::is_uppercase) { 3.0 } else { 2.0 }
    },
    knots: &[0.0, 1.0, 2.0, 3.0],
};
