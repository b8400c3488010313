//! Markdown: paragraphs, headings, list items, table rows, quotes and code, each a run of whole lines.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::line::{self, Line};
use super::{Block, Document, Format, Kind, Link, Trace, front, link};

/// A leaf of the Markdown tree before its lines are known.
struct Leaf<'a> {
    kind: Kind,
    range: Range<usize>,
    text: String,
    links: Vec<Link<'a>>,
    trace: Trace,
}

/// Splits Markdown. Front matter belongs to no block; every other line that is not blank belongs to exactly one.
pub fn parse(source: &str) -> Document<'_> {
    let from = front::end(source);
    let lines = line::lines(source, from);
    let mut collector = Collector { source, base: from, ..Collector::default() };
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS | Options::ENABLE_STRIKETHROUGH;
    for (event, range) in Parser::new_ext(&source[from..], options).into_offset_iter() {
        collector.event(event, range.start + from..range.end + from);
    }
    collector.close();
    let blocks = lay_out(source, &lines, collector.leaves);
    Document { format: Format::Markdown, source, blocks, metadata: front::metadata(&source[..from]) }
}

/// Turns the parser's events into leaves.
#[derive(Default)]
struct Collector<'a> {
    source: &'a str,
    base: usize,
    leaves: Vec<Leaf<'a>>,
    open: Option<Leaf<'a>>,
    quotes: usize,
    anchors: Vec<(usize, Cow<'a, str>)>,
    /// Markup that is open: where its text and its source begin.
    spans: Vec<(usize, usize)>,
    /// Inline HTML elements that are open, with their names.
    elements: Vec<(String, usize, usize)>,
}

