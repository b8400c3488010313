//! The first of two passes: what runs and linked hosts are judged to be, over documents and files of records.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::thread;

use rayon::prelude::*;

use super::feed::{Message, Records, read};
use crate::block;
use crate::clean::row::{Options, Source};
use crate::sketch::{Mark, Sketch, marks};
use crate::source::{self, Container, Input, format};
use crate::verdict::Judge;
use crate::{Error, Result};

/// What was counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// Documents counted.
    pub documents: u64,
    /// Documents that do not say what host they came from, or that cannot be read; they were passed over.
    pub passed: u64,
}

/// Counts the documents of `input`, a document or a file of records, into `sketch`. What cannot be read counts as passed:
/// a file that is cut off gives what stands before.
///
/// # Errors
/// [`Error::Read`] when the file cannot be read at all.
pub fn count(
    input: &Input,
    container: Option<Container>,
    options: &Options,
    judge: &dyn Judge,
    sketch: &mut Sketch,
) -> Result<Counted> {
    let mut counted = Counted::default();
    let mut add = |found: Option<Found>| match found {
        Some((host, marks)) => {
            counted.documents += 1;
            sketch.add(&host, &marks);
        }
        None => counted.passed += 1,
    };
    match container.or_else(|| Container::by_name(&input.relative)) {
        None => add(document(input, options, judge)?),
        Some(Container::Parquet) => {
            return Err(Error::document(&input.path, "sketches are not made of Parquet; convert it to JSON Lines"));
        }
        Some(container) => records(Records::open(input, container, options.limits)?, options, judge, &mut add),
    }
    Ok(counted)
}

/// A document's host and what it has.
type Found = (String, Vec<Mark>);

fn records(records: Records, options: &Options, judge: &dyn Judge, add: &mut dyn FnMut(Option<Found>)) {
    let item = |raw: source::record::Raw<super::feed::Item>| found(&raw.content.ok()?.text(options)?, options, judge);
    thread::scope(|scope| {
        let (to_judge, batches) = sync_channel(1);
        scope.spawn(move || drop(read(records, &to_judge)));
        for message in batches {
            match message {
                Message::Damaged(..) => add(None),
                Message::Batch(batch) => {
                    let found: Vec<Option<Found>> = batch.into_par_iter().map(item).collect();
                    found.into_iter().for_each(&mut *add);
                }
            }
        }
    });
}

fn document(input: &Input, options: &Options, judge: &dyn Judge) -> Result<Option<Found>> {
    let bytes = source::read::read(&input.path)?;
    let named = options.settings.format.or_else(|| format::by_name(&input.path));
    let html = named.map_or_else(|| format::is_html(&bytes), |format| format == block::Format::Html);
    let Ok(decoded) = source::decode(&input.path, &bytes, html) else { return Ok(None) };
    let format = named.unwrap_or_else(|| format::by_content(&decoded.text));
    let source = Source { text: decoded.text.into_owned(), format, host: None };
    Ok(found(&source, options, judge))
}

/// Judges a text once. A panic passes over it, as what cannot be read is passed over.
fn found(text: &Source, options: &Options, judge: &dyn Judge) -> Option<Found> {
    let run = || {
        let document = block::parse(&text.text, text.format, &block::Options::default());
        let host = text.host.clone().or_else(|| document.host())?;
        let verdicts = judge.judge(&document, options.settings.profile);
        let marks = marks(&document, Some(&host), &verdicts);
        Some((host, marks))
    };
    catch_unwind(AssertUnwindSafe(run)).ok().flatten()
}
