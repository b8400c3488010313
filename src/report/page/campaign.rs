//! Spam that belongs together: by the host it links to, by the text it repeats.

use std::collections::{BTreeMap, BTreeSet};

use super::audit::Audit;
use super::run::Run;
use crate::report::escape;

/// Text of fewer characters repeats by chance.
const LEAST: usize = 4;
/// Characters of a text that name it.
const NAMED: usize = 120;

pub(super) struct Campaign {
    pub(super) name: String,
    pub(super) documents: usize,
    pub(super) runs: usize,
}

/// Campaigns by linked host, the widest first.
pub(super) fn hosts(audit: &Audit) -> Vec<Campaign> {
    grouped(audit, 1, |run| run.hosts.iter().cloned().collect())
}

/// Texts of blocks that were removed from more than one document, the widest first.
pub(super) fn texts(audit: &Audit) -> Vec<Campaign> {
    grouped(audit, 2, |run| {
        let lines = run.text.lines().map(|line| escape::line(line, NAMED));
        lines.filter(|line| line.chars().count() >= LEAST).collect()
    })
}

fn grouped(audit: &Audit, least: usize, names: impl Fn(&Run) -> BTreeSet<String>) -> Vec<Campaign> {
    let mut found: BTreeMap<String, (BTreeSet<usize>, usize)> = BTreeMap::new();
    for (document, entry) in audit.entries.iter().enumerate() {
        for name in entry.runs.iter().filter(|run| run.is_spam).flat_map(&names) {
            let (documents, runs) = found.entry(name).or_default();
            documents.insert(document);
            *runs += 1;
        }
    }
    let mut campaigns: Vec<Campaign> = found
        .into_iter()
        .map(|(name, (documents, runs))| Campaign { name, documents: documents.len(), runs })
        .filter(|campaign| campaign.documents >= least)
        .collect();
    campaigns.sort_by(|a, b| (b.documents, b.runs).cmp(&(a.documents, a.runs)).then_with(|| a.name.cmp(&b.name)));
    campaigns
}
