//! Words of the trade said without doubt, near and in the whole document.

use super::{SHARE, Signal};

/// Share of units within four that are spam beyond doubt by their words alone.
pub(crate) const NEAR: Signal = Signal {
    id: "trade-near",
    html: false,
    about: "share of the four blocks before and after with plain words of the trade",
    measure: |s, i| s.around(&s.sums.trade, i, 4),
    knots: SHARE,
};

/// The same in the rest of the document.
pub(crate) const DOCUMENT: Signal = Signal {
    id: "trade-document",
    html: false,
    about: "share of the other blocks with plain words of the trade",
    measure: |s, i| s.around(&s.sums.trade, i, s.units.len()),
    knots: SHARE,
};
