//! JSON Lines in, JSON Lines out: one object a line, its text cleaned, every other field passed through as it was.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use rayon::prelude::*;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde::{Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use super::{Cleaned, Removal, Settings, Status, panicked};
use crate::block::Format;
use crate::verdict::Judge;
use crate::{Error, Result};

/// A batch is what can be had without waiting, up to so many bytes: records go out as soon as they come in slowly, and in
/// parallel when they come in fast.
const BATCH: usize = 8 << 20;
/// The field of an object that says what was done to it.
const FIELD: &str = "weedout";

/// Which fields to use, and how.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The field with the text; by default `text`, and failing that `html`.
    pub text_field: Option<String>,
    /// The field that names a record in messages; by default its line does.
    pub id_field: Option<String>,
    /// Leave the text as it is and only say what would be removed.
    pub annotate: bool,
    /// How to clean.
    pub settings: Settings,
}

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
/// are no such object go to `reject` and the run goes on; blank lines are passed over. When the output is closed, the run
/// ends without an error.
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
        let batch = batch(input).map_err(|e| Error::read("-", e))?;
        if batch.is_empty() {
            return Ok(totals);
        }
        let results: Vec<_> = batch.par_iter().map(|text| record(text, options, judge)).collect();
        for result in results {
            line += 1;
            match result {
                Ok(None) => {}
                Ok(Some(text)) => {
                    totals.records += 1;
                    totals.closed |= !write(output, text.as_bytes())?;
                }
                Err((id, error)) => {
                    totals.rejected += 1;
                    reject(&Reject { line, id, error });
                }
            }
        }
        totals.closed |= !flush(output)?;
        if totals.closed {
            return Ok(totals);
        }
    }
}

/// The lines that are there, at least one unless the input is at its end.
fn batch(input: &mut BufReader<impl Read>) -> io::Result<Vec<Vec<u8>>> {
    let (mut lines, mut size) = (Vec::new(), 0);
    loop {
        let mut line = Vec::new();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(lines);
        }
        size += line.len();
        lines.push(line);
        // Only a whole line in the buffer can be had without waiting for the writer.
        if size >= BATCH || memchr::memchr(b'\n', input.buffer()).is_none() {
            return Ok(lines);
        }
    }
}

/// False when nobody reads any more.
fn write(output: &mut dyn Write, bytes: &[u8]) -> Result<bool> {
    open(output.write_all(bytes))
}

fn flush(output: &mut dyn Write) -> Result<bool> {
    open(output.flush())
}

fn open(result: io::Result<()>) -> Result<bool> {
    match result {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::write("-", error)),
    }
}

type Failure = (Option<String>, String);

/// One line to one line; `None` for a blank one.
fn record(line: &[u8], options: &Options, judge: &dyn Judge) -> Result<Option<String>, Failure> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let mut object: Object = serde_json::from_slice(line).map_err(|e| (None, format!("not a JSON object: {e}")))?;
    let id = options
        .id_field
        .as_deref()
        .and_then(|field| object.get(field))
        .map(|value| value.get().trim_matches('"').to_owned());
    match clean(&mut object, options, judge) {
        Ok(()) => Ok(Some(super::record::line(&object))),
        Err(error) => Err((id, error)),
    }
}

fn clean(object: &mut Object, options: &Options, judge: &dyn Judge) -> Result<(), String> {
    let field = object.text_field(options)?;
    let text = object.get(&field).map(|value| serde_json::from_str::<String>(value.get()));
    let text = text.transpose().map_err(|_| format!("field `{field}` is no string"))?.unwrap_or_default();
    let format = options.settings.format.unwrap_or_else(|| guess(&field, &text));
    let settings = Settings { format: Some(format), ..options.settings.clone() };
    let run = || super::string(&field, &text, &settings, judge);
    let cleaned = catch_unwind(AssertUnwindSafe(run))
        .unwrap_or_else(|payload| Err(panicked(Path::new(&field), payload.as_ref())))
        .map_err(|error| error.to_string())?;
    object.set(FIELD, &Note::new(&text, &cleaned, judge.id()))?;
    if options.annotate || cleaned.status == Status::Untouched && format != Format::Html {
        return Ok(());
    }
    let output = cleaned.output.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
    object.set(&field, &output)
}

