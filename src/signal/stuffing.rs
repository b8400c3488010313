//! Keyword stuffing: the words a unit shares with the rest of its page.

use super::tally::Tally;
use super::unit::Unit;
use super::{Signal, letter};

/// Share of the unit's long words that make up more than one in a hundred long words of the rest of the document.
pub(crate) const SIGNAL: Signal = Signal {
    id: "stuffing",
    html: false,
    about: "share of the words that the document repeats over and over",
    measure: |s, i| s.stuffed[i],
    knots: super::SHARE,
};

/// Words of a unit that are looked at.
const LOOKED_AT: usize = 60;

/// Measures all units.
pub(super) fn measure(units: &[Unit<'_>]) -> Vec<f32> {
    let mut tally = Tally::new(units.iter().map(|unit| unit.text.len()).sum());
    for unit in units {
        long_words(&unit.text).for_each(|word| tally.add(word));
        tally.end_unit();
    }
    let counts = tally.counts();
    let total = (units.len() + 1) as u32 + tally.distinct() as u32;
    let share = |i: usize| {
        let own = tally.of(i);
        let own = &own[..own.len().min(LOOKED_AT)];
        let stuffed = own.iter().map(|&word| counts[word as usize]).filter(|&n| n > 3 && n * 60 > total).count();
        if own.is_empty() { 0.0 } else { stuffed as f32 / own.len() as f32 }
    };
    (0..units.len()).map(share).collect()
}

/// Words of five bytes and more.
fn long_words(text: &str) -> impl Iterator<Item = &str> {
    letter::words(text).filter(|word| word.len() >= 5)
}
