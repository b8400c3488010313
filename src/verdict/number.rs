//! Numbers as reasons give them.

use std::borrow::Cow;

/// A number with two digits after the point, as `{:.2}` writes it: the nearest, of two as near the even one. Reasons have
/// forty of them a block, and to write one in the general way takes longer than to measure it.
pub(super) fn hundredths(value: f32) -> Cow<'static, str> {
    if value.to_bits() == 0.0_f32.to_bits() {
        return "0.00".into();
    }
    if value.to_bits() == 1.0_f32.to_bits() {
        return "1.00".into();
    }
    // Exact: the product has 31 bits.
    let all = (f64::from(value.abs()) * 100.0).round_ties_even();
    if !all.is_finite() || all >= 1e9 {
        return format!("{value:.2}").into();
    }
    let (mut left, mut digits, mut at) = (all as u32, [b'0'; 12], 12);
    while left > 0 || at > 8 {
        if at == 10 {
            at -= 1;
            digits[at] = b'.';
        }
        at -= 1;
        digits[at] = b'0' + (left % 10) as u8;
        left /= 10;
    }
    if value.is_sign_negative() {
        at -= 1;
        digits[at] = b'-';
    }
    std::str::from_utf8(&digits[at..]).unwrap_or_default().to_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_are_written_as_the_standard_library_writes_them(
            value in prop_oneof![-3.0..3.0_f32, -1e6..1e6_f32, any::<f32>(), (-9999..9999_i32).prop_map(|n| n as f32 / 8.0)],
        ) {
            prop_assert_eq!(hundredths(value), format!("{:.2}", value));
        }
    }

    #[test]
    fn signs_and_halves_are_kept() {
        for value in [0.0, -0.0, 1.0, -1.0, 0.125, 0.375, -0.001, 9.995, 1e7, 1e30, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(hundredths(value), format!("{value:.2}"));
        }
    }
}
