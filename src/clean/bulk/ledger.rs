//! What has become of a file so far: its records counted, the bad ones noted, and at the end its manifest.

use std::path::Path;

use super::Worker;
use super::manifest::{Counts, Manifest, Status};
use super::output::Output;
use super::rejects::Rejects;
use crate::Result;
use crate::clean::record;
use crate::source::record::Place;
use crate::source::{Container, Input};

/// The books of one file.
pub(super) struct Ledger<'a> {
    worker: &'a Worker<'a>,
    input: &'a Input,
    /// Its records.
    pub(super) counts: Counts,
    rejects: Rejects<'a>,
    damage: Option<String>,
}

impl<'a> Ledger<'a> {
    pub(super) fn new(worker: &'a Worker<'a>, input: &'a Input) -> Self {
        Self { worker, input, counts: Counts::default(), rejects: Rejects::new(worker, input), damage: None }
    }

    /// Notes a record that could not be processed. Whoever counts its like counts it.
    pub(super) fn reject(&mut self, place: Place, id: Option<&str>, error: &str) -> Result<()> {
        self.rejects.add(place, id, error)
    }

    /// Counts and notes the record (a line, a page, a `row`) at which the file turned out to be damaged.
    pub(super) fn damaged(&mut self, place: Place, unit: &str, error: &str) -> Result<()> {
        self.counts.records += 1;
        self.counts.bad += 1;
        self.damage = Some(format!("`{}`, {unit} {}: {error}", self.input.path.display(), place.number));
        self.reject(place, None, error)
    }

    /// Puts rejects and output in their places, in this order, and says what became of the file. `read` is the SHA-256 and
    /// the size of what was read.
    pub(super) fn close(
        self,
        output: Output,
        relative: &Path,
        container: Container,
        read: (String, u64),
    ) -> Result<Manifest> {
        let rejects = self.rejects.publish()?;
        let (sha256_out, bytes_out) = output.publish()?;
        Ok(Manifest {
            output: Some(record::name(relative)),
            rejects,
            container: Some(container),
            status: if self.damage.is_some() { Status::Damaged } else { Status::Done },
            error: self.damage,
            counts: self.counts,
            sha256_in: Some(read.0),
            bytes_in: read.1,
            sha256_out: Some(sha256_out),
            bytes_out,
            ..Manifest::failed(self.input, &self.worker.origin, String::new())
        })
    }
}
