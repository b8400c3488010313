//! Keyword stuffing: the words a unit shares with the rest of its page.

use super::Signal;

/// Share of the unit's long words that make up more than one in a hundred long words of the rest of the document.
pub(crate) const SIGNAL: Signal = Signal {
    id: "stuffing",
    about: "share of the words that the document repeats over and over",
    measure: |s, i| {
        let total: u32 = s.sums.weight.len() as u32 + s.vocabulary.len() as u32;
        let (mut all, mut stuffed) = (0_u32, 0_u32);
        for word in long_words(s.units[i].text).take(60) {
            all += 1;
            stuffed += u32::from(s.vocabulary.get(word).is_some_and(|&n| n > 3 && n * 60 > total));
        }
        if all == 0 { 0.0 } else { stuffed as f32 / all as f32 }
    },
    knots: super::SHARE,
};

/// Words of five bytes and more.
pub(crate) fn long_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() >= 5)
}
