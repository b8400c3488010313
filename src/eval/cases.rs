//! Documents to measure on, and what became of each of their blocks.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::block::{self, Document, Format};
use crate::signal::unit;
use crate::train::data::{Item, Tag};
use crate::train::random::{Random, stable};
use crate::verdict::{Judge, Label, Profile, Verdict};

/// A document: labelled blocks in order.
pub type Case<'a> = Vec<&'a Item>;

/// What became of a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is there, whole.
    Kept,
    /// A part of it went.
    Cut,
    /// It went.
    Gone,
}

/// A labelled block, judged.
#[derive(Debug, Clone)]
pub struct Outcome<'a> {
    /// The block.
    pub item: &'a Item,
    /// What became of it.
    pub fate: Fate,
    /// Its words.
    pub words: usize,
    /// Those that were kept.
    pub kept: usize,
    /// The probability of spam that is recorded of it.
    pub probability: f32,
}

impl Outcome<'_> {
    /// True when a genuine block lost anything, or a spam block did not go whole. Blocks labelled spam by their page alone
    /// are never wrong, nor is page furniture.
    pub fn is_wrong(&self) -> bool {
        match self.item.label {
            Tag::Spam => !self.item.weak && self.fate != Fate::Gone,
            Tag::Genuine => self.fate != Fate::Kept,
            Tag::Furniture => false,
        }
    }
}

/// The documents the blocks come from.
pub fn found(items: &[Item]) -> Vec<Case<'_>> {
    let mut documents: BTreeMap<(&str, &str), Case<'_>> = BTreeMap::new();
    for item in items {
        documents.entry((&item.source, &item.doc)).or_default().push(item);
    }
    documents.into_values().collect()
}

/// Spam blocks laid into one genuine document, at most.
const RUNS: [usize; 4] = [1, 3, 8, 20];
/// Genuine blocks taken of one document, at most.
const WINDOW: usize = 60;
/// A genuine document of fewer blocks is not laid into.
const LEAST: usize = 8;

/// The spam laid into the genuine documents, of the same language where there is one: each spam block once, in runs of 1 to
/// 20, before, inside and after the text and scattered over it. The same items give the same documents.
pub fn mixed(items: &[Item]) -> Vec<Case<'_>> {
    let spam = by_document(items.iter().filter(|item| item.label == Tag::Spam && !item.weak), 1);
    let genuine = by_document(items.iter().filter(|item| item.label == Tag::Genuine), LEAST);
    let mut by_language: BTreeMap<&str, Vec<&Case<'_>>> = BTreeMap::new();
    genuine.iter().for_each(|case| by_language.entry(&case[0].lang).or_default().push(case));
    let any: Vec<&Case<'_>> = genuine.iter().collect();
    let mut out = Vec::new();
    for case in &spam {
        let hosts = by_language.get(case[0].lang.as_str()).unwrap_or(&any);
        let mut random = Random::new(stable(&case[0].text) ^ 0xB);
        let mut rest = case.as_slice();
        while !rest.is_empty() && !hosts.is_empty() {
            let (run, left) = rest.split_at((*random.pick(&RUNS)).min(rest.len()));
            let host = hosts[random.below(hosts.len())];
            out.push(lay(run, host, &mut random));
            rest = left;
        }
    }
    out
}

fn by_document<'a>(items: impl Iterator<Item = &'a Item>, least: usize) -> Vec<Case<'a>> {
    let mut all: BTreeMap<&str, Case<'a>> = BTreeMap::new();
    items.for_each(|item| all.entry(&item.doc).or_default().push(item));
    all.into_values().filter(|case| case.len() >= least).collect()
}

/// `run` laid into a stretch of `host`.
fn lay<'a>(run: &[&'a Item], host: &Case<'a>, random: &mut Random) -> Case<'a> {
    let n = random.between(LEAST, WINDOW).min(host.len());
    let start = random.below(host.len() - n + 1);
    let mut case = host[start..start + n].to_vec();
    let at = match random.below(4) {
        0 => 0,
        1 => case.len(),
        2 => random.below(case.len() + 1),
        _ => {
            run.iter().for_each(|item| case.insert(random.below(case.len() + 1), item));
            return case;
        }
    };
    case.splice(at..at, run.iter().copied());
    case
}

/// Judges every case, in parallel; outcomes in the order of the cases.
pub fn judge<'a>(cases: &[Case<'a>], judge: &dyn Judge, profile: Profile) -> Vec<Outcome<'a>> {
    let judged: Vec<Vec<Outcome<'a>>> = cases.par_iter().map(|case| outcomes(case, judge, profile)).collect();
    judged.into_iter().flatten().collect()
}

fn outcomes<'a>(case: &Case<'a>, judge: &dyn Judge, profile: Profile) -> Vec<Outcome<'a>> {
    let text = text(case);
    let document = block::parse(&text, Format::Text, &block::Options::default());
    let verdicts = judge.judge(&document, profile);
    let places = places(case, &document);
    let judged = |(item, at): (&&'a Item, Option<usize>)| Some(outcome(item, &document, &verdicts, at?));
    case.iter().zip(places).filter_map(judged).collect()
}

/// A case as a plain text, a blank line between blocks.
pub(crate) fn text(case: &Case<'_>) -> String {
    case.iter().flat_map(|item| [item.text.as_str(), "\n\n"]).collect()
}

/// The block of the document that each item of a case became.
pub(crate) fn places(case: &Case<'_>, document: &Document<'_>) -> Vec<Option<usize>> {
    let by_line: BTreeMap<u32, usize> =
        document.blocks.iter().enumerate().map(|(at, block)| (block.lines.0, at)).collect();
    (0..case.len()).map(|n| by_line.get(&(n as u32 * 2 + 1)).copied()).collect()
}

fn outcome<'a>(item: &'a Item, document: &Document<'_>, verdicts: &[Verdict], at: usize) -> Outcome<'a> {
    let verdict = &verdicts[at];
    let words = unit::words(&item.text);
    let cut: usize =
        verdict.cuts.iter().filter_map(|cut| document.blocks[at].text.get(cut.text.clone())).map(unit::words).sum();
    let (fate, kept) = match (verdict.label, cut) {
        (Label::Spam, _) => (Fate::Gone, 0),
        (_, 0) => (Fate::Kept, words),
        _ => (Fate::Cut, words.saturating_sub(cut)),
    };
    Outcome { item, fate, words, kept, probability: verdict.probability }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(label: Tag, text: &str, doc: &str) -> Item {
        Item { doc: doc.into(), ..Item::made(label, text.into(), "en", "", "s", false) }
    }

    #[test]
    fn every_spam_block_is_laid_into_genuine_text_once() {
        let mut items: Vec<Item> = (0..30).map(|n| item(Tag::Genuine, &format!("line {n}"), "talk")).collect();
        items.extend((0..50).map(|n| item(Tag::Spam, &format!("buy {n}"), "shop")));
        let cases = mixed(&items);
        let mut laid: Vec<&str> =
            cases.iter().flatten().filter(|item| item.label == Tag::Spam).map(|item| item.text.as_str()).collect();
        laid.sort_unstable();
        let mut all: Vec<&str> = items[30..].iter().map(|item| item.text.as_str()).collect();
        all.sort_unstable();
        assert_eq!(laid, all);
        assert!(cases.iter().all(|case| case.iter().filter(|item| item.label == Tag::Genuine).count() >= LEAST));
        assert_eq!(cases, mixed(&items));
    }

    #[test]
    fn without_genuine_text_nothing_is_mixed() {
        assert!(mixed(&[item(Tag::Spam, "buy", "shop")]).is_empty());
    }
}
