//! Pages that hide all of themselves until a script has run: fade-ins, streamed and client-rendered pages.
//!
//! A reader sees what such an element holds. It is told apart from an injection by what is left of the page without it.

use std::cell::{Cell, OnceCell};

use scraper::{ElementRef, Node};

use super::element::{Role, Tag, role};
use super::sink::Tree;

/// An element with this share of the page's text is the page. The largest injections seen, 250 links on a short page, hold less.
const NEARLY_ALL: f32 = 0.9;
/// With the page's only heading or main part inside, this share is enough.
const WITH_HEADING: f32 = 0.4;

/// The text and landmarks of a page or a part of it.
#[derive(Debug, Clone, Copy, Default)]
struct Weight {
    bytes: usize,
    /// First-level headings and `<main>`.
    landmarks: usize,
}

/// How much there is on a page, and how much looking at parts of it may still cost.
#[derive(Debug, Default)]
pub(super) struct Bulk<'t> {
    tree: Option<&'t Tree>,
    all: OnceCell<Weight>,
    budget: Cell<usize>,
}

impl<'t> Bulk<'t> {
    /// For a page, which is weighed when it must be. Looking at its parts may cost as much as looking at all of it four times.
    pub(super) fn of(tree: &'t Tree) -> Self {
        let budget = Cell::new(tree.html.tree.values().len() * 4);
        Self { tree: Some(tree), all: OnceCell::new(), budget }
    }

    fn all(&self) -> Weight {
        *self.all.get_or_init(|| {
            let nodes = self.tree.into_iter().flat_map(|t| t.html.tree.root().descendants());
            weigh(nodes, &Cell::new(usize::MAX))
        })
    }

    /// Whether without an element hardly anything would be left.
    pub(super) fn is_page(&self, element: ElementRef<'_>) -> bool {
        let part = weigh(element.descendants(), &self.budget);
        if part.bytes == 0 {
            return false;
        }
        let share = part.bytes as f32 / self.all().bytes.max(1) as f32;
        let heading = part.landmarks > 0 && part.landmarks == self.all().landmarks;
        share >= NEARLY_ALL || (heading && share >= WITH_HEADING)
    }
}

fn weigh<'t>(nodes: impl Iterator<Item = ego_tree::NodeRef<'t, Node>>, budget: &Cell<usize>) -> Weight {
    let mut weight = Weight::default();
    for node in nodes {
        let Some(left) = budget.get().checked_sub(1) else {
            return Weight::default();
        };
        budget.set(left);
        match node.value() {
            Node::Text(text) => weight.bytes += bytes(&text.text, node),
            Node::Element(element) => weight.landmarks += usize::from(matches!(element.name(), "h1" | "main")),
            _ => {}
        }
    }
    weight
}

/// The bytes of text in a text node that a reader may get.
fn bytes(text: &str, node: ego_tree::NodeRef<'_, Node>) -> usize {
    let around = node.parent().and_then(|p| p.value().as_element().map(|e| role(&e.name.local)));
    match around {
        Some(Role::Skip) => 0,
        Some(Role::Raw) => text_bytes(text),
        _ => text.trim().len(),
    }
}

/// The bytes outside the tags of markup.
pub(super) fn text_bytes(markup: &str) -> usize {
    let outside = |(i, part): (usize, &str)| match part.split_once('>') {
        Some((_, text)) if i > 0 => text.trim().len(),
        None if i > 0 => 0,
        _ => part.trim().len(),
    };
    markup.split('<').enumerate().map(outside).sum()
}

/// A part that React streamed in, hidden until its script moves it to its place.
pub(super) fn streamed(tag: &Tag<'_>) -> bool {
    tag.attrs.hidden
        && tag
            .attrs
            .id
            .is_some_and(|id| id.strip_prefix("S:").is_some_and(|n| n.bytes().all(|b| b.is_ascii_hexdigit())))
}