impl<'a> Collector<'a> {
    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.push(&text, range);
            }
            Event::SoftBreak | Event::HardBreak => self.push("\n", range),
            Event::Html(text) | Event::InlineHtml(text) => self.html(&text, range),
            Event::Rule => {
                self.leaf(Kind::Code, range);
                self.close();
            }
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Paragraph if self.quotes > 0 => self.leaf(Kind::Quote, range),
            Tag::Paragraph if self.open.is_none() => self.leaf(Kind::Paragraph, range),
            Tag::Heading { .. } => self.leaf(Kind::Heading, range),
            Tag::CodeBlock(_) => self.leaf(Kind::Code, range),
            Tag::HtmlBlock => self.leaf(Kind::Paragraph, range),
            Tag::Item => self.leaf(Kind::Item, range.start..range.start),
            Tag::TableHead | Tag::TableRow => self.leaf(Kind::Row, range),
            Tag::TableCell => self.push("\t", range.start..range.start),
            Tag::List(_) => self.close(),
            Tag::BlockQuote(_) => {
                self.close();
                self.quotes += 1;
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.anchors.push((self.at(), own(dest_url))),
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => self.spans.push((self.at(), range.start)),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Link | TagEnd::Image => self.link(range),
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => self.span(range.end),
            TagEnd::Heading(_)
            | TagEnd::CodeBlock
            | TagEnd::HtmlBlock
            | TagEnd::Item
            | TagEnd::TableHead
            | TagEnd::TableRow => self.close(),
            TagEnd::Paragraph if self.open.as_ref().is_some_and(|leaf| leaf.kind != Kind::Item) => self.close(),
            _ => {}
        }
    }

    /// How much text the open leaf has.
    fn at(&self) -> usize {
        self.open.as_ref().map_or(0, |leaf| leaf.text.len())
    }

    fn span(&mut self, end: usize) {
        if let (Some((at, start)), Some(leaf)) = (self.spans.pop(), self.open.as_mut()) {
            leaf.trace.span(at.min(leaf.text.len())..leaf.text.len(), start..end);
        }
    }

    /// Notes where an inline element begins, or its extent when it ends.
    fn element(&mut self, markup: &str, at: usize, range: &Range<usize>) {
        let inner = markup.trim_start_matches('<');
        let name = |text: &str| text.chars().take_while(char::is_ascii_alphanumeric).collect::<String>();
        if let Some(closed) = inner.strip_prefix('/') {
            let name = name(closed);
            let Some(from) = self.elements.iter().rposition(|(open, ..)| open.eq_ignore_ascii_case(&name)) else {
                return;
            };
            let (_, text, start) = self.elements.swap_remove(from);
            self.elements.truncate(from);
            if let Some(leaf) = self.open.as_mut() {
                leaf.trace.span(text..at.max(text), start..range.end);
            }
        } else if !name(inner).is_empty() && !markup.ends_with("/>") {
            self.elements.push((name(inner), at, range.start));
        }
    }

    fn leaf(&mut self, kind: Kind, range: Range<usize>) {
        self.close();
        self.spans.clear();
        self.elements.clear();
        self.open = Some(Leaf { kind, range, text: String::new(), links: Vec::new(), trace: Trace::default() });
    }

    fn push(&mut self, text: &str, range: Range<usize>) {
        let leaf = self.open.get_or_insert_with(|| Leaf {
            kind: Kind::Paragraph,
            range: range.clone(),
            text: String::new(),
            links: Vec::new(),
            trace: Trace::default(),
        });
        let at = leaf.text.len();
        leaf.text.push_str(text);
        leaf.trace.run(at..leaf.text.len(), range.clone());
        leaf.range.end = leaf.range.end.max(range.end);
    }

    /// Raw HTML contributes what stands between its tags, and its links.
    fn html(&mut self, markup: &str, range: Range<usize>) {
        let start = range.start.max(self.base);
        let at = self.at();
        self.push(&strip_tags(markup), range.clone());
        self.element(markup, at, &range);
        let source = self.source.get(start..range.end).unwrap_or_default();
        if let Some(leaf) = self.open.as_mut() {
            let at = leaf.text.len();
            leaf.links.extend(link::find(source).into_iter().map(|link| Link { span: at..at, ..link }));
        }
    }

    fn link(&mut self, range: Range<usize>) {
        if let (Some((at, href)), Some(leaf)) = (self.anchors.pop(), self.open.as_mut()) {
            let end = leaf.text.len();
            leaf.links.push(Link { span: at.min(end)..end, href, nofollow: false });
            leaf.trace.span(at.min(end)..end, range.clone());
            leaf.range.end = leaf.range.end.max(range.end);
        }
    }

    fn close(&mut self) {
        self.leaves.extend(self.open.take().filter(|leaf| !leaf.range.is_empty()));
    }
}

