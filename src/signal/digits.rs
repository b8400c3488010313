//! Words that mix letters and digits, as formed brand names do.

use super::{Signal, letter};

/// Words of at least three letters that end or begin in digits: `bet365`, `777slot`, `1xbet`.
pub(crate) const SIGNAL: Signal = Signal {
    id: "brand-shape",
    html: false,
    about: "words that join letters and digits like a formed brand",
    measure: |s, i| formed(&s.units[i].text) as f32,
    knots: &[0.0, 1.0, 2.0, 5.0],
};

/// How many words of `text` are formed, up to ten.
pub(super) fn formed(text: &str) -> usize {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return 0;
    }
    letter::words(text).filter(|word| is_formed(word)).take(10).count()
}

fn is_formed(word: &str) -> bool {
    if word.len() > 30 || !word.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let letters = word.chars().filter(|&c| letter::is_alphabetic(c)).count();
    let turns =
        word.chars().zip(word.chars().skip(1)).filter(|(a, b)| a.is_ascii_digit() != b.is_ascii_digit()).count();
    letters >= 3 && turns <= 2
}
