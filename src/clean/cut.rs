//! Which parts of a document go, from its verdicts.

use std::ops::Range;

use super::Settings;
use super::record::Part;
use crate::block::{Block, Document, Format};
use crate::verdict::{Cut, Label, Reason, Verdict};

/// A part of a document that goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Index of its block.
    pub block: usize,
    /// The block as a whole, or what of it.
    pub part: Part,
    /// Bytes of the block's text.
    pub text: Range<usize>,
    /// Bytes of the document's text; `None` in HTML.
    pub span: Option<Range<usize>>,
    /// What it was judged to be.
    pub label: Label,
    /// Probability of spam, 0 to 1.
    pub probability: f32,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// What goes, in order of place: spam, and in HTML page furniture unless it is to be kept. Blocks that stay may lose parts.
///
/// In text formats furniture stays: there it is told by words alone, without a page around it, and that is never certain.
///
/// The reasons move from the verdicts to the pieces: they are the larger part of both.
pub fn pieces(document: &Document<'_>, verdicts: &mut [Verdict], settings: &Settings) -> Vec<Piece> {
    let furniture = document.format == Format::Html && !settings.keep_furniture;
    let mut found = Vec::new();
    for (index, (block, verdict)) in document.blocks.iter().zip(verdicts).enumerate() {
        match verdict.label {
            Label::Spam => found.push(whole(index, block, verdict)),
            Label::Furniture if furniture => found.push(whole(index, block, verdict)),
            _ => found.extend(parts(index, block, verdict)),
        }
    }
    found
}

fn whole(index: usize, block: &Block<'_>, verdict: &mut Verdict) -> Piece {
    Piece {
        block: index,
        part: Part::Block(block.kind),
        text: 0..block.text.len(),
        span: block.span.clone(),
        label: verdict.label,
        probability: verdict.probability,
        reasons: std::mem::take(&mut verdict.reasons),
    }
}

/// What goes of a block that stays. Its reasons move from the verdict.
pub fn parts<'a>(index: usize, block: &'a Block<'_>, verdict: &'a mut Verdict) -> impl Iterator<Item = Piece> + 'a {
    verdict.cuts.iter_mut().filter_map(move |cut| part(index, block, cut))
}

fn part(index: usize, block: &Block<'_>, cut: &mut Cut) -> Option<Piece> {
    if cut.text.is_empty() {
        return None;
    }
    // A cut takes a link when it has no text beyond the link's own; spaces are none.
    let text = trimmed(&block.text, &cut.text);
    let inside = |link: Range<usize>| link.start <= text.start && text.end <= link.end;
    let part = if block.links.iter().any(|link| inside(link.span.clone())) { Part::Link } else { Part::Sentence };
    Some(Piece {
        block: index,
        part,
        text: cut.text.clone(),
        span: cut.span.clone(),
        label: Label::Spam,
        probability: cut.probability,
        reasons: std::mem::take(&mut cut.reasons),
    })
}

/// `range` without the white space at its ends.
fn trimmed(text: &str, range: &Range<usize>) -> Range<usize> {
    let cut = &text[range.clone()];
    let start = range.start + cut.len() - cut.trim_start().len();
    start..start + cut.trim().len()
}

/// True when, with `pieces` gone, which are in order of blocks, a genuine block is left that has something to read in it.
pub fn leaves_genuine(document: &Document<'_>, verdicts: &[Verdict], pieces: &[Piece]) -> bool {
    let mut rest = pieces;
    document.blocks.iter().zip(verdicts).enumerate().any(|(index, (block, verdict))| {
        let own;
        (own, rest) = rest.split_at(rest.iter().take_while(|piece| piece.block == index).count());
        verdict.label == Label::Genuine
            && if own.is_empty() {
                super::word::readable(&block.text)
            } else {
                super::word::readable(&without(&block.text, own.iter()))
            }
    })
}

/// `text` without the ranges of `pieces`, which ascend.
pub fn without<'p>(text: &str, pieces: impl Iterator<Item = &'p Piece>) -> String {
    let gone = super::span::merge(pieces.map(|piece| piece.text.clone()).collect());
    super::span::rest(&gone, text.len()).into_iter().map(|range| &text[range]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Kind;

    fn verdict(label: Label) -> Verdict {
        Verdict { label, probability: 0.9, reasons: Vec::new(), cuts: Vec::new() }
    }

    fn document(format: Format) -> Document<'static> {
        let blocks =
            vec![Block::new(Kind::Line, "Share", 0..6, (1, 1)), Block::new(Kind::Line, "Hello", 6..11, (2, 2))];
        Document { format, source: "Share\nHello", blocks, metadata: crate::block::Metadata::default() }
    }

    #[test]
    fn furniture_goes_from_pages_only() {
        let mut verdicts = [verdict(Label::Furniture), verdict(Label::Genuine)];
        let settings = Settings::default();
        assert_eq!(pieces(&document(Format::Html), &mut verdicts, &settings).len(), 1);
        assert!(pieces(&document(Format::Text), &mut verdicts, &settings).is_empty());
        let keep = Settings { keep_furniture: true, ..settings };
        assert!(pieces(&document(Format::Html), &mut verdicts, &keep).is_empty());
    }

    #[test]
    fn furniture_alone_is_nothing_genuine() {
        let all = document(Format::Text);
        assert!(!leaves_genuine(&all, &[verdict(Label::Furniture), verdict(Label::Spam)], &[]));
        assert!(leaves_genuine(&all, &[verdict(Label::Spam), verdict(Label::Genuine)], &[]));
    }
}