fn own(text: pulldown_cmark::CowStr<'_>) -> Cow<'_, str> {
    match text {
        pulldown_cmark::CowStr::Borrowed(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn strip_tags(markup: &str) -> String {
    let mut inside = false;
    markup
        .chars()
        .filter(|&c| {
            if c == '<' {
                inside = true;
            }
            let keep = !inside;
            if c == '>' {
                inside = false;
            }
            keep
        })
        .collect()
}

/// Gives every leaf its whole lines, every line outside a leaf a block of its own, and blank lines to what stands before.
fn lay_out<'a>(source: &'a str, lines: &[Line<'a>], leaves: Vec<Leaf<'a>>) -> Vec<Block<'a>> {
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let mut leaves = leaves.into_iter().peekable();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        if line.is_blank() {
            if let Some(span) = blocks.last_mut().and_then(|block| block.span.as_mut()) {
                span.end = line.end;
            }
            at += 1;
            continue;
        }
        let first = at;
        let mut leaf: Option<Leaf<'a>> = None;
        let mut until = line.end;
        // The parser ends lines at lone carriage returns too, so that a leaf may begin within a line of ours.
        while at < lines.len() && lines[at].start < until {
            until = until.max(lines[at].end);
            at += 1;
            while let Some(next) = leaves.next_if(|next| next.range.start < until) {
                until = until.max(next.range.end);
                leaf = Some(match leaf {
                    None => next,
                    Some(leaf) => join(leaf, next),
                });
            }
        }
        while at > first + 1 && lines[at - 1].is_blank() {
            at -= 1;
        }
        push_block(source, &lines[first..at], leaf, &mut blocks);
    }
    blocks
}

/// Two leaves that share a line are one block.
fn join<'a>(mut one: Leaf<'a>, two: Leaf<'a>) -> Leaf<'a> {
    if !one.text.is_empty() {
        one.text.push('\n');
    }
    let at = one.text.len();
    one.text.push_str(&two.text);
    one.links.extend(two.links.into_iter().map(|l| Link { span: l.span.start + at..l.span.end + at, ..l }));
    one.trace.append(two.trace, at);
    one.range.end = one.range.end.max(two.range.end);
    one
}

fn push_block<'a>(source: &'a str, lines: &[Line<'a>], leaf: Option<Leaf<'a>>, blocks: &mut Vec<Block<'a>>) {
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return };
    let loose = |line: &Line<'a>, kind| {
        let mut block = Block::new(kind, line.text, line.start..line.end, (line.number, line.number));
        block.links = link::find(line.text);
        block
    };
    match leaf {
        Some(leaf) if leaf.kind == Kind::Paragraph && lines.len() > 1 && lines.iter().any(is_link_line) => {
            match line_by_line(source, lines, &leaf) {
                Some(found) => blocks.extend(found),
                None => blocks.extend(lines.iter().map(|line| loose(line, Kind::Paragraph))),
            }
        }
        Some(leaf) => {
            let text = slice_or_own(source, first, last, leaf.text.trim());
            let lead = leaf.text.len() - leaf.text.trim_start().len();
            let mut block = Block::new(leaf.kind, text, first.start..last.end, (first.number, last.number));
            let shift = |at: usize| at.saturating_sub(lead).min(block.text.len());
            block.links =
                leaf.links.into_iter().map(|l| Link { span: shift(l.span.start)..shift(l.span.end), ..l }).collect();
            block.trace = traced(&block.text, &leaf.trace, lead);
            blocks.push(block);
        }
        None => blocks.extend(lines.iter().map(|line| loose(line, Kind::Paragraph))),
    }
}

/// A paragraph's lines as blocks, each with the text a reader gets; `None` when its markup spans lines, and a line of the text
/// is not one of the source.
fn line_by_line<'a>(source: &'a str, lines: &[Line<'a>], leaf: &Leaf<'a>) -> Option<Vec<Block<'a>>> {
    let (mut at, mut blocks) = (0, Vec::with_capacity(lines.len()));
    let texts: Vec<&str> = leaf.text.split('\n').collect();
    for (line, text) in lines.iter().zip(&texts) {
        let inside = at..at + text.len();
        if !leaf.trace.is_within(&inside, &(line.start..line.end)) {
            return None;
        }
        let own = |link: &&Link<'a>| inside.start <= link.span.start && link.span.end <= inside.end;
        let shift = |link: &Link<'a>| Link { span: link.span.start - at..link.span.end - at, ..link.clone() };
        let kept = slice_or_own(source, line, line, text);
        let mut block = Block::new(leaf.kind, kept, line.start..line.end, (line.number, line.number));
        block.links = leaf.links.iter().filter(own).map(shift).collect();
        block.trace = traced(&block.text, &leaf.trace, inside.start);
        blocks.push(block);
        at = inside.end + 1;
    }
    let whole = leaf.links.len() == blocks.iter().map(|block| block.links.len()).sum::<usize>();
    (texts.len() == lines.len() && whole).then_some(blocks)
}

/// The part of `trace` that `text`, which begins at `from`, needs to find itself in the source.
#[allow(clippy::ptr_arg, reason = "whether the text is borrowed is what is asked")]
fn traced(text: &Cow<'_, str>, trace: &Trace, from: usize) -> Option<Box<Trace>> {
    matches!(text, Cow::Owned(_)).then(|| Box::new(trace.part(&(from..from + text.len()))))
}

