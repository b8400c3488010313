//! What a page is like as a whole.

use std::collections::{HashMap, HashSet};

use foldhash::fast::RandomState;

use super::letter::words;
use super::unit::Unit;
use crate::block::{Document, Format, Kind};

/// A page at a glance; empty outside HTML.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    /// Share of its words that stand in sentences, 0 to 1.
    pub prose: f32,
    /// Share of its blocks that are hidden, 0 to 1.
    pub hidden: f32,
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
        let title = document.metadata.title.as_deref().unwrap_or_default();
        let (titled, described) = shares(title, &document.metadata.about, units);
        Self {
            prose: prose(document),
            hidden: document.blocks.iter().filter(|block| block.hidden.is_some()).count() as f32
                / document.blocks.len().max(1) as f32,
            heading: document.blocks.iter().position(|b| b.kind == Kind::Heading && b.place.level == 1),
            titled,
            described,
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

/// The words of a text, whatever their case, as numbers.
#[derive(Default)]
struct Lexicon {
    numbers: HashMap<String, u32, RandomState>,
    /// Room for a word in lower case.
    lower: String,
}

impl Lexicon {
    fn fold(&mut self, word: &str) {
        self.lower.clear();
        if word.is_ascii() {
            self.lower.push_str(word);
            self.lower.make_ascii_lowercase();
        } else {
            self.lower.push_str(&word.to_lowercase());
        }
    }

    fn add(&mut self, word: &str) -> u32 {
        self.fold(word);
        let next = self.numbers.len() as u32;
        match self.numbers.get(&self.lower) {
            Some(&number) => number,
            None => *self.numbers.entry(self.lower.clone()).or_insert(next),
        }
    }

    fn get(&mut self, word: &str) -> Option<u32> {
        self.fold(word);
        self.numbers.get(&self.lower).copied()
    }
}

/// Units longer than this are no title.
const LONG: usize = 40;

/// For each unit the share of its words that the title has, and of its pairs of words that a line of `about` has.
fn shares(title: &str, about: &str, units: &[Unit<'_>]) -> (Vec<f32>, Vec<f32>) {
    let mut known = Lexicon::default();
    for word in words(title) {
        known.add(word);
    }
    // The words of the title have the lowest numbers.
    let titled = known.numbers.len() as u32;
    let mut pairs: HashSet<(u32, u32), RandomState> = HashSet::default();
    for line in about.lines() {
        let line: Vec<u32> = words(line).map(|word| known.add(word)).collect();
        pairs.extend(line.windows(2).map(|pair| (pair[0], pair[1])));
    }
    let share = |unit: &Unit<'_>| {
        let title = titled > 0 && unit.text.split_whitespace().take(LONG + 1).count() <= LONG;
        if !title && pairs.is_empty() {
            return (0.0, 0.0);
        }
        let (mut before, mut all, mut named, mut described) = (None, 0_usize, 0, 0);
        for word in words(&unit.text) {
            let number = known.get(word);
            named += usize::from(title && number.is_some_and(|number| number < titled));
            described += usize::from(before.zip(number).is_some_and(|pair| pairs.contains(&pair)));
            (before, all) = (number, all + 1);
        }
        (named as f32 / all.max(1) as f32, described as f32 / all.saturating_sub(1).max(1) as f32)
    };
    units.iter().map(share).unzip()
}
