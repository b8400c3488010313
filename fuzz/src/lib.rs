//! The fuzz targets as functions of bytes, what must hold of every document, and a judge that can be predicted.
//!
//! `tests/replay.rs` includes this file and runs the seeds through it without a fuzzer.

use std::borrow::Cow;
use std::io::BufReader;
use std::ops::Range;
use std::path::Path;

use weedout::block::{self, Block, Document, Format};
use weedout::clean::filter::{Options, filter};
use weedout::clean::{self, Cleaned, Settings, Status};
use weedout::signal::fold::Scorer;
use weedout::source::decode::encode;
use weedout::verdict::{Cut, Judge, Label, Model, Profile, Verdict};

/// Blocks with SPAM in them are spam; `{{…}}` is cut out of kept blocks.
pub struct Marked;

impl Judge for Marked {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        let verdict = |block: &Block<'_>| {
            let spam = block.text.contains("SPAM");
            let cuts = if spam { Vec::new() } else { cuts(document, block) };
            let label = if spam { Label::Spam } else { Label::Genuine };
            Verdict { label, probability: if spam { 0.9 } else { 0.1 }, reasons: Vec::new(), cuts }
        };
        document.blocks.iter().map(verdict).collect()
    }

    fn id(&self) -> String {
        "marked".into()
    }
}

fn cuts(document: &Document<'_>, block: &Block<'_>) -> Vec<Cut> {
    let base = match (&block.text, &block.span) {
        (_, None) => None,
        (Cow::Borrowed(text), Some(_)) => Some(text.as_ptr() as usize - document.source.as_ptr() as usize),
        (Cow::Owned(_), Some(_)) => return Vec::new(),
    };
    let text = block.text.as_ref();
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(start) = text[at..].find("{{").map(|start| at + start) {
        let Some(end) = text[start..].find("}}").map(|end| start + end + 2) else { break };
        let span = base.map(|base| base + start..base + end);
        found.push(Cut { text: start..end, span, probability: 0.9, reasons: Vec::new() });
        at = end;
    }
    found
}

/// Parses `text` and checks that blocks lie in the source, in order, at boundaries of characters.
pub fn parse(text: &str, format: Format, markdown: bool) {
    let document = block::parse(text, format, &block::Options { markdown });
    let (mut end, mut line) = (0, 1);
    for block in &document.blocks {
        assert!(block.lines.0 <= block.lines.1, "{:?}", block.lines);
        if format != Format::Html {
            assert!(block.lines.0 >= line, "{:?} after {line}", block.lines);
            line = block.lines.0;
        }
        for link in &block.links {
            assert!(block.text.get(link.span.clone()).is_some(), "{:?}", link.span);
            let _ = link.host();
        }
        let Some(Range { start, end: last }) = block.span.clone() else { continue };
        assert!(start >= end && text.get(start..last).is_some(), "{:?} after {end}", block.span);
        assert!(
            is_read_from(&block.text, &text[start..last]),
            "{:?} is not the text of {:?}",
            block.text,
            &text[start..last]
        );
        end = last;
    }
    let _ = document.host();
}

/// Whether the letters of ASCII in `text` stand in `source`, in that order; with entities in it nobody can tell.
fn is_read_from(text: &str, source: &str) -> bool {
    let mut letters = source.bytes().filter(u8::is_ascii_alphanumeric);
    source.contains('&')
        || text.bytes().filter(u8::is_ascii_alphanumeric).all(|own| letters.any(|letter| letter == own))
}

/// Cleans a document; nothing, when it is not text.
pub fn cleaned(name: &str, bytes: &[u8], markdown: bool) -> Option<Cleaned> {
    let settings = Settings { markdown, ..Settings::default() };
    clean::document(Path::new(name), bytes, &settings, &Marked).ok()
}

/// Cleans again what was left of a document. What it is is known by now: without a name that tells, what is left might look like a page.
fn again(done: &Cleaned, bytes: &[u8]) -> Option<Cleaned> {
    let settings = Settings { format: Some(done.format), ..Settings::default() };
    clean::document(Path::new("again"), bytes, &settings, &Marked).ok()
}

/// Kept and removed parts put together in the order of the source.
pub fn woven(done: &Cleaned) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut left = done.output.clone().unwrap_or_default();
    for removal in &done.removed {
        let span = removal.span.clone().expect("a removal has its place");
        assert!(span.start >= bytes.len(), "removals overlap");
        bytes.extend(left.drain(..span.start - bytes.len()));
        bytes.extend(
            removal.raw.clone().or_else(|| encode(&removal.text, done.encoding)).expect("text of its encoding"),
        );
        assert_eq!(bytes.len(), span.end);
    }
    bytes.extend(left);
    bytes
}

/// Pages: parsed, cleaned, rendered as text and as Markdown.
pub fn html(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        parse(text, Format::Html, false);
    }
    for markdown in [false, true] {
        if let Some(done) = cleaned("a.html", bytes, markdown) {
            let output = done.output.unwrap_or_default();
            assert!(std::str::from_utf8(&output).is_ok(), "pages come out as UTF-8");
        }
    }
}

/// Markdown with and without front matter.
pub fn markdown(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        parse(text, Format::Markdown, false);
    }
}

/// Text, transcripts and subtitles; the first byte says which.
pub fn lines(bytes: &[u8]) {
    let Some((first, rest)) = bytes.split_first() else { return };
    if let Ok(text) = std::str::from_utf8(rest) {
        parse(text, [Format::Text, Format::Srt, Format::Vtt][usize::from(*first) % 3], false);
    }
}

/// The model loader: fastText files and weights. What is accepted must score finitely.
pub fn model(bytes: &[u8]) {
    if let Ok(scorer) = Scorer::read(bytes) {
        for text in ["", "casino", "an ordinary sentence of ordinary words", "ğ ü 東京"] {
            let score = scorer.score(text);
            assert!(score.spam.is_finite() && score.furniture.is_finite() && score.loudest.is_finite());
        }
    }
    let _ = Model::read(&[], bytes);
}

/// JSON Lines: every line comes out as an object or is rejected, and nothing else happens.
pub fn records(bytes: &[u8]) {
    let (mut out, mut rejected) = (Vec::new(), 0);
    let options = Options { id_field: Some("id".into()), ..Options::default() };
    let totals = filter(&mut BufReader::new(bytes), &mut out, &options, &Marked, &mut |_| rejected += 1)
        .expect("no stream fails");
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    assert_eq!((totals.records + totals.rejected, totals.rejected), (lines, rejected));
    assert_eq!(out.split(|&byte| byte == b'\n').count(), totals.records + 1);
}

/// Any bytes, cleaned and put together again: kept and removed parts tile the source, and cleaning twice changes nothing. The
/// first byte says what it is called.
pub fn round(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else { return };
    let name = ["a", "a.txt", "a.md", "a.srt", "a.vtt", "a.transcript"][usize::from(*first) % 6];
    let Some(done) = cleaned(name, bytes, false) else { return };
    if done.format == Format::Html {
        return;
    }
    assert_eq!(woven(&done), bytes);
    if let Some(output) = done.output.clone() {
        let Some(again) = again(&done, &output) else { panic!("clean text is no text") };
        assert_eq!((again.status, again.output.as_deref()), (Status::Untouched, Some(output.as_slice())));
    }
}
