//! Making a model: labelled text and lexicons in, a fastText file and the weights of the chain out.
//!
//! 1. The generator expands the lexicons ([`generate`]).
//! 2. fastText is trained on everything ([`words`]), and once for each fold without that fold.
//! 3. Documents are composed of the items of a fold ([`compose`]) and surveyed with the fastText model that has not seen
//!    them, so that the chain learns how far words can be trusted on text nobody has shown it.
//! 4. The chain's weights are fitted to those documents ([`fit`]).

use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::block::{self, Format};
use crate::error::{Error, Result};
use crate::signal::Survey;
use crate::signal::fold::Scorer;
use crate::verdict::model::hex;
use crate::verdict::weights::Weights;

pub mod brand;
pub mod compose;
pub mod data;
pub mod fit;
pub mod generate;
pub mod lexicon;
pub mod random;
pub mod words;

use compose::{Draft, Stock};
use data::{Item, Tag};

/// Folds that take turns in being unseen.
pub const FOLDS: usize = 3;

/// What a model is made with.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Size and course of fastText training.
    pub shape: words::Shape,
    /// Documents composed for each fold.
    pub drafts: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { shape: words::Shape::default(), drafts: 1600 }
    }
}

/// The two files of a model.
#[derive(Debug, Clone)]
pub struct Made {
    /// Bytes of the fastText `.bin`.
    pub scorer: Vec<u8>,
    /// The weights.
    pub weights: Weights,
}

/// Makes a model of `items`. `folder` holds intermediate files; `told` hears what is being done.
///
/// # Errors
/// When training fails or a file cannot be written.
pub fn make(items: &[Item], plan: &Plan, folder: &Path, told: &dyn Fn(&str)) -> Result<Made> {
    let all: Vec<&Item> = items.iter().collect();
    let mut samples = Vec::new();
    for fold in 0..FOLDS {
        told(&format!("fold {} of {FOLDS}", fold + 1));
        let (unseen, seen): (Vec<&Item>, Vec<&Item>) = all.iter().partition(|item| fold_of(item) == fold);
        let scorer =
            Scorer::read(&words::train(&seen, plan.shape, folder)?).map_err(|reason| Error::model(folder, reason))?;
        let stock = Stock::new(&unseen);
        samples.par_extend(
            (0..plan.drafts).into_par_iter().filter_map(|n| sample(&stock.draft(n, fold as u64 + 1), &scorer)),
        );
    }
    told("words");
    let scorer = words::train(&all, plan.shape, folder)?;
    told(&format!("sequence, {} documents", samples.len()));
    let weights = fit::fit(&samples, hex(&Sha256::digest(&scorer)));
    Ok(Made { scorer, weights })
}

/// The fold of an item: all of one source in one fold.
pub fn fold_of(item: &Item) -> usize {
    (random::stable(&item.source) >> 7) as usize % FOLDS
}

/// A composed document, measured.
fn sample(draft: &Draft, scorer: &Scorer) -> Option<fit::Sample> {
    let format = if draft.extension == "md" { Format::Markdown } else { Format::Text };
    let document = block::parse(&draft.text, format, &block::Options::default());
    let survey = Survey::new(&document, scorer);
    let gold = (0..survey.units.len()).map(|i| gold(draft, &survey, i)).collect::<Vec<_>>();
    (!gold.is_empty()).then(|| fit::Sample::new(&survey, gold))
}

/// The state of the stretch that fills most of a unit.
fn gold(draft: &Draft, survey: &Survey<'_>, i: usize) -> Option<u8> {
    let range = survey.source_range(i)?;
    let from = draft.gold.partition_point(|(gold, _)| gold.end <= range.start);
    let overlap = |gold: &std::ops::Range<usize>| gold.end.min(range.end).saturating_sub(gold.start.max(range.start));
    draft.gold[from..].iter().take_while(|(gold, _)| gold.start < range.end).max_by_key(|(gold, _)| overlap(gold)).map(
        |(_, tag)| match tag {
            Tag::Genuine => 0,
            Tag::Spam => 1,
            Tag::Furniture => 2,
        },
    )
}
