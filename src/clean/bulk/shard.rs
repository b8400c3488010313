//! One file of records: read, cleaned and written at the same time, in order, in constant memory.

use std::io::Write;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use rayon::prelude::*;

use super::Worker;
use super::feed::{Item, Message, Records, read};
use super::ledger::Ledger;
use super::manifest::Manifest;
use super::outcome::Outcome;
use super::output::Output;
use super::packer::Packer;
use crate::source::compression::Compression;
use crate::source::record::{Place, Raw};
use crate::source::{Container, Input};
use crate::{Error, Result};

/// Cleans a file; `None` when the run is to end.
pub(super) fn clean(
    worker: &Worker<'_>,
    input: &Input,
    container: Container,
    relative: &Path,
) -> Result<Option<Manifest>> {
    let compression = Compression::by_name(&input.relative);
    let records = Records::open(input, container, worker.job.options.limits)?;
    let output = Output::create(&worker.corpus, relative)?;
    let run = Run { worker, input, ledger: Ledger::new(worker, input) };
    run.through(records, Packer::new(output, compression), container, relative)
}

/// The work on one file.
struct Run<'a> {
    worker: &'a Worker<'a>,
    input: &'a Input,
    ledger: Ledger<'a>,
}

impl Run<'_> {
    fn through(
        mut self,
        records: Records,
        packer: Packer,
        container: Container,
        relative: &Path,
    ) -> Result<Option<Manifest>> {
        let path = &self.input.path;
        let (cleaned, read, written) = thread::scope(|scope| {
            let (to_clean, batches) = sync_channel(1);
            let (to_write, lines) = sync_channel(1);
            let reading = scope.spawn(move || read(records, &to_clean).map(|stream| stream.finish(path)));
            let writing = scope.spawn(move || write(packer, &lines));
            let cleaned = self.clean(&batches, &to_write);
            drop((batches, to_write));
            (cleaned, join(reading.join()), join(writing.join()))
        });
        let (whole, output) = (cleaned?, written?);
        let (true, Some(read)) = (whole, read) else { return Ok(None) };
        self.ledger.close(output, relative, container, read?).map(Some)
    }

    /// Cleans batches as they come; false when the run is to end.
    fn clean(&mut self, batches: &Receiver<Message>, to_write: &SyncSender<Vec<Outcome>>) -> Result<bool> {
        for message in batches {
            if self.worker.job.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let batch = match message {
                Message::Batch(batch) => batch,
                Message::Damaged(place, error) => {
                    self.ledger.damaged(place, "record", &error)?;
                    continue;
                }
            };
            let done = self.batch(batch)?;
            // The writing thread has an error to tell when it no longer listens.
            if to_write.send(done).is_err() {
                return Ok(true);
            }
        }
        Ok(true)
    }

    fn batch(&mut self, batch: Vec<Raw<Item>>) -> Result<Vec<Outcome>> {
        let (options, judge) = (&self.worker.job.options, self.worker.judge);
        let clean = |raw: Raw<Item>| {
            let outcome = match raw.content {
                Ok(item) => item.clean(options, judge),
                Err(error) => Outcome::Bad { id: None, error },
            };
            (raw.place, outcome)
        };
        let done: Vec<(Place, Outcome)> = self.worker.pool.install(|| batch.into_par_iter().map(clean).collect());
        for (place, outcome) in &done {
            outcome.count(&mut self.ledger.counts);
            if let Outcome::Bad { id, error } = outcome {
                self.ledger.reject(*place, id.as_deref(), error)?;
            }
        }
        Ok(done.into_iter().map(|(_, outcome)| outcome).collect())
    }
}

/// Writes lines as they come.
fn write(mut packer: Packer, lines: &Receiver<Vec<Outcome>>) -> Result<Output> {
    for batch in lines {
        for outcome in batch {
            if let Outcome::Kept { line, .. } = outcome {
                let written = packer.write_all(line.as_bytes());
                written.map_err(|e| packer.output().error(e))?;
            }
        }
    }
    let target = packer.output().target().to_path_buf();
    packer.finish().map_err(|e| Error::write(target, e))
}

/// A panic in a thread of ours is one in the caller.
fn join<T>(joined: thread::Result<T>) -> T {
    joined.unwrap_or_else(|payload| std::panic::resume_unwind(payload))
}
