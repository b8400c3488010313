//! Leaving out: train without a group of the data, measure on exactly that group.
//!
//! Figures of a model on text of the kinds, languages and sources it was trained on flatter it. What it makes of a business, a
//! language or a site it has never seen is told by leaving one out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize;

use super::Report;
use crate::error::{Error, Result};
use crate::signal::fold::Scorer;
use crate::train::data::{Item, Tag};
use crate::train::page::Page;
use crate::train::{self, FOLDS, Ground, Made, Plan, fold_of, random};
use crate::verdict::model::Model;

/// What a group of the data has in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// A third of the sources; entries of the lexicons count as sources.
    Part,
    /// The kind of text, as in the data or the tables of the lexicons.
    Kind,
    /// The business: kinds that sell the same.
    Business,
    /// The language.
    Language,
    /// The source.
    Source,
}

impl By {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Part => "part",
            Self::Kind => "kind",
            Self::Business => "business",
            Self::Language => "language",
            Self::Source => "source",
        }
    }
}

/// Businesses, and the kinds of spam that belong to each. A kind may end in `*`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(transparent)]
pub struct Businesses(BTreeMap<String, Vec<String>>);

impl Businesses {
    /// Reads a TOML file of lists.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::Config`] when it does not parse.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::read(path, source))?;
        toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
            Error::Config { path: path.to_path_buf(), line, reason: error.message().to_owned() }
        })
    }

    /// The business a kind of spam belongs to.
    fn of(&self, kind: &str) -> Option<&str> {
        let fits = |pattern: &String| match pattern.strip_suffix('*') {
            Some(start) => kind.starts_with(start),
            None => kind == pattern,
        };
        self.0.iter().find(|(_, kinds)| kinds.iter().any(fits)).map(|(name, _)| name.as_str())
    }
}

/// Labelled data that groups are left out of.
pub struct Data {
    /// Labelled blocks, those the generator makes among them.
    pub items: Vec<Item>,
    /// Real pages; they are never left out, except with [`By::Part`].
    pub pages: Vec<Page>,
    /// For [`By::Business`].
    pub businesses: Businesses,
}

/// Of the genuine sources one in so many is left out beside a group that has no genuine text of its own.
const BESIDE: u64 = 6;

impl Data {
    /// The groups there are, in the order of their names.
    pub fn groups(&self, by: By) -> Vec<String> {
        let all: BTreeSet<String> = self.items.iter().filter_map(|item| self.group(by, item)).collect();
        all.into_iter().collect()
    }

    /// The group of an item; `None` when it is in none.
    fn group(&self, by: By, item: &Item) -> Option<String> {
        let name = match by {
            By::Part => return Some((fold_of(&item.source) + 1).to_string()),
            By::Kind => &item.kind,
            By::Business if item.label == Tag::Spam => self.businesses.of(&item.kind)?,
            By::Business => return None,
            By::Language => &item.lang,
            By::Source if item.made => return None,
            By::Source => &item.source,
        };
        (!name.is_empty()).then(|| name.to_owned())
    }

    /// What to train on and what to measure on without a group: where it has no genuine text, some genuine sources go with it, so
    /// that there is something to lose and to lay the spam into.
    pub fn split(&self, by: By, group: &str) -> (Vec<Item>, Vec<Item>) {
        let own = |item: &Item| self.group(by, item).as_deref() == Some(group);
        let alone = !self.items.iter().any(|item| item.label == Tag::Genuine && own(item));
        let beside = |item: &Item| {
            alone && item.label == Tag::Genuine && (random::stable(&item.source) >> 9).is_multiple_of(BESIDE)
        };
        self.items.iter().cloned().partition(|item| !own(item) && !beside(item))
    }

