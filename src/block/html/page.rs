//! A page being read: elements open and close, text comes, blocks and scopes are made.
//!
//! Fed by the walk over the tree, and by the fall-back from tokens.

use html5ever::{LocalName, local_name};
use scraper::ElementRef;

use super::css::Sheet;
use super::element::{Role, Tag};
use super::flow::{Context, Flow};
use super::place::Scopes;
use super::reveal::{self, Bulk};
use super::style::Display;
use super::visibility::Look;
use super::{markdown, names};
use crate::block::{Block, Kind};

/// An open element.
#[derive(Debug, Clone, Copy)]
#[allow(clippy::struct_excessive_bools)]
struct Frame {
    context: Context,
    look: Look,
    /// Begins and ends a block.
    block: bool,
    /// What is inside is hidden for a reason that does not hold outside.
    hides: bool,
    /// The link opened here; 0 for none.
    link: u32,
    /// In a drawing, where text is no text of the page.
    mute: bool,
    article: bool,
    /// What the element itself is named.
    names: u64,
    /// In a list: whether items are numbered, and the next number.
    ordered: bool,
    next: u32,
    /// Cells opened in a row.
    cells: u32,
}

/// A page being read.
#[derive(Debug)]
pub(super) struct Page<'s> {
    flow: Flow,
    scopes: Scopes,
    sheet: &'s Sheet,
    bulk: &'s Bulk<'s>,
    frames: Vec<Frame>,
    items: u32,
    /// The inline box that has just ended, with no text since.
    ended: Option<LocalName>,
    /// Bytes of the text read last.
    length: usize,
}

impl<'s> Page<'s> {
    pub(super) fn new(sheet: &'s Sheet, bulk: &'s Bulk<'s>, markdown: bool) -> Self {
        let context = Context {
            kind: Kind::Paragraph,
            level: 0,
            ordinal: 0,
            item: 0,
            scope: 0,
            block_scope: 0,
            path: 0,
            depth: 0,
            whole: false,
            outside: false,
            preformatted: false,
            row: false,
            hidden: None,
            emphasis: 0,
            link: 0,
        };
        let root = Frame {
            context,
            look: Look::page(sheet.foreign),
            block: true,
            hides: false,
            link: 0,
            mute: false,
            article: false,
            names: 0,
            ordered: false,
            next: 1,
            cells: 0,
        };
        Self {
            flow: Flow::new(markdown),
            scopes: Scopes::new(),
            sheet,
            bulk,
            frames: vec![root],
            items: 0,
            ended: None,
            length: 0,
        }
    }

    /// Opens an element. `false` if there is nothing in it to be read; then it must not be closed.
    /// `row` says that a table row holds cells of inline content.
    pub(super) fn open(&mut self, tag: &Tag<'_>, element: Option<ElementRef<'_>>, row: bool) -> bool {
        let parent = self.top();
        match tag.role {
            Role::Skip => return false,
            Role::Break => {
                self.flow.line_break(&parent.context);
                return false;
            }
            Role::Rule => {
                self.flow.seal();
                return false;
            }
            _ => {}
        }
        let names = names::of(tag.name, &tag.attrs, parent.article);
        let (mut look, style) = parent.look.inside(tag, self.sheet, element);
        if look.hidden().is_some() && parent.context.hidden.is_none() {
            look = self.reconsidered(look, &parent, names, tag, element);
        }

        let mut frame = Frame { look, names, link: 0, cells: 0, ..parent };
        frame.block = self.breaks(tag, &parent, style.display == Some(Display::Block));
        self.begin(&mut frame, tag, row);
        frame.context.hidden = look.hidden();
        frame.hides = frame.context.hidden != parent.context.hidden;
        self.frames.push(frame);
        true
    }

