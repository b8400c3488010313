//! One look over a document: what its signals need to know of the whole.

use std::collections::HashMap;

use super::familiar::Familiar;
use super::fold::{Score, Scorer};
use super::layout::Layout;
use super::unit::{self, Unit};
use super::{dialogue, familiar, kin, language, list, mend, view};
use crate::block::{Block, Document, Link};

/// A surveyed document. Every vector has one entry a unit.
pub struct Survey<'a> {
    /// The document.
    pub document: &'a Document<'a>,
    /// Its units.
    pub units: Vec<Unit<'a>>,
    /// The folded text of each unit.
    pub views: Vec<String>,
    /// fastText's opinion of each unit.
    pub scores: Vec<Score>,
    /// fastText's opinion of each unit's block.
    pub blocks: Vec<Score>,
    /// How often each unit's folded text occurs.
    pub repeats: Vec<u32>,
    /// Script of each unit, and the most common one by words.
    pub scripts: (Vec<Option<whatlang::Script>>, Option<whatlang::Script>),
    /// Reliably detected language of each long unit, and the document's.
    pub languages: (Vec<Option<whatlang::Lang>>, Option<whatlang::Lang>),
    /// Links of each unit.
    pub links: Vec<Anchors>,
    /// Host of the document itself.
    pub host: Option<String>,
    /// What short units of the same shape say.
    pub kin: Vec<f32>,
    /// Share of units that look like turns of a dialogue.
    pub dialogue: f32,
    /// What each unit has in common with the rest.
    pub familiar: Familiar,
    /// The page as a whole.
    pub layout: Layout,
    /// Occurrences of each long word.
    pub(crate) vocabulary: HashMap<&'a str, u32>,
    pub(crate) sums: Sums,
}

/// What a unit links to.
#[derive(Debug, Clone, Default)]
pub struct Anchors {
    /// Links in it.
    pub count: usize,
    /// Share of its characters inside links.
    pub density: f32,
    /// Hosts other than the document's.
    pub foreign: Vec<String>,
    /// fastText's opinion of the hosts, spam against genuine; the highest.
    pub host_odds: f32,
}

/// Sums before each unit, so that a mean over any window costs one subtraction.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sums {
    pub(crate) weight: Vec<f64>,
    pub(crate) odds: Vec<f64>,
    pub(crate) above: Vec<f64>,
    pub(crate) furniture: Vec<f64>,
    pub(crate) ended: Vec<f64>,
    pub(crate) density: Vec<f64>,
    pub(crate) repeated: Vec<f64>,
    pub(crate) trade: Vec<f64>,
}

impl<'a> Survey<'a> {
    /// Surveys `document` with the opinions of `scorer`.
    pub fn new(document: &'a Document<'a>, scorer: &Scorer) -> Self {
        let units = unit::units(document);
        let views: Vec<String> = units.iter().map(|unit| viewed(unit.text, scorer)).collect();
        let scores: Vec<Score> = views.iter().map(|view| scorer.score(view)).collect();
        let blocks = block_scores(&units, &scores);
        let host = document.host();
        let links: Vec<Anchors> = units.iter().map(|unit| anchors(document, unit, host.as_deref(), scorer)).collect();
        let mut survey = Self {
            document,
            repeats: repeats(&units),
            scripts: language::scripts(&units),
            languages: language::languages(&units),
            dialogue: dialogue::share(&units),
            kin: kin::odds(&units, &scores),
            vocabulary: vocabulary(&units),
            familiar: familiar::measure(&units, &views),
            layout: Layout::new(document, &units),
            sums: Sums::default(),
            units,
            views,
            scores,
            blocks,
            links,
            host,
        };
        survey.sums = Sums::of(&survey);
        survey
    }

    /// The block of unit `i`.
    pub fn block(&self, i: usize) -> &Block<'a> {
        &self.document.blocks[self.units[i].block]
    }

    /// Bytes of the source that unit `i` stands in; `None` in HTML, and where it shares markup with a neighbour.
    pub fn source_range(&self, i: usize) -> Option<std::ops::Range<usize>> {
        self.document.source_of(self.block(i), &self.units[i].range)
    }

    /// Mean of `sums` over the units within `reach` of `i`, `i` itself left out; 0 when there are none.
    pub(crate) fn around(&self, sums: &[f64], i: usize, reach: usize) -> f32 {
        let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(self.units.len()));
        ratio(sums[to] - sums[from] - (sums[i + 1] - sums[i]), (to - from - 1) as f64)
    }

    /// As [`Survey::around`], each unit weighing as its words do.
    pub(crate) fn around_weighted(&self, sums: &[f64], i: usize, reach: usize) -> f32 {
        let (from, to) = (i.saturating_sub(reach), (i + reach + 1).min(self.units.len()));
        let total = |sums: &[f64]| sums[to] - sums[from] - (sums[i + 1] - sums[i]);
        ratio(total(sums), total(&self.sums.weight))
    }
}

