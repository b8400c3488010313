//! Checking many documents in parallel.

use std::borrow::Cow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use rayon::prelude::*;

use super::{Checked, Silence, diff, document, fix};
use crate::clean::record::name;
use crate::clean::{Settings, panicked};
use crate::report::{Extent, Failure, Finding, Notice, Outcome, Summary};
use crate::source::{Input, read};
use crate::verdict::Judge;
use crate::{Error, Result};

/// What to do with spam besides telling of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    #[default]
    Report,
    /// Say what a fix would change.
    Diff,
    /// Cut it out of the file. Of standard input, the text without it is kept.
    Fix,
}

/// What to check, and how.
#[derive(Debug, Default)]
pub struct Job {
    /// The documents, in the order of the findings.
    pub inputs: Vec<Input>,
    /// How to judge.
    pub settings: Settings,
    /// What to be silent about.
    pub silence: Silence,
    /// Ignore comments in documents are heeded.
    pub comments: bool,
    /// What to do with spam.
    pub action: Action,
    /// Number of threads; 0 for one a core.
    pub jobs: usize,
}

/// A run of checks.
#[derive(Debug, Default)]
pub struct Ran {
    /// What was found and is still there.
    pub outcome: Outcome,
    /// Findings that were cut from files.
    pub fixed: Vec<Finding>,
    /// Diffs of documents that a fix would change, one after the other.
    pub diff: String,
    /// Standard input without its spam, after [`Action::Fix`].
    pub text: Option<Vec<u8>>,
}

/// What became of one document.
#[derive(Default)]
struct Done {
    findings: Vec<Finding>,
    silenced: Vec<Finding>,
    fixed: Vec<Finding>,
    notices: Vec<Notice>,
    diff: String,
    text: Option<Vec<u8>>,
    failure: Option<Error>,
}

/// Checks every input; one that fails is told and the others are done. `tell` gets the size of each document done, in
/// bytes, and the number of its findings, from any thread.
///
/// # Errors
/// [`Error::Usage`] when the threads cannot be started.
pub fn run(job: &Job, judge: &dyn Judge, tell: &(dyn Fn(u64, usize) + Sync)) -> Result<Ran> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(job.jobs).build();
    let pool =
        pool.map_err(|e| Error::Usage(format!("cannot start {} threads: {e}; use a smaller --jobs", job.jobs)))?;
    let done: Vec<Done> = pool.install(|| job.inputs.par_iter().map(|input| work(job, judge, input, tell)).collect());
    let mut ran = Ran::default();
    ran.outcome.model = judge.id();
    for (input, done) in job.inputs.iter().zip(done) {
        add(&mut ran, input, done);
    }
    Ok(ran)
}

/// Does one document, come what may.
fn work(job: &Job, judge: &dyn Judge, input: &Input, tell: &(dyn Fn(u64, usize) + Sync)) -> Done {
    let attempt = catch_unwind(AssertUnwindSafe(|| attempt(job, judge, input, tell)));
    attempt
        .unwrap_or_else(|payload| Err(panicked(&input.path, payload.as_ref())))
        .unwrap_or_else(|error| Done { failure: Some(error), ..Done::default() })
}

fn attempt(job: &Job, judge: &dyn Judge, input: &Input, tell: &(dyn Fn(u64, usize) + Sync)) -> Result<Done> {
    let bytes =
        input.bytes.as_deref().map_or_else(|| read::read(&input.path).map(Cow::Owned), |b| Ok(Cow::Borrowed(b)))?;
    let checked = document(&input.path, &bytes, &job.settings, &job.silence, job.comments, judge)?;
    tell(bytes.len() as u64, checked.findings.len());
    Ok(act(job.action, input, &bytes, checked))
}

fn act(action: Action, input: &Input, bytes: &[u8], checked: Checked) -> Done {
    let acted = match action {
        Action::Report => Ok(Done::default()),
        Action::Diff => difference(input, bytes, &checked),
        Action::Fix => repair(input, bytes, &checked),
    };
    // What could not be acted on is still found.
    let mut done = acted.unwrap_or_else(|error| Done { failure: Some(error), ..Done::default() });
    let fixed = action == Action::Fix && done.failure.is_none();
    (done.fixed, done.findings) =
        checked.findings.into_iter().partition(|finding| fixed && finding.extent != Extent::Field);
    (done.silenced, done.notices) = (checked.silenced, checked.notices);
    done
}

fn difference(input: &Input, bytes: &[u8], checked: &Checked) -> Result<Done> {
    let fixed = checked.fixed(&input.path, bytes)?;
    let diff = if checked.gone.is_empty() { String::new() } else { diff::unified(&input.path, bytes, &fixed)? };
    Ok(Done { diff, ..Done::default() })
}

fn repair(input: &Input, bytes: &[u8], checked: &Checked) -> Result<Done> {
    let fixed = checked.fixed(&input.path, bytes)?;
    if input.bytes.is_some() {
        return Ok(Done { text: Some(fixed.into_owned()), ..Done::default() });
    }
    if !checked.gone.is_empty() {
        fix::write(&input.path, bytes, &fixed)?;
    }
    Ok(Done::default())
}

fn add(ran: &mut Ran, input: &Input, done: Done) {
    let (outcome, path) = (&mut ran.outcome, name(&input.path));
    let sum: &mut Summary = &mut outcome.summary;
    sum.documents += 1;
    sum.polluted += usize::from(!done.findings.is_empty());
    sum.findings += done.findings.len();
    sum.silenced += done.silenced.len();
    sum.fixed += done.fixed.len();
    sum.failed += usize::from(done.failure.is_some());
    outcome.findings.extend(done.findings);
    outcome.silenced.extend(done.silenced);
    outcome.notices.extend(done.notices);
    outcome.failures.extend(done.failure.map(|error| Failure { path: path.clone(), error: error.to_string() }));
    outcome.documents.push(path);
    ran.fixed.extend(done.fixed);
    ran.diff.push_str(&done.diff);
    ran.text = done.text.or(ran.text.take());
}
