//! Words a unit has in common with the rest of its document.

use std::collections::HashMap;

use super::unit::{self, Unit};
use super::{Signal, Survey};

/// Share of the words that stand elsewhere in the document too. A sentence laid in from somewhere else, or in another
/// language, has none of the small words that every other sentence has.
pub(crate) const SIGNAL: Signal = Signal {
    id: "familiar",
    about: "share of its words that other blocks have too (-0.2 where there is too little text to tell)",
    measure: |s: &Survey<'_>, i| s.familiar[i],
    knots: &[-0.2, 0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0],
};

/// Words a unit and the rest of its document must have for a share to mean something.
const OWN: usize = 5;
const REST: usize = 100;
const UNKNOWN: f32 = -0.2;

/// The blocks a word occurs in, as far as it matters.
#[derive(Clone, Copy, PartialEq)]
enum Seen {
    In(usize),
    InMany,
}

/// The share of each unit.
pub(super) fn shares(units: &[Unit<'_>], views: &[String]) -> Vec<f32> {
    let mut seen: HashMap<&str, Seen> = HashMap::new();
    let mut all = 0;
    for (unit, view) in units.iter().zip(views) {
        for word in words(view) {
            all += 1;
            let place = seen.entry(word).or_insert(Seen::In(unit.block));
            if *place != Seen::In(unit.block) {
                *place = Seen::InMany;
            }
        }
    }
    let share = |(unit, view): (&Unit<'_>, &String)| {
        let (mut own, mut known) = (0, 0);
        for word in words(view) {
            own += 1;
            known += usize::from(seen.get(word).is_some_and(|place| *place != Seen::In(unit.block)));
        }
        if own < OWN || all < own + REST { UNKNOWN } else { known as f32 / own as f32 }
    };
    units.iter().zip(views).map(share).collect()
}

/// Words; in scripts written without spaces, pairs of letters.
fn words(view: &str) -> impl Iterator<Item = &str> {
    view.split_ascii_whitespace().flat_map(|token| {
        let dense = token.chars().next().is_some_and(unit::is_dense);
        let step = move |at: usize| token[at..].chars().next().map_or(token.len(), |c| at + c.len_utf8());
        let first = if dense { step(step(0)) } else { token.len() };
        std::iter::successors(Some(0..first), move |pair| {
            (pair.end < token.len()).then(|| step(pair.start)..step(pair.end))
        })
        .map(move |pair| &token[pair])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_scripts_without_spaces_are_pairs() {
        assert_eq!(words("one two").collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(words("静かな朝").collect::<Vec<_>>(), ["静か", "かな", "な朝"]);
        assert_eq!(words("朝").collect::<Vec<_>>(), ["朝"]);
    }
}
