//! The model: fastText folded, and the weights of the signals, judged together.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;
use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use super::anchor;
use super::chain::{self, States};
use super::number::hundredths;
use super::page;
use super::seam;
use super::table::Table;
use super::weights::{self, Bars, Weights};
use super::{Cut, Judge, Label, Profile, Reason, Verdict};
use crate::block::{Document, Format};
use crate::error::{Error, Result};
use crate::signal::fold::Scorer;
use crate::signal::forest::Grove;
use crate::signal::{self, SIGNALS, Survey, forest};

static SCORER: &[u8] = include_bytes!("../../models/weedout.bin");
static WEIGHTS: &[u8] = include_bytes!("../../models/weedout.json");

/// A loaded model.
#[derive(Debug, Clone)]
pub struct Model {
    scorer: Scorer,
    weights: Weights,
    table: Table,
    grove: Grove,
    /// SHA-256 of the fastText file, in hex.
    hash: String,
    /// What the model is known by, once somebody has asked: to hash the weights takes a third of loading them.
    id: OnceLock<String>,
}

impl Model {
    /// The model inside the binary.
    ///
    /// # Errors
    /// [`Error::Model`] when the binary was built from model files that do not belong together.
    pub fn embedded() -> Result<Self> {
        // That the two belong together is tested, not looked up at every start.
        Self::of(SCORER, WEIGHTS, None).map_err(|reason| Error::model("models/weedout.bin (embedded)", reason))
    }

