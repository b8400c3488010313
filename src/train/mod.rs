//! Making a model: labelled text and lexicons in, a fastText file and the weights of the chain out.
//!
//! 1. The generator expands the lexicons ([`generate`]).
//! 2. fastText is trained on everything ([`words`]), and once for each fold without that fold.
//! 3. Documents are composed of the items of a fold ([`compose`]) and surveyed with the fastText model that has not seen
//!    them, so that the chain learns how far words can be trusted on text nobody has shown it.
//! 4. Trees are grown on the real pages, for each fold without the pages of that fold ([`forest`]).
//! 5. The chain's weights are fitted to those documents ([`fit`]).

use std::path::Path;

use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::block::{self, Document, Format};
use crate::error::{Error, Result};
use crate::signal::Survey;
use crate::signal::fold::Scorer;
use crate::signal::forest::Forests;
use crate::verdict::model::hex;
use crate::verdict::weights::Weights;

pub mod adapt;
pub mod anchor;
pub mod brand;
pub mod compose;
pub mod data;
pub mod fit;
pub mod forest;
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
        Self { shape: words::Shape::default(), drafts: 12_000, pages: 500 }
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

/// fastText as it is written, and folded.
#[derive(Default)]
struct Words {
    bytes: Vec<u8>,
    scorer: Scorer,
}

/// Everything there is to learn from.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    items: Vec<Item>,
    pages: Vec<Page>,
}

impl Ground {
    /// Labelled items, and real pages whose blocks outside the main text are furniture to read.
    pub fn new(mut items: Vec<Item>, pages: Vec<Page>) -> Self {
        items.par_extend(pages.par_iter().flat_map_iter(page_furniture));
        Self { items, pages }
    }

    /// Trains fastText on all items, or on all but those of a fold.
    ///
    /// # Errors
    /// When training fails or a file in `folder` cannot be written.
    pub fn words(&self, without: Option<usize>, shape: words::Shape, folder: &Path) -> Result<Vec<u8>> {
        let seen: Vec<&Item> = self.items.iter().filter(|item| Some(fold_of(&item.source)) != without).collect();
        words::train(&seen, shape, folder)
    }

    /// fastText without each of `folds` in turn; without none for a fold there is not. In parallel, each with a folder of its own.
    fn scorers(&self, folds: std::ops::Range<usize>, plan: &Plan, folder: &Path) -> Result<Vec<Words>> {
        let train = |fold: usize| {
            let own = folder.join(format!("words-{fold}"));
            std::fs::create_dir_all(&own).map_err(|source| Error::write(&own, source))?;
            let bytes = self.words((fold < FOLDS).then_some(fold), plan.shape, &own)?;
            std::fs::remove_dir(&own).map_err(|source| Error::write(&own, source))?;
            let scorer = Scorer::read(&bytes).map_err(|reason| Error::model(folder, reason))?;
            Ok(Words { bytes, scorer })
        };
        folds.into_par_iter().map(train).collect()
    }

    /// Whether documents can be composed of every fold.
    fn suffices(&self) -> Result<()> {
        let lacks = |fold: usize| {
            let own = self.unseen(fold);
            !Stock::new(&own).suffices()
        };
        if (0..FOLDS).any(lacks) {
            return Err(Error::Usage(
                "too little to train on: documents of genuine text (3 blocks or more), anchors and prose of spam are needed from \
                 several sources; add a folder of lexicons with `--lexicon`, or start from the built-in model with `--adapt`"
                    .into(),
            ));
        }
        Ok(())
    }

    /// The units of the pages and the sentences of composed documents of a fold, measured with a scorer that has not seen them,
    /// for trees to grow on.
    pub fn rows(&self, fold: usize, scorer: &Scorer, plan: &Plan) -> [forest::Rows; 2] {
        let real_pages = self.real(fold);
        let of_real = |page: &&Page| {
            let document = parsed(&page.html);
            let survey = Survey::new(&document, scorer);
            forest::Rows::of_page(&survey, &states(&survey, &page.key()))
        };
        let stock = Stock::new(&self.unseen(fold));
        let of_draft = |n: usize| {
            let draft = stock.draft(n, TREES_SEED + fold as u64);
            let document = draft.document();
            let survey = Survey::new(&document, scorer);
            forest::Rows::of_sentences(&survey, &golds(&draft, &survey))
        };
        let pages: Vec<forest::Rows> = real_pages.par_iter().map(of_real).collect();
        let of_html = |(html, key): (String, Key)| {
            let document = parsed(&html);
            let survey = Survey::new(&document, scorer);
            forest::Rows::of_sentences(&survey, &states(&survey, &key))
        };
        let seed = TREES_SEED + fold as u64;
        let made = (0..plan.pages * 3).into_par_iter().map(|n| of_html(stock.page_draft(n, seed)));
        let laid = real_pages.par_iter().enumerate().map(|(n, page)| of_html(stock.real_page(page, n, seed)));
        let drafts: Vec<forest::Rows> =
            (0..plan.drafts / 2).into_par_iter().map(of_draft).chain(made).chain(laid).collect();
        [pages, drafts].map(|rows| forest::Rows::joined(rows.iter()))
    }

