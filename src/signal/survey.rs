//! One look over a document: what its signals need to know of the whole.

use std::ops::Range;

use super::familiar::Familiar;
use super::fold::{Score, Scorer};
use super::forest::Forests;
use super::layout::Layout;
use super::tally::Tally;
use super::token::Tokens;
use super::unit::{self, Unit};
use super::{dialogue, familiar, kin, language, letter, list, mask, mend, quoted, run, stuffing, view};
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
    /// What the trees for pages and for sentences say of each unit; empty before they are asked.
    pub opinions: Vec<[f32; 2]>,
    /// What the quotations of each unit bring in, in log-odds.
    pub(crate) quoted: Vec<f32>,
    /// Share of each unit's long words that the document repeats over and over.
    pub(crate) stuffed: Vec<f32>,
    /// Which units open like a turn of a dialogue.
    pub(crate) turns: Vec<bool>,
    /// Which units end as sentences do.
    pub(crate) ends: Vec<bool>,
    /// How long the run of short units is that each stands in.
    pub(crate) runs: Vec<u32>,
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
        let mut units = unit::units(document);
        let mut views: Vec<String> = units.iter().map(|unit| view::fold_bare(&unit.text)).collect();
        let (scores, familiar, mended) = weigh(&mut units, &views, scorer);
        mended.into_iter().for_each(|(i, view)| views[i] = view);
        let blocks = block_scores(&units, &scores);
        let host = document.host();
        let links = anchors(document, &units, host.as_deref(), scorer);
        let turns: Vec<bool> = units.iter().map(|unit| dialogue::is_turn(&unit.text)).collect();
        let ends: Vec<bool> = units.iter().map(|unit| list::ends(&unit.text)).collect();
        let mut survey = Self {
            document,
            repeats: repeats(&units),
            scripts: language::scripts(&units),
            languages: language::languages(&units),
            dialogue: dialogue::share(&turns),
            kin: kin::odds(&units, &scores, &ends),
            quoted: quoted::odds(&units, &scores, scorer),
            stuffed: stuffing::measure(&units),
            runs: run::lengths(&units, &ends),
            turns,
            ends,
            familiar,
            layout: Layout::new(document, &units),
            opinions: Vec::new(),
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

    /// Asks the trees about every unit.
    #[must_use]
    pub fn ask(mut self, forests: &Forests) -> Self {
        self.opinions = forests.opinions(&self);
        self
    }

    /// The block of unit `i`.
    pub fn block(&self, i: usize) -> &Block<'a> {
        &self.document.blocks[self.units[i].block]
    }

    /// Bytes of the source that unit `i` stands in; `None` in HTML, and where it shares markup with a neighbour.
    pub fn source_range(&self, i: usize) -> Option<Range<usize>> {
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
            ended: running(&|i| f64::from(u8::from(survey.ends[i]))),
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

/// How often each unit's text occurs, whatever its case.
fn repeats(units: &[Unit<'_>]) -> Vec<u32> {
    let mut lower = String::with_capacity(units.iter().map(|unit| unit.text.len()).sum());
    let places: Vec<Range<usize>> = units
        .iter()
        .map(|unit| {
            let (start, text) = (lower.len(), unit.text.trim());
            if text.is_ascii() {
                lower.push_str(text);
                lower[start..].make_ascii_lowercase();
            } else {
                letter::push_lower(&mut lower, text);
            }
            start..lower.len()
        })
        .collect();
    let mut tally = Tally::new(lower.len());
    for place in places {
        tally.add(&lower[place]);
        tally.end_unit();
    }
    let counts = tally.counts();
    (0..units.len()).map(|i| counts[tally.of(i)[0] as usize]).collect()
}

/// Share of known words from which on a text is what it seems, and the least share of one that was seen through.
const KNOWN: f32 = 0.8;
const SEEN: f32 = 0.5;
/// Log-odds of spam that a text must have to be what a disguise was for.
const WORTH: f32 = 1.0;

/// What the words of all units say, and the views of those whose disguise was seen through.
fn weigh(units: &mut [Unit<'_>], views: &[String], scorer: &Scorer) -> (Vec<Score>, Familiar, Vec<(usize, String)>) {
    let mut mended = Vec::new();
    let mut tokens = Tokens::new(views, scorer);
    let mut scores: Vec<Score> = (0..units.len()).map(|i| scorer.score_of(tokens.of(i))).collect();
    for (i, (unit, score)) in units.iter_mut().zip(&mut scores).enumerate() {
        mended.extend(mend(unit, &views[i], score, scorer).map(|view| (i, view)));
    }
    mended.iter().for_each(|(i, view)| tokens.replace(*i, view));
    let familiar = familiar::measure(units, &tokens);
    (scores, familiar, mended)
}

/// Sees through the disguise of a text of words that nobody knows, when what comes out is known, and speaks for spam: its view
/// then.
fn mend(unit: &mut Unit<'_>, view: &str, score: &mut Score, scorer: &Scorer) -> Option<String> {
    if score.known >= KNOWN {
        return None;
    }
    let better = |view: &str| Some(scorer.score(view)).filter(|better| better.spam > score.spam.max(WORTH));
    if let Some(text) = mask::guess(&unit.text) {
        let seen = view::fold_bare(&text);
        if let Some(found) = better(&seen).filter(|found| found.known >= SEEN && found.known > score.known) {
            unit.words = unit::words(&text);
            (unit.text, *score) = (text.into(), found);
            return Some(seen);
        }
    }
    let mended = mend::mend(view, |word| scorer.knows(word))?;
    *score = better(&mended)?;
    Some(mended)
}

fn anchors(document: &Document<'_>, units: &[Unit<'_>], host: Option<&str>, scorer: &Scorer) -> Vec<Anchors> {
    let mut all = Vec::with_capacity(units.len());
    for group in units.chunk_by(|a, b| a.block == b.block) {
        let links = &document.blocks[group[0].block].links;
        let sorted = group.len() > 1 && links.is_sorted_by_key(|link| link.span.start);
        all.extend(group.iter().map(|unit| {
            if links.is_empty() {
                Anchors::default()
            } else {
                let length = document.blocks[unit.block].text[unit.range.clone()].trim().len();
                Anchors::of(length, links_of(links, unit, sorted), host, scorer)
            }
        }));
    }
    all
}

impl Anchors {
    fn of<'l>(length: usize, inside: impl Iterator<Item = &'l Link<'l>>, host: Option<&str>, scorer: &Scorer) -> Self {
        let (mut count, mut linked, mut foreign) = (0, 0, Vec::new());
        for link in inside {
            count += 1;
            linked += link.span.len();
            foreign.extend(link.host().filter(|target| !host.is_some_and(|own| same_site(own, target))));
        }
        let odds = |host: &String| scorer.score(&view::fold(&host.replace(['.', '-'], " "))).spam;
        Self {
            count,
            density: (linked as f32 / length.max(1) as f32).min(1.0),
            host_odds: foreign.iter().map(odds).fold(0.0, f32::max),
            foreign,
        }
    }
}

/// The links that begin in a unit. When they are `sorted`, as parsers give them, they are found without a look at all of the
/// block's.
pub(super) fn links_of<'l>(links: &'l [Link<'l>], unit: &Unit<'_>, sorted: bool) -> impl Iterator<Item = &'l Link<'l>> {
    let range = unit.range.start..unit.range.end.max(1);
    let from = if sorted { links.partition_point(|link| link.span.start < range.start) } else { 0 };
    let to = if sorted { links.partition_point(|link| link.span.start < range.end) } else { links.len() };
    links[from..to.max(from)].iter().filter(move |link| range.contains(&link.span.start))
}

/// True when one host is the other or a subdomain of it.
pub fn same_site(one: &str, other: &str) -> bool {
    let under = |a: &str, b: &str| a == b || a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'));
    under(one, other) || under(other, one)
}
