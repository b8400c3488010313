//! Text into blocks, as a browser flows it: white space collapsed, lines broken, blocks ended where elements say so.
//!
//! What a reader sees and what is hidden inside the same paragraph flow in two lanes, so that a hidden link in a genuine
//! paragraph becomes a block of its own and the paragraph stays whole.

use std::borrow::Cow;

use super::count::{self, Count};
use super::markdown::{self, Run};
use super::split;
use crate::block::{Block, Hidden, Kind, Link, Place};

/// What a link says of itself.
#[derive(Debug)]
pub(super) struct Target {
    pub(super) href: String,
    pub(super) nofollow: bool,
    /// Whether any text was written inside it.
    used: bool,
}

/// The context of a piece of text.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Context {
    pub(super) kind: Kind,
    /// Heading level or depth of lists.
    pub(super) level: u8,
    /// Number in an ordered list; 0 elsewhere.
    pub(super) ordinal: u32,
    /// The list item it stands in; 0 outside. Only the first block of an item is an [`Kind::Item`].
    pub(super) item: u32,
    /// The innermost scope, and that of the innermost block element.
    pub(super) scope: u32,
    pub(super) block_scope: u32,
    /// The tags and classes that the text stands in, as a number.
    pub(super) path: u64,
    pub(super) depth: u16,
    /// The whole text of an element of its own.
    pub(super) whole: bool,
    pub(super) outside: bool,
    pub(super) preformatted: bool,
    /// Inside a row: line breaks are spaces.
    pub(super) row: bool,
    pub(super) hidden: Option<Hidden>,
    pub(super) emphasis: u8,
    /// The target of the link it is in; 0 outside.
    pub(super) link: u32,
}

/// White space between what is written and what comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    Space,
    Cell(u16),
    Line,
    Paragraph,
}

/// A finished block, the scope it stands in, and what it holds.
pub(super) type Made = (Block<'static>, u32, Count);

/// A block being written.
#[derive(Debug, Default)]
struct Lane {
    text: String,
    links: Vec<Link<'static>>,
    /// The line each link begins on.
    link_lines: Vec<u32>,
    runs: Vec<Run>,
    gap: Gap,
    /// The target of the last link and the emphasis of the last run, while they may go on.
    link: u32,
    emphasis: u8,
    context: Option<Context>,
    lines: (u32, u32),
    /// How many finished blocks came before its beginning.
    slot: usize,
}

impl Lane {
    fn space(&mut self) {
        self.gap = self.gap.max(Gap::Space);
    }

    fn begin(&mut self, context: &Context, line: u32, slot: usize) {
        self.context = Some(*context);
        self.lines = (line, line);
        self.slot = slot;
        self.gap = Gap::None;
    }

    fn write(&mut self, words: &str, line: u32, context: &Context, targets: &mut [Target]) {
        self.fill_gap();
        let start = self.text.len();
        self.text.push_str(words);
        self.lines.1 = self.lines.1.max(line);
        self.extend_link(start, line, context.link, targets);
        self.extend_run(start, context.emphasis);
        if let Some(own) = &mut self.context {
            // Text of two scopes belongs to neither, but to the block around both.
            if own.scope != context.scope {
                own.scope = own.block_scope;
            }
        }
    }

    fn fill_gap(&mut self) {
        match std::mem::take(&mut self.gap) {
            Gap::None => {}
            _ if self.text.is_empty() => {}
            Gap::Space => self.text.push(' '),
            Gap::Cell(n) => self.text.extend(std::iter::repeat_n('\t', usize::from(n))),
            Gap::Line | Gap::Paragraph => self.text.push('\n'),
        }
    }

    fn extend_link(&mut self, start: usize, line: u32, link: u32, targets: &mut [Target]) {
        let end = self.text.len();
        let same = self.link == link;
        self.link = link;
        let Some(target) = link.checked_sub(1).and_then(|i| targets.get_mut(i as usize)) else {
            return;
        };
        target.used = true;
        match self.links.last_mut() {
            Some(last) if same => last.span.end = end,
            _ => {
                self.links.push(target.link(start..end));
                self.link_lines.push(line);
            }
        }
    }

    fn extend_run(&mut self, start: usize, emphasis: u8) {
        let end = self.text.len();
        let same = self.emphasis == emphasis;
        self.emphasis = emphasis;
        match self.runs.last_mut() {
            _ if emphasis == 0 => {}
            Some(last) if same => last.span.end = end,
            _ => self.runs.push(Run { span: start..end, emphasis }),
        }
    }
}

impl Target {
    fn link(&self, span: std::ops::Range<usize>) -> Link<'static> {
        Link { span, href: Cow::Owned(self.href.clone()), nofollow: self.nofollow }
    }
}