    /// Links in sentences of the documents of a fold, measured with a scorer that has not seen them.
    pub fn anchors(&self, fold: usize, scorer: &Scorer, plan: &Plan) -> Vec<anchor::Row> {
        let seed = ANCHORS_SEED + fold as u64;
        anchor::measure(&Stock::new(&self.unseen(fold)), &self.real(fold), plan.drafts / 8, seed, scorer)
    }

    fn unseen(&self, fold: usize) -> Vec<&Item> {
        self.items.iter().filter(|item| fold_of(&item.source) == fold).collect()
    }

    fn real(&self, fold: usize) -> Vec<&Page> {
        self.pages.iter().filter(|page| fold_of(&page.source) == fold).collect()
    }

    /// Documents composed of the items and pages of a fold, measured with a scorer and with trees that have not seen them.
    pub fn samples(&self, fold: usize, scorer: &Scorer, trees: &Forests, plan: &Plan) -> Vec<fit::Sample> {
        let stock = Stock::new(&self.unseen(fold));
        let seed = fold as u64 + 1;
        let real = self.real(fold);
        let made = (0..plan.pages).into_par_iter().map(|n| stock.page_draft(n, seed));
        let twice = real.iter().chain(&real).copied().collect::<Vec<_>>();
        let laid = twice.par_iter().enumerate().map(|(n, page)| stock.real_page(page, n, seed));
        let mut samples: Vec<fit::Sample> =
            made.chain(laid).filter_map(|(html, key)| html_sample(&html, &key, scorer, trees)).collect();
        samples
            .par_extend((0..plan.drafts).into_par_iter().filter_map(|n| sample(&stock.draft(n, seed), scorer, trees)));
        samples
    }
}

/// Makes a model. `folder` holds intermediate files; `told` hears what is being done.
///
/// # Errors
/// When there is too little to learn from, training fails or a file cannot be written.
pub fn make(ground: &Ground, plan: &Plan, folder: &Path, told: &dyn Fn(&str)) -> Result<Made> {
    ground.suffices()?;
    told("words, and words without each part");
    let mut words = ground.scorers(0..FOLDS + 1, plan, folder)?;
    let all = words.pop().unwrap_or_default();
    let scorers: Vec<&Scorer> = words.iter().map(|words| &words.scorer).collect();
    let weights = weigh(ground, plan, &scorers, hex(&Sha256::digest(&all.bytes)), told);
    Ok(Made { scorer: all.bytes, weights })
}

/// Trees and weights, by one scorer a fold that has not seen it; `hash` is that of the fastText file they will be used with.
pub fn weigh(ground: &Ground, plan: &Plan, scorers: &[&Scorer], hash: String, told: &dyn Fn(&str)) -> Weights {
    told("trees");
    let rows = rows(ground, plan, scorers);
    let samples: Vec<fit::Sample> = (0..)
        .zip(scorers)
        .flat_map(|(fold, scorer)| ground.samples(fold, scorer, &grow(&rows, Some(fold)), plan))
        .collect();
    told(&format!("sequence, {} documents", samples.len()));
    let weights = fit::fit(&samples, hash, grow(&rows, None));
    let anchors: Vec<_> = (0..).zip(scorers).flat_map(|(fold, scorer)| ground.anchors(fold, scorer, plan)).collect();
    Weights { anchor: anchor::fit(&anchors), ..weights }
}

fn rows(ground: &Ground, plan: &Plan, scorers: &[&Scorer]) -> Vec<[forest::Rows; 2]> {
    (0..).zip(scorers).map(|(fold, scorer)| ground.rows(fold, scorer, plan)).collect()
}

