//! Files of records: each input becomes one output and one manifest, whatever else is at work beside it.
//!
//! A file is the unit of distribution. Its output and its manifest depend on its content, the model and the options alone, so
//! any scheduler can hand files to any number of processes, kill them and start them again.

mod feed;
mod ledger;
mod manifest;
mod outcome;
mod output;
mod packer;
mod page;
#[cfg(feature = "parquet")]
mod parquet;
mod rejects;
mod shard;
pub mod sketch;

use std::collections::BTreeMap;
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub use manifest::{Counts, Manifest, Reject, Status};

use super::corpus::Corpus;
use super::record::{self, Origin};
use super::row::Options;
use super::{guard, pipeline};
use crate::source::{Container, Input};
use crate::verdict::Judge;
use crate::{Error, Result};

/// What to clean, and where to.
#[derive(Debug, Clone)]
pub struct Job {
    /// The files, in the order they are worked on; none may share its place with another.
    pub inputs: Vec<Input>,
    /// The folders they were found in, which must not be written to.
    pub folders: Vec<PathBuf>,
    /// The folder for clean records.
    pub out: PathBuf,
    /// The folder for manifests and rejects.
    pub audit: PathBuf,
    /// How the files keep their records; by default their names tell.
    pub container: Option<Container>,
    /// Which fields, and how to clean.
    pub options: Options,
    /// Number of threads that clean; 0 for one a core. Two more read and write.
    pub jobs: usize,
    /// Files that earlier runs finished are not done again.
    pub resume: bool,
    /// Set to end the run early; the file being worked on is given up.
    pub stop: Arc<AtomicBool>,
}

impl Job {
    /// A job with default options and the audit beside `out`.
    pub fn new(inputs: Vec<Input>, out: PathBuf) -> Self {
        let (audit, stop) = (guard::beside(&out), Arc::default());
        let (folders, options) = (Vec::new(), Options::default());
        Self { inputs, folders, out, audit, container: None, options, jobs: 0, resume: false, stop }
    }

    fn container(&self, input: &Input) -> Result<Container> {
        self.container.or_else(|| Container::by_name(&input.relative)).ok_or_else(|| {
            Error::document(&input.path, "its name does not tell how it keeps records; name it with --format")
        })
    }

    /// The name of the input's output under the folder for clean records.
    fn output_name(&self, input: &Input) -> Result<PathBuf> {
        Ok(self.container(input)?.output_name(&input.relative))
    }
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files processed.
    pub files: usize,
    /// Files recognised as done by an earlier run.
    pub resumed: usize,
    /// Files that could not be processed at all.
    pub failed: usize,
    /// Files of which only the part before damage could be read.
    pub damaged: usize,
    /// What became of their records.
    pub counts: Counts,
    /// The run was ended early.
    pub interrupted: bool,
}

impl Summary {
    /// True when everything could be processed.
    pub fn is_clean(&self) -> bool {
        self.failed + self.damaged == 0 && self.counts.bad == 0
    }

    fn count(&mut self, manifest: &Manifest, resumed: bool) {
        self.files += 1;
        self.resumed += usize::from(resumed);
        self.failed += usize::from(manifest.status == Status::Failed);
        self.damaged += usize::from(manifest.status == Status::Damaged);
        self.counts += manifest.counts;
    }
}

/// Cleans every file. One that fails has a manifest that says so, and the others are done. `tell` is called once a file, in
/// order, with its manifest and whether an earlier run made it.
///
/// # Errors
/// [`Error::Usage`] for folders in each other's way or two files for one output, [`Error::Locked`] when a run over documents
/// is at work there, [`Error::Write`] when a manifest cannot be written.
pub fn run(job: &Job, judge: &dyn Judge, tell: &mut dyn FnMut(&Manifest, bool)) -> Result<Summary> {
    guard::check(&pipeline::Job {
        folders: job.folders.clone(),
        audit: job.audit.clone(),
        ..pipeline::Job::new(job.inputs.clone(), job.out.clone())
    })?;
    distinct(job)?;
    let worker = Worker::new(job, judge)?;
    let mut summary = Summary::default();
    for input in &job.inputs {
        let Some((manifest, resumed)) = worker.file(input)? else {
            summary.interrupted = true;
            break;
        };
        summary.count(&manifest, resumed);
        tell(&manifest, resumed);
    }
    Ok(summary)
}

