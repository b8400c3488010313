//! What a page is like as a whole.

use std::collections::HashSet;

use super::unit::Unit;
use crate::block::{Document, Format, Kind};

/// A page at a glance; empty outside HTML.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Share of its words that stand in sentences, 0 to 1.
    pub prose: f32,
    /// The block that is its first main heading.
    pub heading: Option<usize>,
    /// For each unit the share of its words that stand in the title.
    pub titled: Vec<f32>,
    /// For each unit the share of its pairs of words that stand in what the page says it is about.
    pub described: Vec<f32>,
}

impl Layout {
    pub(super) fn new(document: &Document<'_>, units: &[Unit<'_>]) -> Self {
        if document.format != Format::Html {
            return Self { titled: vec![0.0; units.len()], described: vec![0.0; units.len()], ..Self::default() };
        }
        let title = words(document.metadata.title.as_deref().unwrap_or_default()).collect();
        Self {
            prose: prose(document),
            heading: document.blocks.iter().position(|b| b.kind == Kind::Heading && b.place.level == 1),
            described: described(&document.metadata.about, units),
            titled: units.iter().map(|unit| shared(&unit.text, &title)).collect(),
        }
    }
}

/// The container's share, for the page as a whole: by words, as [`crate::block::Place::container_prose`] is.
fn prose(document: &Document<'_>) -> f32 {
    let (mut all, mut prose) = (0, 0);
    for block in &document.blocks {
        let words = super::unit::words(&block.text);
        all += words;
        let linked: usize = block.links.iter().map(|link| link.span.len()).sum();
        prose += if words >= 15 && linked * 3 < block.text.len() && block.hidden.is_none() { words } else { 0 };
    }
    prose as f32 / all.max(1) as f32
}

fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// Units longer than this are no title.
const LONG: usize = 40;

fn shared(text: &str, title: &HashSet<String>) -> f32 {
    if title.is_empty() || text.split_whitespace().take(LONG + 1).count() > LONG {
        return 0.0;
    }
    let (mut all, mut found) = (0, 0);
    for word in words(text) {
        all += 1;
        found += usize::from(title.contains(&word));
    }
    found as f32 / all.max(1) as f32
}

fn described(about: &str, units: &[Unit<'_>]) -> Vec<f32> {
    let pairs = |text: &str| -> Vec<(String, String)> {
        let words: Vec<String> = words(text).collect();
        words.windows(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
    };
    let known: HashSet<_> = about.lines().flat_map(pairs).collect();
    let share = |unit: &Unit<'_>| {
        if known.is_empty() {
            return 0.0;
        }
        let own = pairs(&unit.text);
        own.iter().filter(|pair| known.contains(pair)).count() as f32 / own.len().max(1) as f32
    };
    units.iter().map(share).collect()
}
