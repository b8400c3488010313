//! Capital letters: shouting, and titles in anchors.

use super::{SHARE, Signal};

/// Share of capital letters among the letters, 0 in scripts without case.
pub(crate) const SIGNAL: Signal = Signal {
    id: "capitals",
    about: "share of capital letters",
    measure: |s, i| {
        let (mut upper, mut all) = (0_u32, 0_u32);
        for c in s.units[i].text.chars().filter(|c| c.is_alphabetic()).take(400) {
            upper += u32::from(c.is_uppercase());
            all += 1;
        }
        if all == 0 { 0.0 } else { upper as f32 / all as f32 }
    },
    knots: SHARE,
};
