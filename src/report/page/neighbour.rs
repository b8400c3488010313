//! The kept text around what was removed, from the input itself, as long as it is there and unchanged.

use std::collections::BTreeSet;
use std::path::Path;

use crate::block::{Options, parse};
use crate::clean::record::{Manifest, Part, Removed, sha256};
use crate::report::escape;
use crate::source::{decode, read};

/// Characters of a neighbour that are shown.
const SHOWN: usize = 160;

/// The texts of a document's blocks, those that went whole left empty.
#[derive(Default)]
pub(super) struct Kept {
    texts: Vec<String>,
}

impl Kept {
    pub(super) fn of(row: &Manifest, removed: &[Removed]) -> Self {
        if removed.is_empty() { Self::default() } else { Self::read(row, removed).unwrap_or_default() }
    }

    fn read(row: &Manifest, removed: &[Removed]) -> Option<Self> {
        let path = Path::new(&row.path);
        let (format, bytes) = (row.format?, read::read(path).ok()?);
        if row.sha256_in.as_deref() != Some(&sha256(&bytes)) {
            return None;
        }
        let decoded = decode(path, &bytes, format == crate::block::Format::Html).ok()?;
        let gone: BTreeSet<usize> =
            removed.iter().filter(|record| matches!(record.kind, Part::Block(_))).map(|record| record.block).collect();
        let document = parse(&decoded.text, format, &Options::default());
        let text = |(index, block): (usize, &crate::block::Block<'_>)| {
            if gone.contains(&index) { String::new() } else { escape::line(&block.text, SHOWN) }
        };
        Some(Self { texts: document.blocks.iter().enumerate().map(text).collect() })
    }

    /// The kept text before block `first` and after block `last`; of a part of a block, the block itself as what is before.
    pub(super) fn around(&self, first: usize, last: usize, whole: bool) -> (String, String) {
        let mut before = self.texts.iter().take(if whole { first } else { first + 1 }).rev();
        let mut after = self.texts.iter().skip(last + 1);
        let full = |text: &&String| !text.is_empty();
        (before.find(full).cloned().unwrap_or_default(), after.find(full).cloned().unwrap_or_default())
    }
}
