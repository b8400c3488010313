//! The same text again and again.

use super::{SHARE, Signal};

/// How often the unit's folded text occurs in the document.
pub(crate) const OWN: Signal = Signal {
    id: "repetition",
    html: false,
    about: "how often the same text occurs in the document",
    measure: |s, i| s.repeats[i] as f32,
    knots: &[1.0, 2.0, 3.0, 6.0, 20.0],
};

/// Share of the ten neighbours whose text occurs more than once.
pub(crate) const NEAR: Signal = Signal {
    id: "repetition-near",
    html: false,
    about: "share of the five blocks before and after that occur more than once",
    measure: |s, i| s.around(&s.sums.repeated, i, 5),
    knots: SHARE,
};