    /// The fastText file inside the binary.
    pub fn embedded_scorer() -> &'static [u8] {
        SCORER
    }

    /// A model from disk: a fastText `.bin` with its weights beside it under the same name with the ending `.json`.
    ///
    /// # Errors
    /// [`Error::Read`] when it is missing, [`Error::Model`] when its weights are, or they are not a model of this version.
    pub fn load(path: &Path) -> Result<Self> {
        let weights = path.with_extension("json");
        let scorer = std::fs::read(path).map_err(|source| Error::read(path, source))?;
        let beside = |error| format!("its weights `{}` cannot be read: {error}", weights.display());
        let weights = std::fs::read(&weights).map_err(|error| Error::model(path, beside(error)))?;
        Self::read(&scorer, &weights).map_err(|reason| Error::model(path, reason))
    }

    /// A model from the bytes of its two files.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(scorer: &[u8], weights: &[u8]) -> Result<Self, String> {
        Self::of(scorer, weights, Some(hex(&Sha256::digest(scorer))))
    }

    /// A model from its files; `hash` is that of the first, `None` if it is known to be what the weights say.
    fn of(scorer: &[u8], weights: &[u8], hash: Option<String>) -> Result<Self, String> {
        let weights: Weights =
            serde_json::from_slice(weights).map_err(|error| format!("its weights do not parse: {error}"))?;
        if let Some(fault) = weights.fault() {
            return Err(fault);
        }
        let hash = hash.unwrap_or_else(|| weights.scorer.clone());
        if hash != weights.scorer {
            return Err("its weights were fitted with another fastText file".into());
        }
        let scorer = Scorer::read(scorer)?;
        Ok(Self::new(scorer, weights, &hash))
    }

    /// A model from its parts; `hash` is the SHA-256 of the fastText file in hex.
    pub fn new(scorer: Scorer, weights: Weights, hash: &str) -> Self {
        let table = Table::new(&weights);
        let grove = Grove::new(&weights.forests);
        Self { scorer, weights, table, grove, hash: hash.into(), id: OnceLock::new() }
    }

    fn new_id(&self) -> String {
        let fitted = hex(&Sha256::digest(serde_json::to_vec(&self.weights).unwrap_or_default()));
        format!("{}-{}-{}", weights::VERSION, &self.hash[..self.hash.len().min(12)], &fitted[..6])
    }

    /// The folded fastText model.
    pub fn scorer(&self) -> &Scorer {
        &self.scorer
    }

    /// The weights.
    pub fn weights(&self) -> &Weights {
        &self.weights
    }

    /// One look over a document with all this model knows: its words and its trees.
    pub fn survey<'a>(&self, document: &'a Document<'a>) -> Survey<'a> {
        self.look(document).survey
    }

    /// As [`Model::survey`], with the probabilities of each unit: every signal is measured once.
    pub(super) fn look<'a>(&self, document: &'a Document<'a>) -> Sight<'a> {
        let mut survey = Survey::new(document, &self.scorer);
        let n = survey.units.len();
        let (mut opinions, mut emissions) = (Vec::with_capacity(n), Vec::with_capacity(n));
        self.grove.ask(&survey, |i, values, opinion| {
            opinions.push(opinion);
            emissions.push(self.emission(&survey, i, values));
        });
        survey.opinions = opinions;
        let states = self.decode(&survey, &emissions);
        // What nobody sees goes or stays as one, so there the sentences around a sentence speak too.
        let hidden = |i: usize| survey.block(i).hidden.is_some();
        let alone = |i: usize| self.alone(&survey, i).max(if hidden(i) { states[i][1] } else { 0.0 });
        let alone = (0..n).map(alone).collect();
        Sight { survey, states, alone }
    }

    /// Probability of each state for each unit of a survey.
    pub fn marginals(&self, survey: &Survey<'_>) -> Vec<States> {
        let mut values = vec![0.0; SIGNALS.len()];
        let emission = |i: usize| {
            signal::measure(survey, i, &mut values);
            self.emission(survey, i, &values)
        };
        self.decode(survey, &(0..survey.units.len()).map(emission).collect::<Vec<States>>())
    }

    fn decode(&self, survey: &Survey<'_>, emissions: &[States]) -> Vec<States> {
        let mut states = chain::marginals(emissions, &self.weights.start, |i| self.weights.transition(survey, i));
        self.weights.correct(survey, &mut states);
        states
    }

    fn emission(&self, survey: &Survey<'_>, i: usize, values: &[f32]) -> States {
        let [spam, furniture] = self.table.sum(weights::kind(&survey.units[i]), values);
        [0.0, spam, furniture]
    }

    /// The parts of a unit's log-odds, the neighbours' pull among them, strongest first; they add up to `ln(p / (1 - p))`. With
    /// `short`, a few and the rest in one.
    fn reasons(&self, survey: &Survey<'_>, i: usize, probability: f32, short: bool) -> Vec<Reason> {
        let class = weights::kind(&survey.units[i]);
        let mut left = log_odds(probability);
        let mut values = [0.0; SIGNALS.len()];
        signal::measure(survey, i, &mut values);
        // Numbers of signals, and what they add; one more for what is left. To be told is dearer than to be sorted.
        let mut parts: Vec<(usize, f32)> = Vec::with_capacity(SIGNALS.len() + 1);
        for (number, [log_odds, _]) in self.table.parts(class, &values).enumerate() {
            left -= log_odds;
            if log_odds.abs() >= 0.005 {
                parts.push((number, log_odds));
            } else {
                left += log_odds;
            }
        }
        parts.push((SIGNALS.len(), left));
        parts.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let others = if short && parts.len() > STRONGEST + 1 { parts.split_off(STRONGEST) } else { Vec::new() };
        let tell = |(number, log_odds): (usize, f32)| match SIGNALS.get(number) {
            Some(signal) => {
                let evidence = self.evidence(survey, i, signal.id, values[number]);
                Reason { rule: signal.id.into(), log_odds, evidence }
            }
            None => self.rest(survey, i, log_odds),
        };
        let mut reasons: Vec<Reason> = parts.into_iter().map(tell).collect();
        if !others.is_empty() {
            reasons.push(weaker(others.len(), others.iter().map(|(_, log_odds)| *log_odds).sum()));
        }
        reasons
    }

    /// What of a unit's log-odds is no signal's.
    fn rest(&self, survey: &Survey<'_>, i: usize, log_odds: f32) -> Reason {
        let (rule, evidence) = match self.weights.correction(survey, i) {
            Some(_) => ("correction", "this very text was labelled when the model was adapted"),
            None => ("sequence", "what the blocks before and after it are"),
        };
        Reason { rule: rule.into(), log_odds, evidence: evidence.into() }
    }

    fn evidence(&self, survey: &Survey<'_>, i: usize, id: &str, value: f32) -> Cow<'static, str> {
        let list = |words: Vec<(&str, f32)>| {
            words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
        };
        match id {
            "words" => {
                let loud = self.scorer.loudest(&survey.views[i], if value >= 0.0 { 1.0 } else { -1.0 }, 3);
                format!("{}: {}", hundredths(value), list(loud)).into()
            }
            "links-foreign" | "host-words" | "hosts-run" => format!(
                "{}: {}",
                hundredths(value),
                survey.links[i].foreign.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
            )
            .into(),
            "hidden" => {
                survey.block(i).hidden.map_or("visible".into(), |hidden| format!("{hidden:?}").to_lowercase().into())
            }
            _ => hundredths(value),
        }
    }
}

