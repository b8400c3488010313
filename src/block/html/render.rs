//! Kept blocks as text or Markdown.

use std::borrow::Cow;

use super::markdown;
use crate::block::{Block, Kind};

/// Writes the kept blocks, each beside what is left of it, one blank line between them; items and rows that follow each
/// other stand on consecutive lines. Ends with a line end unless there is nothing to write.
///
/// As text, a paragraph is one line except for the page's own line breaks, and items have no marks. As Markdown, blocks have
/// their links, and those that were not shortened their emphasis too; front matter is the caller's.
pub fn render(kept: &[(&Block<'_>, &Block<'_>)], markdown: bool) -> String {
    let mut out = String::with_capacity(kept.iter().map(|(_, left)| left.text.len() + 2).sum());
    let mut lists = Lists::default();
    let mut last = None;
    for &(block, left) in kept.iter().filter(|(_, left)| !left.text.trim().is_empty()) {
        if let Some(last) = last {
            let close = joined(last, block);
            out.push_str(if close { "\n" } else { "\n\n" });
            if markdown && block.kind == Kind::Row && !close {
                lists = Lists::default();
            }
        }
        if markdown {
            write_markdown(&mut out, &mut lists, block, left, last);
        } else {
            out.push_str(left.text.trim_matches(['\n', ' ']));
        }
        last = Some(block);
    }
    if !out.is_empty() {
        out.push('\n');
    }
    out
}

/// Whether a block stands on the line after the one before it.
fn joined(before: &Block<'_>, block: &Block<'_>) -> bool {
    before.kind == block.kind && matches!(block.kind, Kind::Item | Kind::Row)
}

fn write_markdown(out: &mut String, lists: &mut Lists, block: &Block<'_>, left: &Block<'_>, last: Option<&Block<'_>>) {
    let whole = block.markdown.as_deref().filter(|_| left.text == block.text);
    let body = whole.map_or_else(|| Cow::Owned(markdown::block(left, &[])), Cow::Borrowed);
    let indent = lists.indent(block);
    let pad = " ".repeat(indent);
    for (i, line) in body.lines().enumerate() {
        if i > 0 {
            out.push('\n');
        }
        if !line.is_empty() {
            // Further lines of an item stand under its text.
            let inner = if i > 0 && block.kind == Kind::Item { lists.width() } else { 0 };
            out.push_str(&pad);
            out.extend(std::iter::repeat_n(' ', inner));
            out.push_str(line);
        }
    }
    let heads_table = block.kind == Kind::Row && last.is_none_or(|l| l.kind != Kind::Row);
    if heads_table {
        let columns = left.text.matches('\t').count() + 1;
        out.push_str("\n|");
        out.push_str(&" --- |".repeat(columns));
    }
}

/// The widths of the marks of the lists that are open, so that what is inside stands under the text of its item even if
/// items in between were removed.
#[derive(Default)]
struct Lists {
    widths: Vec<usize>,
}

impl Lists {
    /// The indentation of a block, in spaces.
    fn indent(&mut self, block: &Block<'_>) -> usize {
        let level = usize::from(block.place.level);
        if block.kind == Kind::Item {
            self.widths.truncate(level.max(1) - 1);
            let indent = self.widths.iter().sum();
            self.widths.push(mark_width(block.place.ordinal));
            return indent;
        }
        let inside = block.kind != Kind::Heading && level > 0;
        self.widths.truncate(if inside { level } else { 0 });
        self.widths.iter().sum()
    }

    /// The width of the innermost mark.
    fn width(&self) -> usize {
        self.widths.last().copied().unwrap_or(0)
    }
}

/// `- ` or `12. `.
fn mark_width(ordinal: u32) -> usize {
    if ordinal == 0 { 2 } else { ordinal.ilog10() as usize + 3 }
}
