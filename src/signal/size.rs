//! How long a unit is.

use super::Signal;

/// Words of the unit.
pub(crate) const SIGNAL: Signal = Signal {
    id: "size",
    html: false,
    about: "words of the block",
    measure: |s, i| s.units[i].words as f32,
    knots: &[0.0, 1.0, 2.0, 4.0, 7.0, 12.0, 20.0, 40.0, 80.0],
};