impl Judge for Model {
    fn judge(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
        self.decide(document, profile, false)
    }

    fn explain(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
        self.decide(document, profile, true)
    }

    fn id(&self) -> String {
        self.id.get_or_init(|| self.new_id()).clone()
    }
}

impl Model {
    /// One verdict a block; blocks that stay have reasons only if `all` do: they cost more than the verdict.
    fn decide(&self, document: &Document<'_>, profile: Profile, all: bool) -> Vec<Verdict> {
        let sight = self.look(document);
        let Sight { survey, states: marginals, alone } = &sight;
        let bars = self.weights.bars(profile);
        let furniture = page::furniture(survey, marginals);
        let mut verdicts = Vec::with_capacity(document.blocks.len());
        let mut loudest = Vec::with_capacity(document.blocks.len());
        let mut mixed = Vec::with_capacity(document.blocks.len());
        let (mut at, mut told) = (0, Told { most: if all { usize::MAX } else { FULL }, so_far: 0 });
        for group in survey.units.chunk_by(|a, b| a.block == b.block) {
            let range = at..at + group.len();
            let loud = range.clone().max_by(|&a, &b| marginals[a][1].total_cmp(&marginals[b][1])).unwrap_or(at);
            let sentences = sentences(survey, &alone[range.clone()], &range, bars.part);
            let mut verdict = self.verdict(&sight, &sentences, range, bars, furniture[group[0].block]);
            verdict.cuts.iter_mut().for_each(|cut| told.tell(&mut cut.reasons));
            verdicts.push(verdict);
            mixed.push(sentences.mixed);
            loudest.push(loud);
            at += group.len();
        }
        spread(survey, marginals, &mixed, &mut verdicts);
        page::rescue(document, &mut verdicts);
        page::once(document, &mut verdicts);
        anchor::cut(survey, &self.scorer, &self.weights.anchor, bars.anchor, &mut verdicts);
        for (verdict, loud) in verdicts.iter_mut().zip(loudest) {
            if all || verdict.label != Label::Genuine {
                let short = told.enough();
                verdict.reasons = self.reasons(survey, loud, verdict.probability, short);
            }
        }
        verdicts
    }

    /// The verdict on the block made of the units in `range`: spam when its mean probability passes the bar of its length;
    /// otherwise the sentences that pass theirs are cut. Its own reasons are left to the caller.
    fn verdict(
        &self,
        sight: &Sight<'_>,
        sentences: &Sentences,
        range: Range<usize>,
        bars: Bars,
        furniture: f32,
    ) -> Verdict {
        let Sight { survey, states: marginals, .. } = sight;
        let total = total(survey, &range);
        let mean = |state: usize| range.clone().map(|i| marginals[i][state] * words(survey, i)).sum::<f32>() / total;
        let class = weights::class(total as usize);
        let all = !sentences.gone.is_empty() && sentences.gone.len() == range.len();
        // What is left beside sentences that sell goes with them, unless it is rather genuine and not little.
        let mostly = mean(1) >= MOSTLY && sentences.share * 2.0 >= 1.0;
        let label = if all || !sentences.mixed && (mostly || mean(1) >= bars.whole[class]) {
            Label::Spam
        } else if survey.document.format == Format::Html
            && furniture >= furniture_bar(survey, &range, bars.furniture[class])
        {
            Label::Furniture
        } else {
            Label::Genuine
        };
        let mut cuts = Vec::new();
        if label == Label::Genuine {
            cuts.extend(sentences.gone.iter().filter_map(|&i| self.cut(survey, i, sight.alone[i])));
        }
        let probability = range.map(|i| marginals[i][1]).fold(0.0, f32::max);
        Verdict { label, probability, reasons: Vec::new(), cuts }
    }

