//! Removed blocks in a row.

use std::collections::{BTreeMap, BTreeSet};

use super::neighbour::Kept;
use crate::block::link;
use crate::clean::record::{Part, Removed};
use crate::verdict::Label;

/// So many reasons are shown; the others hardly move the sum.
const REASONS: usize = 6;

pub(super) struct Run {
    pub(super) is_spam: bool,
    pub(super) blocks: usize,
    pub(super) whole: bool,
    pub(super) lines: (u32, u32),
    pub(super) text: String,
    /// Mean over the blocks.
    pub(super) probability: f32,
    /// Rule, mean log-odds and the evidence of the block it spoke loudest for; strongest first.
    pub(super) reasons: Vec<(String, f32, String)>,
    pub(super) hosts: BTreeSet<String>,
    pub(super) before: String,
    pub(super) after: String,
}

impl Run {
    pub(super) fn size(&self) -> String {
        match (self.whole, self.blocks) {
            (false, _) => "part of a block".into(),
            (true, 1) => "1 block".into(),
            (true, blocks) => format!("run of {blocks} blocks"),
        }
    }
}

/// The runs of one document's records, in order.
pub(super) fn runs(removed: &[Removed], kept: &Kept) -> Vec<Run> {
    let whole = |record: &Removed| matches!(record.kind, Part::Block(_));
    let joins = |one: &Removed, next: &Removed| {
        whole(one) && whole(next) && one.label == next.label && next.block <= one.block + 1
    };
    let shown = |run: &&[Removed]| run[0].kind != Part::Rest;
    removed.chunk_by(joins).filter(shown).map(|run| one(run, kept)).collect()
}

fn one(run: &[Removed], kept: &Kept) -> Run {
    let (first, last) = (&run[0], &run[run.len() - 1]);
    let whole = matches!(first.kind, Part::Block(_));
    let (before, after) = kept.around(first.block, last.block, whole);
    Run {
        is_spam: first.label == Label::Spam,
        blocks: run.len(),
        whole,
        lines: (first.line_start, last.line_end),
        text: run.iter().map(|record| record.text.trim_end()).collect::<Vec<_>>().join("\n"),
        probability: run.iter().map(|record| record.spam_probability).sum::<f32>() / run.len() as f32,
        reasons: reasons(run),
        hosts: run.iter().flat_map(hosts).collect(),
        before,
        after,
    }
}

fn reasons(run: &[Removed]) -> Vec<(String, f32, String)> {
    let mut found: BTreeMap<&str, (f32, f32, &str)> = BTreeMap::new();
    for reason in run.iter().flat_map(|record| &record.reasons) {
        let entry = found.entry(&reason.rule).or_insert((0.0, f32::MIN, ""));
        entry.0 += reason.log_odds;
        if reason.log_odds > entry.1 {
            (entry.1, entry.2) = (reason.log_odds, &reason.evidence);
        }
    }
    let mean = |(rule, (sum, _, evidence)): (&str, (f32, f32, &str))| {
        (rule.to_owned(), sum / run.len() as f32, evidence.to_owned())
    };
    let mut reasons: Vec<_> = found.into_iter().map(mean).collect();
    reasons.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    reasons.truncate(REASONS);
    reasons
}

/// The hosts a removed text links to: those in it, and of pages, whose text has none, those that its reasons name.
fn hosts(record: &Removed) -> Vec<String> {
    let text = link::find(&record.text).iter().filter_map(crate::block::Link::host).collect::<Vec<_>>();
    let named = record.reasons.iter().filter(|reason| reason.rule.contains("host") || reason.rule.contains("links"));
    let evidence = named.filter_map(|reason| reason.evidence.split_once(": ")).flat_map(|(_, list)| list.split(", "));
    let is_host =
        |word: &&str| word.contains('.') && !word.contains(char::is_whitespace) && word.parse::<f32>().is_err();
    text.into_iter().chain(evidence.filter(is_host).map(str::to_owned)).collect()
}
