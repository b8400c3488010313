//! Links: how much of a unit is anchor text, and where it points.

use super::{COUNT as COUNTS, SHARE, Signal};

/// Share of the unit's characters inside links.
pub(crate) const DENSITY: Signal = Signal {
    id: "link-density",
    html: false,
    about: "share of the text inside links",
    measure: |s, i| s.links[i].density,
    knots: SHARE,
};

/// The same for the six neighbours.
pub(crate) const NEAR: Signal = Signal {
    id: "links-near",
    html: false,
    about: "link density of the three blocks before and after",
    measure: |s, i| s.around(&s.sums.density, i, 3),
    knots: SHARE,
};

/// Links to other hosts than the document's.
pub(crate) const FOREIGN: Signal = Signal {
    id: "links-foreign",
    html: false,
    about: "links to other hosts",
    measure: |s, i| s.links[i].foreign.len() as f32,
    knots: COUNTS,
};

/// Links of any kind.
pub(crate) const COUNT: Signal = Signal {
    id: "links",
    html: false,
    about: "links in the block",
    measure: |s, i| s.links[i].count as f32,
    knots: COUNTS,
};