    /// Probability of spam of a sentence for itself: what is beside it has its part in what the trees ask already.
    fn alone(&self, survey: &Survey<'_>, i: usize) -> f32 {
        match self.weights.correction(survey, i) {
            Some(label) => f32::from(u8::from(label == Label::Spam)),
            None => probability(survey.opinions[i][1]),
        }
    }

    /// Why a sentence goes: what its trees say is all there is, and its loudest words show what it was about.
    fn tree_reason(&self, survey: &Survey<'_>, i: usize, probability: f32) -> Reason {
        let log_odds = log_odds(probability);
        if self.weights.correction(survey, i).is_some() {
            let evidence = "this very text was labelled when the model was adapted";
            return Reason { rule: "correction".into(), log_odds, evidence: evidence.into() };
        }
        let evidence = self.evidence(survey, i, "words", survey.opinions[i][1]);
        Reason { rule: forest::SENTENCE.id.into(), log_odds, evidence }
    }

    /// Unit `i`, or the side of it that is spam, as a part that goes; `None` where its bytes cannot go alone.
    fn cut(&self, survey: &Survey<'_>, i: usize, probability: f32) -> Option<Cut> {
        let unit = &survey.units[i];
        let loud = seam::loud_side(&self.scorer, &survey.block(i).text[unit.range.clone()]);
        let text = unit.range.start + loud.start..unit.range.start + loud.end;
        let span = survey.document.source_of(survey.block(i), &text);
        if span.is_none() && survey.block(i).span.is_some() {
            return None;
        }
        let reasons = vec![self.tree_reason(survey, i, probability)];
        Some(Cut { text, span, probability, reasons })
    }
}

/// Least mean probability of furniture of the block made of the units in `range`, given that of its length.
fn furniture_bar(survey: &Survey<'_>, range: &Range<usize>, bar: f32) -> f32 {
    if page::is_body(survey.block(range.start), total(survey, range)) { bar.max(page::BODY_BAR) } else { bar }
}

/// So many parts of a document have all their reasons told; the others have [`STRONGEST`] and the rest in one, or the reasons
/// of a long list of spam would take a hundred times its own bytes. Whoever explains a document is told all.
const FULL: usize = 100;
const STRONGEST: usize = 4;

/// How many parts of a document were told why they go.
struct Told {
    most: usize,
    so_far: usize,
}

impl Told {
    /// Counts one more part; whether enough had all of theirs told before.
    fn enough(&mut self) -> bool {
        self.so_far += 1;
        self.so_far > self.most
    }

    /// Shortens `reasons`, strongest first, where enough parts have all of theirs. The sum stays.
    fn tell(&mut self, reasons: &mut Vec<Reason>) {
        if !self.enough() || reasons.len() <= STRONGEST + 1 {
            return;
        }
        let others = reasons.split_off(STRONGEST);
        reasons.push(weaker(others.len(), others.iter().map(|reason| reason.log_odds).sum()));
        reasons.shrink_to_fit();
    }
}

/// So many reasons in one.
fn weaker(number: usize, log_odds: f32) -> Reason {
    Reason { rule: "others".into(), log_odds, evidence: format!("{number} weaker ones").into() }
}

/// A document as a model sees it.
pub(super) struct Sight<'a> {
    pub(super) survey: Survey<'a>,
    /// Probability of each state, a unit.
    pub(super) states: Vec<States>,
    /// Probability of spam of each unit for itself.
    pub(super) alone: Vec<f32>,
}

