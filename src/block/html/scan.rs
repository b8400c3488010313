//! Blocks from tokens alone, for pages that no tree can be built of in linear time.
//!
//! Elements are closed by their end tags where one of the last few opened has that name; nothing else is repaired.

use std::cell::RefCell;

use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag as TagToken, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::{LocalName, Namespace, QualName, local_name, ns};

use super::css::Sheet;
use super::element::{Role, Tag};
use super::page::Page;
use super::reveal::Bulk;
use super::sink;
use crate::block::{Block, Metadata};

/// How far back an end tag is matched. Deeper mistakes cost a block boundary, an unbounded search quadratic time.
const REACH: usize = 32;
/// Elements kept open; at more, the last is closed for the next.
const OPEN: usize = 4096;

/// The blocks of a page given in pieces, and its title.
pub(super) fn read<'p>(pieces: impl IntoIterator<Item = &'p str>, markdown: bool) -> (Vec<Block<'static>>, Metadata) {
    let mut sheet = Sheet::default();
    // Its style sheets are not read, so nothing is known of colours.
    sheet.foreign = true;
    let bulk = Bulk::default();
    let state = State { page: Page::new(&sheet, &bulk, markdown), open: Vec::new(), skipping: None, title: None };
    let tokenizer = Tokenizer::new(Tokens(RefCell::new(state)), sink::options());
    sink::feed(&tokenizer, pieces);
    tokenizer.end();
    let state = tokenizer.sink.0.into_inner();
    let title = state.title.map(|t| t.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|t| !t.is_empty());
    (state.page.finished(), Metadata { title, ..Metadata::default() })
}

struct Tokens<'s>(RefCell<State<'s>>);

struct State<'s> {
    page: Page<'s>,
    open: Vec<LocalName>,
    /// The element whose text is passed over.
    skipping: Option<LocalName>,
    title: Option<String>,
}

impl TokenSink for Tokens<'_> {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut state = self.0.borrow_mut();
        match token {
            Token::CharacterTokens(text) => {
                let breaks = memchr::memchr_iter(b'\n', text.as_bytes()).count() as u32;
                state.text(&text, (line as u32).saturating_sub(breaks));
            }
            Token::TagToken(tag) => return state.tag(&tag, line as u32),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State<'_> {
    fn text(&mut self, text: &str, line: u32) {
        match &self.skipping {
            None => self.page.text(text, line, false),
            Some(name) if *name == local_name!("title") => {
                if let Some(title) = self.title.as_mut().filter(|t| t.len() < 1000) {
                    title.push_str(text);
                }
            }
            Some(_) => {}
        }
    }

    fn tag(&mut self, tag: &TagToken, line: u32) -> TokenSinkResult<()> {
        match tag.kind {
            TagKind::EndTag => {
                self.end(&tag.name, line);
                TokenSinkResult::Continue
            }
            TagKind::StartTag => self.start(tag, line),
        }
    }

    fn start(&mut self, token: &TagToken, line: u32) -> TokenSinkResult<()> {
        let name = QualName::new(None, namespace(), token.name.clone());
        let tag = Tag::new(&name, token.attrs.iter().map(|a| (&a.name, &*a.value)));
        self.close_implied(tag.role, line);
        if tag.role == Role::Skip {
            return self.skip(&token.name);
        }
        // Room for links and emphasis in the last paragraph.
        let room = OPEN + if tag.role == Role::Inline { REACH } else { 0 };
        while self.open.len() >= room {
            self.close_last(line);
        }
        if self.page.open(&tag, None, false) {
            self.open.push(token.name.clone());
            if void(&token.name) {
                self.close_last(line);
            }
        }
        match token.name {
            local_name!("textarea") => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    /// A paragraph, item or cell ends the one before it.
    fn close_implied(&mut self, role: Role, line: u32) {
        let ended = |name: &LocalName| match role {
            Role::Inline | Role::Break | Role::Skip | Role::Raw | Role::Inert | Role::Drawing => false,
            Role::Item => matches!(*name, local_name!("li") | local_name!("p")),
            Role::Term => matches!(*name, local_name!("dt") | local_name!("dd") | local_name!("p")),
            _ => *name == local_name!("p"),
        };
        while self.open.last().is_some_and(ended) {
            self.close_last(line);
        }
    }

    fn close_last(&mut self, line: u32) {
        if let Some(name) = self.open.pop() {
            self.page.close(&name, line);
        }
    }

    /// Passes over the text of an element, which the tokenizer reads as such.
    fn skip(&mut self, name: &LocalName) -> TokenSinkResult<()> {
        let kind = match *name {
            local_name!("script") => RawKind::ScriptData,
            local_name!("style") | local_name!("iframe") => RawKind::Rawtext,
            local_name!("title") => RawKind::Rcdata,
            _ => return TokenSinkResult::Continue,
        };
        self.skipping = Some(name.clone());
        if *name == local_name!("title") && self.title.is_none() {
            self.title = Some(String::new());
        }
        TokenSinkResult::RawData(kind)
    }

    fn end(&mut self, name: &LocalName, line: u32) {
        if self.skipping.take_if(|s| s == name).is_some() {
            return;
        }
        let reach = self.open.len().saturating_sub(REACH);
        let Some(at) = self.open[reach..].iter().rposition(|open| open == name) else {
            return;
        };
        while self.open.len() > reach + at {
            self.close_last(line);
        }
    }
}

fn namespace() -> Namespace {
    ns!(html)
}

/// Elements without an end tag.
fn void(name: &LocalName) -> bool {
    matches!(
        &**name,
        "area" | "base" | "col" | "embed" | "img" | "input" | "link" | "meta" | "param" | "source" | "track" | "wbr"
    )
}
