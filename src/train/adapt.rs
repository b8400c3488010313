//! Adapting a model to a user's labels without the data it was made of.
//!
//! 1. The weights of the signals are fitted to the labelled blocks, each pulled back to what it was: many labels that agree
//!    move them, a few hardly do. Where that makes no label right that was wrong, they stay as they were.
//! 2. What is still judged wrongly is remembered word for word ([`crate::verdict::correction`]).
//!
//! The fastText file stays as it is.

use rayon::prelude::*;

use super::data::{Item, Tag};
use super::fit::{self, Sample};
use crate::block::{self, Format};
use crate::eval::cases::{self, Case};
use crate::signal::unit;
use crate::verdict::correction;
use crate::verdict::model::Model;
use crate::verdict::weights::Weights;
use crate::verdict::{Label, Profile};

/// How far a weight is believed to lie from what it was, as a standard deviation in log-odds. One label moves its own block by
/// about 0.1, a hundred labels that say the same by several.
const SPREAD: f32 = 0.05;

/// A remembered text of spam has at least so many words: fewer may stand anywhere.
const LEAST: usize = 3;

/// What adapting came to.
#[derive(Debug, Clone)]
pub struct Adapted {
    /// The weights to use with the same fastText file.
    pub weights: Weights,
    /// Labelled blocks that count.
    pub labelled: usize,
    /// Of these, judged wrongly before.
    pub wrong: usize,
    /// And with the weights fitted, before anything was remembered.
    pub left: usize,
    /// Texts that are remembered.
    pub remembered: usize,
}

/// Adapts `base` to labelled blocks. Of the records of an audit only those count that were flipped to genuine: their documents
/// are not there to be judged in, so that they say nothing of the weights.
pub fn adapt(base: &Model, items: &[Item]) -> Adapted {
    let own: Vec<Item> = items.iter().filter(|item| item.judged.is_none()).cloned().collect();
    let flipped: Vec<&Item> = items.iter().filter(|item| item.judged.is_some() && item.label == Tag::Genuine).collect();
    let cases: Vec<Case<'_>> = cases::found(&own).into_iter().chain(cases::mixed(&own)).collect();
    let before = wrong(&cases, base);
    let (mut weights, left) = fitted(&cases, base, &before);
    let mut faults: Vec<&Item> = left.iter().chain(&flipped).copied().collect();
    // What is said to be genuine comes last and stands.
    faults.sort_by_key(|item| item.label != Tag::Spam);
    let known = weights.corrections.len();
    faults.iter().for_each(|item| remember(item, &mut weights));
    Adapted {
        labelled: own.iter().filter(|item| !item.weak).count() + flipped.len(),
        wrong: before.len() + flipped.len(),
        left: left.len() + flipped.len(),
        remembered: weights.corrections.len() - known,
        weights,
    }
}

/// The weights fitted to the cases, where that puts right what was wrong, and what is wrong still.
fn fitted<'a>(cases: &[Case<'a>], base: &Model, before: &[&'a Item]) -> (Weights, Vec<&'a Item>) {
    let weights = fit::adapt(&samples(cases, base), base.weights(), SPREAD);
    let hash = weights.scorer.clone();
    let candidate = Model::new(base.scorer().clone(), weights, &hash);
    let after = wrong(cases, &candidate);
    if after.len() < before.len() {
        (candidate.weights().clone(), after)
    } else {
        (base.weights().clone(), before.to_vec())
    }
}

/// The blocks that are judged wrongly, each once.
fn wrong<'a>(cases: &[Case<'a>], model: &Model) -> Vec<&'a Item> {
    let judged = cases::judge(cases, model, Profile::Balanced);
    let mut all: Vec<&Item> = judged.into_iter().filter(cases::Outcome::is_wrong).map(|outcome| outcome.item).collect();
    all.sort_by(|a, b| (&a.source, &a.doc, &a.text).cmp(&(&b.source, &b.doc, &b.text)));
    all.dedup_by(|a, b| std::ptr::eq(*a, *b));
    all
}

fn samples(cases: &[Case<'_>], model: &Model) -> Vec<Sample> {
    cases.par_iter().map(|case| sample(case, model)).collect()
}

fn sample(case: &Case<'_>, model: &Model) -> Sample {
    let text = cases::text(case);
    let document = block::parse(&text, Format::Text, &block::Options::default());
    let survey = model.survey(&document);
    let mut gold = vec![None; document.blocks.len()];
    for (item, place) in case.iter().zip(cases::places(case, &document)) {
        if let (Some(place), false) = (place, item.weak) {
            gold[place] = Some(match item.label {
                Tag::Genuine => 0,
                Tag::Spam => 1,
                Tag::Furniture => 2,
            });
        }
    }
    let gold = survey.units.iter().map(|unit| gold[unit.block]).collect();
    Sample::new(&survey, gold)
}

/// Remembers a text, and its sentences as they are judged, with markup and without.
fn remember(item: &Item, weights: &mut Weights) {
    let label = match item.label {
        Tag::Genuine => Label::Genuine,
        Tag::Spam => Label::Spam,
        Tag::Furniture => Label::Furniture,
    };
    let mut note = |text: &str| {
        if label == Label::Genuine || unit::words(text) >= LEAST {
            weights.corrections.insert(correction::key(text), label);
        }
    };
    note(&item.text);
    // A cue of subtitles is recorded with its number and times.
    if let Some((_, rest)) = item.text.split_once("-->") {
        note(rest.trim_start().split_once(' ').map_or("", |(_, text)| text));
    }
    for format in [Format::Text, Format::Markdown] {
        let document = block::parse(&item.text, format, &block::Options::default());
        unit::units(&document).iter().for_each(|unit| note(&unit.text));
    }
}
