//! Measuring a model on labelled blocks: what is lost of the genuine, what is left of the spam.
//!
//! Blocks of one document are judged together, in their order, as the lines of a plain text.

use std::collections::BTreeMap;
use std::fmt::Write;

use rayon::prelude::*;

use crate::block::{self, Document, Format};
use crate::signal::unit;
use crate::train::data::{Item, Tag};
use crate::verdict::{Judge, Label, Profile, Verdict};

/// Counts of one group of blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Genuine blocks, and how many of them lost anything.
    pub genuine: usize,
    /// Genuine blocks that lost anything.
    pub damaged: usize,
    /// Words of genuine blocks.
    pub words: usize,
    /// Words of genuine blocks that were kept.
    pub kept: usize,
    /// Spam blocks, those labelled by their page alone left out.
    pub spam: usize,
    /// Spam blocks that were removed whole.
    pub dropped: usize,
}

impl Tally {
    /// Share of genuine words kept, 0 to 1.
    pub fn retention(&self) -> f64 {
        share(self.kept, self.words)
    }

    /// Share of spam blocks removed.
    pub fn recall(&self) -> f64 {
        share(self.dropped, self.spam)
    }

    /// Share of removed blocks that were spam.
    pub fn precision(&self) -> f64 {
        share(self.dropped, self.dropped + self.damaged)
    }

    fn add(&mut self, other: &Self) {
        self.genuine += other.genuine;
        self.damaged += other.damaged;
        self.words += other.words;
        self.kept += other.kept;
        self.spam += other.spam;
        self.dropped += other.dropped;
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

/// Counts over all blocks, by kind and by language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Everything.
    pub all: Tally,
    /// By kind of text.
    pub kinds: BTreeMap<String, Tally>,
    /// By language.
    pub languages: BTreeMap<String, Tally>,
}

/// Judges `items` document by document and counts.
pub fn measure(items: &[Item], judge: &dyn Judge, profile: Profile) -> Figures {
    let mut documents: BTreeMap<(&str, &str), Vec<&Item>> = BTreeMap::new();
    for item in items {
        documents.entry((&item.source, &item.doc)).or_default().push(item);
    }
    let documents: Vec<Vec<&Item>> = documents.into_values().collect();
    let counted: Vec<Vec<(&Item, Tally)>> = documents.par_iter().map(|items| count(items, judge, profile)).collect();
    let mut figures = Figures::default();
    for (item, tally) in counted.iter().flatten() {
        figures.all.add(tally);
        figures.kinds.entry(item.kind.clone()).or_default().add(tally);
        figures.languages.entry(item.lang.clone()).or_default().add(tally);
    }
    figures
}

/// One document's blocks, each with its counts.
fn count<'a>(items: &[&'a Item], judge: &dyn Judge, profile: Profile) -> Vec<(&'a Item, Tally)> {
    let text: String = items.iter().flat_map(|item| [item.text.as_str(), "\n\n"]).collect();
    let document = block::parse(&text, Format::Text, &block::Options::default());
    let verdicts = judge.judge(&document, profile);
    let by_line: BTreeMap<u32, usize> =
        document.blocks.iter().enumerate().map(|(at, block)| (block.lines.0, at)).collect();
    let found = |n: usize| by_line.get(&(n as u32 * 2 + 1)).copied();
    items
        .iter()
        .enumerate()
        .filter_map(|(n, item)| Some((*item, tally(item, &document, &verdicts, found(n)?))))
        .collect()
}

fn tally(item: &Item, document: &Document<'_>, verdicts: &[Verdict], at: usize) -> Tally {
    let verdict = &verdicts[at];
    let gone = verdict.label == Label::Spam;
    if item.label == Tag::Spam {
        return Tally { spam: usize::from(!item.weak), dropped: usize::from(gone && !item.weak), ..Tally::default() };
    }
    let words = unit::words(&item.text);
    let cut: usize =
        verdict.cuts.iter().filter_map(|cut| document.blocks[at].text.get(cut.text.clone())).map(unit::words).sum();
    let kept = if gone { 0 } else { words.saturating_sub(cut) };
    Tally { genuine: 1, damaged: usize::from(kept < words), words, kept, ..Tally::default() }
}

impl Figures {
    /// The figures as a table: per cent, a row a group.
    pub fn table(&self) -> String {
        let mut out = format!(
            "{:<28} {:>8} {:>9} {:>8} {:>9} {:>10}\n",
            "group", "genuine", "kept %", "spam", "dropped %", "precision %"
        );
        row(&mut out, "all", &self.all);
        self.kinds.iter().for_each(|(name, tally)| row(&mut out, &format!("kind {name}"), tally));
        self.languages.iter().for_each(|(name, tally)| row(&mut out, &format!("language {name}"), tally));
        out
    }
}

fn row(out: &mut String, name: &str, tally: &Tally) {
    let cell = |n: usize, share: f64| if n == 0 { "-".to_owned() } else { format!("{:.3}", share * 100.0) };
    let _ = writeln!(
        out,
        "{name:<28} {:>8} {:>9} {:>8} {:>9} {:>10}",
        tally.genuine,
        cell(tally.words, tally.retention()),
        tally.spam,
        cell(tally.spam, tally.recall()),
        cell(tally.dropped + tally.damaged, tally.precision())
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Cut;

    struct Shouting;

    impl Judge for Shouting {
        fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
            let verdict = |text: &str| {
                let label = if text.starts_with("BUY") { Label::Spam } else { Label::Genuine };
                let cut = |at: usize| Cut { text: at..at + 3, span: None, probability: 1.0, reasons: Vec::new() };
                Verdict {
                    label,
                    probability: 0.5,
                    reasons: Vec::new(),
                    cuts: text.find(" BUY").map(|at| cut(at + 1)).into_iter().collect(),
                }
            };
            document.blocks.iter().map(|block| verdict(&block.text)).collect()
        }

        fn id(&self) -> String {
            "shouting".into()
        }
    }

    #[test]
    fn losses_and_leftovers_are_counted_by_kind() {
        let item = |label, text: &str, kind| Item {
            kind: String::from(kind),
            ..Item::made(label, text.into(), "en", "", "s", false)
        };
        let items = [
            item(Tag::Genuine, "we talked for hours", "talk"),
            item(Tag::Genuine, "they said BUY it", "talk"),
            item(Tag::Spam, "BUY now", "shop"),
            item(Tag::Spam, "cheap watches", "shop"),
        ];
        let figures = measure(&items, &Shouting, Profile::Balanced);
        assert_eq!((figures.all.words, figures.all.kept, figures.all.damaged), (8, 7, 1));
        assert!((figures.kinds["shop"].recall() - 0.5).abs() < 1e-9);
        assert!((figures.all.precision() - 0.5).abs() < 1e-9);
        assert!(figures.table().contains("kind talk"));
    }
}
