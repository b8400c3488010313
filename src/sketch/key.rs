//! What is counted: runs of short blocks, and hosts that are linked to.

use sha2::{Digest, Sha256};

use crate::block::{Block, Document, Link};
use crate::signal::survey::same_site;
use crate::signal::{unit, view};
use crate::verdict::{Label, Verdict};

/// Blocks in a run.
const RUN: usize = 3;
/// Words of the longest block of a run. Prose never makes one.
const SHORT: usize = 12;

/// Something that documents have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(u64);

/// A key of a document, and what it was judged to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// The key.
    pub key: Key,
    /// It was judged spam; genuine or furniture otherwise.
    pub spam: bool,
}

impl Key {
    /// A host that is linked to.
    pub fn host(host: &str) -> Self {
        Self(hash(&["host", host]))
    }

    /// Three blocks that follow one another, by their [`views`]; `None` unless all of them have one.
    pub(super) fn run(views: &[Option<String>]) -> Option<Self> {
        let [Some(one), Some(two), Some(three)] = views else { return None };
        Some(Self(hash(&["run", one, two, three])))
    }

    pub(super) fn hash(self) -> u64 {
        self.0
    }
}

/// What each block says, if it is short and says something. What differs in case, digits or invisible characters alone is
/// the same.
pub(super) fn views(document: &Document<'_>) -> Vec<Option<String>> {
    let short = |block: &Block<'_>| (1..=SHORT).contains(&unit::words(&block.text));
    let view = |block: &Block<'_>| short(block).then(|| view::fold(&block.text).trim().to_owned());
    document.blocks.iter().map(view).collect()
}

/// The same everywhere and for ever, since sketches of many machines meet.
pub(super) fn hash(parts: &[&str]) -> u64 {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let digest = hash.finalize();
    digest.iter().take(8).fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// The hosts a block links to, other than the document's own.
pub(super) fn targets(block: &Block<'_>, own: Option<&str>) -> Vec<String> {
    let foreign = |target: &String| !own.is_some_and(|own| same_site(own, target));
    let mut targets: Vec<String> = block.links.iter().filter_map(Link::host).filter(foreign).collect();
    targets.sort_unstable();
    targets.dedup();
    targets
}

/// What a document has, judged as `verdicts` say. A run that is neither all spam nor without spam tells nothing.
pub fn marks(document: &Document<'_>, host: Option<&str>, verdicts: &[Verdict]) -> Vec<Mark> {
    let spam: Vec<bool> = verdicts.iter().map(|verdict| verdict.label == Label::Spam).collect();
    let views = views(document);
    let runs = views.windows(RUN).zip(spam.windows(RUN)).filter_map(|(views, spam)| {
        let same = spam.iter().all(|one| *one == spam[0]);
        let key = same.then(|| Key::run(views)).flatten()?;
        Some(Mark { key, spam: spam[0] })
    });
    let hosts = document.blocks.iter().zip(&spam).flat_map(|(block, &spam)| {
        targets(block, host).into_iter().map(move |target| Mark { key: Key::host(&target), spam })
    });
    runs.chain(hosts).collect()
}

/// Indices of the blocks that the run starting at block `at` covers.
pub(super) fn covered(at: usize) -> std::ops::Range<usize> {
    at..at + RUN
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::block::text;

    #[test]
    fn runs_are_of_short_blocks_and_do_not_know_case() {
        let key = |source: &str| Key::run(&views(&text::parse(source)));
        assert_eq!(key("Casino one\nCasino two\nthree\n"), key("CASINO ONE\ncasino two\nThree\n"));
        assert_ne!(key("a b\nc\nd\n"), key("a\nb c\nd\n"));
        assert!(key("one\ntwo\n").is_none());
        assert!(
            key("one\ntwo\nWe went down to the harbour again and waited for the boat until it was dark.\n").is_none()
        );
    }
}
