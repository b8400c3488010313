//! Reading an audit.

use std::collections::BTreeMap;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::neighbour::Kept;
use super::run::{self, Run};
use crate::clean::audit::{MANIFEST, REMOVED};
use crate::clean::record::{Manifest, Removed, Status};
use crate::{Error, Result};

/// Documents in the order of the manifest, with what was removed from each.
pub(super) struct Audit {
    pub(super) entries: Vec<Entry>,
}

pub(super) struct Entry {
    pub(super) row: Manifest,
    pub(super) runs: Vec<Run>,
}

impl Entry {
    /// Share of the words that went, 0 to 1.
    pub(super) fn share(&self) -> f32 {
        if self.row.words_in == 0 { 0.0 } else { 1.0 - self.row.words_kept as f32 / self.row.words_in as f32 }
    }

    /// True for a document that kept nearly nothing though it had something.
    pub(super) fn is_doubtful(&self, few: usize) -> bool {
        matches!(self.row.status, Status::Cleaned | Status::Rejected) && self.row.words_kept < few
    }
}

pub(super) fn read(folder: &Path) -> Result<Audit> {
    let mut taken: BTreeMap<String, Vec<Removed>> = BTreeMap::new();
    for record in records::<Removed>(&folder.join(REMOVED))? {
        taken.entry(record.path.clone()).or_default().push(record);
    }
    let rows = records::<Manifest>(&folder.join(MANIFEST))?;
    let entries = rows.into_iter().map(|row| {
        let removed = taken.remove(&row.path).unwrap_or_default();
        let kept = Kept::of(&row, &removed);
        Entry { runs: run::runs(&removed, &kept), row }
    });
    Ok(Audit { entries: entries.collect() })
}

fn records<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
    let wrong = |line: usize, error: &serde_json::Error| Error::Record {
        path: path.to_path_buf(),
        line,
        reason: format!("no record of this version ({error}); run `weedout clean` again"),
    };
    (1..)
        .zip(text.lines())
        .map(|(line, text)| serde_json::from_str(text).map_err(|error| wrong(line, &error)))
        .collect()
}
