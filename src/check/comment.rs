//! Ignore comments in documents: `<!-- weedout: ignore[link-spam] reason -->`, or the same as a line of plain text.
//!
//! A comment silences the next block, or the block it stands in when there is more in it to read. It needs a reason.

use std::ops::Range;
use std::path::Path;

use crate::block::{Block, Document, Format, Kind};
use crate::clean::record::name;
use crate::clean::word::readable;
use crate::report::finding::{LINK_SPAM, UNUSED_IGNORE};
use crate::report::{Notice, Position};

const MARK: &str = "weedout:";

/// An ignore comment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Bytes of the document's text.
    pub range: Range<usize>,
    /// Where it starts.
    pub start: Position,
    /// Its reason, or what is wrong with it.
    pub reason: Result<String, String>,
    /// It silenced something.
    pub used: bool,
}

/// The ignore comments of a document, those quoted in code left out.
pub fn find(document: &Document<'_>) -> Vec<Comment> {
    let source = document.source;
    let quoted = |at: usize| owner(document, at).is_some_and(|block| block.kind == Kind::Code);
    memchr::memmem::find_iter(source.as_bytes(), MARK)
        .filter(|at| !quoted(*at))
        .filter_map(|at| Some((at, extent(document, at)?)))
        .map(|(at, range)| {
            let body = source[at + MARK.len()..range.end].trim_end_matches("-->").trim();
            Comment { start: position(source, range.start), reason: reason(body), range, used: false }
        })
        .collect()
}

/// The comment around the mark at byte `at`: of markup, or in text formats a line of its own.
fn extent(document: &Document<'_>, at: usize) -> Option<Range<usize>> {
    let source = document.source;
    let before = source[..at].trim_end();
    if before.ends_with("<!--") {
        let end = at + source[at..].find("-->")? + "-->".len();
        return Some(before.len() - "<!--".len()..end);
    }
    let start = source[..at].rfind('\n').map_or(0, |line| line + 1);
    let head = source[start..at].trim();
    let alone =
        document.format != Format::Html && (head.is_empty() || (document.format == Format::Vtt && head == "NOTE"));
    let end = source[at..].find('\n').map_or(source.len(), |line| at + line);
    alone.then_some(start..end)
}

/// The reason in `ignore[rule] reason`, or what is wrong with it.
fn reason(body: &str) -> Result<String, String> {
    let rest = body.strip_prefix("ignore").map(str::trim_start);
    let parts = rest.and_then(|rest| rest.strip_prefix('[')).and_then(|rest| rest.split_once(']'));
    let Some((rule, reason)) = parts else {
        return Err(format!("cannot be read; write `weedout: ignore[{LINK_SPAM}] reason`"));
    };
    let reason = reason.trim().trim_start_matches([':', '-', '–', '—']).trim();
    if rule.trim() != LINK_SPAM {
        return Err(format!(
            "names the rule `{}`, which there is not; `{LINK_SPAM}` is the one to ignore",
            rule.trim()
        ));
    }
    if reason.is_empty() {
        return Err("gives no reason and so silences nothing; say why after the bracket".into());
    }
    Ok(reason.to_owned())
}

fn position(source: &str, at: usize) -> Position {
    let line = 1 + memchr::memchr_iter(b'\n', &source.as_bytes()[..at]).count();
    let start = source[..at].rfind('\n').map_or(0, |line| line + 1);
    Position { line: line as u32, column: 1 + source[start..at].chars().count() as u32 }
}

/// The block that holds byte `at`; in HTML, where blocks have no bytes, none.
fn owner<'d, 'a>(document: &'d Document<'a>, at: usize) -> Option<&'d Block<'a>> {
    index_of(document, at).map(|index| &document.blocks[index])
}

fn index_of(document: &Document<'_>, at: usize) -> Option<usize> {
    let start = |block: &Block<'_>| block.span.as_ref().map_or(usize::MAX, |span| span.start);
    let index = document.blocks.partition_point(|block| start(block) <= at).checked_sub(1)?;
    document.blocks[index].span.as_ref().filter(|span| span.contains(&at)).map(|_| index)
}

/// The block that is nothing but the comment, which is no spam whatever it says.
pub fn own(document: &Document<'_>, comment: &Comment) -> Option<usize> {
    index_of(document, comment.range.start).filter(|index| !has_more(document, &document.blocks[*index], comment))
}

