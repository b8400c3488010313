//! Counts of judged blocks, over all and by group.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cases::{Fate, Outcome};
use crate::train::data::Tag;

/// Counts of one group of blocks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Genuine blocks.
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
    /// The counts of one block. Page furniture is neither lost nor left.
    pub fn of(outcome: &Outcome<'_>) -> Self {
        match outcome.item.label {
            Tag::Spam if outcome.item.weak => Self::default(),
            Tag::Spam => Self { spam: 1, dropped: usize::from(outcome.fate == Fate::Gone), ..Self::default() },
            Tag::Furniture => Self::default(),
            Tag::Genuine => {
                let damaged = usize::from(outcome.fate != Fate::Kept);
                Self { genuine: 1, damaged, words: outcome.words, kept: outcome.kept, ..Self::default() }
            }
        }
    }

    /// Share of genuine words kept, 0 to 1; 1 where there are none.
    pub fn retention(&self) -> f64 {
        share(self.kept, self.words)
    }

    /// Share of spam blocks removed; 1 where there are none.
    pub fn recall(&self) -> f64 {
        share(self.dropped, self.spam)
    }

    /// Share of removed blocks that were spam.
    pub fn precision(&self) -> f64 {
        share(self.dropped, self.dropped + self.damaged)
    }

    /// Adds the counts of another group.
    pub fn add(&mut self, other: &Self) {
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

/// What became of the blocks of one kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Fates {
    /// Blocks left as they were.
    pub kept: usize,
    /// Blocks that lost a part.
    pub cut: usize,
    /// Blocks removed.
    pub gone: usize,
}

/// Counts over all blocks, by kind, language and source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Everything.
    pub all: Tally,
    /// By kind of text.
    pub kinds: BTreeMap<String, Tally>,
    /// By language.
    pub languages: BTreeMap<String, Tally>,
    /// By source; `lexicon` is the source of what the generator made.
    pub sources: BTreeMap<String, Tally>,
    /// By label and kind, as `spam casino`.
    pub confusions: BTreeMap<String, Fates>,
}

impl Figures {
    /// Counts outcomes.
    pub fn of(outcomes: &[Outcome<'_>]) -> Self {
        let mut figures = Self::default();
        outcomes.iter().for_each(|outcome| figures.count(outcome));
        figures
    }

    fn count(&mut self, outcome: &Outcome<'_>) {
        let (item, tally) = (outcome.item, Tally::of(outcome));
        let source = if item.made { "lexicon" } else { &item.source };
        self.all.add(&tally);
        entry(&mut self.kinds, &item.kind).add(&tally);
        entry(&mut self.languages, &item.lang).add(&tally);
        entry(&mut self.sources, source).add(&tally);
        if item.weak {
            return;
        }
        let fates = entry(&mut self.confusions, &format!("{} {}", label(item.label), item.kind));
        match outcome.fate {
            Fate::Kept => fates.kept += 1,
            Fate::Cut => fates.cut += 1,
            Fate::Gone => fates.gone += 1,
        }
    }

    /// Adds the counts of other blocks.
    pub fn add(&mut self, other: &Self) {
        self.all.add(&other.all);
        for (to, from) in [
            (&mut self.kinds, &other.kinds),
            (&mut self.languages, &other.languages),
            (&mut self.sources, &other.sources),
        ] {
            from.iter().for_each(|(name, tally)| entry(to, name).add(tally));
        }
        for (name, from) in &other.confusions {
            let to = entry(&mut self.confusions, name);
            (to.kept, to.cut, to.gone) = (to.kept + from.kept, to.cut + from.cut, to.gone + from.gone);
        }
    }

    /// The counts of a group: `all`, or `kind NAME`, `language CODE`, `source NAME`.
    pub fn group(&self, name: &str) -> Option<&Tally> {
        match name.split_once(' ') {
            None => (name == "all").then_some(&self.all),
            Some(("kind", name)) => self.kinds.get(name),
            Some(("language", name)) => self.languages.get(name),
            Some(("source", name)) => self.sources.get(name),
            Some(_) => None,
        }
    }
}

/// The place of `name` in a map, copying the name only the first time.
fn entry<'a, T: Default>(map: &'a mut BTreeMap<String, T>, name: &str) -> &'a mut T {
    let name = if name.is_empty() { "-" } else { name };
    if !map.contains_key(name) {
        map.insert(name.to_owned(), T::default());
    }
    map.entry(name.to_owned()).or_default()
}

fn label(tag: Tag) -> &'static str {
    match tag {
        Tag::Genuine => "genuine",
        Tag::Spam => "spam",
        Tag::Furniture => "furniture",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::Document;
    use crate::eval::cases;
    use crate::train::data::Item;
    use crate::verdict::{Cut, Judge, Label, Profile, Verdict};

    /// Takes blocks that begin with "BUY" for spam, and cuts the word out of others.
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
        let item = |label, text: &str, kind, weak| Item {
            kind: String::from(kind),
            weak,
            made: false,
            ..Item::made(label, text.into(), "en", "", "s", false)
        };
        let items = [
            item(Tag::Genuine, "we talked for hours", "talk", false),
            item(Tag::Genuine, "they said BUY it", "talk", false),
            item(Tag::Spam, "BUY now", "shop", false),
            item(Tag::Spam, "cheap watches", "shop", false),
            item(Tag::Spam, "about us", "shop", true),
        ];
        let figures = Figures::of(&cases::judge(&cases::found(&items), &Shouting, Profile::Balanced));
        assert_eq!((figures.all.words, figures.all.kept, figures.all.damaged), (8, 7, 1));
        assert!((figures.kinds["shop"].recall() - 0.5).abs() < 1e-9);
        assert!((figures.all.precision() - 0.5).abs() < 1e-9);
        assert_eq!(figures.confusions["genuine talk"], Fates { kept: 1, cut: 1, gone: 0 });
        assert_eq!(figures.confusions["spam shop"], Fates { kept: 1, cut: 0, gone: 1 });
        assert_eq!(figures.group("source s"), Some(&figures.all));
        let mut twice = figures.clone();
        twice.add(&figures);
        assert_eq!((twice.all.spam, twice.languages["en"].words), (4, 16));
    }
}