    /// What is hidden only until the page is ready is not hidden, and what a click opens is folded.
    fn reconsidered(
        &self,
        look: Look,
        parent: &Frame,
        names: u64,
        tag: &Tag<'_>,
        element: Option<ElementRef<'_>>,
    ) -> Look {
        if reveal::streamed(tag) || element.is_some_and(|e| self.bulk.is_page(e)) {
            return look.revealed(&parent.look);
        }
        if (names | parent.names) & names::FOLDS != 0 { look.folded() } else { look }
    }

    fn top(&self) -> Frame {
        self.frames[self.frames.len() - 1]
    }

    /// Whether an element begins a block; inside a row cells and paragraphs only make room.
    fn breaks(&mut self, tag: &Tag<'_>, parent: &Frame, styled: bool) -> bool {
        let inline = matches!(tag.role, Role::Inline | Role::Drawing | Role::Inert | Role::Raw);
        if parent.context.row || parent.mute {
            if !inline && tag.role != Role::Cell {
                self.flow.space(&parent.context);
            }
            return false;
        }
        if !parent.context.preformatted && self.ended.as_ref().is_some_and(|e| self.apart(e, tag.name)) {
            self.flow.space(&parent.context);
        }
        let block = styled || !inline;
        if block {
            self.flow.seal();
        }
        block
    }

    /// Whether a browser most likely shows room between two inline boxes that the source writes without any: pages set them
    /// apart by style. Letters in boxes of their own are parts of a word.
    fn apart(&self, ended: &LocalName, begun: &LocalName) -> bool {
        let boxed = |name: &LocalName| {
            matches!(
                *name,
                local_name!("span")
                    | local_name!("time")
                    | local_name!("a")
                    | local_name!("label")
                    | local_name!("cite")
            )
        };
        self.length > 2 && boxed(ended) && boxed(begun)
    }

    /// Fills in what an element changes for what is inside it.
    fn begin(&mut self, frame: &mut Frame, tag: &Tag<'_>, row: bool) {
        let container = frame.block
            && matches!(tag.role, Role::Container | Role::List(_) | Role::Quote | Role::Cell | Role::Inline);
        let names = frame.names;
        frame.article |= names::encloses_article(tag.name);
        let context = &mut frame.context;
        context.depth = context.depth.saturating_add(1);
        if names != 0 || container {
            context.scope = self.scopes.open(context.scope, names, container);
        }
        if frame.block {
            context.path = path(context.path, tag);
            context.block_scope = context.scope;
            self.begin_block(frame, tag, row);
        } else {
            self.begin_inline(frame, tag);
        }
    }

    fn begin_block(&mut self, frame: &mut Frame, tag: &Tag<'_>, row: bool) {
        let context = &mut frame.context;
        // Loose text in a container inside an item, quotation, ... is part of it.
        let inner = if context.kind == Kind::Row { Kind::Paragraph } else { context.kind };
        context.whole = context.whole && inner == Kind::Item;
        (context.kind, context.whole) = match tag.role {
            Role::Paragraph => (inner, true),
            Role::Heading(level) => {
                context.level = level;
                (Kind::Heading, true)
            }
            Role::List(ordered) => {
                self.begin_list(frame, tag, ordered);
                return;
            }
            Role::Item | Role::Term => {
                self.begin_item(frame, tag.role);
                return;
            }
            Role::Quote => (Kind::Quote, false),
            Role::Code => {
                context.preformatted = true;
                (Kind::Code, true)
            }
            Role::Caption => (Kind::Caption, true),
            Role::Row if row => {
                context.row = true;
                (Kind::Row, true)
            }
            Role::Row | Role::Cell => (Kind::Paragraph, false),
            Role::Control => (Kind::Paragraph, true),
            _ => (inner, context.whole),
        };
    }

    #[allow(clippy::unused_self)]
    fn begin_list(&self, frame: &mut Frame, tag: &Tag<'_>, ordered: bool) {
        let context = &mut frame.context;
        context.level = if context.item == 0 { 1 } else { context.level.saturating_add(1) };
        (context.kind, context.whole) = (Kind::Paragraph, false);
        frame.ordered = ordered;
        frame.next = tag.attrs.start.and_then(|s| s.trim().parse().ok()).unwrap_or(1);
    }

