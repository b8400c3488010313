//! Runs of bare anchors, one block per anchor: an injected link among genuine ones must be judged alone.

use std::borrow::Cow;

use crate::block::{Block, Kind, Link};

/// Whether a block is two or more links with nothing but signs between them. Headings, code and table rows stay whole.
pub(super) fn is_run(block: &Block<'_>) -> bool {
    let several = block.links.iter().filter(|l| !l.span.is_empty()).nth(1).is_some();
    let kind = !matches!(block.kind, Kind::Heading | Kind::Code | Kind::Row);
    several && kind && !between(block).any(|text| text.contains(char::is_alphanumeric))
}

/// The text outside the links.
fn between<'b>(block: &'b Block<'_>) -> impl Iterator<Item = &'b str> {
    let starts = block.links.iter().map(|l| l.span.start).chain([block.text.len()]);
    let ends = std::iter::once(0).chain(block.links.iter().map(|l| l.span.end));
    ends.zip(starts).filter_map(|(end, start)| block.text.get(end..start))
}

/// One block per anchor that has text, each on its own line of the source.
pub(super) fn anchors<'l>(block: Block<'static>, lines: &'l [u32]) -> impl Iterator<Item = Block<'static>> + 'l {
    let Block { kind, text, lines: whole, mut links, hidden, place, .. } = block;
    (0..links.len()).filter_map(move |i| {
        let span = links[i].span.clone();
        let part = text.get(span).map(str::trim).filter(|t| !t.is_empty())?;
        let href = std::mem::take(&mut links[i].href);
        let first = lines.get(i).copied().unwrap_or(whole.0);
        let last = lines.get(i + 1).copied().unwrap_or(whole.1).max(first);
        let link = Link { span: 0..part.len(), href, nofollow: links[i].nofollow };
        let text = Cow::Owned(part.to_owned());
        Some(Block {
            kind,
            text,
            span: None,
            lines: (first, last.min(whole.1.max(first))),
            links: vec![link],
            hidden,
            place,
            markdown: None,
            trace: None,
        })
    })
}
