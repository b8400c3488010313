//! Whether units end as sentences do.

use super::{FLAG, SHARE, Signal};

/// Ends with the punctuation of a sentence.
pub(crate) const OWN: Signal = Signal {
    id: "ending",
    html: false,
    about: "ends as a sentence does",
    measure: |s, i| f32::from(s.ends[i]),
    knots: FLAG,
};

/// Share of the eight neighbours that do.
pub(crate) const NEAR: Signal = Signal {
    id: "endings-near",
    html: false,
    about: "share of the four blocks before and after that end as sentences do",
    measure: |s, i| s.around(&s.sums.ended, i, 4),
    knots: SHARE,
};