/// A model for each fold, made of the other two: what it makes of the fold nobody has shown it. In no particular order.
///
/// # Errors
/// As [`make`].
pub fn cross(ground: &Ground, plan: &Plan, folder: &Path, told: &dyn Fn(&str)) -> Result<Vec<(usize, Made)>> {
    ground.suffices()?;
    told("words without each part");
    let words = ground.scorers(0..FOLDS, plan, folder)?;
    let scorers: Vec<&Scorer> = words.iter().map(|words| &words.scorer).collect();
    told("trees");
    let rows = rows(ground, plan, &scorers);
    let forests: Vec<Forests> = (0..FOLDS).map(|fold| grow(&rows, Some(fold))).collect();
    let anchors: Vec<_> = scorers.iter().enumerate().map(|(fold, scorer)| ground.anchors(fold, scorer, plan)).collect();
    let mut samples: Vec<fit::Sample> = Vec::new();
    let mut counts = std::collections::VecDeque::new();
    for (fold, scorer) in scorers.iter().enumerate() {
        let own = ground.samples(fold, scorer, &forests[fold], plan);
        counts.push_back(own.len());
        samples.extend(own);
    }
    let mut all = Vec::new();
    // The samples of the fold that is left out stand last; then those of the next are brought there.
    for fold in (0..FOLDS).map(|turn| (turn + FOLDS - 1) % FOLDS) {
        let bytes = words[fold].bytes.clone();
        told(&format!("sequence without part {}", fold + 1));
        let seen = samples.len() - counts[FOLDS - 1];
        let weights = fit::fit(&samples[..seen], hex(&Sha256::digest(&bytes)), forests[fold].clone());
        let others: Vec<_> =
            (0..FOLDS).filter(|other| *other != fold).flat_map(|other| anchors[other].clone()).collect();
        let weights = Weights { anchor: anchor::fit(&others), ..weights };
        all.push((fold, Made { scorer: bytes, weights }));
        samples.rotate_left(counts[0]);
        counts.rotate_left(1);
    }
    Ok(all)
}

/// Forests grown on the rows of all folds but one.
fn grow(rows: &[[forest::Rows; 2]], without: Option<usize>) -> Forests {
    let seen = |kind: usize| {
        rows.iter().enumerate().filter(move |(fold, _)| Some(*fold) != without).map(move |(_, rows)| &rows[kind])
    };
    let grown = |kind: usize, size| forest::grow(&forest::Rows::joined(seen(kind)), size);
    Forests { page: grown(0, forest::PAGE), sentence: grown(1, forest::SENTENCE) }
}

const ANCHORS_SEED: u64 = 201;

/// Apart from the seeds of the documents that the weights are fitted to.
const TREES_SEED: u64 = 101;

/// The fold of a source.
pub fn fold_of(source: &str) -> usize {
    (random::stable(source) >> 7) as usize % FOLDS
}

/// Pages of more units than this are left out of fitting: a few would drown the others.
const PAGE: usize = 1200;

/// A page, in blocks.
fn parsed(html: &str) -> Document<'_> {
    block::parse(html, Format::Html, &block::Options::default())
}

/// A page, measured.
fn html_sample(html: &str, key: &Key, scorer: &Scorer, trees: &Forests) -> Option<fit::Sample> {
    let document = parsed(html);
    let survey = Survey::new(&document, scorer).ask(trees);
    let gold = states(&survey, key);
    (!gold.is_empty() && gold.len() <= PAGE).then(|| fit::Sample::new(&survey, gold))
}

fn states(survey: &Survey<'_>, key: &Key) -> Vec<Option<u8>> {
    (0..survey.units.len()).map(|i| key.state(survey, i)).collect()
}

/// Blocks of a page outside its main text, each text once, as furniture to read.
fn page_furniture(page: &Page) -> Vec<Item> {
    let key = page.key();
    let document = parsed(&page.html);
    let survey = Survey::new(&document, &Scorer::default());
    let mut seen = std::collections::BTreeSet::new();
    let texts =
        (0..survey.units.len()).filter(|&i| key.state(&survey, i) == Some(2)).map(|i| survey.units[i].text.clone());
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
fn sample(draft: &Draft, scorer: &Scorer, trees: &Forests) -> Option<fit::Sample> {
    let document = draft.document();
    let survey = Survey::new(&document, scorer).ask(trees);
    let gold = golds(draft, &survey);
    (!gold.is_empty()).then(|| fit::Sample::new(&survey, gold))
}

fn golds(draft: &Draft, survey: &Survey<'_>) -> Vec<Option<u8>> {
    (0..survey.units.len()).map(|i| gold(draft, survey, i)).collect()
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