/// A field is a page when its name says so; markup inside other fields is text like any other.
fn guess(field: &str, text: &str) -> Format {
    if field.to_ascii_lowercase().ends_with("html") {
        return Format::Html;
    }
    match crate::source::format::by_content(text) {
        Format::Html => Format::Text,
        format => format,
    }
}

/// What the `weedout` field says.
#[derive(Serialize)]
struct Note {
    label: &'static str,
    blocks: usize,
    removed: Vec<Box<RawValue>>,
    model: String,
}

impl Note {
    fn new(text: &str, cleaned: &Cleaned, model: String) -> Self {
        let label = match cleaned.status {
            Status::Rejected => "spam",
            Status::Cleaned => "mixed",
            _ => "genuine",
        };
        let mut scalars = Scalars { text, byte: 0, count: 0 };
        let whole = cleaned.removed.iter().filter(|removal| !matches!(removal.part, super::Part::Rest));
        let removed = whole.filter_map(|removal| entry(removal, &mut scalars)).collect();
        Self { label, blocks: cleaned.blocks, removed, model }
    }
}

/// `[start, end, probability, rule]`, in Unicode scalars, or in HTML `[text, probability, rule]`.
fn entry(removal: &Removal, scalars: &mut Scalars<'_>) -> Option<Box<RawValue>> {
    let rule =
        removal.reasons.iter().max_by(|a, b| a.log_odds.total_cmp(&b.log_odds)).map(|reason| reason.rule.as_str());
    match &removal.span {
        Some(span) => {
            let (start, end) = (scalars.at(span.start), scalars.at(span.end));
            to_raw_value(&(start, end, removal.probability, rule)).ok()
        }
        None => to_raw_value(&(&removal.text, removal.probability, rule)).ok(),
    }
}

/// Counts scalars up to ascending byte offsets, each stretch once.
struct Scalars<'a> {
    text: &'a str,
    byte: usize,
    count: usize,
}

impl Scalars<'_> {
    fn at(&mut self, byte: usize) -> usize {
        self.count += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.count
    }
}

/// A JSON object with its fields in order, each as it was written.
struct Object(Vec<(String, Box<RawValue>)>);

impl Object {
    fn get(&self, field: &str) -> Option<&RawValue> {
        self.0.iter().find(|(name, _)| name == field).map(|(_, value)| value.as_ref())
    }

    fn set<T: Serialize + ?Sized>(&mut self, field: &str, value: &T) -> Result<(), String> {
        let value = to_raw_value(value).map_err(|error| error.to_string())?;
        match self.0.iter_mut().find(|(name, _)| name == field) {
            Some(known) => known.1 = value,
            None => self.0.push((field.to_owned(), value)),
        }
        Ok(())
    }

    /// The field with the text. One that occurs twice is refused: programs differ in which they take.
    fn text_field(&self, options: &Options) -> Result<String, String> {
        let field = match &options.text_field {
            Some(field) => {
                self.get(field).map(|_| field.as_str()).ok_or_else(|| format!("it has no field `{field}`"))?
            }
            None => ["text", "html"]
                .into_iter()
                .find(|field| self.get(field).is_some())
                .ok_or("it has neither a `text` nor an `html` field; name the field with --text-field")?,
        };
        match self.0.iter().filter(|(name, _)| name == field).count() {
            1 => Ok(field.to_owned()),
            _ => Err(format!("it has the field `{field}` twice")),
        }
    }
}

impl Serialize for Object {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = Object;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object, M::Error> {
        let mut fields = Vec::new();
        while let Some(field) = map.next_entry()? {
            fields.push(field);
        }
        Ok(Object(fields))
    }
}
