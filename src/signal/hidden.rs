//! What a reader would not see.

use super::{SHARE as SHARES, Signal};
use crate::block::Hidden;

/// How the unit is hidden: each way a point of its own, 0 when a reader sees it.
pub(crate) const SIGNAL: Signal = Signal {
    id: "hidden",
    html: true,
    about: "hidden from readers: by display, attribute, for assistive technology only, off-screen, too small, clipped, by colour, inert, marquee, folded",
    measure: |s, i| match s.block(i).hidden {
        None => 0.0,
        Some(Hidden::Display) => 1.0,
        Some(Hidden::Attribute) => 2.0,
        Some(Hidden::Assistive) => 3.0,
        Some(Hidden::Offscreen) => 4.0,
        Some(Hidden::Tiny) => 5.0,
        Some(Hidden::Clipped) => 6.0,
        Some(Hidden::Colour) => 7.0,
        Some(Hidden::Inert) => 8.0,
        Some(Hidden::Marquee) => 9.0,
        Some(Hidden::Folded) => 10.0,
    },
    knots: &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
};

/// Share of the page that is hidden: a page whose text is all folded away is built that way.
pub(crate) const SHARE: Signal = Signal {
    id: "hidden-share",
    html: true,
    about: "share of the document's blocks that are hidden",
    measure: |s, i| if s.block(i).hidden.is_none() { 0.0 } else { s.layout.hidden },
    knots: SHARES,
};