    /// Trains without each of `groups` in turn and measures on it. `folder` holds intermediate files; `told` hears what is
    /// being done; `done` gets every report when it is there.
    ///
    /// # Errors
    /// [`Error::Usage`] for a group that is not in the data, and when training fails.
    pub fn measure(
        &self,
        by: By,
        groups: &[String],
        plan: &Plan,
        curve: bool,
        folder: &Path,
        told: &dyn Fn(&str),
    ) -> Result<Vec<Report>> {
        let all = self.groups(by);
        if let Some(unknown) = groups.iter().find(|group| !all.contains(group)) {
            let known = all.join(", ");
            return Err(Error::Usage(format!("no {} `{unknown}` in the data; there are: {known}", by.name())));
        }
        let chosen = if groups.is_empty() { &all } else { groups };
        if by == By::Part {
            return self.parts(chosen, plan, curve, folder, told);
        }
        let measured = |group: &String| {
            told(&format!("without {} {group}", by.name()));
            let (seen, unseen) = self.split(by, group);
            let made = train::make(&Ground::new(seen, self.pages.clone()), plan, folder, told)?;
            report(made, &unseen, by, group, curve, folder)
        };
        chosen.iter().map(measured).collect()
    }

    /// Each third of the sources, measured with the model of the other two.
    fn parts(
        &self,
        chosen: &[String],
        plan: &Plan,
        curve: bool,
        folder: &Path,
        told: &dyn Fn(&str),
    ) -> Result<Vec<Report>> {
        let ground = Ground::new(self.items.clone(), self.pages.clone());
        let mut reports = Vec::new();
        for (fold, made) in train::cross(&ground, plan, folder, told)? {
            let group = (fold + 1).to_string();
            if chosen.contains(&group) {
                let (_, unseen) = self.split(By::Part, &group);
                reports.push(report(made, &unseen, By::Part, &format!("{group} of {FOLDS}"), curve, folder)?);
            }
        }
        Ok(reports)
    }
}

fn report(made: Made, unseen: &[Item], by: By, group: &str, curve: bool, folder: &Path) -> Result<Report> {
    let scorer = Scorer::read(&made.scorer).map_err(|reason| Error::model(folder, reason))?;
    let hash = made.weights.scorer.clone();
    let model = Model::new(scorer, made.weights, &hash);
    Ok(Report { without: Some(format!("{} {group}", by.name())), ..Report::new(unseen, &model, curve) })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn data() -> Data {
        let item = |label, kind: &str, lang: &str, source: &str| Item {
            made: false,
            ..Item::made(label, format!("{kind} {source}"), lang, kind, source, false)
        };
        let mut items: Vec<Item> = (0..40).map(|n| item(Tag::Genuine, "talk", "en", &format!("show {n}"))).collect();
        items.push(item(Tag::Spam, "casino", "en", "a"));
        items.push(item(Tag::Spam, "casinoguide", "tr", "b"));
        items.push(item(Tag::Spam, "escort", "tr", "b"));
        let businesses = toml::from_str("gambling = [\"casino*\"]\nescorts = [\"escort\"]").unwrap();
        Data { items, pages: Vec::new(), businesses }
    }

    #[test]
    fn nothing_of_the_group_is_left_to_train_on() {
        let data = data();
        for by in [By::Part, By::Kind, By::Business, By::Language, By::Source] {
            for group in data.groups(by) {
                let (seen, unseen) = data.split(by, &group);
                assert_eq!(seen.len() + unseen.len(), data.items.len());
                assert!(seen.iter().all(|item| data.group(by, item).as_deref() != Some(&group)), "{by:?} {group}");
                assert!(!unseen.is_empty());
            }
        }
    }

    #[test]
    fn spam_alone_is_measured_beside_genuine_text_that_is_unseen_too() {
        let (seen, unseen) = data().split(By::Business, "gambling");
        let genuine = |items: &[Item]| items.iter().filter(|item| item.label == Tag::Genuine).count();
        assert!(genuine(&unseen) > 0 && genuine(&seen) > genuine(&unseen));
        assert_eq!(unseen.iter().filter(|item| item.label == Tag::Spam).count(), 2);
    }

    #[test]
    fn businesses_without_a_name_in_the_file_are_in_no_group() {
        assert_eq!(data().groups(By::Business), ["escorts", "gambling"]);
        assert_eq!(data().groups(By::Kind), ["casino", "casinoguide", "escort", "talk"]);
    }
}
