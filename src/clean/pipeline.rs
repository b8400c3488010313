//! A run over many documents: in parallel, in bounded memory, with its results in the order of the inputs.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::audit::Audit;
use super::corpus::{Corpus, Staged};
use super::record::{self, Manifest, Origin, Removed, Status};
use super::resume::Previous;
use super::{Cleaned, Settings, guard, panicked};
use crate::block::Format;
use crate::source::{Input, format, read};
use crate::verdict::Judge;
use crate::{Error, Result};

/// A batch holds at most so many documents: enough to keep every core busy and to share a flush to disk.
const BATCH_DOCUMENTS: usize = 1024;
/// A batch holds about so many bytes of input, which with their results bounds memory.
const BATCH_BYTES: u64 = 64 << 20;
/// Up to so many files are flushed one by one; more, with one call for the whole file system, which may have the data of
/// other programs to write as well.
const FLUSH_SINGLY: usize = 32;

/// What to clean, and where to.
#[derive(Debug, Clone)]
pub struct Job {
    /// The documents, in the order of the records; none may share its place with another.
    pub inputs: Vec<Input>,
    /// The folders they were found in, which must not be written to.
    pub folders: Vec<PathBuf>,
    /// The folder for clean text.
    pub out: PathBuf,
    /// The folder for records.
    pub audit: PathBuf,
    /// How to clean.
    pub settings: Settings,
    /// Number of threads; 0 for one a core.
    pub jobs: usize,
    /// Documents that earlier runs finished are not done again.
    pub resume: bool,
    /// Set to end the run early, between two batches.
    pub stop: Arc<AtomicBool>,
}

impl Job {
    /// A job with default settings and the audit beside `out`.
    pub fn new(inputs: Vec<Input>, out: PathBuf) -> Self {
        let audit = guard::beside(&out);
        let (folders, settings, stop) = (Vec::new(), Settings::default(), Arc::default());
        Self { inputs, folders, out, audit, settings, jobs: 0, resume: false, stop }
    }
}

/// What a run tells while it works.
#[derive(Debug)]
pub enum Event<'a> {
    /// The number of documents, once.
    Started(usize),
    /// A document of so many bytes was worked on; from any thread, in any order.
    Worked(u64),
    /// A document is finished, in order of the inputs.
    Finished {
        /// Its record.
        row: &'a Manifest,
        /// What was removed, at a glance.
        digest: &'a Digest,
    },
}

/// What was removed from a document, at a glance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digest {
    /// First and last line of each run of removed blocks.
    pub runs: Vec<(u32, u32)>,
    /// The rules that spoke for it, strongest first.
    pub rules: Vec<String>,
    /// Number of parts cut from blocks that stay.
    pub cuts: usize,
}

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Documents processed.
    pub documents: usize,
    /// Documents nothing was removed from.
    pub untouched: usize,
    /// Documents something was removed from.
    pub cleaned: usize,
    /// Documents with nothing genuine in them.
    pub rejected: usize,
    /// Documents with nothing in them.
    pub empty: usize,
    /// Documents that could not be processed.
    pub failed: usize,
    /// Documents recognised as done by an earlier run.
    pub resumed: usize,
    /// Blocks removed.
    pub removed: usize,
    /// Words kept.
    pub words_kept: usize,
    /// The run was ended early.
    pub interrupted: bool,
}

impl Summary {
    fn count(&mut self, row: &Manifest) {
        self.documents += 1;
        self.removed += row.removed;
        self.words_kept += row.words_kept;
        *match row.status {
            Status::Untouched => &mut self.untouched,
            Status::Cleaned => &mut self.cleaned,
            Status::Rejected => &mut self.rejected,
            Status::Empty => &mut self.empty,
            Status::Failed => &mut self.failed,
        } += 1;
    }
}

