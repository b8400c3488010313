//! The records of a file that could not be processed.

use std::io::Write;

use super::Worker;
use super::manifest::{Reject, rejects_name};
use super::output::Output;
use crate::Result;
use crate::clean::record::{self, VERSION};
use crate::source::Input;
use crate::source::record::Place;

/// The rejects of a file, which has none until the first.
pub(super) struct Rejects<'a> {
    worker: &'a Worker<'a>,
    input: &'a Input,
    output: Option<Output>,
}

impl<'a> Rejects<'a> {
    pub(super) fn new(worker: &'a Worker<'a>, input: &'a Input) -> Self {
        Self { worker, input, output: None }
    }

    pub(super) fn add(&mut self, place: Place, id: Option<&str>, error: &str) -> Result<()> {
        let reject = Reject {
            v: VERSION,
            path: record::name(&self.input.path),
            record: place.number,
            offset: place.offset,
            id: id.map(str::to_owned),
            error: error.to_owned(),
        };
        let output = match &mut self.output {
            Some(output) => output,
            None => self.output.insert(Output::create(&self.worker.audit, &rejects_name(&self.input.relative))?),
        };
        let written = output.write_all(record::line(&reject).as_bytes());
        written.map_err(|e| output.error(e))
    }

    /// Puts the rejects in place; their name, if there are any. Those of an earlier run go.
    pub(super) fn publish(self) -> Result<Option<String>> {
        let name = rejects_name(&self.input.relative);
        let Some(output) = self.output else {
            self.worker.audit.discard(&name);
            return Ok(None);
        };
        output.publish()?;
        Ok(Some(record::name(&name)))
    }
}
