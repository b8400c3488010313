//! Parquet: one column of text or pages cleaned, every other as it was, and a column `weedout` added.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, BooleanArray, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use arrow_select::filter::filter_record_batch;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use parquet::basic::Compression;
use parquet::file::properties::WriterProperties;
use rayon::prelude::*;

use super::Worker;
use super::ledger::Ledger;
use super::manifest::{Counts, Manifest};
use super::outcome::changed;
use super::output::Output;
use crate::block::Format;
use crate::clean::Status as Became;
use crate::clean::mark::format_of;
use crate::clean::note::Note;
use crate::clean::row::{FIELD, Options, text_of};
use crate::source::record::Place;
use crate::source::{Container, Input, compression};
use crate::{Error, Result};

/// Rows read, cleaned and written at once.
const ROWS: usize = 1024;
/// A row group is ended when it holds so many bytes, which bounds memory.
const GROUP: usize = 64 << 20;

/// Cleans a file; `None` when the run is to end.
pub(super) fn clean(worker: &Worker<'_>, input: &Input, relative: &Path) -> Result<Option<Manifest>> {
    let wrong = |error: &dyn std::fmt::Display| Error::document(&input.path, format!("it cannot be read: {error}"));
    let file = File::open(&input.path).map_err(|e| Error::read(&input.path, e))?;
    let reader = ParquetRecordBatchReaderBuilder::try_new(file).map_err(|e| wrong(&e))?;
    let packing =
        reader.metadata().row_groups().first().and_then(|group| group.columns().first()).map(|c| c.compression());
    let column = column(reader.schema(), &worker.job.options).map_err(|e| wrong(&e))?;
    let schema = widened(reader.schema());
    let output = Output::create(&worker.corpus, relative)?;
    let properties = WriterProperties::builder().set_compression(packing.unwrap_or(Compression::SNAPPY)).build();
    let writer = ArrowWriter::try_new(output, Arc::clone(&schema), Some(properties)).map_err(|e| wrong(&e))?;
    let batches = reader.with_batch_size(ROWS).build().map_err(|e| wrong(&e))?;
    let mut run = Run { worker, input, column, schema, writer, ledger: Ledger::new(worker, input) };
    if !run.through(batches)? {
        return Ok(None);
    }
    run.finish(relative).map(Some)
}

/// The column with the text, as `--text-field` or `--html-field` name it; by default `text`, failing that `html`.
fn column(schema: &Schema, options: &Options) -> Result<usize, String> {
    let named = options.html_field.as_deref().or(options.text_field.as_deref());
    let found = match named {
        Some(name) => schema.index_of(name).map_err(|_| format!("it has no column `{name}`"))?,
        None => schema
            .index_of("text")
            .or_else(|_| schema.index_of("html"))
            .map_err(|_| "it has neither a `text` nor an `html` column; name the column with --text-field")?,
    };
    let field = schema.field(found);
    match field.data_type() {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(found),
        other => Err(format!("column `{}` is {other}, not text", field.name())),
    }
}

/// The schema with a column of notes at its end; one of that name goes.
fn widened(schema: &SchemaRef) -> SchemaRef {
    let mut fields: Vec<_> = schema.fields().iter().filter(|field| field.name() != FIELD).cloned().collect();
    fields.push(Arc::new(Field::new(FIELD, DataType::Utf8, true)));
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

/// What became of a row.
enum Row {
    /// There is no text in it.
    Null,
    /// Its text and its note.
    Kept {
        text: Option<String>,
        note: String,
        cleaned: bool,
    },
    Dropped,
    Bad(String),
}

impl Row {
    /// What becomes of a text in the column `name`.
    fn of(worker: &Worker<'_>, name: &str, text: &str) -> Self {
        let (options, judge) = (&worker.job.options, worker.judge);
        let format = match &options.html_field {
            Some(_) => Format::Html,
            None => options.settings.format.unwrap_or_else(|| format_of(name, text)),
        };
        let cleaned = match text_of(name, text, format, &options.settings, judge) {
            Ok(cleaned) => cleaned,
            Err(error) => return Self::Bad(error),
        };
        if cleaned.status == Became::Rejected && !options.annotate {
            return Self::Dropped;
        }
        let note = serde_json::to_string(&Note::new(text, &cleaned, judge.id(), true)).unwrap_or_default();
        let same = options.annotate || cleaned.status == Became::Untouched && format != Format::Html;
        let output = || String::from_utf8_lossy(cleaned.output.as_deref().unwrap_or_default()).into_owned();
        Self::Kept { text: (!same).then(output), note, cleaned: changed(cleaned.status) }
    }

    /// Adds a row with so many bytes of text to `counts`.
    fn count(&self, bytes: usize, counts: &mut Counts) {
        counts.records += 1;
        counts.text_bytes += if matches!(self, Self::Bad(_)) { 0 } else { bytes as u64 };
        match self {
            Self::Null => counts.kept += 1,
            Self::Kept { cleaned, .. } => {
                counts.kept += 1;
                counts.cleaned += u64::from(*cleaned);
            }
            Self::Dropped => counts.dropped += 1,
            Self::Bad(_) => counts.bad += 1,
        }
    }
}

struct Run<'a> {
    worker: &'a Worker<'a>,
    input: &'a Input,
    column: usize,
    schema: SchemaRef,
    writer: ArrowWriter<Output>,
    ledger: Ledger<'a>,
}

