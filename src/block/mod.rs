//! Formats: bytes decoded to text become a [`Document`] of [`Block`]s, each with its place, links and visibility.
//!
//! Text formats (Markdown, plain text, transcripts, subtitles) borrow from the source: a block's span is what is cut when
//! the block goes, and the spans are disjoint and ascending. HTML blocks carry the text a reader would get instead.

pub mod html;

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

pub mod front;
pub mod line;
pub mod link;
pub mod markdown;
pub mod sentence;
pub mod subtitle;
pub mod text;
pub mod trace;

pub use trace::Trace;

/// How a document is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// HTML, through the tree builder.
    Html,
    /// Markdown, with or without front matter.
    Markdown,
    /// Plain text and transcripts: one block a line.
    Text,
    /// `SubRip` subtitles: one block a cue.
    Srt,
    /// `WebVTT` subtitles: one block a cue.
    Vtt,
}

/// What a block is in its document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Kind {
    /// Running text.
    Paragraph,
    /// A heading.
    Heading,
    /// A list item.
    Item,
    /// A quotation.
    Quote,
    /// Preformatted text or code; never split into sentences.
    Code,
    /// A row of a table.
    Row,
    /// A subtitle cue.
    Cue,
    /// A line of a text file.
    Line,
    /// A caption of an image, figure or table.
    Caption,
    /// A value in front matter. It belongs to no document's blocks, for it is never cut ([`front::fields`]).
    Field,
}

/// Why a reader of the rendered page would not see a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Hidden {
    /// `display:none`, `visibility:hidden` or `collapse`.
    Display,
    /// The `hidden` or `inert` attribute, or a closed `<dialog>`.
    Attribute,
    /// `aria-hidden`, or a label for screen readers only.
    Assistive,
    /// Placed outside the page: offsets, indents, margins, transforms.
    Offscreen,
    /// Too transparent or too small to see: opacity, font size, scale.
    Tiny,
    /// Cut away: zero boxes with overflow hidden, `clip`, `clip-path`.
    Clipped,
    /// Drawn in the colour of what is behind it, or behind it.
    Colour,
    /// `<noscript>`, `<template>`, text written by scripts, comments.
    Inert,
    /// `<marquee>` boxes of no size.
    Marquee,
    /// A closed `<details>`, or another part that is hidden and named as what a click opens: accordion, tab, menu.
    Folded,
}

/// Where in an HTML page a block stands. All false outside HTML.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools)]
pub struct Place {
    /// Inside `<nav>`, or an ancestor named like a menu, breadcrumb or pagination.
    pub nav: bool,
    /// Inside `<header>` of the page (not of the article).
    pub header: bool,
    /// Inside `<footer>` of the page, or an ancestor named like one.
    pub footer: bool,
    /// Inside `<aside>` or an ancestor named like a side bar, widget or related box.
    pub aside: bool,
    /// Inside `<main>`, `<article>` or an ancestor named like content.
    pub main: bool,
    /// Inside a form, button, label or select.
    pub form: bool,
    /// Inside an ancestor named like comments.
    pub comments: bool,
    /// An ancestor's class or id names page furniture (share, cookie, newsletter, promo, ...).
    pub furniture: bool,
    /// Outside `<body>`, or after its end.
    pub outside: bool,
    /// Depth in the tree, in elements.
    pub depth: u16,
    /// Share of the page's text that stands before this block, 0 to 1.
    pub position: f32,
    /// The tags and classes of the elements around it, as a number: the cards of a list have the same.
    pub path: u64,
    /// Number of the nearest container element with more than one block.
    pub container: u32,
    /// Share of characters inside links over the nearest container element, 0 to 1.
    pub container_density: f32,
    /// Words in the nearest container element.
    pub container_words: u32,
    /// Blocks in the nearest container element.
    pub container_blocks: u32,
    /// Share of the container's words that stand in prose: visible blocks of some length with few links.
    pub container_prose: f32,
    /// Share of the page's prose that stands in the container.
    pub prose_share: f32,
    /// Share of characters inside links over the container's own container.
    pub outer_density: f32,
    /// Share of the words in prose over the container's own container.
    pub outer_prose: f32,
    /// Inside the smallest container that holds more than half of the page's prose.
    pub body: bool,
    /// Share of the page's prose that stands before the block.
    pub prose_before: f32,
    /// Names found on the element and those around it, one bit a group, in the order of [`html::NAMES`].
    pub names: u64,
    /// The block is the whole text of an element of its own (`<p>`, a heading, a list item, a row), not loose text in a
    /// container such as `<div>`.
    pub whole: bool,
    /// Level of a heading, or depth of the lists a block stands in; 0 elsewhere.
    pub level: u8,
    /// Number of an item in an ordered list; 0 elsewhere.
    pub ordinal: u32,
}

