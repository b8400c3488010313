//! One record of JSON Lines in, one out: its text cleaned, every other field as it was.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use serde::Serialize;

use super::mark::format_of;
use super::note::Note;
use super::object::Object;
use super::{Cleaned, Settings, Status, panicked};
use crate::block::{Format, host_of};
use crate::source::Limits;
use crate::verdict::Judge;

/// The field of an object that says what was done to it.
pub const FIELD: &str = "weedout";

/// Which fields to use, and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Options {
    /// The field with the text; by default `text`, and failing that `html`.
    pub text_field: Option<String>,
    /// The field with a page, instead of one with text.
    pub html_field: Option<String>,
    /// The field that names a record in messages; by default its line does.
    pub id_field: Option<String>,
    /// The field with the address a record came from, by default `url`; for [`crate::sketch`] only.
    pub url_field: Option<String>,
    /// Leave the text as it is and only say what would be removed.
    pub annotate: bool,
    /// How to clean.
    pub settings: Settings,
    /// How large a record may be.
    pub limits: Limits,
}

/// A record that was cleaned.
#[derive(Debug)]
pub(super) struct Row {
    /// The record as a line of JSON.
    pub(super) line: String,
    /// What became of its text.
    pub(super) status: Status,
    /// The bytes of its text.
    pub(super) bytes: usize,
}

/// Why a record could not be cleaned, and its name if that could be read.
pub(super) type Failure = (Option<String>, String);

/// One line to one line; `None` for a blank one.
pub(super) fn clean(line: &[u8], options: &Options, judge: &dyn Judge) -> Result<Option<Row>, Failure> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let mut object: Object = serde_json::from_slice(line).map_err(|e| (None, format!("not a JSON object: {e}")))?;
    let id = options
        .id_field
        .as_deref()
        .and_then(|field| object.get(field))
        .map(|value| value.get().trim_matches('"').to_owned());
    match change(&mut object, options, judge) {
        Ok((status, bytes)) => Ok(Some(Row { line: super::record::line(&object), status, bytes })),
        Err(error) => Err((id, error)),
    }
}

/// A text to be judged, and where it came from.
pub(super) struct Source {
    pub(super) text: String,
    pub(super) format: Format,
    /// The host it came from.
    pub(super) host: Option<String>,
}

/// The text of a line; `None` when there is none to be had.
pub(super) fn text(line: &[u8], options: &Options) -> Option<Source> {
    let object: Object = serde_json::from_slice(line).ok()?;
    let (field, text) = field(&object, options).ok()?;
    let url = object.get(options.url_field.as_deref().unwrap_or("url"));
    let host = url.and_then(|url| host_of(&serde_json::from_str::<String>(url.get()).ok()?));
    Some(Source { format: format(&field, &text, options), text, host })
}

/// The name of the field with the text, and the text.
fn field(object: &Object, options: &Options) -> Result<(String, String), String> {
    let field = object.text_field(options)?;
    let text = object.get(&field).map(|value| serde_json::from_str::<String>(value.get()));
    let text = text.transpose().map_err(|_| format!("field `{field}` is no string"))?.unwrap_or_default();
    Ok((field, text))
}

fn format(field: &str, text: &str, options: &Options) -> Format {
    match &options.html_field {
        Some(_) => Format::Html,
        None => options.settings.format.unwrap_or_else(|| format_of(field, text)),
    }
}

fn change(object: &mut Object, options: &Options, judge: &dyn Judge) -> Result<(Status, usize), String> {
    let (field, text) = field(object, options)?;
    let format = format(&field, &text, options);
    let cleaned = text_of(&field, &text, format, &options.settings, judge)?;
    object.set(FIELD, &Note::new(&text, &cleaned, judge.id(), false))?;
    if !options.annotate && (cleaned.status != Status::Untouched || format == Format::Html) {
        let output = cleaned.output.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
        object.set(&field, &output)?;
    }
    Ok((cleaned.status, text.len()))
}

/// Cleans a text of a known format, come what may.
pub(super) fn text_of(
    name: &str,
    text: &str,
    format: Format,
    settings: &Settings,
    judge: &dyn Judge,
) -> Result<Cleaned, String> {
    let settings = Settings { format: Some(format), ..settings.clone() };
    let run = || super::string(name, text, &settings, judge);
    catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|payload| Err(panicked(Path::new(name), payload.as_ref())))
        .map_err(|error| error.to_string())
}
