//! Cleaning formats whose blocks are spans of the source: what is kept stays as it is, byte for byte.
//!
//! What a cut leaves is decoded, split and judged again, just as a later run over the result would do, until nothing more
//! goes. So cleaning a cleaned document changes nothing.

use std::ops::Range;

use super::cut::{self, Piece};
use super::place::Place;
use super::record::{Part, Status};
use super::{Cleaned, ROUNDS, Removal, Task, span, word};
use crate::Result;
use crate::block::{Block, Document, Format, Kind, front};
use crate::source::Decoded;
use crate::verdict::Label;

/// One pass of judging: what goes from the bytes it was given.
struct Round {
    /// Pieces with the range of bytes each takes.
    gone: Vec<(Piece, Range<usize>)>,
    words: usize,
    words_kept: usize,
    genuine: bool,
}

/// The document as it came.
struct Origin<'a> {
    bytes: &'a [u8],
    place: Place<'a>,
    /// Source bytes of its blocks, ascending.
    blocks: Vec<Range<usize>>,
}

pub(super) fn clean(task: &Task<'_>, bytes: &[u8], decoded: &Decoded<'_>, format: Format) -> Result<Cleaned> {
    let document = task.parse(decoded, format);
    let spans =
        document.blocks.iter().map(|block| decoded.map.range(&block.span.clone().unwrap_or_default())).collect();
    let origin = Origin { bytes, place: Place::new(bytes, decoded), blocks: spans };
    let mut round = judge_round(task, &document, decoded);
    let words_in = round.words;
    let mut removed = Vec::new();
    let mut kept = span::rest(&[], bytes.len());
    for _ in 1..ROUNDS {
        if round.gone.is_empty() {
            break;
        }
        kept = take(&origin, round.gone, &kept, &mut removed);
        round = again(task, &span::keep(bytes, &kept), format)?;
    }
    let mut cleaned = Cleaned {
        format,
        encoding: decoded.encoding,
        status: if removed.is_empty() { Status::Untouched } else { Status::Cleaned },
        language: word::language(kept_texts(&document.blocks, &removed)),
        words_in,
        words_kept: round.words_kept,
        blocks: document.blocks.len(),
        metadata: document.metadata,
        removed,
        suspects: suspects(task, &origin, decoded),
        output: None,
    };
    settle(&mut cleaned, &origin, &kept, round.genuine);
    Ok(cleaned)
}

/// Least probability of spam of a field that is told of. Tags of honest texts about the trade come near the bars of what is cut.
const SURE: f32 = 0.9;

/// Fields of the front matter that are spam when judged among themselves.
fn suspects(task: &Task<'_>, origin: &Origin<'_>, decoded: &Decoded<'_>) -> Vec<Removal> {
    let front = front::fields(&decoded.text);
    if front.blocks.is_empty() {
        return Vec::new();
    }
    let pieces = cut::pieces(&front, &mut task.judge(&front), task.settings);
    let removal = |(mut piece, range): (Piece, Range<usize>)| Removal {
        reasons: std::mem::take(&mut piece.reasons),
        ..origin.removal(&Piece { part: Part::Block(Kind::Field), ..piece }, range)
    };
    let sure = pieces.into_iter().filter(|piece| piece.probability >= SURE).collect();
    ranges(sure, decoded).into_iter().map(removal).collect()
}