/// Cleans every input and writes corpus and audit. A document that fails is recorded and the others are done.
///
/// # Errors
/// [`Error::Usage`] for folders in each other's way, [`Error::Locked`] when another run is at work there, [`Error::Write`]
/// when the audit cannot be written.
pub fn run(job: &Job, judge: &dyn Judge, tell: &(dyn Fn(Event<'_>) + Sync)) -> Result<Summary> {
    guard::check(job)?;
    let names = outputs(&job.inputs, &job.settings)?;
    let corpus = Corpus::open(&job.out)?;
    let mut audit = Audit::open(&job.audit, &job.out, job.resume)?;
    let previous = if job.resume { Previous::load(&job.audit) } else { Previous::default() };
    let origin = Origin { model: judge.id(), config: config_id(&job.settings) };
    let worker = Worker { job, judge, corpus: &corpus, previous: &previous, origin: &origin, names: &names, tell };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(job.jobs).build();
    let pool =
        pool.map_err(|e| Error::Usage(format!("cannot start {} threads: {e}; use a smaller --jobs", job.jobs)))?;
    tell(Event::Started(job.inputs.len()));
    let mut summary = Summary::default();
    for batch in batches(&job.inputs) {
        if job.stop.load(Ordering::Relaxed) {
            summary.interrupted = true;
            return Ok(summary);
        }
        let done =
            pool.install(|| batch.par_iter().map(|input| worker.work(input, batch.len() <= FLUSH_SINGLY)).collect());
        worker.publish(done, &mut audit, &mut summary)?;
    }
    audit.finish()?;
    Ok(summary)
}

/// Identifies what, besides document and model, a result depends on.
pub fn config_id(settings: &Settings) -> String {
    let settings = serde_json::to_string(settings).unwrap_or_default();
    record::sha256(format!("{} {settings}", env!("CARGO_PKG_VERSION")).as_bytes())[..12].to_owned()
}

/// The place of a clean document in the corpus: that of the input, with `.txt` or `.md` added for pages.
pub fn output_name(relative: &Path, format: Option<Format>, markdown: bool) -> PathBuf {
    if format != Some(Format::Html) {
        return relative.to_path_buf();
    }
    let mut name = relative.as_os_str().to_os_string();
    name.push(if markdown { ".md" } else { ".txt" });
    name.into()
}

/// The places the inputs take by their names, sorted; two for one place are an error.
fn outputs(inputs: &[Input], settings: &Settings) -> Result<Vec<PathBuf>> {
    let place = |input: &Input| {
        let format = settings.format.or_else(|| format::by_name(&input.relative));
        output_name(&input.relative, format, settings.markdown)
    };
    let mut places: Vec<(PathBuf, &Path)> = inputs.iter().map(|input| (place(input), input.path.as_path())).collect();
    places.sort();
    if let Some(pair) = places.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        let (one, other, place) = (pair[0].1.display(), pair[1].1.display(), pair[0].0.display());
        return Err(Error::Usage(format!(
            "`{one}` and `{other}` would both be written to `{place}`; clean them in two runs"
        )));
    }
    Ok(places.into_iter().map(|(place, _)| place).collect())
}

/// Splits inputs into runs that fit in memory.
fn batches(inputs: &[Input]) -> impl Iterator<Item = &[Input]> {
    let size = |input: &Input| match &input.bytes {
        Some(bytes) => bytes.len() as u64,
        None => std::fs::metadata(&input.path).map_or(0, |metadata| metadata.len()),
    };
    let mut rest = inputs;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |input: &&Input| {
            let fits = bytes < BATCH_BYTES;
            bytes += size(input);
            fits
        };
        let count = rest.iter().take(BATCH_DOCUMENTS).take_while(fits).count();
        let (batch, others) = rest.split_at(count);
        rest = others;
        (!batch.is_empty()).then_some(batch)
    })
}

/// What working on a document came to.
struct Done {
    row: Manifest,
    relative: PathBuf,
    removed: String,
    staged: Option<Staged>,
    digest: Digest,
    resumed: bool,
}

struct Worker<'a> {
    job: &'a Job,
    judge: &'a dyn Judge,
    corpus: &'a Corpus,
    previous: &'a Previous,
    origin: &'a Origin,
    names: &'a [PathBuf],
    tell: &'a (dyn Fn(Event<'_>) + Sync),
}