/// Blocks being made.
#[derive(Debug)]
pub(super) struct Flow {
    seen: Lane,
    unseen: Lane,
    targets: Vec<Target>,
    done: Vec<Made>,
    /// The last list item that has its block.
    item: u32,
    markdown: bool,
}

impl Flow {
    pub(super) fn new(markdown: bool) -> Self {
        Self {
            seen: Lane::default(),
            unseen: Lane::default(),
            targets: Vec::new(),
            done: Vec::new(),
            item: 0,
            markdown,
        }
    }

    /// Adds text that begins on a line of the source.
    pub(super) fn text(&mut self, text: &str, line: u32, context: &Context) {
        if context.preformatted {
            return self.verbatim(text, line, context);
        }
        let bytes = text.as_bytes();
        let (mut at, mut line) = (0, line);
        while let Some(&byte) = bytes.get(at) {
            match (byte, bytes.get(at + 1)) {
                (b' ' | b'\t' | b'\r' | b'\x0c', _) => at += 1,
                (b'\n', _) => (at, line) = (at + 1, line + 1),
                (0xC2, Some(0xA0)) => at += 2,
                // A soft hyphen is seen only where a line ends.
                (0xC2, Some(0xAD)) => {
                    at += 2;
                    continue;
                }
                _ => {
                    let end = at + words_end(&bytes[at..]);
                    self.write(&text[at..end], line, context);
                    at = end;
                    continue;
                }
            }
            self.lane(context).space();
        }
    }

    /// Text whose white space is kept.
    fn verbatim(&mut self, text: &str, line: u32, context: &Context) {
        let empty = self.lane(context).text.is_empty();
        let rest = if empty { text.trim_start_matches(['\n', '\r']) } else { text };
        if rest.is_empty() || (empty && rest.trim().is_empty()) {
            return;
        }
        let breaks = |t: &str| memchr::memchr_iter(b'\n', t.as_bytes()).count() as u32;
        let line = line + breaks(&text[..text.len() - rest.len()]);
        self.write(rest, line, context);
        let lane = self.lane(context);
        lane.lines.1 = lane.lines.1.max(line + breaks(rest.trim_end()));
    }

    fn lane(&mut self, context: &Context) -> &mut Lane {
        if context.hidden.is_some() { &mut self.unseen } else { &mut self.seen }
    }

    /// Adds words after whatever white space is due.
    fn write(&mut self, words: &str, line: u32, context: &Context) {
        let reason = self.unseen.context.and_then(|c| c.hidden);
        let other = context.hidden.is_some() && reason.is_some_and(|r| Some(r) != context.hidden);
        if other || self.lane(context).gap == Gap::Paragraph {
            if context.hidden.is_some() { self.seal_unseen() } else { self.seal_seen() }
        }
        let slot = self.done.len();
        let lane = if context.hidden.is_some() { &mut self.unseen } else { &mut self.seen };
        if lane.context.is_none() {
            lane.begin(context, line, slot);
        }
        lane.write(words, line, context, &mut self.targets);
    }

    /// A line break; two of them end a paragraph.
    pub(super) fn line_break(&mut self, context: &Context) {
        let lane = self.lane(context);
        if context.preformatted {
            if lane.context.is_some() {
                lane.text.push('\n');
            }
            return;
        }
        lane.gap = match lane.gap {
            gap if context.row => gap.max(Gap::Space),
            Gap::Line | Gap::Paragraph => Gap::Paragraph,
            _ => Gap::Line,
        };
    }

    /// The beginning of a further cell in a row.
    pub(super) fn cell(&mut self, context: &Context) {
        let lane = self.lane(context);
        if lane.context.is_some() {
            lane.gap = if let Gap::Cell(n) = lane.gap { Gap::Cell(n.saturating_add(1)) } else { Gap::Cell(1) };
        }
    }