/// A link inside a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Link<'a> {
    /// Where the anchor text stands in [`Block::text`], in bytes. Empty for an image or bare link without text.
    pub span: Range<usize>,
    /// The target as written.
    pub href: Cow<'a, str>,
    /// `rel` names nofollow, sponsored or ugc.
    pub nofollow: bool,
}

impl Link<'_> {
    /// The target's host in lower case without `www.`, if the target is absolute.
    pub fn host(&self) -> Option<String> {
        host_of(&self.href)
    }
}

/// One unit of a document: a paragraph, a line, a cue, a heading, ...
#[derive(Debug, Clone, PartialEq)]
pub struct Block<'a> {
    /// What it is.
    pub kind: Kind,
    /// The text a reader gets, markup removed; what is judged. In HTML `\n` stands for a line break.
    pub text: Cow<'a, str>,
    /// The bytes of the document's text that go when the block goes, line end and blank lines after it included.
    /// `None` in HTML, whose parser repairs what it reads.
    pub span: Option<Range<usize>>,
    /// First and last line in the source, 1-based.
    pub lines: (u32, u32),
    /// The links in it, in order.
    pub links: Vec<Link<'a>>,
    /// Why a reader would not see it, if so.
    pub hidden: Option<Hidden>,
    /// Where in the page it stands (HTML).
    pub place: Place,
    /// The block as `CommonMark`, when the parser was asked for it (HTML).
    pub markdown: Option<Box<str>>,
    /// Where its text stands in the source, when it is not one piece of it (Markdown).
    pub trace: Option<Box<Trace>>,
}

impl<'a> Block<'a> {
    /// A block of a text format: `text` is judged, `span` is cut.
    pub fn new(kind: Kind, text: impl Into<Cow<'a, str>>, span: Range<usize>, lines: (u32, u32)) -> Self {
        Self {
            kind,
            text: text.into(),
            span: Some(span),
            lines,
            links: Vec::new(),
            hidden: None,
            place: Place::default(),
            markdown: None,
            trace: None,
        }
    }
}

/// What a page says about itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Title of the page or front matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Author or byline.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Date of publication as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub published: Option<String>,
    /// Name of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Canonical address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Declared language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What it says it is about, in a sentence or two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Every description of its subject, and the text it gives to machines; for judging only.
    #[serde(skip)]
    pub about: String,
}

/// A document split into blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct Document<'a> {
    /// How it is written.
    pub format: Format,
    /// The decoded text it was split from.
    pub source: &'a str,
    /// Its blocks in order of appearance.
    pub blocks: Vec<Block<'a>>,
    /// What it says about itself.
    pub metadata: Metadata,
}

impl Document<'_> {
    /// The bytes of the source that `text`, a range of the text of `block`, was read from.
    ///
    /// `None` in HTML, and where no bytes can go without taking half of some markup.
    pub fn source_of(&self, block: &Block<'_>, text: &Range<usize>) -> Option<Range<usize>> {
        let span = block.span.as_ref()?;
        match (&block.trace, &block.text) {
            (Some(trace), _) => trace.source(text),
            (None, Cow::Borrowed(whole)) => {
                let start = span.start + line::range_in(&self.source[span.clone()], whole).start;
                Some(start + text.start..start + text.end)
            }
            (None, Cow::Owned(_)) => None,
        }
    }

    /// The host the document came from, if it says so.
    pub fn host(&self) -> Option<String> {
        self.metadata.url.as_deref().and_then(host_of)
    }
}

/// What the parsers are asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Render each HTML block as `CommonMark` too.
    pub markdown: bool,
}

/// Splits decoded text of a known format into blocks.
pub fn parse<'a>(source: &'a str, format: Format, options: &Options) -> Document<'a> {
    match format {
        Format::Markdown => markdown::parse(source),
        Format::Srt | Format::Vtt => subtitle::parse(source, format),
        Format::Html => html::parse(source, options),
        Format::Text => text::parse(source),
    }
}

/// The host of an absolute `http(s)` or protocol-relative address, in lower case, without `www.`, user and port.
pub fn host_of(href: &str) -> Option<String> {
    let rest = href
        .trim()
        .split_once("//")
        .filter(|(scheme, _)| matches!(*scheme, "" | "http:" | "https:" | "HTTP:" | "HTTPS:"))?
        .1;
    let authority = rest.split(['/', '?', '#', '\\']).next()?;
    let host = authority.rsplit('@').next()?.split(':').next()?.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!host.is_empty()).then(|| host.to_owned())
}
