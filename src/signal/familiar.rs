//! Words a unit has in common with the rest of its document.

use super::token::Tokens;
use super::unit::Unit;
use super::{Signal, Survey};

/// Share of the words that stand elsewhere in the document too. A sentence laid in from somewhere else, or in another
/// language, has none of the small words that every other sentence has.
pub(crate) const SIGNAL: Signal = Signal {
    id: "familiar",
    html: false,
    about: "share of its words that stand elsewhere too (-0.2 where there is too little text to tell)",
    measure: |s: &Survey<'_>, i| s.familiar.share[i],
    knots: &[-0.2, 0.0, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 1.0],
};

/// Share of the words that stand in many of its paragraphs: the small words of the document's language. Laid-in sentences that
/// resemble one another do not hide behind each other here.
pub(crate) const COMMON: Signal = Signal {
    id: "common",
    html: false,
    about: "share of its words that one in five paragraphs has (-0.2 where there is too little text to tell)",
    measure: |s: &Survey<'_>, i| s.familiar.common[i],
    knots: &[-0.2, 0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.6],
};

/// Words a unit and the rest of its document must have for a share to mean something.
const OWN: usize = 5;
const REST: usize = 100;
/// Words of a unit that counts as a paragraph, how many of those a document must have, and one of how many makes a word common.
const LONG: usize = 12;
const PARAGRAPHS: usize = 6;
const COMMON_IN: usize = 5;
const UNKNOWN: f32 = -0.2;

/// What each unit has in common with its document.
#[derive(Debug, Clone, Default)]
pub struct Familiar {
    /// Share of its words that other blocks have too.
    pub share: Vec<f32>,
    /// Share of its words that many paragraphs have.
    pub common: Vec<f32>,
}

/// Where a word occurs.
#[derive(Clone)]
struct Seen {
    /// The unit it was first seen in.
    unit: usize,
    elsewhere: bool,
    /// The last long unit it was seen in, and how many.
    last: usize,
    long: usize,
}

/// Measures all units.
pub(super) fn measure(units: &[Unit<'_>], tokens: &Tokens<'_>) -> Familiar {
    let mut all = 0;
    let mut seen = vec![Seen { unit: usize::MAX, elsewhere: false, last: usize::MAX, long: 0 }; tokens.distinct()];
    for (i, unit) in units.iter().enumerate() {
        tokens.each(i, |word| {
            let place = &mut seen[word];
            place.unit = place.unit.min(i);
            place.elsewhere |= place.unit != i;
            if unit.words >= LONG && place.last != i {
                (place.last, place.long) = (i, place.long + 1);
            }
            all += 1;
        });
    }
    let paragraphs = units.iter().filter(|unit| unit.words >= LONG).count();
    let enough = paragraphs.div_ceil(COMMON_IN);
    let shares = |i: usize| {
        let (mut known, mut common, mut own) = (0, 0, 0);
        tokens.each(i, |word| {
            known += usize::from(seen[word].elsewhere);
            common += usize::from(seen[word].long >= enough);
            own += 1;
        });
        let share = |part: usize, told: bool| if own < OWN || !told { UNKNOWN } else { part as f32 / own as f32 };
        (share(known, all >= own + REST), share(common, paragraphs >= PARAGRAPHS))
    };
    let (share, common) = (0..units.len()).map(shares).unzip();
    Familiar { share, common }
}