    /// White space that the source does not write but a browser shows.
    pub(super) fn space(&mut self, context: &Context) {
        self.lane(context).space();
    }

    /// Registers a link; text with the number in its context is inside it.
    pub(super) fn open_link(&mut self, href: &str, nofollow: bool) -> u32 {
        self.targets.push(Target { href: href.trim().to_owned(), nofollow, used: false });
        self.targets.len() as u32
    }

    /// Ends a link. One without text, such as an image, is kept with an empty span.
    pub(super) fn close_link(&mut self, link: u32, line: u32, context: &Context) {
        let Some(target) = link.checked_sub(1).and_then(|i| self.targets.get(i as usize)).filter(|t| !t.used) else {
            return;
        };
        let lane = if context.hidden.is_some() { &mut self.unseen } else { &mut self.seen };
        let at = lane.text.len();
        lane.links.push(target.link(at..at));
        lane.link_lines.push(line);
        lane.link = 0;
    }

    /// Ends the hidden block, when its element ends.
    pub(super) fn seal_unseen(&mut self) {
        let lane = std::mem::take(&mut self.unseen);
        self.finish(lane, false);
    }

    fn seal_seen(&mut self) {
        let lane = std::mem::take(&mut self.seen);
        self.finish(lane, true);
    }

    /// Ends whatever is open: an element begins or ends a block here.
    pub(super) fn seal(&mut self) {
        self.seal_seen();
        self.seal_unseen();
    }

    /// The blocks of the page.
    pub(super) fn finished(mut self) -> Vec<Made> {
        self.seal();
        self.done
    }

    /// Makes a block, or one per anchor, of a lane. In `order` it goes before the hidden ones that began after it.
    fn finish(&mut self, lane: Lane, order: bool) {
        let Some(context) = lane.context else { return };
        let at = if order { lane.slot.min(self.done.len()) } else { self.done.len() };
        let kind = self.kind(&context);
        let Lane { mut text, mut links, link_lines, mut runs, lines, .. } = lane;
        text.truncate(text.trim_end().len());
        // Preformatted text may have ended in white space inside a link.
        let spans = links.iter_mut().map(|link| &mut link.span).chain(runs.iter_mut().map(|run| &mut run.span));
        spans.for_each(|span| *span = span.start.min(text.len())..span.end.min(text.len()));
        if text.is_empty() {
            return;
        }
        let place = place(&context, kind);
        let text = Cow::Owned(text);
        let block =
            Block { kind, text, span: None, lines, links, hidden: context.hidden, place, markdown: None, trace: None };
        if split::is_run(&block) {
            let made: Vec<_> = split::anchors(block, &link_lines).map(|b| self.made(b, &[], &context)).collect();
            self.done.splice(at..at, made);
        } else {
            let made = self.made(block, &runs, &context);
            self.done.insert(at, made);
        }
    }

    fn made(&self, mut block: Block<'static>, runs: &[Run], context: &Context) -> Made {
        if self.markdown {
            block.markdown = Some(markdown::block(&block, runs).into());
        }
        let count = count::of(&block);
        (block, context.scope, count)
    }

    /// The first block of a list item is the item; what follows in it are paragraphs.
    fn kind(&mut self, context: &Context) -> Kind {
        if context.kind != Kind::Item {
            return context.kind;
        }
        // Items inside one have higher numbers; what follows them in it is not its first block.
        let first = context.item > self.item;
        self.item = self.item.max(context.item);
        if first { Kind::Item } else { Kind::Paragraph }
    }
}

/// Where in the page the context is; the rest is known when the walk is over.
fn place(context: &Context, kind: Kind) -> Place {
    let level = if matches!(kind, Kind::Heading) || context.item != 0 { context.level } else { 0 };
    let ordinal = if kind == Kind::Item { context.ordinal } else { 0 };
    let Context { outside, depth, whole, path, .. } = *context;
    Place { outside, depth, path, whole, level, ordinal, ..Place::default() }
}

/// Where a stretch of words with single spaces between them ends.
fn words_end(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        let stop = match byte {
            b' ' => next.is_none_or(|n| n <= b' ' || n == 0xC2),
            b'\t' | b'\n' | b'\r' | b'\x0c' => true,
            0xC2 => matches!(next, Some(0xA0 | 0xAD)),
            _ => false,
        };
        if stop {
            break;
        }
        at += 1;
    }
    at
}
