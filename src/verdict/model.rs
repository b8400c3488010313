//! The model: fastText folded, and the weights of the signals, judged together.

use std::path::Path;

use sha2::{Digest, Sha256};

use super::chain::{self, States};
use super::table::Table;
use super::weights::{self, Bars, Weights};
use super::{Cut, Judge, Label, Profile, Reason, Verdict};
use crate::block::{Document, Format};
use crate::error::{Error, Result};
use crate::signal::fold::Scorer;
use crate::signal::{SIGNALS, Survey, unit};

static SCORER: &[u8] = include_bytes!("../../models/weedout.bin");
static WEIGHTS: &[u8] = include_bytes!("../../models/weedout.json");

/// A loaded model.
#[derive(Debug, Clone)]
pub struct Model {
    scorer: Scorer,
    weights: Weights,
    table: Table,
    id: String,
}

impl Model {
    /// The model inside the binary.
    ///
    /// # Errors
    /// [`Error::Model`] when the binary was built from model files that do not belong together.
    pub fn embedded() -> Result<Self> {
        Self::read(SCORER, WEIGHTS).map_err(|reason| Error::model("models/weedout.bin (embedded)", reason))
    }

    /// The fastText file inside the binary.
    pub fn embedded_scorer() -> &'static [u8] {
        SCORER
    }

    /// A model from disk: a fastText `.bin` with its weights beside it under the same name with the ending `.json`.
    ///
    /// # Errors
    /// [`Error::Read`] when a file is missing, [`Error::Model`] when they are not a model of this version.
    pub fn load(path: &Path) -> Result<Self> {
        let weights = path.with_extension("json");
        let read = |path: &Path| std::fs::read(path).map_err(|source| Error::read(path, source));
        let (scorer, weights) = (read(path)?, read(&weights)?);
        Self::read(&scorer, &weights).map_err(|reason| Error::model(path, reason))
    }

    /// A model from the bytes of its two files.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn read(scorer: &[u8], weights: &[u8]) -> Result<Self, String> {
        let weights: Weights =
            serde_json::from_slice(weights).map_err(|error| format!("its weights do not parse: {error}"))?;
        if let Some(fault) = weights.fault() {
            return Err(fault);
        }
        let hash = hex(&Sha256::digest(scorer));
        if hash != weights.scorer {
            return Err("its weights were fitted with another fastText file".into());
        }
        let scorer = Scorer::read(scorer)?;
        Ok(Self::new(scorer, weights, &hash))
    }

    /// A model from its parts; `hash` is the SHA-256 of the fastText file in hex.
    pub fn new(scorer: Scorer, weights: Weights, hash: &str) -> Self {
        let fitted = hex(&Sha256::digest(serde_json::to_vec(&weights).unwrap_or_default()));
        let id = format!("{}-{}-{}", weights::VERSION, &hash[..hash.len().min(12)], &fitted[..6]);
        let table = Table::new(&weights, SIGNALS);
        Self { scorer, weights, table, id }
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
        Survey::new(document, &self.scorer).ask(&self.weights.forests)
    }

    /// Probability of each state for each unit of a survey.
    pub fn marginals(&self, survey: &Survey<'_>) -> Vec<States> {
        let emissions: Vec<States> = (0..survey.units.len()).map(|i| self.emission(survey, i)).collect();
        let mut states = chain::marginals(&emissions, &self.weights.start, |i| self.weights.transition(survey, i));
        self.weights.correct(survey, &mut states);
        states
    }

    fn emission(&self, survey: &Survey<'_>, i: usize) -> States {
        let html = survey.document.format == Format::Html;
        let class = weights::kind(&survey.units[i]);
        let [spam, furniture] = self.table.sum(html, class, |n| (SIGNALS[n].measure)(survey, i));
        [0.0, spam, furniture]
    }

    /// The parts of a unit's log-odds, the neighbours' pull among them; they add up to `ln(p / (1 - p))`.
    fn reasons(&self, survey: &Survey<'_>, i: usize, probability: f32) -> Vec<Reason> {
        let class = weights::kind(&survey.units[i]);
        let mut left = log_odds(probability);
        let mut reasons = Vec::with_capacity(SIGNALS.len() + 1);
        for (signal, scale) in SIGNALS.iter().zip(&self.weights.signals) {
            let value = (signal.measure)(survey, i);
            let log_odds = scale.weigh(value, class)[0];
            left -= log_odds;
            if log_odds.abs() >= 0.005 {
                reasons.push(Reason {
                    rule: signal.id.into(),
                    log_odds,
                    evidence: self.evidence(survey, i, signal.id, value),
                });
            } else {
                left += log_odds;
            }
        }
        let (rule, evidence) = match self.weights.correction(survey, i) {
            Some(_) => ("correction", "this very text was labelled when the model was adapted"),
            None => ("sequence", "what the blocks before and after it are"),
        };
        reasons.push(Reason { rule: rule.into(), log_odds: left, evidence: evidence.into() });
        reasons.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
        reasons
    }

    fn evidence(&self, survey: &Survey<'_>, i: usize, id: &str, value: f32) -> String {
        let list = |words: Vec<(&str, f32)>| {
            words.iter().map(|(word, _)| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
        };
        match id {
            "words" => {
                let loud = self.scorer.loudest(&survey.views[i], if value >= 0.0 { 1.0 } else { -1.0 }, 3);
                format!("{value:.2}: {}", list(loud))
            }
            "links-foreign" | "host-words" | "hosts-run" => format!(
                "{value:.2}: {}",
                survey.links[i].foreign.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
            ),
            "hidden" => survey
                .block(i)
                .hidden
                .map_or_else(|| "visible".to_owned(), |hidden| format!("{hidden:?}").to_lowercase()),
            _ => format!("{value:.2}"),
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
        self.id.clone()
    }
}

impl Model {
    /// One verdict a block; blocks that stay have reasons only if `all` do: they cost more than the verdict.
    fn decide(&self, document: &Document<'_>, profile: Profile, all: bool) -> Vec<Verdict> {
        let survey = self.survey(document);
        let marginals = self.marginals(&survey);
        let bars = self.weights.bars(profile);
        let mut verdicts = Vec::with_capacity(document.blocks.len());
        let mut loudest = Vec::with_capacity(document.blocks.len());
        let (mut at, mut told) = (0, Told { most: if all { usize::MAX } else { FULL }, so_far: 0 });
        for group in survey.units.chunk_by(|a, b| a.block == b.block) {
            let range = at..at + group.len();
            let loud = range.clone().max_by(|&a, &b| marginals[a][1].total_cmp(&marginals[b][1])).unwrap_or(at);
            let mut verdict = self.verdict(&survey, &marginals, range, marginals[loud][1], bars);
            verdict.cuts.iter_mut().for_each(|cut| told.tell(&mut cut.reasons));
            verdicts.push(verdict);
            loudest.push(loud);
            at += group.len();
        }
        spread(&survey, &marginals, &mut verdicts);
        rescue(document, &mut verdicts);
        for (verdict, loud) in verdicts.iter_mut().zip(loudest) {
            if all || verdict.label != Label::Genuine {
                verdict.reasons = self.reasons(&survey, loud, verdict.probability);
                told.tell(&mut verdict.reasons);
            }
        }
        verdicts
    }

    /// The verdict on the block made of the units in `range`: spam when its mean probability passes the bar of its length;
    /// otherwise the sentences that pass theirs are cut. Its own reasons are left to the caller.
    fn verdict(
        &self,
        survey: &Survey<'_>,
        marginals: &[States],
        range: std::ops::Range<usize>,
        probability: f32,
        bars: Bars,
    ) -> Verdict {
        let words = |i: usize| survey.units[i].words.max(1) as f32;
        let total: f32 = range.clone().map(words).sum();
        let mean = |state: usize| range.clone().map(|i| marginals[i][state] * words(i)).sum::<f32>() / total;
        let parts = parts(marginals, &range, bars.part);
        let class = weights::class(total as usize);
        let gone: f32 = parts.iter().map(|&i| words(i)).sum();
        // What is left beside sentences that sell goes with them when none of it is rather genuine, or when it is little.
        let doubtful = || range.clone().all(|i| marginals[i][0] < 0.5);
        let mostly = mean(1) >= MOSTLY && (gone * 5.0 >= total * 4.0 || gone * 2.0 >= total && doubtful());
        let label = if mean(1) >= bars.whole[class] || mostly || parts.len() == range.len() {
            Label::Spam
        } else if survey.document.format == Format::Html && mean(2) >= bars.furniture[class] {
            Label::Furniture
        } else {
            Label::Genuine
        };
        let cuts = if label == Label::Genuine {
            parts.iter().filter_map(|&i| self.cut(survey, marginals, i)).collect()
        } else {
            Vec::new()
        };
        Verdict { label, probability, reasons: Vec::new(), cuts }
    }

    /// Unit `i` as a part that goes; `None` where its bytes cannot go alone.
    fn cut(&self, survey: &Survey<'_>, marginals: &[States], i: usize) -> Option<Cut> {
        let span = survey.source_range(i);
        if span.is_none() && survey.block(i).span.is_some() {
            return None;
        }
        let probability = marginals[i][1];
        let reasons = self.reasons(survey, i, probability);
        Some(Cut { text: survey.units[i].range.clone(), span, probability, reasons })
    }
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
    /// Shortens `reasons`, strongest first, where enough parts have all of theirs. The sum stays.
    fn tell(&mut self, reasons: &mut Vec<Reason>) {
        self.so_far += 1;
        if self.so_far <= self.most || reasons.len() <= STRONGEST + 1 {
            return;
        }
        let others = reasons.split_off(STRONGEST);
        let log_odds = others.iter().map(|reason| reason.log_odds).sum();
        reasons.push(Reason { rule: "others".into(), log_odds, evidence: format!("{} weaker ones", others.len()) });
        reasons.shrink_to_fit();
    }
}

/// The units that go by themselves: those over the bar, and from each of them onwards those over [`BESIDE_PART`].
fn parts(marginals: &[States], range: &std::ops::Range<usize>, bar: f32) -> Vec<usize> {
    let mut gone: Vec<bool> = range.clone().map(|i| marginals[i][1] >= bar).collect();
    let close = |at: usize| marginals[range.start + at][1] >= BESIDE_PART;
    for at in 1..gone.len() {
        gone[at] |= gone[at - 1] && close(at);
    }
    for at in (1..gone.len()).rev() {
        gone[at - 1] |= gone[at] && close(at - 1);
    }
    range.clone().zip(gone).filter_map(|(i, gone)| gone.then_some(i)).collect()
}

/// Lets removal spread from two removed blocks in a row to the next where [`weights::BESIDE`] allows, in both directions.
fn spread(survey: &Survey<'_>, marginals: &[States], verdicts: &mut [Verdict]) {
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
            && mean[to] / words[to] as f32 >= bar
        {
            verdicts[to].label = Label::Spam;
            verdicts[to].cuts.clear();
        }
    };
    (2..words.len()).for_each(|at| follow(at - 2, at - 1, at));
    (2..words.len()).rev().for_each(|at| follow(at, at - 1, at - 2));
}

