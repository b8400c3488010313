//! Disguised letters.

use super::{Signal, disguise};

/// Signs of disguise in the unit.
pub(crate) const SIGNAL: Signal = Signal {
    id: "disguise",
    html: false,
    about: "look-alike letters, invisible characters, spaced-out words",
    measure: |s, i| disguise::count(&s.units[i].text) as f32,
    knots: &[0.0, 1.0, 3.0],
};
