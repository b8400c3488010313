//! Disguised letters.

use super::{Signal, disguise, letter};

/// Signs of disguise in the unit.
pub(crate) const SIGNAL: Signal = Signal {
    id: "disguise",
    html: false,
    about: "look-alike letters, invisible characters, spaced-out words",
    measure: |s, i| count(&s.units[i].text) as f32,
    knots: &[0.0, 1.0, 3.0],
};

/// [`disguise::count`], with a quick look before it at texts whose letters it looks at one by one.
fn count(text: &str) -> usize {
    if !text.is_ascii() && letter::is_undisguised(text) { 0 } else { disguise::count(text) }
}
