//! More on a judgement than its contributions: which pieces of words spoke, what the neighbours did to it, and which rule
//! decided. Computed when asked for, since it costs more than judging.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::model::{BESIDE_PART, MOSTLY, Model, Sight, total, words};
use super::weights::{self, CLASSES};
use super::{Judge, Label, Profile, Verdict, page};
use crate::block::Document;

/// A word or a piece of one, and its part in the fastText log-odds of the text it stands in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ngram {
    /// The piece; `…` stands where the word goes on.
    pub text: String,
    /// Its part. Those of all pieces add up to the value that the rule `words` weighs.
    pub log_odds: f32,
}

/// What is known of a block, or of a sentence of one, beyond its reasons.
#[derive(Debug, Clone, PartialEq)]
pub struct Detail {
    /// Bytes of the block's text that it is about: the sentence most like spam, or the whole block.
    pub text: Range<usize>,
    /// All pieces of its words, the loudest first.
    pub ngrams: Vec<Ngram>,
    /// Which rule decided, in words.
    pub decision: String,
}

/// The detail of each block, followed by that of each sentence cut from it, in the order of `verdicts`.
pub fn details(model: &Model, document: &Document<'_>, verdicts: &[Verdict], profile: Profile) -> Vec<Vec<Detail>> {
    let sight = model.look(document);
    let furniture = page::furniture(&sight.survey, &sight.states);
    let mut all = Vec::with_capacity(verdicts.len());
    let mut at = 0;
    for (group, verdict) in sight.survey.units.chunk_by(|a, b| a.block == b.block).zip(verdicts) {
        let range = at..at + group.len();
        at = range.end;
        let look = Look { model, sight: &sight, furniture: furniture[group[0].block], range, profile };
        all.push(look.details(verdict));
    }
    all
}

/// One block, looked at.
struct Look<'a> {
    model: &'a Model,
    sight: &'a Sight<'a>,
    /// Its probability of furniture, its kin's drawn in.
    furniture: f32,
    range: Range<usize>,
    profile: Profile,
}

impl Look<'_> {
    fn details(&self, verdict: &Verdict) -> Vec<Detail> {
        let spam = |&a: &usize, &b: &usize| self.sight.states[a][1].total_cmp(&self.sight.states[b][1]);
        let loudest = self.range.clone().max_by(spam).unwrap_or(self.range.start);
        let mut all = vec![self.detail(loudest, self.decision(verdict))];
        for cut in &verdict.cuts {
            let unit = self
                .range
                .clone()
                .find(|&i| self.sight.survey.units[i].range.contains(&cut.text.start))
                .unwrap_or(loudest);
            let link = cut.reasons.iter().any(|reason| reason.rule == "anchor");
            let decision = if link { self.parting(cut.probability) } else { self.cutting(unit) };
            all.push(self.detail(unit, decision));
        }
        all
    }

    fn detail(&self, i: usize, decision: String) -> Detail {
        let mut ngrams = self.model.scorer().parts(&self.sight.survey.views[i]);
        ngrams.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()).then_with(|| a.0.cmp(&b.0)));
        let ngrams = ngrams.into_iter().map(|(text, log_odds)| Ngram { text, log_odds }).collect();
        Detail { text: self.sight.survey.units[i].range.clone(), ngrams, decision }
    }

    /// Mean probability of a state over the block, by words.
    fn mean(&self, state: usize) -> f32 {
        let Sight { survey, states, .. } = self.sight;
        self.range.clone().map(|i| states[i][state] * words(survey, i)).sum::<f32>() / total(survey, &self.range)
    }

    fn class(&self) -> usize {
        weights::class(total(&self.sight.survey, &self.range) as usize)
    }

    /// Why the block as a whole is what it is judged to be.
    fn decision(&self, verdict: &Verdict) -> String {
        if self.range.len() == 1
            && let Some(label) = self.model.weights().correction(&self.sight.survey, self.range.start)
        {
            return format!("corrected: this text was labelled {} when the model was adapted", name(label));
        }
        let bars = self.model.weights().bars(self.profile);
        let (class, mean) = (self.class(), self.mean(1));
        let (bar, of) = (bars.whole[class], lengths(class));
        let profile = self.profile.name();
        match verdict.label {
            Label::Spam if mean >= bar => {
                format!("removed: its probability of spam, {mean:.3}, reaches {bar}, the bar of `{profile}` for {of}")
            }
            Label::Spam if self.range.clone().all(|i| self.sight.alone[i] >= BESIDE_PART.min(bars.part)) => {
                format!(
                    "removed: each of its sentences is cut for itself (bar of `{profile}` for a sentence: {})",
                    bars.part
                )
            }
            Label::Spam if mean >= MOSTLY => {
                format!(
                    "removed: most of its words stand in sentences that are cut, and what is left is doubtful ({mean:.3})"
                )
            }
            Label::Spam => format!(
                "removed: two removed blocks stand right beside it, where {mean:.3} is enough (bar there: {})",
                weights::BESIDE[class]
            ),
            Label::Furniture if self.furniture < bars.furniture[class] => {
                "left out of the text of a page: it stands on the page before".into()
            }
            Label::Furniture => format!(
                "left out of the text of a page: it is page furniture with a probability of {:.3} (bar: {})",
                self.furniture, bars.furniture[class]
            ),
            Label::Genuine if !verdict.cuts.is_empty() => {
                format!(
                    "kept without {} of its sentences or links: those are spam, the rest is not",
                    verdict.cuts.len()
                )
            }
            Label::Genuine => {
                format!("kept: its probability of spam, {mean:.3}, is below {bar}, the bar of `{profile}` for {of}")
            }
        }
    }

    /// Why a link is cut out of its sentence.
    fn parting(&self, probability: f32) -> String {
        let bar = self.model.weights().bars(self.profile).anchor;
        format!(
            "cut: its probability of spam, {probability:.3}, reaches {bar}, the bar for a link in a sentence that stays"
        )
    }

    /// Why a sentence is cut.
    fn cutting(&self, i: usize) -> String {
        let (bar, probability) = (self.model.weights().bars(self.profile).part, self.sight.alone[i]);
        if self.model.weights().correction(&self.sight.survey, i).is_some() {
            "cut: this text was labelled spam when the model was adapted".into()
        } else if probability >= bar {
            format!(
                "cut: its probability of spam, {probability:.3}, reaches {bar}, the bar for a sentence of a block that stays"
            )
        } else {
            format!(
                "cut: the sentence beside it is cut, and at {probability:.3} it is doubtful itself (bar there: {BESIDE_PART})"
            )
        }
    }
}

