//! Where the page's own text is, and how a block stands to it. All 0 outside HTML.

use super::{FLAG, SHARE, Signal, Survey};
use crate::block::{Format, Kind};

/// Share of prose in the container.
pub(crate) const CONTAINER: Signal = Signal {
    id: "container-prose",
    html: true,
    about: "share of the words around the block that stand in sentences",
    measure: |s, i| s.block(i).place.container_prose,
    knots: SHARE,
};

/// How much of the page's prose the container has.
pub(crate) const PROSE_SHARE: Signal = Signal {
    id: "prose-share",
    html: true,
    about: "share of the page's prose in the element around the block",
    measure: |s, i| s.block(i).place.prose_share,
    knots: SHARE,
};

/// Blocks of the container.
pub(crate) const BLOCKS: Signal = Signal {
    id: "container-blocks",
    html: true,
    about: "blocks in the element around the block",
    measure: |s, i| s.block(i).place.container_blocks as f32,
    knots: &[0.0, 1.0, 2.0, 4.0, 10.0, 40.0, 200.0],
};

/// Link density one container further out.
pub(crate) const OUTER_DENSITY: Signal = Signal {
    id: "outer-links",
    html: true,
    about: "link density of the element around the container",
    measure: |s, i| s.block(i).place.outer_density,
    knots: SHARE,
};

/// Share of prose one container further out.
pub(crate) const OUTER_PROSE: Signal = Signal {
    id: "outer-prose",
    html: true,
    about: "share of prose in the element around the container",
    measure: |s, i| s.block(i).place.outer_prose,
    knots: SHARE,
};

/// In the element that holds most of the prose.
pub(crate) const INSIDE: Signal = Signal {
    id: "body",
    html: true,
    about: "inside the smallest element with more than half of the page's prose",
    measure: |s, i| f32::from(s.block(i).place.body),
    knots: FLAG,
};

/// Share of the page's prose before the block: 0 before the first paragraph, 1 after the last.
pub(crate) const BEFORE: Signal = Signal {
    id: "prose-before",
    html: true,
    about: "share of the page's prose that stands before",
    measure: |s, i| if s.document.format == Format::Html { 0.1 + s.block(i).place.prose_before } else { 0.0 },
    knots: &[0.0, 0.1, 0.1001, 0.3, 0.6, 0.9, 1.0999, 1.1],
};

/// Share of the whole page that is prose.
pub(crate) const PAGE: Signal = Signal {
    id: "page-prose",
    html: true,
    about: "share of the page's words that stand in sentences",
    measure: |s, _| s.layout.prose,
    knots: SHARE,
};

/// Whether the page's main heading is still to come (1), is this block (2), or stands before it (3); 0 without one.
pub(crate) const HEADING: Signal = Signal {
    id: "main-heading",
    html: true,
    about: "before, at or after the first main heading",
    measure: |s, i| match s.layout.heading {
        Some(at) => 2.0 + (s.units[i].block as f32 - at as f32).signum() * f32::from(u8::from(s.units[i].block != at)),
        None => 0.0,
    },
    knots: &[0.0, 1.0, 2.0, 3.0],
};

/// Share of its words that the title has too.
pub(crate) const TITLE: Signal = Signal {
    id: "title-words",
    html: true,
    about: "share of the words that stand in the page's title",
    measure: |s, i| s.layout.titled[i],
    knots: &[0.0, 0.2, 0.5, 0.8, 1.0],
};

/// Share of its pairs of words that the page's own description has too.
pub(crate) const DESCRIBED: Signal = Signal {
    id: "described",
    html: true,
    about: "share of the text that stands in the page's description of itself",
    measure: |s, i| s.layout.described[i],
    knots: &[0.0, 0.2, 0.5, 0.8, 1.0],
};

/// Level of a heading (1 to 6), depth of a list item (7 and on), an element of its own (0.5), loose text (0).
pub(crate) const LEVEL: Signal = Signal {
    id: "level",
    html: false,
    about: "level of a heading or depth of a list",
    measure: |s, i| {
        let block = s.block(i);
        match block.kind {
            Kind::Heading => 1.0 + f32::from(block.place.level.clamp(1, 6)),
            Kind::Item => 7.0 + f32::from(block.place.level.clamp(1, 3)),
            _ => f32::from(block.place.whole),
        }
    },
    knots: &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0],
};

/// Words of the next unit in a page.
pub(crate) const NEXT: Signal = Signal {
    id: "next-size",
    html: true,
    about: "words of the block after it",
    measure: |s, i| size(s, i + 1),
    knots: SIZES,
};

/// Words of the unit before in a page.
pub(crate) const PREVIOUS: Signal = Signal {
    id: "previous-size",
    html: true,
    about: "words of the block before it",
    measure: |s, i| i.checked_sub(1).map_or(0.0, |before| size(s, before)),
    knots: SIZES,
};

/// Link density of the next unit in a page.
pub(crate) const NEXT_DENSITY: Signal = Signal {
    id: "next-links",
    html: true,
    about: "link density of the block after it",
    measure: |s, i| {
        if s.document.format == Format::Html { s.links.get(i + 1).map_or(0.0, |links| links.density) } else { 0.0 }
    },
    knots: SHARE,
};

const SIZES: &[f32] = &[0.0, 1.0, 3.0, 8.0, 20.0, 50.0];

fn size(survey: &Survey<'_>, i: usize) -> f32 {
    let html = survey.document.format == Format::Html;
    survey.units.get(i).filter(|_| html).map_or(0.0, |unit| unit.words as f32)
}
