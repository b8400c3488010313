//! What the fuzz targets share: a judge that can be predicted, and what must hold of every document.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use weedout::block::{self, Block, Document, Format};
use weedout::clean::{self, Cleaned, Settings};
use weedout::source::decode::encode;
use weedout::verdict::{Cut, Judge, Label, Profile, Verdict};

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
        end = last;
    }
    let _ = document.host();
}

/// Cleans a document; nothing, when it is not text.
pub fn cleaned(name: &str, bytes: &[u8], markdown: bool) -> Option<Cleaned> {
    let settings = Settings { markdown, ..Settings::default() };
    clean::document(Path::new(name), bytes, &settings, &Marked).ok()
}

/// Kept and removed parts put together in the order of the source.
pub fn woven(done: &Cleaned) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut left = done.output.clone().unwrap_or_default();
    for removal in &done.removed {
        let span = removal.span.clone().expect("a removal has its place");
        assert!(span.start >= bytes.len(), "removals overlap");
        bytes.extend(left.drain(..span.start - bytes.len()));
        bytes.extend(removal.raw.clone().or_else(|| encode(&removal.text, done.encoding)).expect("text of its encoding"));
        assert_eq!(bytes.len(), span.end);
    }
    bytes.extend(left);
    bytes
}