/// A page is about something: where nearly all of it was taken for furniture, only what stands where furniture stands is.
///
/// The sequence model holds on to a state; a transcript of short timed lines, say, can carry a whole page into the wrong one.
fn rescue(document: &Document<'_>, verdicts: &mut [Verdict]) {
    let words = |label: Label| -> usize {
        let of_label = document.blocks.iter().zip(&*verdicts).filter(|(_, verdict)| verdict.label == label);
        of_label.map(|(block, _)| unit::words(&block.text)).sum()
    };
    if !verdicts.iter().any(|verdict| verdict.label == Label::Furniture)
        || words(Label::Genuine) * RESCUE >= words(Label::Furniture)
    {
        return;
    }
    for (block, verdict) in document.blocks.iter().zip(verdicts) {
        let place = &block.place;
        let landmark =
            place.nav || place.header || place.footer || place.aside || place.form || place.outside || place.furniture;
        if verdict.label == Label::Furniture && !landmark && block.hidden.is_none() {
            verdict.label = Label::Genuine;
        }
    }
}

/// Least mean probability of spam of a block that goes as a whole because most of its words go anyway.
pub(super) const MOSTLY: f32 = 0.8;

/// Least probability of spam of a sentence that goes because the one beside it does.
pub(super) const BESIDE_PART: f32 = 0.5;

/// A page is rescued when its furniture has more than this many times the words of its genuine text.
const RESCUE: usize = 4;

/// `ln(p / (1 - p))`, with `p` kept off 0 and 1 by what an `f32` can tell apart.
pub fn log_odds(probability: f32) -> f32 {
    let p = f64::from(probability).clamp(1e-7, 1.0 - 1e-7);
    (p / (1.0 - p)).ln() as f32
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(u32::from(digit), 16))
        .collect()
}
