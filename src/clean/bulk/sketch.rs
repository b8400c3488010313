//! The first of two passes: what runs and linked hosts are judged to be, over documents and files of records.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::sync_channel;
use std::thread;

use rayon::prelude::*;

use super::feed::{Message, Records, read};
use crate::block::{self, Format, host_of};
use crate::clean::Settings;
use crate::clean::mark::format_of;
use crate::clean::row::{Options, Source};
use crate::sketch::{Mark, Sketch, marks};
use crate::source::{self, Container, Input, format};
use crate::verdict::{Judge, Profile};
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
pub type Found = (String, Vec<Mark>);

/// Looks at the text in a record's field, for callers with records of their own. Its format is that of `settings`, or else
/// told from the field's name and the text; its host that of the address `url`, or else the one that the page names.
///
/// `None` when neither names a host, or a panic stopped its processing: such a text is passed over.
pub fn look(field: &str, text: &str, url: Option<&str>, settings: &Settings, judge: &dyn Judge) -> Option<Found> {
    let format = settings.format.unwrap_or_else(|| format_of(field, text));
    found(text, format, url.and_then(host_of), settings.profile, judge)
}

fn records(records: Records, options: &Options, judge: &dyn Judge, add: &mut dyn FnMut(Option<Found>)) {
    let item = |raw: source::record::Raw<super::feed::Item>| {
        let Source { text, format, host } = raw.content.ok()?.text(options)?;
        found(&text, format, host, options.settings.profile, judge)
    };
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
    let html = named.map_or_else(|| format::is_html(&bytes), |format| format == Format::Html);
    let Ok(decoded) = source::decode(&input.path, &bytes, html) else { return Ok(None) };
    let format = named.unwrap_or_else(|| format::by_content(&decoded.text));
    Ok(found(&decoded.text, format, None, options.settings.profile, judge))
}

/// Judges a text once. A panic passes over it, as what cannot be read is passed over.
fn found(text: &str, format: Format, host: Option<String>, profile: Profile, judge: &dyn Judge) -> Option<Found> {
    let run = || {
        let document = block::parse(text, format, &block::Options::default());
        let host = host.or_else(|| document.host())?;
        let verdicts = judge.judge(&document, profile);
        let marks = marks(&document, Some(&host), &verdicts);
        Some((host, marks))
    };
    catch_unwind(AssertUnwindSafe(run)).ok().flatten()
}