/// Refuses two files that would be written to one place.
fn distinct(job: &Job) -> Result<()> {
    let mut places: BTreeMap<PathBuf, &Path> = BTreeMap::new();
    for input in &job.inputs {
        let Ok(place) = job.output_name(input) else { continue };
        if let Some(other) = places.insert(place.clone(), &input.path) {
            let (one, two, place) = (other.display(), input.path.display(), place.display());
            return Err(Error::Usage(format!(
                "`{one}` and `{two}` would both be written to `{place}`; name their folder instead, or clean them in two runs"
            )));
        }
    }
    Ok(())
}

/// What a result depends on besides the file and the model.
fn config_id(job: &Job) -> String {
    let options = serde_json::to_string(&(job.container, &job.options)).unwrap_or_default();
    record::sha256(format!("{} bulk {options}", env!("CARGO_PKG_VERSION")).as_bytes())[..12].to_owned()
}

struct Worker<'a> {
    job: &'a Job,
    judge: &'a dyn Judge,
    corpus: Corpus,
    audit: Corpus,
    origin: Origin,
    pool: rayon::ThreadPool,
    _locks: [File; 2],
}

impl<'a> Worker<'a> {
    fn new(job: &'a Job, judge: &'a dyn Judge) -> Result<Self> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(job.jobs).build();
        let pool =
            pool.map_err(|e| Error::Usage(format!("cannot start {} threads: {e}; use a smaller --jobs", job.jobs)))?;
        let (corpus, audit) = (Corpus::open(&job.out)?, Corpus::open(&job.audit)?);
        let locks = [output::share(corpus.root())?, output::share(audit.root())?];
        let origin = Origin { model: judge.id(), config: config_id(job) };
        Ok(Self { job, judge, corpus, audit, origin, pool, _locks: locks })
    }

    /// Does one file, come what may; `None` when the run is to end.
    fn file(&self, input: &Input) -> Result<Option<(Manifest, bool)>> {
        if self.job.stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        let name = manifest::name(&input.relative);
        if self.job.resume
            && let Some(known) = manifest::known(&self.audit.place(&name)?, input, self)
        {
            return Ok(Some((known, true)));
        }
        // A file can be damaged in ways that the reader of its format does not expect.
        let cleaned = catch_unwind(AssertUnwindSafe(|| self.clean(input)))
            .unwrap_or_else(|payload| Err(super::panicked(&input.path, payload.as_ref())));
        let manifest = match cleaned {
            Ok(None) => return Ok(None),
            Ok(Some(manifest)) => manifest,
            // Another process is at it; its manifest must not be written over.
            Err(error @ Error::Locked { .. }) => {
                return Ok(Some((Manifest::failed(input, &self.origin, error.to_string()), false)));
            }
            Err(error) => {
                if let Ok(output) = self.job.output_name(input) {
                    self.corpus.discard(&output);
                }
                Manifest::failed(input, &self.origin, error.to_string())
            }
        };
        super::corpus::write_whole(&self.audit, &name, record::line(&manifest).as_bytes())?;
        Ok(Some((manifest, false)))
    }

    fn clean(&self, input: &Input) -> Result<Option<Manifest>> {
        let container = self.job.container(input)?;
        let relative = container.output_name(&input.relative);
        self.corpus.place(&relative)?;
        match container {
            Container::Jsonl | Container::Warc => shard::clean(self, input, container, &relative),
            #[cfg(feature = "parquet")]
            Container::Parquet => parquet::clean(self, input, &relative),
            #[cfg(not(feature = "parquet"))]
            Container::Parquet => Err(Error::document(
                &input.path,
                "this weedout was built without Parquet; build it with `cargo install weedout --features parquet`",
            )),
        }
    }
}
