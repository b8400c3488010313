//! What kind of block a unit is.

use super::Signal;
use crate::block::{Format, Kind};

/// The kind as a number, a point of its own for each.
pub(crate) const SIGNAL: Signal = Signal {
    id: "kind",
    html: false,
    about: "kind of block (paragraph, heading, item, quote, code, row, cue, line, caption)",
    measure: |s, i| match (s.document.format, s.block(i).kind) {
        (Format::Text, _) | (_, Kind::Line | Kind::Field) => 0.0,
        (Format::Html, Kind::Paragraph) => 1.0,
        (_, Kind::Paragraph) => 2.0,
        (_, Kind::Heading) => 3.0,
        (_, Kind::Item) => 4.0,
        (_, Kind::Quote) => 5.0,
        (_, Kind::Code) => 6.0,
        (_, Kind::Row) => 7.0,
        (_, Kind::Cue) => 8.0,
        (_, Kind::Caption) => 9.0,
    },
    knots: &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0],
};