/// The sentences of a block, each judged for itself.
#[derive(Default)]
struct Sentences {
    /// Units that go.
    gone: Vec<usize>,
    /// Their share of the block's words.
    share: f32,
    /// Too much of the block is clean for it to go whole.
    mixed: bool,
}

/// What the sentences of a block say, each for itself; nothing for a block judged whole.
fn sentences(survey: &Survey<'_>, alone: &[f32], range: &Range<usize>, bar: f32) -> Sentences {
    if range.len() < 2 {
        return Sentences::default();
    }
    let gone = gone(alone, range.start, bar);
    let total = total(survey, range);
    let share = gone.iter().map(|&i| words(survey, i)).sum::<f32>() / total;
    let clean: f32 = range.clone().zip(alone).filter(|(_, p)| **p < CLEAN).map(|(i, _)| words(survey, i)).sum();
    let visible = survey.block(range.start).hidden.is_none();
    Sentences { gone, share, mixed: visible && clean > total * MIXED }
}

pub(super) fn words(survey: &Survey<'_>, i: usize) -> f32 {
    survey.units[i].words.max(1) as f32
}

pub(super) fn total(survey: &Survey<'_>, range: &Range<usize>) -> f32 {
    range.clone().map(|i| words(survey, i)).sum()
}

/// The sentences that go by themselves, numbered from `first`: those over the bar, and from each of them onwards those over
/// [`BESIDE_PART`].
fn gone(alone: &[f32], first: usize, bar: f32) -> Vec<usize> {
    let mut gone: Vec<bool> = alone.iter().map(|&p| p >= bar).collect();
    for at in 1..gone.len() {
        gone[at] |= gone[at - 1] && alone[at] >= BESIDE_PART;
    }
    for at in (1..gone.len()).rev() {
        gone[at - 1] |= gone[at] && alone[at - 1] >= BESIDE_PART;
    }
    (first..).zip(gone).filter_map(|(i, gone)| gone.then_some(i)).collect()
}

/// Lets removal spread from two removed blocks in a row to the next where [`weights::BESIDE`] allows, in both directions.
fn spread(survey: &Survey<'_>, marginals: &[States], mixed: &[bool], verdicts: &mut [Verdict]) {
    let (mut mean, mut words) = (vec![0.0_f32; verdicts.len()], vec![0_usize; verdicts.len()]);
    for (unit, states) in survey.units.iter().zip(marginals) {
        let weight = unit.words.max(1);
        mean[unit.block] += states[1] * weight as f32;
        words[unit.block] += weight;
    }
    let mut follow = |before: usize, from: usize, to: usize| {
        let bar = weights::BESIDE[weights::class(words[to])];
        if verdicts[before].label == Label::Spam
            && verdicts[from].label == Label::Spam
            && verdicts[to].label == Label::Genuine
            && !mixed[to]
            && mean[to] / words[to] as f32 >= bar
        {
            verdicts[to].label = Label::Spam;
            verdicts[to].cuts.clear();
        }
    };
    (2..words.len()).for_each(|at| follow(at - 2, at - 1, at));
    (2..words.len()).rev().for_each(|at| follow(at, at - 1, at - 2));
}

/// Least mean probability of spam of a block that goes as a whole because most of its words go anyway.
pub(super) const MOSTLY: f32 = 0.8;

/// A sentence of less than this probability of spam speaks for its block.
pub(super) const CLEAN: f32 = 0.1;

/// A block with more than this share of its words in such sentences does not go as a whole.
pub(super) const MIXED: f32 = 0.3;

/// Least probability of spam of a sentence that goes because the one beside it does.
pub(super) const BESIDE_PART: f32 = 0.3;

/// `ln(p / (1 - p))`, with `p` kept off 0 and 1 by what an `f32` can tell apart.
pub fn log_odds(probability: f32) -> f32 {
    let p = f64::from(probability).clamp(1e-7, 1.0 - 1e-7);
    (p / (1.0 - p)).ln() as f32
}

/// `1 / (1 + e^-x)`: what [`log_odds`] takes apart.
pub fn probability(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_files_belong_together() {
        assert!(Model::read(SCORER, WEIGHTS).is_ok());
    }
}
