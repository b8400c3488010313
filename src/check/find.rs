//! From spots to findings: neighbours become runs, with their places, texts and reasons.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use super::excerpt::excerpt;
use super::position::Places;
use super::silence;
use super::spot::Spot;
use crate::block::{Block, Document};
use crate::clean::record;
use crate::report::finding::LINK_SPAM;
use crate::report::{Extent, Finding, Position};
use crate::verdict::Reason;

/// A document whose spots become findings.
pub(super) struct Find<'a> {
    pub(super) path: &'a Path,
    pub(super) document: &'a Document<'a>,
    pub(super) places: &'a Places<'a>,
}

impl Find<'_> {
    /// The findings of all spots, in order of place.
    pub(super) fn all(&self, mut spots: Vec<Spot<'_>>) -> Vec<Finding> {
        spots.sort_by_key(|spot| (spot.span.as_ref().map(|span| span.start), spot.block));
        spots.chunk_by(Spot::joins).map(|run| self.finding(run)).collect()
    }

    fn finding(&self, run: &[Spot<'_>]) -> Finding {
        let span = span(run);
        let (start, end) = self.place(run, span.as_ref());
        let mut blocks: Vec<usize> = run.iter().map(|spot| spot.block).collect();
        blocks.dedup();
        let extent = match (blocks.len(), run[0].is_whole()) {
            _ if run[0].is_field() => Extent::Field,
            (_, false) => Extent::Cut,
            (1, true) => Extent::Block,
            (_, true) => Extent::Run,
        };
        let is_part = matches!(extent, Extent::Cut | Extent::Field);
        let texts = if is_part { vec![run[0].text.trim().to_owned()] } else { self.texts(&blocks) };
        let contents: Vec<String> = run.iter().map(|spot| silence::identity(spot.text)).collect();
        Finding {
            path: record::name(self.path),
            rule: LINK_SPAM,
            extent,
            blocks: blocks.len(),
            anchors: !is_part && blocks.iter().all(|block| self.is_anchor(*block)),
            start,
            end,
            byte_start: span.as_ref().map(|span| span.start),
            byte_end: span.map(|span| span.end),
            texts,
            spam_probability: run.iter().map(|spot| spot.probability).sum::<f32>() / run.len() as f32,
            reasons: reasons(run),
            fingerprint: silence::identity(&contents.join(" ")),
            contents,
            silenced: run[0].silenced.cloned(),
            excerpt: excerpt(self.places, start, end),
        }
    }

    fn place(&self, run: &[Spot<'_>], span: Option<&Range<usize>>) -> (Position, Position) {
        let last = run.iter().map(|spot| spot.lines.1).max().unwrap_or(run[0].lines.1);
        span.map_or_else(|| self.places.of_lines((run[0].lines.0, last)), |span| self.places.of_bytes(span))
    }

    fn texts(&self, blocks: &[usize]) -> Vec<String> {
        let text = |index: &usize| {
            let block = self.document.blocks.get(*index)?;
            Some(if self.is_anchor(*index) { anchors(block) } else { block.text.trim().to_owned() })
        };
        blocks.iter().filter_map(text).collect()
    }

    /// True when all a reader can read of a block is links.
    fn is_anchor(&self, block: usize) -> bool {
        self.document.blocks.get(block).is_some_and(|block| !block.links.is_empty() && outside(block) == 0)
    }
}

/// What a reader can click on.
fn anchors(block: &Block<'_>) -> String {
    let texts = block.links.iter().filter_map(|link| block.text.get(link.span.clone()));
    texts.map(str::trim).filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Letters and digits of a block outside its links.
fn outside(block: &Block<'_>) -> usize {
    let linked = |at: usize| block.links.iter().any(|link| link.span.contains(&at));
    // In text formats the address of `[text](address)` stands in the text and behind the link's span.
    let addresses: Vec<Range<usize>> = block.links.iter().filter_map(|link| address(&block.text, &link.href)).collect();
    let addressed = |at: usize| addresses.iter().any(|range| range.contains(&at));
    block.text.char_indices().filter(|(at, c)| c.is_alphanumeric() && !linked(*at) && !addressed(*at)).count()
}

fn address(text: &str, href: &str) -> Option<Range<usize>> {
    text.find(href).map(|start| start..start + href.len())
}

fn span(run: &[Spot<'_>]) -> Option<Range<usize>> {
    let start = run.iter().filter_map(|spot| spot.span.as_ref().map(|span| span.start)).min()?;
    let end = run.iter().filter_map(|spot| spot.span.as_ref().map(|span| span.end)).max()?;
    Some(start..end)
}

/// The mean of what each rule contributed, strongest first, with the evidence of the block it spoke loudest for.
fn reasons(run: &[Spot<'_>]) -> Vec<Reason> {
    let mut found: BTreeMap<&str, (f32, &Reason)> = BTreeMap::new();
    for reason in run.iter().flat_map(|spot| spot.reasons) {
        let (sum, loudest) = found.entry(&reason.rule).or_insert((0.0, reason));
        *sum += reason.log_odds;
        if reason.log_odds > loudest.log_odds {
            *loudest = reason;
        }
    }
    let mean = |(sum, loudest): (f32, &Reason)| Reason { log_odds: sum / run.len() as f32, ..loudest.clone() };
    let mut reasons: Vec<Reason> = found.into_values().map(mean).collect();
    reasons.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    reasons
}