fn ratio(sum: f64, count: f64) -> f32 {
    if count <= 1e-9 { 0.0 } else { (sum / count) as f32 }
}

impl Sums {
    fn of(survey: &Survey<'_>) -> Self {
        let n = survey.units.len();
        let running = |value: &dyn Fn(usize) -> f64| {
            let mut total = 0.0;
            std::iter::once(0.0)
                .chain((0..n).map(|i| {
                    total += value(i);
                    total
                }))
                .collect::<Vec<f64>>()
        };
        let weight = |i: usize| weight(survey.units[i].words);
        Self {
            weight: running(&weight),
            odds: running(&|i| f64::from(survey.scores[i].spam.clamp(-8.0, 8.0)) * weight(i)),
            above: running(&|i| f64::from(u8::from(survey.scores[i].spam > 0.0))),
            furniture: running(&|i| f64::from(survey.scores[i].furniture.clamp(-8.0, 8.0))),
            ended: running(&|i| f64::from(u8::from(list::ends(survey.units[i].text)))),
            density: running(&|i| f64::from(survey.links[i].density)),
            repeated: running(&|i| f64::from(u8::from(survey.repeats[i] > 1))),
            trade: running(&|i| f64::from(u8::from(survey.scores[i].spam > 2.5))),
        }
    }
}

/// A unit's say in a mean: the root of its words, so that a paragraph outweighs a "Yes." but not a hundred of them.
fn weight(words: usize) -> f64 {
    (words.clamp(1, 64) as f64).sqrt()
}

/// The mean score of each unit's block, by words.
fn block_scores(units: &[Unit<'_>], scores: &[Score]) -> Vec<Score> {
    let mut all = Vec::with_capacity(units.len());
    for group in units.chunk_by(|a, b| a.block == b.block) {
        let at = all.len();
        let words: f32 = group.iter().map(|unit| unit.words as f32).sum::<f32>().max(1.0);
        let mean = |value: fn(&Score) -> f32| {
            group.iter().zip(&scores[at..]).map(|(unit, score)| value(score) * unit.words as f32).sum::<f32>() / words
        };
        let score = if group.len() == 1 {
            scores[at]
        } else {
            Score {
                spam: mean(|s| s.spam),
                furniture: mean(|s| s.furniture),
                loudest: mean(|s| s.loudest),
                known: mean(|s| s.known),
            }
        };
        all.extend(std::iter::repeat_n(score, group.len()));
    }
    all
}

fn repeats(units: &[Unit<'_>]) -> Vec<u32> {
    let texts: Vec<String> = units.iter().map(|unit| unit.text.trim().to_lowercase()).collect();
    let mut counts: HashMap<&str, u32> = HashMap::with_capacity(texts.len());
    for text in &texts {
        *counts.entry(text).or_default() += 1;
    }
    texts.iter().map(|text| counts[text.as_str()]).collect()
}

/// Long words and how often they occur; what a page repeats is what it sells, or what it talks about.
fn vocabulary<'a>(units: &[Unit<'a>]) -> HashMap<&'a str, u32> {
    let mut counts = HashMap::new();
    for word in units.iter().flat_map(|unit| super::stuffing::long_words(unit.text)) {
        *counts.entry(word).or_default() += 1;
    }
    counts
}

/// The folded text of a unit, mended where it is disguised.
fn viewed(text: &str, scorer: &Scorer) -> String {
    let view = view::fold(text);
    mend::mend(&view, |word| scorer.knows(word)).unwrap_or(view)
}

fn anchors(document: &Document<'_>, unit: &Unit<'_>, host: Option<&str>, scorer: &Scorer) -> Anchors {
    let block = &document.blocks[unit.block];
    if block.links.is_empty() {
        return Anchors::default();
    }
    let own = |link: &&Link<'_>| link.span.start >= unit.range.start && link.span.start < unit.range.end.max(1);
    let inside: Vec<_> = block.links.iter().filter(own).collect();
    let foreign: Vec<String> = inside
        .iter()
        .filter_map(|link| link.host())
        .filter(|target| !host.is_some_and(|own| same_site(own, target)))
        .collect();
    let linked: usize = inside.iter().map(|link| link.span.len()).sum();
    let host_odds =
        foreign.iter().map(|host| scorer.score(&view::fold(&host.replace(['.', '-'], " "))).spam).fold(0.0, f32::max);
    Anchors {
        count: inside.len(),
        density: (linked as f32 / unit.text.trim().len().max(1) as f32).min(1.0),
        foreign,
        host_odds,
    }
}

/// True when one host is the other or a subdomain of it.
pub fn same_site(one: &str, other: &str) -> bool {
    let under = |a: &str, b: &str| a == b || a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'));
    under(one, other) || under(other, one)
}