impl Worker<'_> {
    /// Does one document, come what may.
    fn work(&self, input: &Input, sync: bool) -> Done {
        let attempt = catch_unwind(AssertUnwindSafe(|| self.attempt(input, sync)));
        attempt.unwrap_or_else(|payload| Err(panicked(&input.path, payload.as_ref()))).unwrap_or_else(|error| Done {
            row: Manifest::failed(&input.path, &input.relative, self.origin, error.to_string()),
            relative: input.relative.clone(),
            removed: String::new(),
            staged: None,
            digest: Digest::default(),
            resumed: false,
        })
    }

    fn attempt(&self, input: &Input, sync: bool) -> Result<Done> {
        let bytes =
            input.bytes.as_deref().map_or_else(|| read::read(&input.path).map(Cow::Owned), |b| Ok(Cow::Borrowed(b)))?;
        let sha256 = record::sha256(&bytes);
        let known = self.previous.find(&input.path, &input.relative, &sha256, self.origin, self.corpus.root());
        let done = match known {
            Some((row, removed)) => {
                let (relative, digest) = (input.relative.clone(), Digest::default());
                Done { row, relative, removed, staged: None, digest, resumed: true }
            }
            None => self.clean(input, &bytes, sha256, sync)?,
        };
        (self.tell)(Event::Worked(bytes.len() as u64));
        Ok(done)
    }

    fn clean(&self, input: &Input, bytes: &[u8], sha256: String, sync: bool) -> Result<Done> {
        let cleaned = super::document(&input.path, bytes, &self.job.settings, self.judge)?;
        let relative = output_name(&input.relative, Some(cleaned.format), self.job.settings.markdown);
        if relative != input.relative
            && format::by_name(&input.relative).is_none()
            && self.names.binary_search(&relative).is_ok()
        {
            let reason = format!("another input is written to `{}`; clean it in a run of its own", relative.display());
            return Err(Error::document(&input.path, reason));
        }
        let mut row = Manifest::cleaned(&input.path, &input.relative, self.origin, &cleaned);
        row.sha256_in = Some(sha256);
        row.sha256_out = cleaned.output.as_deref().map(record::sha256);
        row.output = cleaned.output.as_ref().map(|_| record::name(&relative));
        let staged = cleaned.output.as_ref().map(|output| self.corpus.stage(&relative, output, sync)).transpose()?;
        let line = |removal| record::line(&Removed::new(&input.path, removal, &self.origin.model));
        let removed = cleaned.removed.iter().map(line).collect();
        Ok(Done { row, relative, removed, staged, digest: digest(&cleaned), resumed: false })
    }

    /// Puts a batch's outputs in place, then its records.
    fn publish(&self, mut batch: Vec<Done>, audit: &mut Audit, summary: &mut Summary) -> Result<()> {
        let synced = batch.len() <= FLUSH_SINGLY;
        let (at, staged): (Vec<usize>, Vec<Staged>) =
            batch.iter_mut().enumerate().filter_map(|(at, done)| Some((at, done.staged.take()?))).unzip();
        for (at, result) in at.into_iter().zip(self.corpus.commit(&staged, synced)) {
            if let Err(error) = result {
                batch[at].fail(self.origin, &error);
            }
        }
        batch.iter().filter(|done| done.row.output.is_none()).for_each(|done| self.corpus.discard(&done.relative));
        let documents: String = batch.iter().map(|done| record::line(&done.row)).collect();
        let removed: String = batch.iter().map(|done| done.removed.as_str()).collect();
        audit.append(&documents, &removed)?;
        for done in &batch {
            summary.count(&done.row);
            summary.resumed += usize::from(done.resumed);
            (self.tell)(Event::Finished { row: &done.row, digest: &done.digest });
        }
        Ok(())
    }
}

impl Done {
    fn fail(&mut self, origin: &Origin, error: &Error) {
        let path = PathBuf::from(&self.row.path);
        let place = self.row.place().unwrap_or_default();
        self.row = Manifest::failed(&path, &place, origin, error.to_string());
        self.removed.clear();
        self.digest = Digest::default();
    }
}

/// Joins neighbouring removed blocks to runs, and ranks the rules behind them.
fn digest(cleaned: &Cleaned) -> Digest {
    let mut found = Digest { cuts: cleaned.removed.len() - cleaned.whole_blocks().count(), ..Digest::default() };
    let mut last = None;
    let mut weights: std::collections::BTreeMap<&str, f32> = std::collections::BTreeMap::new();
    for removal in cleaned.whole_blocks() {
        match found.runs.last_mut().filter(|_| last.is_some_and(|last| removal.block <= last + 1)) {
            Some(run) => run.1 = removal.lines.1.max(run.1),
            None => found.runs.push(removal.lines),
        }
        last = Some(removal.block);
        for reason in removal.reasons.iter().filter(|reason| reason.log_odds > 0.0) {
            *weights.entry(&reason.rule).or_default() += reason.log_odds;
        }
    }
    let mut ranked: Vec<(&str, f32)> = weights.into_iter().collect();
    ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
    found.rules = ranked.into_iter().map(|(rule, _)| rule.to_owned()).collect();
    found
}