impl Run<'_> {
    /// Cleans all batches; false when the run is to end.
    fn through(&mut self, batches: impl Iterator<Item = Result<RecordBatch, ArrowError>>) -> Result<bool> {
        for batch in batches {
            if self.worker.job.stop.load(Ordering::Relaxed) {
                return Ok(false);
            }
            match batch {
                Ok(batch) => self.batch(&batch)?,
                Err(error) => {
                    let place = Place { number: self.ledger.counts.records + 1, offset: 0 };
                    self.ledger.damaged(place, "row", &error.to_string())?;
                    break;
                }
            }
        }
        Ok(true)
    }

    fn batch(&mut self, batch: &RecordBatch) -> Result<()> {
        let texts = texts(batch.column(self.column));
        let name = batch.schema_ref().field(self.column).name().clone();
        // The writer is of one thread, so the run itself stays here.
        let worker = self.worker;
        let row = |text: &Option<&str>| text.map_or(Row::Null, |text| Row::of(worker, &name, text));
        let rows: Vec<Row> = worker.pool.install(|| texts.par_iter().map(row).collect());
        let first = self.ledger.counts.records;
        for (at, (row, text)) in rows.iter().zip(&texts).enumerate() {
            row.count(text.map_or(0, str::len), &mut self.ledger.counts);
            if let Row::Bad(error) = row {
                self.ledger.reject(Place { number: first + at as u64 + 1, offset: 0 }, None, error)?;
            }
        }
        let wrong = |error: &dyn std::fmt::Display| Error::document(&self.input.path, format!("cannot write: {error}"));
        let changed = self.changed(batch, &texts, &rows).map_err(|e| wrong(&e))?;
        self.writer.write(&changed).map_err(|e| wrong(&e))?;
        if self.writer.in_progress_size() > GROUP {
            self.writer.flush().map_err(|e| wrong(&e))?;
        }
        Ok(())
    }

    /// The batch with its texts cleaned, its notes added, and without the rows that go.
    fn changed(&self, batch: &RecordBatch, texts: &[Option<&str>], rows: &[Row]) -> Result<RecordBatch, ArrowError> {
        let text = rows.iter().zip(texts).map(|(row, before)| match row {
            Row::Kept { text: Some(text), .. } => Some(text.as_str()),
            _ => *before,
        });
        let column: ArrayRef = match batch.column(self.column).data_type() {
            DataType::LargeUtf8 => Arc::new(text.collect::<LargeStringArray>()),
            DataType::Utf8View => Arc::new(text.collect::<StringViewArray>()),
            _ => Arc::new(text.collect::<StringArray>()),
        };
        let notes: StringArray =
            rows.iter().map(|row| if let Row::Kept { note, .. } = row { Some(note.as_str()) } else { None }).collect();
        let mut columns: Vec<ArrayRef> = Vec::with_capacity(self.schema.fields().len());
        for (at, _) in batch.schema_ref().fields().iter().enumerate().filter(|(_, field)| field.name() != FIELD) {
            columns.push(Arc::clone(if at == self.column { &column } else { batch.column(at) }));
        }
        columns.push(Arc::new(notes));
        let whole = RecordBatch::try_new(Arc::clone(&self.schema), columns)?;
        let stays: BooleanArray = rows.iter().map(|row| Some(matches!(row, Row::Null | Row::Kept { .. }))).collect();
        filter_record_batch(&whole, &stays)
    }

    fn finish(self, relative: &Path) -> Result<Manifest> {
        let wrong = |error: &dyn std::fmt::Display| Error::document(&self.input.path, format!("cannot write: {error}"));
        let output = self.writer.into_inner().map_err(|e| wrong(&e))?;
        let read = compression::digest(&self.input.path)?;
        self.ledger.close(output, relative, Container::Parquet, read)
    }
}

/// The texts of a column.
fn texts(column: &ArrayRef) -> Vec<Option<&str>> {
    match column.data_type() {
        DataType::LargeUtf8 => column.as_string::<i64>().iter().collect(),
        DataType::Utf8View => column.as_string_view().iter().collect(),
        _ => column.as_string::<i32>().iter().collect(),
    }
}