fn name(label: Label) -> &'static str {
    match label {
        Label::Genuine => "genuine",
        Label::Spam => "spam",
        Label::Furniture => "furniture",
    }
}

/// The lengths of a class, in words.
fn lengths(class: usize) -> String {
    let from = class.checked_sub(1).map_or(1, |before| CLASSES[before] + 1);
    CLASSES.get(class).map_or_else(|| format!("{from} words and more"), |to| format!("{from} to {to} words"))
}

/// Judges a document and gives verdicts and details.
pub fn judge(model: &Model, document: &Document<'_>, profile: Profile) -> (Vec<Verdict>, Vec<Vec<Detail>>) {
    let verdicts = model.judge(document, profile);
    let details = details(model, document, &verdicts, profile);
    (verdicts, details)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::block::{self, Format};

    const TEXT: &str = "We walked to the mill in the rain, and nobody wanted to go home. Deneme bonusu veren siteler ve \
        casino giriş adresi burada, hemen üye ol.\n\ndeneme bonusu veren siteler\n\nThe miller had the kettle on.\n";

    #[test]
    fn the_pieces_of_words_add_up_to_what_the_words_say() {
        let model = Model::embedded().unwrap();
        for text in ["deneme bonusu veren siteler", "we walked to the mill", "สล็อตเว็บตรง ёлка bet365", ""]
        {
            let view = crate::signal::view::fold(text);
            let sum: f32 = model.scorer().parts(&view).iter().map(|(_, log_odds)| log_odds).sum();
            assert!((sum - model.scorer().score(&view).spam).abs() < 1e-3, "{text}: {sum}");
        }
    }

    #[test]
    fn every_block_and_every_cut_has_a_detail() {
        let model = Model::embedded().unwrap();
        let document = block::parse(TEXT, Format::Text, &block::Options::default());
        let (verdicts, details) = judge(&model, &document, Profile::Balanced);
        assert_eq!(verdicts.len(), details.len());
        for (verdict, details) in verdicts.iter().zip(&details) {
            assert_eq!(details.len(), verdict.cuts.len() + 1);
            let start = if verdict.label == Label::Spam { "removed" } else { "kept" };
            assert!(details[0].decision.starts_with(start), "{}", details[0].decision);
        }
    }
}
