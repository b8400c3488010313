//! Blocks of one shape: what the other short blocks that look like this one say.

use std::collections::HashMap;

use super::fold::Score;
use super::unit::Unit;
use super::{ODDS, Signal, letter};

/// Mean log-odds of the other units of the same shape; 0 for a long unit, or one of a shape of its own.
pub(crate) const SIGNAL: Signal = Signal {
    id: "kin",
    html: false,
    about: "log-odds of the other short blocks of the same shape in the document",
    measure: |s, i| s.kin[i],
    knots: ODDS,
};

/// Words of the longest unit that has kin.
const SHORT: usize = 7;

/// For each unit the mean log-odds of its kin.
pub(crate) fn odds(units: &[Unit<'_>], scores: &[Score], ends: &[bool]) -> Vec<f32> {
    let shapes: Vec<Option<u64>> =
        units.iter().zip(ends).map(|(unit, &ends)| (unit.words <= SHORT).then(|| shape(&unit.text, ends))).collect();
    let mut sums: HashMap<u64, (f32, f32), foldhash::fast::RandomState> = HashMap::default();
    for (shape, score) in shapes.iter().zip(scores) {
        if let Some(shape) = shape {
            let (sum, n) = sums.entry(*shape).or_default();
            *sum += score.spam.clamp(-10.0, 20.0);
            *n += 1.0;
        }
    }
    let others = |(shape, score): (&Option<u64>, &Score)| {
        let (sum, n) = shape.map_or((0.0, 0.0), |shape| sums[&shape]);
        if n < 2.0 { 0.0 } else { (sum - score.spam.clamp(-10.0, 20.0)) / (n - 1.0) }
    };
    shapes.iter().zip(scores).map(others).collect()
}

/// How a short text is written: the cast of its first three words, whether there are more, its first mark and its end.
fn shape(text: &str, ends: bool) -> u64 {
    let mut words = text.split_whitespace();
    let casts = words.by_ref().take(3).fold(1, |shape, word| shape * 8 + cast(word));
    let mark = text.chars().next().filter(|&c| !letter::is_alphanumeric(c)).map_or(0, u64::from);
    ((casts * 2 + u64::from(words.next().is_some())) * 2 + u64::from(ends)) << 21 | mark
}

/// Shouted, capitalised, lower case, caseless, digits, letters with digits, marks only.
fn cast(word: &str) -> u64 {
    let letters = word.chars().filter(|&c| letter::is_alphabetic(c)).count();
    let digits = word.chars().any(letter::is_numeric);
    let upper = word.chars().filter(|&c| letter::is_uppercase(c)).count();
    let lower = word.chars().any(letter::is_lowercase);
    match (letters, digits) {
        (0, true) => 1,
        (0, false) => 2,
        (_, true) => 3,
        _ if upper == letters && letters > 1 => 4,
        _ if upper > 0 => 5,
        _ if lower => 6,
        _ => 7,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brands_are_kin_and_answers_are_not_of_them() {
        assert_eq!(shape("ROMA77", false), shape("LUNO138", false));
        assert_ne!(shape("ROMA77", false), shape("Yeah.", true));
        assert_ne!(shape("- item", false), shape("item", false));
    }
}
