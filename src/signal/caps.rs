//! Capital letters: shouting, and titles in anchors.

use super::{SHARE, Signal, letter};

/// Letters that are looked at.
const LETTERS: usize = 400;

/// Share of capital letters among the letters, 0 in scripts without case.
pub(crate) const SIGNAL: Signal = Signal {
    id: "capitals",
    html: false,
    about: "share of capital letters",
    measure: |s, i| {
        let text = &*s.units[i].text;
        if text.len() <= LETTERS && text.is_ascii() {
            let upper = text.bytes().filter(u8::is_ascii_uppercase).count();
            let all = text.bytes().filter(u8::is_ascii_alphabetic).count();
            return if all == 0 { 0.0 } else { upper as f32 / all as f32 };
        }
        let (mut upper, mut all) = (0_u32, 0_u32);
        for c in text.chars().filter(|&c| letter::is_alphabetic(c)).take(LETTERS) {
            upper += u32::from(letter::is_uppercase(c));
            all += 1;
        }
        if all == 0 { 0.0 } else { upper as f32 / all as f32 }
    },
    knots: SHARE,
};
