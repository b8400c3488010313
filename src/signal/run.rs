//! Runs of short units, and a short unit beside long ones.

use super::{Signal, Survey, list};

/// Longest run that is counted.
const REACH: usize = 40;

/// Short units without a sentence's end in a row around this one, itself included; 0 when it is not one of them.
pub(crate) const SHORT: Signal = Signal {
    id: "run",
    about: "short blocks without a sentence's end in a row",
    measure: |s, i| {
        if !is_short(s, i) {
            return 0.0;
        }
        let before = (i.saturating_sub(REACH)..i).rev().take_while(|&j| is_short(s, j)).count();
        let after = (i + 1..(i + REACH).min(s.units.len())).take_while(|&j| is_short(s, j)).count();
        (before + after + 1) as f32
    },
    knots: &[0.0, 1.0, 2.0, 4.0, 8.0, 20.0, 60.0],
};

/// Natural logarithm of the words of the four neighbours over the unit's own.
pub(crate) const CONTRAST: Signal = Signal {
    id: "contrast",
    about: "how much longer the neighbours are (natural logarithm)",
    measure: |s, i| {
        let window = &s.units[i.saturating_sub(2)..(i + 3).min(s.units.len())];
        let all: usize = window.iter().map(|unit| unit.words).sum();
        let mean = (all - s.units[i].words) as f32 / (window.len() - 1).max(1) as f32;
        (mean.max(1.0) / s.units[i].words.max(1) as f32).ln()
    },
    knots: &[-3.0, -1.0, 0.0, 1.0, 2.0, 4.0],
};

fn is_short(s: &Survey<'_>, i: usize) -> bool {
    s.units[i].words <= 8 && !list::ends(s.units[i].text)
}