/// A paragraph line that is nothing but links is judged on its own, as soft-wrapped link runs are written that way.
fn is_link_line(line: &Line<'_>) -> bool {
    line.text.starts_with('[') && line.text.ends_with(')') && line.text.contains("](")
}

/// The text borrowed from the source where it stands there unchanged.
fn slice_or_own<'a>(source: &'a str, first: &Line<'a>, last: &Line<'a>, text: &str) -> Cow<'a, str> {
    let raw = &source[first.start..last.end];
    raw.find(text)
        .filter(|_| !text.is_empty())
        .map_or_else(|| Cow::Owned(text.to_owned()), |at| Cow::Borrowed(&raw[at..at + text.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(source: &str) -> Vec<String> {
        parse(source).blocks.iter().map(|b| source[b.span.clone().unwrap_or_default()].to_owned()).collect()
    }

    #[test]
    fn blocks_tile_the_body() {
        let source = "---\ntitle: x\n---\n# Head\n\npara one\nstill one\n\n- a\n- b\n  - c\n\n> quote\n\n```\ncode\n\nmore\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[ref]: https://a.example\n***\nend";
        assert_eq!(texts(source).concat(), &source["---\ntitle: x\n---\n".len()..]);
        assert_eq!(texts(source)[1], "para one\nstill one\n\n");
        assert_eq!(texts(source)[3], "- b\n");
        assert!(texts(source).contains(&"```\ncode\n\nmore\n```\n\n".to_owned()));
    }

    #[test]
    fn links_know_their_anchor_and_target() {
        let document = parse("Read [the *notes*](https://a.example/n \"t\") and <https://b.example>.\n");
        let block = &document.blocks[0];
        assert_eq!(&block.text[block.links[0].span.clone()], "the notes");
        assert_eq!(block.links[1].host().as_deref(), Some("b.example"));
    }

    #[test]
    fn soft_wrapped_link_lines_are_judged_one_by_one() {
        let source = "[one](https://a.example)\n[two](https://b.example)\nA genuine line.\n";
        assert_eq!(texts(source).len(), 3);
        let document = parse(source);
        assert_eq!(
            document.blocks.iter().map(|b| b.text.as_ref()).collect::<Vec<_>>(),
            ["one", "two", "A genuine line."]
        );
        assert_eq!(document.blocks.iter().map(|b| b.links.len()).collect::<Vec<_>>(), [1, 1, 0]);
        assert_eq!(document.blocks[1].links[0].span, 0..3);
    }

    #[test]
    fn a_line_has_no_text_of_another_line() {
        let source = "<p>one <b\n>two\n[three](https://a.example)\n";
        for block in parse(source).blocks {
            let own = &source[block.span.clone().unwrap_or_default()];
            assert!(block.text.split_whitespace().all(|word| own.contains(word)), "{:?} of {own:?}", block.text);
        }
    }

    #[test]
    fn a_rule_is_a_block_of_its_own() {
        let kinds = |source| parse(source).blocks.iter().map(|block| (block.kind, block.lines.0)).collect::<Vec<_>>();
        let expected =
            [(Kind::Paragraph, 1), (Kind::Code, 3), (Kind::Paragraph, 5), (Kind::Code, 7), (Kind::Paragraph, 8)];
        assert_eq!(kinds("One.\n\n---\n\nTwo.\n\n***\nThree.\n"), expected);
    }

    #[test]
    fn lone_carriage_returns_shift_no_text() {
        let document = parse("---\none\r\r\rtwo\n\nthree\rfour\r");
        let texts: Vec<&str> = document.blocks.iter().map(|block| block.text.as_ref()).collect();
        assert_eq!(texts, ["", "one\ntwo", "three\nfour"]);
    }

    #[test]
    fn a_loose_item_with_two_paragraphs_is_kept_together_by_lines() {
        let source = "- first\n\n  second part\n- next\n";
        assert_eq!(texts(source).concat(), source);
    }
}
