//! One block or part of a block that is spam, whether removed or silenced.

use std::ops::Range;

use super::silence::BASELINE;
use super::tolerant::Hit;
use crate::block::Kind;
use crate::clean::{Part, Removal};
use crate::report::Silenced;
use crate::source::Map;
use crate::verdict::Reason;

#[derive(Debug, Clone)]
pub(super) struct Spot<'a> {
    pub(super) block: usize,
    pub(super) part: Part,
    /// Bytes of the source; `None` in HTML.
    pub(super) span: Option<Range<usize>>,
    pub(super) lines: (u32, u32),
    /// Source text, or in HTML what a reader gets.
    pub(super) text: &'a str,
    pub(super) probability: f32,
    pub(super) reasons: &'a [Reason],
    pub(super) silenced: Option<&'a Silenced>,
}

impl<'a> Spot<'a> {
    pub(super) fn of_removal(removal: &'a Removal) -> Self {
        Self {
            block: removal.block,
            part: removal.part,
            span: removal.span.clone(),
            lines: removal.lines,
            text: &removal.text,
            probability: removal.probability,
            reasons: &removal.reasons,
            silenced: None,
        }
    }

    pub(super) fn of_hit(hit: &'a Hit, map: &Map) -> Self {
        Self {
            block: hit.block,
            part: hit.part,
            span: hit.span.as_ref().map(|span| map.range(span)),
            lines: hit.lines,
            text: &hit.text,
            probability: hit.probability,
            reasons: &hit.reasons,
            silenced: Some(&hit.silenced),
        }
    }

    pub(super) fn is_whole(&self) -> bool {
        matches!(self.part, Part::Block(_)) && !self.is_field()
    }

    /// True for a value in front matter, which is no block of the document.
    pub(super) fn is_field(&self) -> bool {
        self.part == Part::Block(Kind::Field)
    }

    /// True when `next` continues a run that this ends.
    pub(super) fn joins(&self, next: &Self) -> bool {
        self.is_whole() && next.is_whole() && next.block <= self.block + 1 && self.is_silenced_like(next)
    }

    /// True when both are silenced by the same thing, or not at all. Each content of a baseline has a comment of its own, and is no
    /// thing of its own for that.
    fn is_silenced_like(&self, other: &Self) -> bool {
        match (self.silenced, other.silenced) {
            (Some(one), Some(other)) if one.by == BASELINE => other.by == BASELINE,
            (one, other) => one == other,
        }
    }
}
