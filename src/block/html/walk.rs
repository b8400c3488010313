//! One walk over the tree of a page, without recursion: input decides the depth.

use ego_tree::NodeRef;
use html5ever::{local_name, ns};
use scraper::node::Element;
use scraper::{ElementRef, Node};

use super::css::{self, Sheet};
use super::element::{Role, Tag, role};
use super::page::Page;
use super::reveal::{self, Bulk};
use super::sink::{self, Tree};
use super::{meta, script};
use crate::block::{Block, Metadata};

/// The blocks of a page and what it says about itself.
pub(super) fn read(tree: &Tree, markdown: bool) -> (Vec<Block<'static>>, Metadata) {
    let mut about = meta::Collector::default();
    let mut sheet = Sheet::default();
    survey(tree, &mut sheet, &mut about);
    let bulk = Bulk::of(tree);
    let mut page = Page::new(&sheet, &bulk, markdown);
    walk(tree, &mut page, false);
    (page.finished(), about.finished())
}

/// Collects what must be known before the walk: style sheets, and metadata while at it.
fn survey(tree: &Tree, sheet: &mut Sheet, about: &mut meta::Collector) {
    for node in tree.html.tree.nodes() {
        match node.value() {
            Node::Element(element) => survey_element(node, element, sheet, about),
            Node::Comment(comment) => about.comment(comment),
            _ => {}
        }
    }
}

fn survey_element(node: NodeRef<'_, Node>, element: &Element, sheet: &mut Sheet, about: &mut meta::Collector) {
    match element.name.local {
        local_name!("style") => {
            if element.attr("media").is_none_or(css::screen) {
                sheet.add(&text_of(node));
            }
        }
        local_name!("link") => {
            let rel = element.attr("rel").unwrap_or_default().to_ascii_lowercase();
            sheet.foreign |= rel.split_ascii_whitespace().any(|r| r == "stylesheet") && !rel.contains("alternate");
            about.link(&rel, element);
        }
        local_name!("script") => {
            let text = text_of(node);
            if element.attr("type").is_some_and(|t| t.trim().eq_ignore_ascii_case("application/ld+json")) {
                about.linked_data(&text);
            } else {
                script::styles(&text, sheet);
            }
        }
        local_name!("meta") => about.meta(element),
        local_name!("html") => about.language(element),
        local_name!("base") => about.base(element),
        local_name!("title") if element.name.ns == ns!(html) => about.title(&text_of(node)),
        _ => {}
    }
}

/// The text directly in an element.
pub(super) fn text_of(node: NodeRef<'_, Node>) -> std::borrow::Cow<'_, str> {
    let mut texts = node.children().filter_map(|c| c.value().as_text().map(|t| &**t));
    let first = texts.next().unwrap_or_default();
    texts.next().map_or(first.into(), |second| [first, second].into_iter().chain(texts).collect::<String>().into())
}

/// Feeds a tree to a page. `nested` is set for markup inside `<noscript>`, in which no other is looked for.
fn walk(tree: &Tree, page: &mut Page<'_>, nested: bool) {
    let mut node = tree.html.tree.root();
    loop {
        let mut entered = enter(tree, page, node, nested);
        if entered && let Some(child) = node.first_child() {
            node = child;
            continue;
        }
        loop {
            if entered {
                leave(tree, page, node);
            }
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            let Some(parent) = node.parent() else { return };
            (node, entered) = (parent, true);
        }
    }
}

/// Opens a node; whether its children are to be visited and it is to be left.
fn enter(tree: &Tree, page: &mut Page<'_>, node: NodeRef<'_, Node>, nested: bool) -> bool {
    match node.value() {
        Node::Document | Node::Fragment => true,
        Node::Text(text) => {
            page.text(&text.text, tree.line(node.id()), tree.outside(node.id()));
            false
        }
        Node::Element(element) => {
            let tag = Tag::new(&element.name, element.attrs.iter().map(|(name, value)| (name, &**value)));
            let row = tag.role == Role::Row && is_row(node);
            let open = page.open(&tag, ElementRef::wrap(node), row);
            if open && tag.role == Role::Raw {
                unwrap_markup(tree, page, node, nested);
                page.close(tag.name, tree.line(node.id()));
                return false;
            }
            open
        }
        _ => false,
    }
}

fn leave(tree: &Tree, page: &mut Page<'_>, node: NodeRef<'_, Node>) {
    if let Node::Element(element) = node.value() {
        page.close(&element.name.local, tree.line(node.id()));
    }
}

/// Reads the markup that `<noscript>` holds as text.
fn unwrap_markup(tree: &Tree, page: &mut Page<'_>, node: NodeRef<'_, Node>, nested: bool) {
    let markup = text_of(node);
    if nested || reveal::text_bytes(&markup) == 0 {
        return;
    }
    let line = node.first_child().map_or(1, |c| tree.line(c.id()));
    walk(&sink::build([&*markup], line), page, true);
}

/// Whether a table row holds cells of inline content, so that it is one block. The look ahead ends at the first block in a
/// cell, nested tables included, so that no node is looked at twice by rows one inside the other.
fn is_row(row: NodeRef<'_, Node>) -> bool {
    let mut cells = 0;
    for cell in row.children().filter(|c| c.value().is_element()) {
        cells += 1;
        let mut blocks = 0;
        for node in cell.descendants().skip(1) {
            let Some(element) = node.value().as_element() else {
                continue;
            };
            match role(&element.name.local) {
                Role::Inline | Role::Break | Role::Skip | Role::Drawing | Role::Raw | Role::Inert => {}
                // A single paragraph or box around a cell's text is still a cell.
                Role::Paragraph | Role::Container if blocks == 0 && simple(element) => blocks += 1,
                _ => return false,
            }
        }
    }
    cells > 1
}

fn simple(element: &Element) -> bool {
    matches!(element.name.local, local_name!("p") | local_name!("div") | local_name!("center"))
}