fn words(blocks: &[Block<'_>]) -> usize {
    blocks.iter().map(|block| word::count(&block.text)).sum()
}

/// The texts of blocks that did not go as a whole.
fn kept_texts<'a>(blocks: &'a [Block<'_>], removed: &[Removal]) -> impl Iterator<Item = &'a str> {
    let mut gone: Vec<usize> =
        removed.iter().filter(|removal| matches!(removal.part, Part::Block(_))).map(|removal| removal.block).collect();
    gone.sort_unstable();
    let kept = move |(index, _): &(usize, &Block<'_>)| gone.binary_search(index).is_err();
    blocks.iter().enumerate().filter(kept).map(|(_, block)| block.text.as_ref())
}

/// Judges what earlier rounds left.
fn again(task: &Task<'_>, bytes: &[u8], format: Format) -> Result<Round> {
    let (decoded, now) = task.decode(bytes)?;
    // A cut text that now looks like a page is still the text it was.
    let format = if now == Format::Html { format } else { now };
    Ok(judge_round(task, &task.parse(&decoded, format), &decoded))
}

fn judge_round(task: &Task<'_>, document: &Document<'_>, decoded: &Decoded<'_>) -> Round {
    let mut verdicts = task.judge(document);
    let pieces = cut::pieces(document, &mut verdicts, task.settings);
    let lost: usize =
        pieces.iter().map(|piece| word::count(&document.blocks[piece.block].text[piece.text.clone()])).sum();
    let genuine = cut::leaves_genuine(document, &verdicts, &pieces);
    let words = words(&document.blocks);
    Round { gone: ranges(pieces, decoded), words, words_kept: words.saturating_sub(lost), genuine }
}

/// The bytes each piece takes, ascending and disjoint.
fn ranges(pieces: Vec<Piece>, decoded: &Decoded<'_>) -> Vec<(Piece, Range<usize>)> {
    let mut gone: Vec<(Piece, Range<usize>)> = pieces
        .into_iter()
        .filter_map(|piece| piece.span.as_ref().map(|span| decoded.map.range(span)).map(|range| (piece, range)))
        .collect();
    gone.sort_by_key(|(_, range)| range.start);
    let mut end = 0;
    for (_, range) in &mut gone {
        range.start = range.start.max(end);
        end = end.max(range.end);
    }
    gone.retain(|(_, range)| !range.is_empty());
    gone
}

/// Records what a round takes out of what was `kept`, and returns what is kept now.
fn take(
    origin: &Origin<'_>,
    gone: Vec<(Piece, Range<usize>)>,
    kept: &[Range<usize>],
    removed: &mut Vec<Removal>,
) -> Vec<Range<usize>> {
    let (mut from, mut before) = (0, 0);
    for (mut piece, range) in gone {
        // The ranges ascend, so what is kept before one is before all that follow.
        while kept.get(from).is_some_and(|kept| before + kept.len() <= range.start) {
            before += kept[from].len();
            from += 1;
        }
        let lifted = span::lift(&(range.start - before..range.end - before), &kept[from..]);
        let last = lifted.len().saturating_sub(1);
        for (at, range) in lifted.into_iter().enumerate() {
            let reasons = if at == last { std::mem::take(&mut piece.reasons) } else { piece.reasons.clone() };
            removed.push(Removal { reasons, ..origin.removal(&piece, range) });
        }
    }
    removed.sort_by_key(|removal| removal.span.as_ref().map(|span| span.start));
    let gone = removed.iter().filter_map(|removal| removal.span.clone()).collect();
    span::rest(&span::merge(gone), origin.bytes.len())
}

impl Origin<'_> {
    /// The removal of a piece, without its reasons.
    fn removal(&self, piece: &Piece, range: Range<usize>) -> Removal {
        let text = self.place.text(&range);
        Removal {
            block: self.block_at(range.start),
            part: piece.part,
            lines: self.place.lines(&range),
            text: text.to_owned(),
            raw: self.place.raw(&range, text),
            span: Some(range),
            label: piece.label,
            probability: piece.probability,
            reasons: Vec::new(),
        }
    }

    /// The block of the original document that holds a source byte, or the last one before it.
    fn block_at(&self, byte: usize) -> usize {
        self.blocks.partition_point(|block| block.start <= byte).saturating_sub(1)
    }

    /// Everything `kept` as removed: a document of which nothing genuine is left goes as a whole, front matter and blank
    /// lines included, and must come back from the audit alone.
    fn remainder(&self, kept: &[Range<usize>]) -> Vec<Removal> {
        let piece = Piece {
            block: 0,
            part: Part::Rest,
            text: 0..0,
            span: None,
            label: Label::Furniture,
            probability: 0.0,
            reasons: Vec::new(),
        };
        kept.iter().map(|range| self.removal(&piece, range.clone())).collect()
    }
}

/// Decides the document's status, and with it whether there is an output.
fn settle(cleaned: &mut Cleaned, origin: &Origin<'_>, kept: &[Range<usize>], genuine: bool) {
    let output = span::keep(origin.bytes, kept);
    if cleaned.blocks == 0 && is_blank(origin, kept) {
        cleaned.status = Status::Empty;
    } else if cleaned.status == Status::Cleaned && !genuine {
        cleaned.status = Status::Rejected;
        cleaned.words_kept = 0;
        cleaned.suspects.clear();
    } else {
        cleaned.output = Some(output);
        return;
    }
    cleaned.removed.extend(origin.remainder(kept));
    cleaned.removed.sort_by_key(|removal| removal.span.as_ref().map(|span| span.start));
}

fn is_blank(origin: &Origin<'_>, kept: &[Range<usize>]) -> bool {
    kept.iter().map(|range| origin.place.text(range)).all(|text| text.trim().is_empty())
}
