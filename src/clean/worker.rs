//! Working on the documents of a run.

use std::borrow::Cow;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::audit::Audit;
use super::corpus::{Corpus, Staged};
use super::crew::{Crew, Desk};
use super::pipeline::{Event, Job, Summary, output_name};
use super::record::{self, Manifest, Origin, Status};
use super::resume::Previous;
use super::{Digest, line, panicked};
use crate::source::{Input, format, read};
use crate::verdict::Judge;
use crate::{Error, Result};

/// What working on a document came to.
pub(super) struct Done {
    row: Manifest,
    relative: PathBuf,
    removed: String,
    staged: Option<Staged>,
    digest: Digest,
    resumed: bool,
}

pub(super) struct Worker<'a> {
    pub(super) job: &'a Job,
    pub(super) judge: &'a dyn Judge,
    pub(super) corpus: &'a Corpus,
    pub(super) previous: &'a Previous,
    pub(super) origin: &'a Origin,
    pub(super) names: &'a [PathBuf],
    pub(super) tell: &'a (dyn Fn(Event<'_>) + Sync),
}

impl Worker<'_> {
    /// What came of a batch of documents that was begun: of all of them, or when the run is to end, of the first ones.
    pub(super) fn finish(&self, crew: &mut Crew<'_, '_, Option<Done>>, range: Range<usize>) -> Result<Vec<Done>> {
        let done = crew.finish(range, |item| Some(self.failed(&self.job.inputs[item], &self.late(item))))?;
        Ok(done.into_iter().map_while(|done| done).collect())
    }

    /// Does one document, come what may; `None` when the run is to end. `sync` has its output flushed at once.
    pub(super) fn work(&self, item: usize, sync: bool, desk: &Desk) -> Option<Done> {
        if self.job.stop.load(Ordering::Relaxed) {
            return None;
        }
        let input = &self.job.inputs[item];
        let attempt = catch_unwind(AssertUnwindSafe(|| self.attempt(input, sync, desk)));
        let done = attempt.unwrap_or_else(|payload| Err(panicked(&input.path, payload.as_ref())));
        Some(done.unwrap_or_else(|error| self.failed(input, &error)))
    }

    fn failed(&self, input: &Input, error: &Error) -> Done {
        Done {
            row: Manifest::failed(&input.path, &input.relative, self.origin, error.to_string()),
            relative: input.relative.clone(),
            removed: String::new(),
            staged: None,
            digest: Digest::default(),
            resumed: false,
        }
    }

    fn late(&self, item: usize) -> Error {
        let reason = "its time was over before it was done; split it, give it more with --time-limit, or report it if it is small";
        Error::document(&self.job.inputs[item].path, reason)
    }

    /// The time a document of so many bytes may take.
    fn limit(&self, bytes: usize) -> Duration {
        self.job.limit.saturating_mul(1 + (bytes >> 20) as u32)
    }

    fn attempt(&self, input: &Input, sync: bool, desk: &Desk) -> Result<Done> {
        let bytes =
            input.bytes.as_deref().map_or_else(|| read::read(&input.path).map(Cow::Owned), |b| Ok(Cow::Borrowed(b)))?;
        desk.allow(self.limit(bytes.len()));
        let sha256 = record::sha256(&bytes);
        let known = self.previous.find(&input.path, &input.relative, &sha256, self.origin, self.corpus.root());
        let done = match known {
            Some((row, removed)) => {
                let (relative, digest) = (input.relative.clone(), Digest::default());
                Done { row, relative, removed, staged: None, digest, resumed: true }
            }
            None => self.clean(input, &bytes, sha256, sync, desk)?,
        };
        (self.tell)(Event::Worked(bytes.len() as u64));
        Ok(done)
    }

    fn clean(&self, input: &Input, bytes: &[u8], sha256: String, sync: bool, desk: &Desk) -> Result<Done> {
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
        let output = cleaned.output.as_ref().filter(|_| desk.is_held());
        let staged = output.map(|output| self.corpus.stage(&relative, output, sync)).transpose()?;
        let removed = line::removed(&input.path, &cleaned.removed, &self.origin.model);
        Ok(Done { row, relative, removed, staged, digest: Digest::new(&cleaned), resumed: false })
    }

    /// Puts a batch's outputs in place, then its records.
    pub(super) fn publish(&self, mut batch: Vec<Done>, audit: &mut Audit, summary: &mut Summary) -> Result<()> {
        let (at, staged): (Vec<usize>, Vec<Staged>) =
            batch.iter_mut().enumerate().filter_map(|(at, done)| Some((at, done.staged.take()?))).unzip();
        for (at, result) in at.into_iter().zip(self.corpus.commit(staged)) {
            if let Err(error) = result {
                batch[at].fail(self.origin, &error);
            }
        }
        // What an earlier run made of a document that now fails stays: it may be all there is left of it.
        let gone = |done: &&Done| done.row.output.is_none() && done.row.status != Status::Failed;
        batch.iter().filter(gone).for_each(|done| self.corpus.discard(&done.relative));
        let documents: String = batch.iter().map(|done| record::line(&done.row)).collect();
        audit.append(&documents, batch.iter().map(|done| done.removed.as_str()))?;
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
