//! What an element does to the flow of text, and the attributes that matter.

use html5ever::{LocalName, QualName, local_name, ns};

/// How an element takes part in the flow of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Neither it nor anything in it is text.
    Skip,
    /// Its source is markup that is only shown when something is switched off (`<noscript>`).
    Raw,
    /// Parsed, but never drawn (`<template>`, the fallback of media elements).
    Inert,
    /// Drawings: only foreign objects in them hold text.
    Drawing,
    /// Holds blocks and loose text.
    Container,
    /// One paragraph.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// A list; ordered or not.
    List(bool),
    /// A list item.
    Item,
    /// A definition's term or body.
    Term,
    /// A quotation.
    Quote,
    /// Preformatted text.
    Code,
    /// A caption.
    Caption,
    /// A table row.
    Row,
    /// A table cell.
    Cell,
    /// A control whose text is a block: option, button, text area.
    Control,
    /// A line break.
    Break,
    /// A thematic break.
    Rule,
    /// Part of a line.
    Inline,
}

/// The role of an element by its name.
pub(super) fn role(name: &LocalName) -> Role {
    match *name {
        local_name!("a")
        | local_name!("span")
        | local_name!("b")
        | local_name!("i")
        | local_name!("em")
        | local_name!("strong")
        | local_name!("img")
        | local_name!("font")
        | local_name!("code") => Role::Inline,
        local_name!("p") => Role::Paragraph,
        local_name!("br") => Role::Break,
        local_name!("li") => Role::Item,
        local_name!("ul") | local_name!("menu") | local_name!("dir") => Role::List(false),
        local_name!("ol") => Role::List(true),
        local_name!("tr") => Role::Row,
        local_name!("td") | local_name!("th") => Role::Cell,
        local_name!("h1") => Role::Heading(1),
        local_name!("h2") => Role::Heading(2),
        local_name!("h3") => Role::Heading(3),
        local_name!("h4") => Role::Heading(4),
        local_name!("h5") => Role::Heading(5),
        local_name!("h6") => Role::Heading(6),
        local_name!("script") | local_name!("style") | local_name!("iframe") | local_name!("title") => Role::Skip,
        _ => rare(name),
    }
}

/// The roles of the elements that are seldom met.
fn rare(name: &LocalName) -> Role {
    match *name {
        local_name!("rt")
        | local_name!("rp")
        | local_name!("rtc")
        | local_name!("annotation")
        | local_name!("annotation-xml") => Role::Skip,
        local_name!("noscript") | local_name!("noembed") | local_name!("noframes") => Role::Raw,
        local_name!("template")
        | local_name!("video")
        | local_name!("audio")
        | local_name!("canvas")
        | local_name!("object")
        | local_name!("datalist") => Role::Inert,
        local_name!("svg") => Role::Drawing,
        local_name!("dt") | local_name!("dd") => Role::Term,
        local_name!("blockquote") => Role::Quote,
        local_name!("pre") | local_name!("listing") | local_name!("xmp") | local_name!("plaintext") => Role::Code,
        local_name!("figcaption") | local_name!("caption") => Role::Caption,
        local_name!("button") | local_name!("option") | local_name!("textarea") | local_name!("legend") => {
            Role::Control
        }
        local_name!("hr") => Role::Rule,
        _ if container(name) => Role::Container,
        _ => Role::Inline,
    }
}

/// Whether a browser draws the element as a block that holds others.
fn container(name: &LocalName) -> bool {
    matches!(
        &**name,
        "address"
            | "article"
            | "aside"
            | "body"
            | "center"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "fieldset"
            | "figure"
            | "footer"
            | "form"
            | "frameset"
            | "head"
            | "header"
            | "hgroup"
            | "html"
            | "main"
            | "marquee"
            | "nav"
            | "optgroup"
            | "search"
            | "section"
            | "select"
            | "summary"
            | "table"
            | "tbody"
            | "tfoot"
            | "thead"
            | "multicol"
    )
}

/// The attributes that decide place, look and links, found in one pass.
#[derive(Debug, Default)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Attrs<'t> {
    pub(super) href: Option<&'t str>,
    pub(super) rel: Option<&'t str>,
    pub(super) class: Option<&'t str>,
    pub(super) id: Option<&'t str>,
    pub(super) style: Option<&'t str>,
    pub(super) role: Option<&'t str>,
    pub(super) color: Option<&'t str>,
    pub(super) bgcolor: Option<&'t str>,
    pub(super) width: Option<&'t str>,
    pub(super) height: Option<&'t str>,
    pub(super) start: Option<&'t str>,
    pub(super) hidden: bool,
    pub(super) inert: bool,
    pub(super) open: bool,
    pub(super) aria_hidden: bool,
    pub(super) shadow: bool,
    pub(super) named: bool,
}

impl<'t> Attrs<'t> {
    /// Sorts attributes into the fields that matter.
    pub(super) fn new(attrs: impl Iterator<Item = (&'t QualName, &'t str)>) -> Self {
        let mut out = Self::default();
        for (name, value) in attrs {
            out.set(&name.local, value);
        }
        out
    }

    fn set(&mut self, name: &LocalName, value: &'t str) {
        match *name {
            local_name!("class") => self.class = Some(value),
            local_name!("href") => self.href = Some(value),
            local_name!("id") => self.id = Some(value),
            local_name!("style") => self.style = Some(value),
            local_name!("rel") => self.rel = Some(value),
            local_name!("role") => self.role = Some(value),
            local_name!("color") => self.color = Some(value),
            local_name!("bgcolor") => self.bgcolor = Some(value),
            local_name!("width") => self.width = Some(value),
            local_name!("height") => self.height = Some(value),
            local_name!("start") => self.start = Some(value),
            local_name!("hidden") => self.hidden = true,
            local_name!("open") => self.open = true,
            _ => self.set_rare(name, value),
        }
    }

    fn set_rare(&mut self, name: &LocalName, value: &str) {
        match &**name {
            "aria-hidden" => self.aria_hidden = value.trim().eq_ignore_ascii_case("true"),
            "inert" => self.inert = true,
            "name" => self.named = true,
            "shadowrootmode" | "shadowroot" => self.shadow = true,
            _ => {}
        }
    }
}

/// An element as the flow of text sees it.
#[derive(Debug)]
pub(super) struct Tag<'t> {
    /// Its name in lower case.
    pub(super) name: &'t LocalName,
    /// Its role.
    pub(super) role: Role,
    /// Its attributes.
    pub(super) attrs: Attrs<'t>,
}

impl<'t> Tag<'t> {
    /// The element of this name and these attributes.
    pub(super) fn new(name: &'t QualName, attrs: impl Iterator<Item = (&'t QualName, &'t str)>) -> Self {
        let html = name.ns == ns!(html);
        let role = match role(&name.local) {
            // `<svg:title>` and `<svg:style>` are skipped as their namesakes; the rest of a drawing is inline.
            r @ (Role::Skip | Role::Drawing) => r,
            _ if !html => Role::Inline,
            r => r,
        };
        Self { name: &name.local, role, attrs: Attrs::new(attrs) }
    }
}
