//! Every block of a document with its verdict, as records.

use std::path::Path;

use super::place::Place;
use super::record::{Part, Removed};
use super::{Removal, Settings, Task};
use crate::Result;
use crate::block::{Block, Document};
use crate::verdict::{Judge, Label, Verdict};

/// All blocks of a document in order, genuine ones included, each followed by the parts that are cut from it. Texts and
/// places are those [`super::document`] records; the verdicts are those of the first look.
///
/// # Errors
/// [`crate::Error::Binary`] when the bytes are not text.
pub fn explain(path: &Path, bytes: &[u8], settings: &Settings, judge: &dyn Judge) -> Result<Vec<Removed>> {
    let task = Task { path, settings, judge, is_text: false };
    let (decoded, format) = task.decode(bytes)?;
    let document = task.parse(&decoded, format);
    let mut verdicts = judge.explain(&document, settings.profile);
    let place = Place::new(bytes, &decoded);
    let describe = Describe { document: &document, place: &place, map: &decoded.map };
    let model = judge.id();
    let all = (0..).zip(&mut verdicts).flat_map(|(index, verdict)| describe.block(index, verdict));
    Ok(all.map(|removal| Removed::new(path, removal, &model)).collect())
}

/// Lets `with` look at a document as [`explain`] parses it.
///
/// # Errors
/// As [`explain`].
pub fn look<T>(
    path: &Path,
    bytes: &[u8],
    settings: &Settings,
    judge: &dyn Judge,
    with: impl FnOnce(&Document<'_>) -> T,
) -> Result<T> {
    let task = Task { path, settings, judge, is_text: false };
    let (decoded, format) = task.decode(bytes)?;
    Ok(with(&task.parse(&decoded, format)))
}

struct Describe<'a> {
    document: &'a Document<'a>,
    place: &'a Place<'a>,
    map: &'a crate::source::Map,
}

impl Describe<'_> {
    fn block(&self, index: usize, verdict: &mut Verdict) -> Vec<Removal> {
        let block = &self.document.blocks[index];
        let whole = Removal {
            label: verdict.label,
            probability: verdict.probability,
            reasons: std::mem::take(&mut verdict.reasons),
            ..self.part(index, Part::Block(block.kind), 0..block.text.len(), block.span.clone())
        };
        let cuts = super::cut::parts(index, block, verdict).map(|piece| Removal {
            label: piece.label,
            probability: piece.probability,
            reasons: piece.reasons,
            ..self.part(index, piece.part, piece.text, piece.span)
        });
        std::iter::once(whole).chain(cuts).collect()
    }

    fn part(
        &self,
        index: usize,
        part: Part,
        text: std::ops::Range<usize>,
        span: Option<std::ops::Range<usize>>,
    ) -> Removal {
        let block: &Block<'_> = &self.document.blocks[index];
        let span = span.map(|span| self.map.range(&span));
        Removal {
            block: index,
            part,
            lines: span.as_ref().map_or(block.lines, |span| self.place.lines(span)),
            text: span.as_ref().map_or(&block.text[text], |span| self.place.text(span)).to_owned(),
            raw: None,
            span,
            label: Label::Genuine,
            probability: 0.0,
            reasons: Vec::new(),
        }
    }
}
