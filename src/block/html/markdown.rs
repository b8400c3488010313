//! A block as `CommonMark`, with its links and emphasis.

use std::ops::Range;

use crate::block::{Block, Kind, Place};

/// `<b>`, `<strong>`.
pub(super) const STRONG: u8 = 1;
/// `<i>`, `<em>`.
pub(super) const EMPHASIS: u8 = 2;
/// `<code>`, `<kbd>`, `<tt>`.
pub(super) const CODE: u8 = 4;

/// A stretch of text with the same emphasis.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub(super) span: Range<usize>,
    pub(super) emphasis: u8,
}

/// A block with its links, the emphasis of `runs` and the sign of its kind, at no indentation.
pub(super) fn block(block: &Block<'_>, runs: &[Run]) -> String {
    if block.kind == Kind::Code {
        return fenced(&block.text);
    }
    let mut writer = Writer {
        text: &block.text,
        runs,
        out: String::with_capacity(block.text.len() + 16),
        row: block.kind == Kind::Row,
    };
    let mut at = 0;
    for link in block.links.iter().filter(|l| !l.span.is_empty()) {
        writer.stretch(at..link.span.start);
        if followed(&link.href) {
            writer.out.push('[');
            writer.stretch(link.span.clone());
            writer.out.push_str("](");
            writer.out.push_str(&destination(&link.href));
            writer.out.push(')');
        } else {
            writer.stretch(link.span.clone());
        }
        at = link.span.end;
    }
    writer.stretch(at..block.text.len());
    mark(block.kind, &block.place, &writer.out)
}

/// The sign of a block's kind before its text.
fn mark(kind: Kind, place: &Place, text: &str) -> String {
    match kind {
        Kind::Heading => format!("{} {}", "#".repeat(usize::from(place.level.clamp(1, 6))), text.replace("\\\n", " ")),
        Kind::Item if place.ordinal > 0 => format!("{}. {text}", place.ordinal),
        Kind::Item => format!("- {text}"),
        Kind::Quote => format!("> {}", text.replace('\n', "\n> ")),
        Kind::Row => format!("| {} |", text.replace('\t', " | ")),
        _ => text.to_owned(),
    }
}

/// Code between fences longer than any in it.
fn fenced(code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    format!("{fence}\n{code}\n{fence}")
}

/// Whether a link leads anywhere outside the page itself.
fn followed(href: &str) -> bool {
    let scheme = href.split(':').next().unwrap_or_default().to_ascii_lowercase();
    !href.is_empty() && !href.starts_with('#') && !matches!(scheme.as_str(), "javascript" | "data" | "vbscript")
}

/// The target with the signs that would end it encoded.
fn destination(href: &str) -> String {
    let mut out = String::with_capacity(href.len());
    for c in href.chars() {
        match c {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            c if c.is_whitespace() || c.is_control() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    out
}

struct Writer<'t> {
    text: &'t str,
    runs: &'t [Run],
    out: String,
    row: bool,
}

impl Writer<'_> {
    /// Writes a part of the text with the emphasis in it.
    fn stretch(&mut self, span: Range<usize>) {
        let mut at = span.start;
        let first = self.runs.partition_point(|r| r.span.end <= span.start);
        for run in self.runs[first..].iter().take_while(|r| r.span.start < span.end) {
            let (start, end) = (run.span.start.max(at), run.span.end.min(span.end));
            self.escaped(at..start);
            self.emphasised(start..end, run.emphasis);
            at = end;
        }
        self.escaped(at..span.end);
    }

    /// Emphasis must touch the words it is for, and stay in one line.
    fn emphasised(&mut self, span: Range<usize>, emphasis: u8) {
        let Some(text) = self.text.get(span.clone()) else {
            return;
        };
        let trimmed = text.trim();
        if trimmed.is_empty() || text.contains(['\n', '\t']) {
            return self.escaped(span);
        }
        let start = span.start + (text.len() - text.trim_start().len());
        let end = start + trimmed.len();
        self.escaped(span.start..start);
        if emphasis & CODE != 0 && !trimmed.contains('`') {
            self.out.extend(["`", trimmed, "`"]);
        } else {
            let sign = ["", "**", "*", "***"][usize::from(emphasis & (STRONG | EMPHASIS))];
            self.out.push_str(sign);
            self.escaped(start..end);
            self.out.push_str(sign);
        }
        self.escaped(end..span.end);
    }

    fn escaped(&mut self, span: Range<usize>) {
        let Some(text) = self.text.get(span.clone()) else {
            return;
        };
        let mut line_start = span.start == 0 || self.text[..span.start].ends_with('\n');
        for (i, c) in text.char_indices() {
            let rest = &text[i + c.len_utf8()..];
            if needs_escape(c, rest, line_start) || (self.row && c == '|') {
                self.out.push('\\');
            }
            match c {
                // A hard break.
                '\n' if self.row => self.out.push(' '),
                '\n' => self.out.push_str("\\\n"),
                '.' | ')' if self.ends_number(span.start + i) && rest.starts_with(' ') => self.out.extend(['\\', c]),
                _ => self.out.push(c),
            }
            line_start = c == '\n';
        }
    }

    /// Whether what stands before a point would make an ordered list of the line: digits from its start.
    fn ends_number(&self, at: usize) -> bool {
        let before = &self.text.as_bytes()[..at];
        // More digits than nine make no list.
        let digits = before.iter().rev().take(10).take_while(|b| b.is_ascii_digit()).count();
        (1..10).contains(&digits) && before[..at - digits].last().is_none_or(|b| *b == b'\n')
    }
}

/// Whether a character would be read as markup where it stands.
fn needs_escape(c: char, rest: &str, line_start: bool) -> bool {
    match c {
        '\\' | '`' | '*' | '_' | '[' | ']' => true,
        '<' => rest.starts_with(|n: char| n.is_ascii_alphabetic() || matches!(n, '/' | '!' | '?')),
        '&' => rest.starts_with(|n: char| n.is_ascii_alphanumeric() || n == '#'),
        '#' | '>' | '~' => line_start,
        '-' | '+' | '=' => line_start && (rest.is_empty() || rest.starts_with([' ', c])),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(kind: Kind, text: &str) -> String {
        block(&Block::new(kind, text, 0..text.len(), (1, 1)), &[])
    }

    fn paragraph(text: &str) -> String {
        plain(Kind::Paragraph, text)
    }

    #[test]
    fn signs_that_would_be_markup_are_escaped() {
        assert_eq!(paragraph("a*b_c [d] <e> & <3"), r"a\*b\_c \[d\] \<e> & <3");
        assert_eq!(paragraph("# no heading"), r"\# no heading");
        assert_eq!(paragraph("1986. What a year"), r"1986\. What a year");
        assert_eq!(paragraph("- no item"), r"\- no item");
        assert_eq!(paragraph("in 1986. Then"), "in 1986. Then");
    }

    #[test]
    fn breaks_are_hard_and_fences_are_longer_than_the_code() {
        assert_eq!(paragraph("one\ntwo"), "one\\\ntwo");
        assert_eq!(plain(Kind::Code, "```x"), "````\n```x\n````");
    }
}