    fn begin_item(&mut self, frame: &mut Frame, role: Role) {
        self.items += 1;
        let context = &mut frame.context;
        let numbered = frame.ordered && role == Role::Item;
        context.ordinal = if numbered { frame.next } else { 0 };
        context.item = self.items;
        context.level = context.level.max(1);
        (context.kind, context.whole) = (Kind::Item, true);
        if let Some(list) = self.frames.last_mut() {
            list.next = list.next.saturating_add(1);
        }
    }

    fn begin_inline(&mut self, frame: &mut Frame, tag: &Tag<'_>) {
        let context = &mut frame.context;
        match *tag.name {
            local_name!("a") => {
                // An anchor that leads nowhere and marks no place has lost its target on the way.
                let lost = || (!tag.attrs.named && tag.attrs.id.is_none()).then_some("");
                if let Some(href) = tag.attrs.href.or_else(lost) {
                    let nofollow = tag.attrs.rel.is_some_and(unendorsed);
                    frame.link = self.flow.open_link(href, nofollow);
                    context.link = frame.link;
                }
            }
            local_name!("b") | local_name!("strong") => context.emphasis |= markdown::STRONG,
            local_name!("i") | local_name!("em") => context.emphasis |= markdown::EMPHASIS,
            local_name!("code") | local_name!("kbd") | local_name!("samp") | local_name!("tt") => {
                context.emphasis |= markdown::CODE;
            }
            local_name!("td") | local_name!("th") => self.begin_cell(&frame.context),
            local_name!("svg") => frame.mute = true,
            local_name!("foreignObject") => frame.mute = false,
            _ => {}
        }
    }

    /// A cell of a row: all but the first are set off from the one before.
    fn begin_cell(&mut self, context: &Context) {
        let Some(row) = self.frames.last_mut() else { return };
        row.cells += 1;
        if row.cells > 1 {
            self.flow.cell(context);
        }
    }

    /// Text inside the element opened last.
    pub(super) fn text(&mut self, text: &str, line: u32, outside: bool) {
        let frame = &self.frames[self.frames.len() - 1];
        if frame.mute {
            return;
        }
        self.ended = None;
        self.length = text.len();
        let context = Context { outside, ..frame.context };
        self.flow.text(text, line, &context);
    }

    /// Closes the element opened last.
    pub(super) fn close(&mut self, name: &LocalName, line: u32) {
        if self.frames.len() < 2 {
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        if frame.link != 0 {
            self.flow.close_link(frame.link, line, &frame.context);
        }
        if frame.block {
            self.flow.seal();
        } else if frame.hides {
            self.flow.seal_unseen();
        }
        self.ended = Some(name.clone());
    }

    /// The blocks of the page, placed.
    pub(super) fn finished(self) -> Vec<Block<'static>> {
        let made = self.flow.finished();
        let found: Vec<_> = made.iter().map(|m| (m.1, m.2)).collect();
        let mut blocks: Vec<_> = made.into_iter().map(|m| m.0).collect();
        self.scopes.settle(&mut blocks, &found);
        blocks
    }
}

/// A number for an element's tag and class and those of all around it. Digits are left out: they number what is of one kind.
fn path(parent: u64, tag: &Tag<'_>) -> u64 {
    let class = tag.attrs.class.unwrap_or_default().bytes().filter(|byte| !byte.is_ascii_digit());
    // FNV-1a, 64 bits.
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    tag.name.bytes().chain([b'.']).chain(class).chain([b'>']).fold(parent ^ 0xcbf2_9ce4_8422_2325, mix)
}

/// Whether `rel` says that the page does not vouch for a target.
fn unendorsed(rel: &str) -> bool {
    rel.split_ascii_whitespace().any(|r| ["nofollow", "sponsored", "ugc"].iter().any(|w| r.eq_ignore_ascii_case(w)))
}
