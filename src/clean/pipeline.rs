//! A run over many documents: in parallel, in bounded memory, with its results in the order of the inputs.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::thread::available_parallelism;
use std::time::Duration;

use super::audit::Audit;
use super::corpus::Corpus;
use super::crew::{Crew, Desk, crew};
use super::record::{self, Manifest, Origin, Status};
use super::resume::Previous;
use super::worker::{Done, Worker};
use super::{Digest, Settings, guard};
use crate::block::Format;
use crate::source::{Input, format};
use crate::verdict::Judge;
use crate::{Error, Result};

/// A batch holds at most so many documents: enough to keep every core busy and to share a flush to disk. Two batches are in
/// memory at a time, one being worked on, one being written.
const BATCH_DOCUMENTS: usize = 512;
/// A batch holds about so many bytes of input, which with their results bounds memory: records of lists of nothing but spam
/// take some twenty times their text.
const BATCH_BYTES: u64 = 8 << 20;
/// In runs of up to so many documents files are flushed one by one; else with one call a batch for the whole file system,
/// which may have the data of other programs to write as well.
const FLUSH_SINGLY: usize = 32;
/// How long a document may take for each MiB of it, unless told otherwise. Ordinary documents take a fiftieth of a second.
pub const LIMIT: Duration = Duration::from_secs(30);

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
    /// The time a document may take for each MiB of it that is begun; then it is given up and fails.
    pub limit: Duration,
    /// Set to end the run early; documents being worked on are finished.
    pub stop: Arc<AtomicBool>,
}

impl Job {
    /// A job with default settings and the audit beside `out`.
    pub fn new(inputs: Vec<Input>, out: PathBuf) -> Self {
        let audit = guard::beside(&out);
        let (folders, settings, stop) = (Vec::new(), Settings::default(), Arc::default());
        Self { inputs, folders, out, audit, settings, jobs: 0, resume: false, limit: LIMIT, stop }
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
    /// Everything is done and written, or an error ended the run.
    Ended {
        /// What [`run`] returns next.
        result: &'a Result<Summary>,
        /// Threads that are still at work on documents given up, for nothing. [`run`] cannot return before they do: if one
        /// never does, only the end of the program ends it.
        stuck: usize,
    },
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
    /// Documents whose front matter reads like spam.
    pub suspect: usize,
    /// The run was ended early.
    pub interrupted: bool,
}

impl Summary {
    pub(super) fn count(&mut self, row: &Manifest) {
        self.documents += 1;
        self.removed += row.removed;
        self.words_kept += row.words_kept;
        self.suspect += usize::from(row.suspect_fields > 0);
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
    let audit = Audit::open(&job.audit, &job.out, job.resume)?;
    let previous = if job.resume { Previous::load(&job.audit) } else { Previous::default() };
    let origin = Origin { model: judge.id(), config: config_id(&job.settings) };
    let worker = Worker { job, judge, corpus: &corpus, previous: &previous, origin: &origin, names: &names, tell };
    let sync = job.inputs.len() <= FLUSH_SINGLY;
    let threads = if job.jobs == 0 { available_parallelism().map_or(1, usize::from) } else { job.jobs };
    let work = |item: usize, desk: &Desk| worker.work(item, sync, desk);
    tell(Event::Started(job.inputs.len()));
    crew(threads.min(job.inputs.len()), job.limit, &work, |crew| {
        let result = lead(&worker, crew, audit);
        tell(Event::Ended { result: &result, stuck: crew.stuck() });
        result
    })
}

/// Hands out the documents batch by batch and writes what comes back of one while the next is worked on.
fn lead(worker: &Worker<'_>, crew: &mut Crew<'_, '_, Option<Done>>, mut audit: Audit) -> Result<Summary> {
    let mut summary = Summary::default();
    let mut batches = batches(&worker.job.inputs);
    let mut begin = |crew: &Crew<'_, '_, _>| batches.next().inspect(|batch| crew.begin(batch.clone()));
    let mut batch = begin(crew);
    while let Some(current) = batch {
        batch = begin(crew);
        let done = worker.finish(crew, current.clone())?;
        summary.interrupted = done.len() < current.len();
        worker.publish(done, &mut audit, &mut summary)?;
        if summary.interrupted {
            // Ends at once, but for documents being worked on; what was written of them goes with them.
            batch.map(|next| worker.finish(crew, next)).transpose()?;
            return Ok(summary);
        }
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
fn batches(inputs: &[Input]) -> impl Iterator<Item = Range<usize>> {
    let size = |input: &Input| match &input.bytes {
        Some(bytes) => bytes.len() as u64,
        None => std::fs::metadata(&input.path).map_or(0, |metadata| metadata.len()),
    };
    let mut start = 0;
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |input: &&Input| {
            let fits = bytes < BATCH_BYTES;
            bytes += size(input);
            fits
        };
        let count = inputs[start..].iter().take(BATCH_DOCUMENTS).take_while(fits).count();
        let batch = start..start + count;
        start = batch.end;
        (count > 0).then_some(batch)
    })
}
