//! What was removed from a document, in a few words.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::{Cleaned, Part, Removal};
use crate::verdict::Label;

/// What was removed from a document, at a glance.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Digest {
    /// First and last line of each run of removed blocks.
    pub runs: Vec<(u32, u32)>,
    /// The rules that spoke for it, strongest first.
    pub rules: Vec<String>,
    /// Number of parts cut from blocks that stay.
    pub cuts: usize,
    /// Probabilities of spam of what was removed as spam, in order of place.
    pub probabilities: Vec<f32>,
}

impl Digest {
    /// Joins neighbouring removed blocks to runs, and ranks the rules behind them.
    pub fn new(cleaned: &Cleaned) -> Self {
        let blocks: Vec<&Removal> = cleaned.whole_blocks().collect();
        let near = |one: &&Removal, next: &&Removal| next.block <= one.block + 1;
        let runs = blocks.chunk_by(near).map(|run| (run[0].lines.0, run[run.len() - 1].lines.1)).collect();
        let spam = cleaned.removed.iter().filter(|removal| removal.label == Label::Spam && removal.part != Part::Rest);
        let probabilities = spam.map(|removal| removal.probability).collect();
        Self { runs, rules: rules(&blocks), cuts: cleaned.removed.len() - blocks.len(), probabilities }
    }
}

fn rules(blocks: &[&Removal]) -> Vec<String> {
    let mut weights: HashMap<&str, f32, RandomState> = HashMap::default();
    for reason in blocks.iter().flat_map(|removal| &removal.reasons).filter(|reason| reason.log_odds > 0.0) {
        *weights.entry(&reason.rule).or_default() += reason.log_odds;
    }
    let mut ranked: Vec<(&str, f32)> = weights.into_iter().collect();
    ranked.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
    ranked.into_iter().map(|(rule, _)| rule.to_owned()).collect()
}
