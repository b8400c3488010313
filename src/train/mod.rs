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
pub mod page;
pub mod random;
pub mod words;

use compose::{Draft, Stock};
use data::{Item, Tag};
use page::{Key, Page};

/// Folds that take turns in being unseen.
pub const FOLDS: usize = 3;

/// What a model is made with.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Size and course of fastText training.
    pub shape: words::Shape,
    /// Text documents composed for each fold.
    pub drafts: usize,
    /// HTML pages made for each fold, beside the real ones.
    pub pages: usize,
}

impl Default for Plan {
    fn default() -> Self {
        Self { shape: words::Shape::default(), drafts: 2000, pages: 500 }
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
pub fn make(items: &[Item], pages: &[Page], plan: &Plan, folder: &Path, told: &dyn Fn(&str)) -> Result<Made> {
    let furniture: Vec<Item> = pages.par_iter().flat_map_iter(page_furniture).collect();
    let all: Vec<&Item> = items.iter().chain(&furniture).collect();
    let mut samples = Vec::new();
    for fold in 0..FOLDS {
        told(&format!("fold {} of {FOLDS}", fold + 1));
        let (unseen, seen): (Vec<&Item>, Vec<&Item>) = all.iter().partition(|item| fold_of(item) == fold);
        let scorer =
            Scorer::read(&words::train(&seen, plan.shape, folder)?).map_err(|reason| Error::model(folder, reason))?;
        let stock = Stock::new(&unseen);
        let seed = fold as u64 + 1;
        let real: Vec<&Page> = pages.iter().filter(|page| fold_of_source(&page.source) == fold).collect();
        samples.par_extend((0..plan.pages).into_par_iter().filter_map(|n| {
            let (html, key) = stock.page_draft(n, seed);
            html_sample(&html, &key, &scorer)
        }));
        samples.par_extend(real.par_iter().enumerate().filter_map(|(n, page)| {
            let (html, key) = stock.real_page(page, n, seed);
            html_sample(&html, &key, &scorer)
        }));
        samples.par_extend((0..plan.drafts).into_par_iter().filter_map(|n| sample(&stock.draft(n, seed), &scorer)));
    }
    told("words");
    let scorer = words::train(&all, plan.shape, folder)?;
    told(&format!("sequence, {} documents", samples.len()));
    let weights = fit::fit(&samples, hex(&Sha256::digest(&scorer)));
    Ok(Made { scorer, weights })
}

/// The fold of an item: all of one source in one fold.
pub fn fold_of(item: &Item) -> usize {
    fold_of_source(&item.source)
}

fn fold_of_source(source: &str) -> usize {
    (random::stable(source) >> 7) as usize % FOLDS
}

/// Pages of more units than this are left out of fitting: a few would drown the others.
const PAGE: usize = 1200;

/// A page, measured.
fn html_sample(html: &str, key: &Key, scorer: &Scorer) -> Option<fit::Sample> {
    let document = block::parse(html, Format::Html, &block::Options::default());
    let survey = Survey::new(&document, scorer);
    let gold: Vec<Option<u8>> = (0..survey.units.len()).map(|i| key.state(&survey, i)).collect();
    (!gold.is_empty() && gold.len() <= PAGE).then(|| fit::Sample::new(&survey, gold))
}

/// Blocks of a page outside its main text, each text once, as furniture to read.
fn page_furniture(page: &Page) -> Vec<Item> {
    let key = page.key();
    let document = block::parse(&page.html, Format::Html, &block::Options::default());
    let survey = Survey::new(&document, &Scorer::default());
    let mut seen = std::collections::BTreeSet::new();
    let texts = (0..survey.units.len()).filter(|&i| key.state(&survey, i) == Some(2)).map(|i| survey.units[i].text);
    let texts: Vec<String> = texts
        .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "))
        .filter(|text| !text.is_empty() && seen.insert(text.clone()))
        .take(FURNITURE)
        .collect();
    texts
        .into_iter()
        .map(|text| Item {
            doc: page.source.clone(),
            ..Item::made(Tag::Furniture, text, "", "page-furniture", &page.source, false)
        })
        .collect()
}

/// Texts of furniture taken from one page.
const FURNITURE: usize = 60;

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
