//! The record of one file, and recognising by it what is done.

use std::ops::AddAssign;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::Worker;
use crate::clean::record::{self, Origin, VERSION};
use crate::source::{Container, Input, compression};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It was read to its end.
    Done,
    /// It is cut off or damaged; the records before that were done.
    Damaged,
    /// It could not be processed; there is no output.
    Failed,
}

/// What became of the records of a file: `records = kept + dropped + empty + passed + bad`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records read.
    pub records: u64,
    /// Records written.
    pub kept: u64,
    /// Of those written, the ones something was removed from.
    pub cleaned: u64,
    /// Records with nothing genuine in them, not written.
    pub dropped: u64,
    /// Pages without text, not written.
    pub empty: u64,
    /// Records of a web archive that are no documents: requests, metadata, images, errors; not written.
    pub passed: u64,
    /// Records that could not be processed; they are in the rejects.
    pub bad: u64,
    /// Bytes of the texts that were judged.
    pub text_bytes: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.records += other.records;
        self.kept += other.kept;
        self.cleaned += other.cleaned;
        self.dropped += other.dropped;
        self.empty += other.empty;
        self.passed += other.passed;
        self.bad += other.bad;
        self.text_bytes += other.text_bytes;
    }
}

/// The manifest of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the record.
    pub v: u32,
    /// The input as it was named.
    pub path: String,
    /// Its place under the input folder, `/` between folders.
    pub relative: String,
    /// The clean file under the output folder; `None` when there is none.
    pub output: Option<String>,
    /// The file of rejects under the audit folder; `None` when no record was bad.
    pub rejects: Option<String>,
    /// How the input keeps its records.
    pub container: Option<Container>,
    /// What became of it.
    pub status: Status,
    /// Why it is damaged or failed.
    pub error: Option<String>,
    /// What became of its records.
    #[serde(flatten)]
    pub counts: Counts,
    /// SHA-256 of the input file.
    pub sha256_in: Option<String>,
    /// Size of the input file.
    pub bytes_in: u64,
    /// SHA-256 of the output file.
    pub sha256_out: Option<String>,
    /// Size of the output file.
    pub bytes_out: u64,
    /// Identity of the model.
    pub model: String,
    /// Identity of the options.
    pub config: String,
}

/// A line of a file of rejects: a record that could not be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// Version of the record.
    pub v: u32,
    /// The file it stands in, as it was named.
    pub path: String,
    /// Its 1-based number: line, record or row.
    pub record: u64,
    /// The byte of the decompressed file at which it starts.
    pub offset: u64,
    /// Its name, if it could be read.
    pub id: Option<String>,
    /// What is wrong with it.
    pub error: String,
}

impl Manifest {
    /// The manifest of a file that failed, and what others start from.
    pub fn failed(input: &Input, origin: &Origin, error: String) -> Self {
        Self {
            v: VERSION,
            path: record::name(&input.path),
            relative: record::name(&input.relative),
            output: None,
            rejects: None,
            container: None,
            status: Status::Failed,
            error: Some(error),
            counts: Counts::default(),
            sha256_in: None,
            bytes_in: 0,
            sha256_out: None,
            bytes_out: 0,
            model: origin.model.clone(),
            config: origin.config.clone(),
        }
    }
}

/// The place of a file's manifest under the audit folder.
pub(super) fn name(relative: &Path) -> PathBuf {
    with_suffix(relative, ".manifest.json")
}

/// The place of a file's rejects under the audit folder.
pub(super) fn rejects_name(relative: &Path) -> PathBuf {
    with_suffix(relative, ".rejects.jsonl")
}

fn with_suffix(relative: &Path, suffix: &str) -> PathBuf {
    let mut name = relative.as_os_str().to_os_string();
    name.push(suffix);
    name.into()
}

/// The manifest at `path`, if it is that of `input` as it is now, of the same model and options, with its output in place.
pub(super) fn known(path: &Path, input: &Input, worker: &Worker<'_>) -> Option<Manifest> {
    let manifest: Manifest = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    let same = manifest.v == VERSION
        && manifest.status != Status::Failed
        && (&manifest.model, &manifest.config) == (&worker.origin.model, &worker.origin.config)
        && manifest.relative == record::name(&input.relative);
    let output = worker.corpus.place(&worker.job.output_name(input).ok()?).ok()?;
    let rejects = worker.audit.place(&rejects_name(&input.relative)).ok()?;
    let matches =
        |path: &Path, sha256: &Option<String>| compression::digest(path).ok().map(|(found, _)| found) == *sha256;
    let whole = same
        && (manifest.rejects.is_none() || rejects.exists())
        && manifest.sha256_out.is_some()
        && matches(&output, &manifest.sha256_out)
        && matches(&input.path, &manifest.sha256_in);
    whole.then_some(manifest)
}
