//! JSON Lines in, JSON Lines out: one object a line, its text cleaned, every other field passed through as it was.

use std::io::{self, BufReader, Read, Write};

use rayon::prelude::*;
use serde::Serialize;

use super::row::{self, Failure, Row};
use crate::source::jsonl::{Line, read_line};
use crate::verdict::Judge;
use crate::{Error, Result};

pub use super::row::Options;

/// A batch is what can be had without waiting, up to so many bytes: records go out as soon as they come in slowly, and in
/// parallel when they come in fast.
const BATCH: usize = 8 << 20;

/// What a run over a stream came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Records written.
    pub records: usize,
    /// Lines that could not be processed.
    pub rejected: usize,
    /// The reader of the output went away before the end.
    pub closed: bool,
}

/// A line that could not be processed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// 1-based line of the input.
    pub line: usize,
    /// The record's name, if it could be read.
    pub id: Option<String>,
    /// What is wrong with it.
    pub error: String,
}

/// Cleans a stream of objects: each goes out as it came in, with its text cleaned and a `weedout` object added. Lines that
/// are no such object, or larger than [`crate::source::Limits::record`], go to `reject` and the run goes on; blank lines are
/// passed over. When the output is closed, the run ends without an error.
///
/// # Errors
/// [`Error::Read`] or [`Error::Write`] when the streams fail.
pub fn filter(
    input: &mut BufReader<impl Read>,
    output: &mut dyn Write,
    options: &Options,
    judge: &dyn Judge,
    reject: &mut dyn FnMut(&Reject),
) -> Result<Totals> {
    let mut totals = Totals::default();
    let mut line = 0;
    loop {
        let batch = batch(input, options).map_err(|e| Error::read("-", e))?;
        if batch.is_empty() {
            return Ok(totals);
        }
        let results: Vec<_> = batch.into_par_iter().map(|text| record(text, options, judge)).collect();
        for result in results {
            line += 1;
            match result {
                Ok(None) => {}
                Ok(Some(row)) => {
                    totals.records += 1;
                    totals.closed |= !open(output.write_all(row.line.as_bytes()))?;
                }
                Err((id, error)) => {
                    totals.rejected += 1;
                    reject(&Reject { line, id, error });
                }
            }
        }
        totals.closed |= !open(output.flush())?;
        if totals.closed {
            return Ok(totals);
        }
    }
}

/// The lines that are there, at least one unless the input is at its end; `None` for one too large to be held.
fn batch(input: &mut BufReader<impl Read>, options: &Options) -> io::Result<Vec<Option<Vec<u8>>>> {
    let (mut lines, mut size) = (Vec::new(), 0);
    loop {
        let mut line = Vec::new();
        match read_line(input, options.limits.record, &mut line)? {
            Line::End => return Ok(lines),
            Line::Whole => {
                size += line.len();
                lines.push(Some(line));
            }
            Line::TooLong(_) => lines.push(None),
        }
        // Only a whole line in the buffer can be had without waiting for the writer.
        if size >= BATCH || memchr::memchr(b'\n', input.buffer()).is_none() {
            return Ok(lines);
        }
    }
}

/// Cleans a line, and lets go of it at once: a batch of large ones would otherwise be held twice.
fn record(line: Option<Vec<u8>>, options: &Options, judge: &dyn Judge) -> std::result::Result<Option<Row>, Failure> {
    match line {
        Some(line) => row::clean(&line, options, judge),
        None => Err((None, options.limits.too_large())),
    }
}

/// False when nobody reads any more.
fn open(result: io::Result<()>) -> Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::write("-", error)),
    }
}
