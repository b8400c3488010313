//! Clips and filters that leave nothing of a box.

use super::style::{LETTER, Length, SPECK, fraction};

/// Whether a filter leaves nothing.
pub(super) fn filter(value: &str) -> bool {
    let inside = |name: &str| value.split_once(name).and_then(|(_, rest)| rest.split(')').next()).map(str::trim);
    inside("alpha(opacity=").is_some_and(|v| v.parse::<f32>().is_ok_and(|n| n < 10.0))
        || inside("opacity(").is_some_and(|v| fraction(v) < 0.1)
}

/// `clip: rect(top, right, bottom, left)` around nothing.
pub(super) fn rectangle(value: &str) -> bool {
    let Some(inside) = value.strip_prefix("rect(") else {
        return false;
    };
    let mut sides = inside.trim_end_matches(')').split([',', ' ']).filter(|s| !s.is_empty()).map(Length::parse);
    let mut side = || match sides.next() {
        Some(Some(Length::Px(n))) => Some(n),
        Some(Some(Length::Em(n))) => Some(n * LETTER),
        _ => None,
    };
    let (top, right, bottom, left) = (side(), side(), side(), side());
    let thin = |low: Option<f32>, high: Option<f32>| high.is_some_and(|h| h - low.unwrap_or(0.0) <= SPECK);
    thin(top, bottom) || thin(left, right)
}

/// `clip-path` to nothing.
pub(super) fn clip_path(value: &str) -> bool {
    let Some((shape, arguments)) = value.split_once('(') else {
        return false;
    };
    let arguments = arguments.split(')').next().unwrap_or_default().split(" at ").next().unwrap_or_default();
    let mut lengths = arguments.split([' ', ',']).filter(|a| !a.is_empty()).map(Length::parse);
    match shape.trim() {
        "inset" => lengths.all(|l| matches!(l, Some(Length::Percent(n)) if n >= 50.0) || l.is_some_and(Length::beyond)),
        "circle" | "ellipse" => lengths.any(|l| l.is_some_and(Length::speck)),
        "polygon" | "rect" => lengths.all(|l| l.is_some_and(Length::speck)),
        _ => false,
    }
}