/// The block a comment speaks of. `is_spam` tells blocks apart where several start on the comment's line.
pub fn target(document: &Document<'_>, comment: &Comment, is_spam: impl Fn(usize) -> bool) -> Option<usize> {
    if document.format == Format::Html {
        return target_in_page(document, comment, is_spam);
    }
    match index_of(document, comment.range.start) {
        Some(index) if has_more(document, &document.blocks[index], comment) => Some(index),
        Some(index) => Some(index + 1).filter(|next| *next < document.blocks.len()),
        None => document.blocks.iter().position(|b| b.span.as_ref().is_some_and(|s| s.start >= comment.range.end)),
    }
}

fn has_more(document: &Document<'_>, block: &Block<'_>, comment: &Comment) -> bool {
    block.span.as_ref().is_some_and(|span| {
        let before = &document.source[span.start..comment.range.start.max(span.start)];
        let after = &document.source[comment.range.end.min(span.end)..span.end];
        readable(before) || readable(after)
    })
}

/// Blocks of a page know their lines only.
fn target_in_page(document: &Document<'_>, comment: &Comment, is_spam: impl Fn(usize) -> bool) -> Option<usize> {
    let rest = &document.source[comment.range.end..];
    let ends_line = rest.lines().next().is_none_or(|line| line.trim().is_empty());
    let line = position(document.source, comment.range.end).line;
    let mut blocks = document.blocks.iter().enumerate();
    if ends_line {
        blocks.find(|(_, block)| block.lines.0 > line).map(|(index, _)| index)
    } else {
        blocks.find(|(index, block)| block.lines.0 == line && is_spam(*index)).map(|(index, _)| index)
    }
}

/// What is to be said about the comments of the document at `path`.
pub(super) fn notices(path: &Path, comments: &[Comment]) -> Vec<Notice> {
    let message = |comment: &Comment| match &comment.reason {
        Err(fault) => Some(format!("the ignore comment {fault}")),
        Ok(_) if comment.used => None,
        Ok(_) => Some("the ignore comment silences nothing; take it out".to_owned()),
    };
    let notice = |comment: &Comment| {
        let message = message(comment)?;
        Some(Notice { rule: UNUSED_IGNORE, path: name(path), start: comment.start, message })
    };
    comments.iter().filter_map(notice).collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::block::{Options, parse};

    fn target_text(source: &str, format: Format) -> Option<String> {
        let document = parse(source, format, &Options::default());
        let comments = find(&document);
        assert_eq!(comments.len(), 1, "{source}");
        let spam = |index: usize| document.blocks[index].text.contains("casino");
        target(&document, &comments[0], spam).map(|index| document.blocks[index].text.to_string())
    }

    #[test]
    fn the_next_block_is_meant() {
        let comment = "<!-- weedout: ignore[link-spam] we quote it -->";
        for (source, format) in [
            (format!("Hello.\n\n{comment}\n\n[casino](https://a.example)\n\nBye.\n"), Format::Markdown),
            (format!("Hello.\n{comment}\ncasino\nBye.\n"), Format::Markdown),
            (format!("Hello.\n{comment}\ncasino\nBye.\n"), Format::Text),
            ("Hello.\nweedout: ignore[link-spam] we quote it\ncasino\n".into(), Format::Text),
            (
                "WEBVTT\n\nNOTE weedout: ignore[link-spam] read out\n\n00:01.000 --> 00:02.000\ncasino\n".into(),
                Format::Vtt,
            ),
            (format!("<p>Hello.</p>\n{comment}\n<p>casino</p>\n<p>Bye.</p>"), Format::Html),
            (format!("<p>Hello.</p>{comment}<p>casino</p><p>Bye.</p>"), Format::Html),
        ] {
            assert!(target_text(&source, format).unwrap().starts_with("casino"), "{source}");
        }
    }

    #[test]
    fn a_comment_within_a_block_means_that_block() {
        let source = "- <!-- weedout: ignore[link-spam] a sponsor --> [casino](https://a.example)\n- next\n";
        assert!(target_text(source, Format::Markdown).unwrap().contains("casino"));
    }

    #[test]
    fn what_is_wrong_is_said() {
        assert_eq!(reason("ignore[link-spam] our sponsor"), Ok("our sponsor".into()));
        assert_eq!(reason("ignore [link-spam]: our sponsor"), Ok("our sponsor".into()));
        for (body, fault) in
            [("ignore[link-spam]", "gives no reason"), ("ignore[words] x", "`words`"), ("ignore all", "cannot be read")]
        {
            assert!(reason(body).unwrap_err().contains(fault), "{body}");
        }
    }

    #[test]
    fn comments_in_code_and_prose_are_no_comments() {
        let source = "```\n<!-- weedout: ignore[link-spam] x -->\n```\n\nWrite weedout: ignore[link-spam] there.\n";
        assert!(find(&parse(source, Format::Markdown, &Options::default())).is_empty());
    }
}
