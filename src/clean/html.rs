//! Cleaning pages: the kept blocks are rendered as text or Markdown.
//!
//! As with text, what is kept is judged again until nothing more goes; here over the kept blocks, since the page itself is
//! not written.

use std::borrow::Cow;

use super::cut::{self, Piece};
use super::record::{Part, Status};
use super::{Cleaned, ROUNDS, Removal, Task, span, word};
use crate::block::{self, Block, Document, Link};
use crate::source::Decoded;

pub(super) fn clean(task: &Task<'_>, decoded: &Decoded<'_>) -> Cleaned {
    let document = task.parse(decoded, block::Format::Html);
    let (live, removed, genuine) = settle(task, &document);
    let kept: Vec<(&Block<'_>, &str)> =
        live.iter().map(|(index, block)| (&document.blocks[*index], block.text.as_ref())).collect();
    let status = match (document.blocks.is_empty(), removed.is_empty(), genuine) {
        (true, ..) => Status::Empty,
        (_, true, _) => Status::Untouched,
        (_, _, true) => Status::Cleaned,
        _ => Status::Rejected,
    };
    let output = matches!(status, Status::Untouched | Status::Cleaned);
    Cleaned {
        format: document.format,
        encoding: decoded.encoding,
        status,
        language: word::language(kept.iter().map(|(_, text)| *text)),
        blocks: document.blocks.len(),
        words_in: document.blocks.iter().map(|block| word::count(&block.text)).sum(),
        words_kept: if output { kept.iter().map(|(_, text)| word::count(text)).sum() } else { 0 },
        removed,
        output: output.then(|| block::html::render(&kept, task.settings.markdown).into_bytes()),
        metadata: document.metadata,
    }
}

/// The blocks that stay, with their index and what is left of their text.
type Live<'a> = Vec<(usize, Block<'a>)>;

fn settle<'a>(task: &Task<'_>, document: &Document<'a>) -> (Live<'a>, Vec<Removal>, bool) {
    let mut live: Live<'a> = document.blocks.iter().cloned().enumerate().collect();
    let mut removed = Vec::new();
    let mut genuine = false;
    for _ in 0..ROUNDS {
        let (indices, blocks): (Vec<usize>, Vec<Block<'a>>) = live.into_iter().unzip();
        let now = Document { blocks, metadata: document.metadata.clone(), ..*document };
        let mut verdicts = task.judge(&now);
        let mut pieces = cut::pieces(&now, &mut verdicts, task.settings);
        genuine = cut::leaves_genuine(&now, &verdicts, &pieces);
        removed.extend(pieces.iter_mut().map(|piece| removal(piece, indices[piece.block], &now.blocks[piece.block])));
        live = shrink(now.blocks, &indices, &pieces);
        if pieces.is_empty() {
            break;
        }
    }
    removed.sort_by_key(|removal: &Removal| removal.block);
    (live, removed, genuine)
}

fn removal(piece: &mut Piece, index: usize, block: &Block<'_>) -> Removal {
    Removal {
        block: index,
        part: piece.part,
        span: None,
        lines: block.lines,
        text: block.text[piece.text.clone()].to_owned(),
        raw: None,
        label: piece.label,
        probability: piece.probability,
        reasons: std::mem::take(&mut piece.reasons),
    }
}

/// What `pieces`, in order of blocks, leave of `blocks`.
fn shrink<'a>(blocks: Vec<Block<'a>>, indices: &[usize], pieces: &[Piece]) -> Live<'a> {
    let mut left = Vec::with_capacity(blocks.len());
    let mut rest = pieces;
    for (at, block) in blocks.into_iter().enumerate() {
        let (own, others) = rest.split_at(rest.iter().take_while(|piece| piece.block == at).count());
        rest = others;
        if own.iter().any(|piece| matches!(piece.part, Part::Block(_))) {
            continue;
        }
        let block = if own.is_empty() { block } else { trim(block, own) };
        if own.is_empty() || !block.text.trim().is_empty() {
            left.push((indices[at], block));
        }
    }
    left
}

/// `block` without `pieces`; links that lost text go, the others move.
fn trim<'a>(block: Block<'a>, pieces: &[Piece]) -> Block<'a> {
    let gone = span::merge(pieces.iter().map(|piece| piece.text.clone()).collect());
    let before = |at: usize| gone.iter().map(|range| range.end.min(at).saturating_sub(range.start)).sum::<usize>();
    let links = block.links.iter().filter(|link| before(link.span.start) == before(link.span.end)).map(|link| Link {
        span: link.span.start - before(link.span.start)..link.span.end - before(link.span.end),
        ..link.clone()
    });
    let links = links.collect();
    let text = cut::without(&block.text, pieces.iter());
    Block { text: Cow::Owned(text), links, markdown: None, ..block }
}
