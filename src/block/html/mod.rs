//! HTML as the web really is: a page becomes blocks that know where they stand, what they link to, and whether a reader
//! would see them.
//!
//! html5ever builds the tree, one walk makes the blocks. Input that the tree builder cannot take in linear time is told
//! apart by a scan beforehand and read from tokens instead.

mod bloom;
mod colour;
mod count;
mod css;
mod element;
// A lane, its line and its link are called what they are.
#[allow(clippy::similar_names)]
mod flow;
mod guard;
mod markdown;
mod meta;
mod names;
mod page;
mod place;
mod render;
mod reveal;
mod scan;
mod script;
mod shape;
mod sink;
mod split;
mod style;
mod visibility;
mod walk;

#[cfg(test)]
mod tests;

pub use guard::{Limit, exceeded};
pub use names::NAMES;
pub use render::render;

use super::{Document, Format, Options};

/// Splits a decoded page into blocks, hidden ones included. Never fails: as in a browser, all input is a page.
///
/// Pages beyond the [limits](Limit) of the tree builder are read from tokens, in linear time and less exactly.
pub fn parse<'a>(source: &'a str, options: &Options) -> Document<'a> {
    let shape = guard::measure(source);
    let pieces = script::pieces(source, &shape.cuts);
    let pieces = pieces.iter().map(|p| &**p);
    let (blocks, metadata) = if shape.limit.is_some() {
        scan::read(pieces, options.markdown)
    } else {
        walk::read(&sink::build(pieces, 1), options.markdown)
    };
    Document { format: Format::Html, source, blocks, metadata }
}
