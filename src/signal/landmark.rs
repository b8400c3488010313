//! Position in the page and the container around a block.

use super::{SHARE, Signal};
use crate::block::Format;

/// Share of the page's text before the block; 0 outside HTML.
pub(crate) const POSITION: Signal = Signal {
    id: "position",
    html: true,
    about: "share of the page that stands before",
    measure: |s, i| s.block(i).place.position,
    knots: SHARE,
};

/// Link density of the container.
pub(crate) const CONTAINER_DENSITY: Signal = Signal {
    id: "container-links",
    html: true,
    about: "link density of the element around the block",
    measure: |s, i| s.block(i).place.container_density,
    knots: SHARE,
};

/// Words of the container; 0 outside HTML.
pub(crate) const CONTAINER_WORDS: Signal = Signal {
    id: "container-words",
    html: true,
    about: "words of the element around the block",
    measure: |s, i| if s.document.format == Format::Html { s.block(i).place.container_words as f32 } else { 0.0 },
    knots: &[0.0, 5.0, 20.0, 60.0, 200.0, 1000.0],
};
