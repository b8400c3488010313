//! Columns of texts in, columns of clean texts and of what was removed out.

use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{
    Array, ArrayRef, Float32Array, Int32Array, Int64Array, LargeStringArray, ListArray, RecordBatch, RecordBatchReader,
    StringArray, StringViewArray, StructArray,
};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{ArrowError, DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use pyo3::exceptions::{PyKeyError, PyTypeError};
use pyo3::{PyErr, PyResult};
use pyo3_arrow::ffi::ArrayReader;
use rayon::prelude::*;
use weedout::block::Format;
use weedout::clean::mark::{Mark, Marked};

use crate::fault;
use crate::kernel::Kernel;

/// The column that says what was done, as the field of a JSON record does.
const NOTES: &str = "weedout";
/// The name of the text in a struct array.
const TEXT: &str = "text";

/// What became of a row; `None` where there was no text, an error where it could not be processed.
type Row = Option<Result<Marked, String>>;

/// A column of record batches to be cleaned.
pub(crate) struct Column {
    kernel: Arc<Kernel>,
    name: String,
    index: usize,
    format: Option<Format>,
    annotate: bool,
    /// Of what comes out.
    schema: SchemaRef,
}

impl Column {
    /// The column of that name.
    pub(crate) fn find(
        kernel: Arc<Kernel>,
        schema: &Schema,
        name: &str,
        format: Option<Format>,
        annotate: bool,
    ) -> PyResult<Self> {
        let index = text_column(schema, name)?;
        let text = schema.field(index);
        let mut fields: Vec<FieldRef> = schema.fields().iter().cloned().collect();
        fields[index] = Arc::new(text.clone().with_nullable(true));
        let notes = Arc::new(Field::new(NOTES, DataType::Struct(note_fields()), true));
        match fields.iter().position(|field| field.name() == NOTES) {
            Some(at) => fields[at] = notes,
            None => fields.push(notes),
        }
        let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
        Ok(Self { kernel, name: name.to_owned(), index, format, annotate, schema })
    }

    /// The batch with its texts cleaned and what was removed beside them.
    pub(crate) fn clean(&self, batch: &RecordBatch) -> PyResult<RecordBatch> {
        let texts = batch.column(self.index);
        let (values, rows) = rows(&self.kernel, &self.name, texts, self.format)?;
        let mut columns = batch.columns().to_vec();
        if !self.annotate {
            columns[self.index] = cleaned(texts, &values, &rows);
        }
        let notes: ArrayRef = Arc::new(struct_of(note_fields(), notes(&rows, &self.kernel.id()), &rows)?);
        match self.schema.index_of(NOTES).ok().filter(|at| *at < columns.len()) {
            Some(at) => columns[at] = notes,
            None => columns.push(notes),
        }
        RecordBatch::try_new(Arc::clone(&self.schema), columns).map_err(malformed)
    }

    /// A stream of batches, each cleaned when it is asked for.
    pub(crate) fn stream(self, input: Box<dyn RecordBatchReader + Send>) -> Box<dyn RecordBatchReader + Send> {
        Box::new(Stream { column: self, input })
    }
}

struct Stream {
    column: Column,
    input: Box<dyn RecordBatchReader + Send>,
}

impl Iterator for Stream {
    type Item = Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let clean =
            |batch| fault::guard(|| self.column.clean(&batch)).map_err(|e| ArrowError::ComputeError(e.to_string()));
        self.input.next().map(|batch| batch.and_then(clean))
    }
}

impl RecordBatchReader for Stream {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.column.schema)
    }
}

/// A struct a text: the clean text and what was removed.
pub(crate) fn array(kernel: &Kernel, texts: &ArrayRef, format: Option<Format>) -> PyResult<ArrayRef> {
    expect_text("array", texts.data_type())?;
    let (values, rows) = rows(kernel, TEXT, texts, format)?;
    let mut columns = notes(&rows, &kernel.id());
    columns.insert(0, cleaned(texts, &values, &rows));
    Ok(Arc::new(struct_of(text_fields(texts.data_type()), columns, &rows)?))
}

/// The same of chunk after chunk, and the field they share.
pub(crate) fn arrays(
    kernel: &Kernel,
    chunks: Box<dyn ArrayReader + Send>,
    format: Option<Format>,
) -> PyResult<(Vec<ArrayRef>, FieldRef)> {
    let field = chunks.field();
    expect_text("array", field.data_type())?;
    let cleaned = chunks.map(|chunk| array(kernel, &chunk.map_err(malformed)?, format));
    let of = DataType::Struct(text_fields(field.data_type()));
    Ok((cleaned.collect::<PyResult<_>>()?, Arc::new(Field::new(field.name(), of, true))))
}

pub(crate) fn malformed(error: ArrowError) -> PyErr {
    crate::Error::new_err(error.to_string())
}

/// The place of the column of that name, which holds strings.
pub(crate) fn text_column(schema: &Schema, name: &str) -> PyResult<usize> {
    let index = schema.index_of(name).map_err(|_| {
        let names: Vec<String> = schema.fields().iter().map(|field| format!("`{}`", field.name())).collect();
        PyKeyError::new_err(format!("there is no column `{name}`, only {}", names.join(", ")))
    })?;
    expect_text(name, schema.field(index).data_type())?;
    Ok(index)
}

fn expect_text(name: &str, kind: &DataType) -> PyResult<()> {
    match kind {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Ok(()),
        other => Err(PyTypeError::new_err(format!("`{name}` holds {other} and no strings; cast it to strings first"))),
    }
}

/// The strings of a column that [`text_column`] found.
pub(crate) fn strings(texts: &ArrayRef) -> Vec<Option<&str>> {
    match texts.data_type() {
        DataType::Utf8 => texts.as_string::<i32>().iter().collect(),
        DataType::LargeUtf8 => texts.as_string::<i64>().iter().collect(),
        _ => texts.as_string_view().iter().collect(),
    }
}

/// The texts, and what became of each.
fn rows<'a>(
    kernel: &Kernel,
    name: &str,
    texts: &'a ArrayRef,
    format: Option<Format>,
) -> PyResult<(Vec<Option<&'a str>>, Vec<Row>)> {
    let values = strings(texts);
    let row = |text: Option<&str>| text.map(|text| kernel.mark(name, text, format).map_err(|error| error.to_string()));
    let rows = match kernel.pool()? {
        Some(pool) => pool.install(|| values.par_iter().copied().map(row).collect()),
        None => values.iter().copied().map(row).collect(),
    };
    Ok((values, rows))
}

/// The clean texts, in the layout of `texts`; these themselves when nothing was removed.
fn cleaned(texts: &ArrayRef, values: &[Option<&str>], rows: &[Row]) -> ArrayRef {
    let stays = |row: &Row| matches!(row, None | Some(Ok(Marked { text: None, .. })));
    if rows.iter().all(stays) {
        return Arc::clone(texts);
    }
    let clean = values.iter().zip(rows).map(|(value, row)| match row {
        Some(Ok(marked)) => marked.text.as_deref().or(*value),
        _ => None,
    });
    match texts.data_type() {
        DataType::Utf8 => Arc::new(clean.collect::<StringArray>()),
        DataType::LargeUtf8 => Arc::new(clean.collect::<LargeStringArray>()),
        _ => Arc::new(clean.collect::<StringViewArray>()),
    }
}

fn note_fields() -> Fields {
    let removed = Field::new("item", DataType::Struct(removal_fields()), true);
    Fields::from(vec![
        Field::new("label", DataType::Utf8, true),
        Field::new("blocks", DataType::Int32, true),
        Field::new("removed", DataType::List(Arc::new(removed)), true),
        Field::new("spam_probability", DataType::Float32, true),
        Field::new("error", DataType::Utf8, true),
        Field::new("model", DataType::Utf8, true),
    ])
}

fn text_fields(text: &DataType) -> Fields {
    let text = Arc::new(Field::new(TEXT, text.clone(), true));
    std::iter::once(text).chain(note_fields().iter().cloned()).collect()
}

fn removal_fields() -> Fields {
    Fields::from(vec![
        Field::new("start", DataType::Int64, true),
        Field::new("end", DataType::Int64, true),
        Field::new("text", DataType::Utf8, true),
        Field::new("spam_probability", DataType::Float32, true),
        Field::new("rule", DataType::Utf8, true),
    ])
}

fn struct_of(fields: Fields, columns: Vec<ArrayRef>, rows: &[Row]) -> PyResult<StructArray> {
    let present: NullBuffer = rows.iter().map(Option::is_some).collect();
    StructArray::try_new(fields, columns, Some(present)).map_err(malformed)
}

/// The columns of [`note_fields`].
fn notes(rows: &[Row], model: &str) -> Vec<ArrayRef> {
    let done = || rows.iter().map(|row| row.as_ref().and_then(|row| row.as_ref().ok()));
    let error = rows.iter().map(|row| row.as_ref().and_then(|row| row.as_ref().err()));
    let model = rows.iter().map(|row| matches!(row, Some(Ok(_))).then_some(model));
    vec![
        Arc::new(done().map(|marked| marked.map(|marked| marked.label)).collect::<StringArray>()),
        Arc::new(done().map(|marked| marked.map(|marked| marked.blocks as i32)).collect::<Int32Array>()),
        Arc::new(removals(done())),
        Arc::new(done().map(|marked| marked.and_then(Marked::probability)).collect::<Float32Array>()),
        Arc::new(error.collect::<StringArray>()),
        Arc::new(model.collect::<StringArray>()),
    ]
}

/// A list of removals a row.
fn removals<'a>(rows: impl Iterator<Item = Option<&'a Marked>> + Clone) -> ListArray {
    let of = |marked: Option<&'a Marked>| marked.map_or(&[][..], |marked| &marked.removed);
    let all: Vec<&Mark> = rows.clone().flat_map(of).collect();
    let place = |at: fn(&std::ops::Range<usize>) -> usize| {
        let places = all.iter().map(move |mark| mark.span.as_ref().map(|span| at(span) as i64));
        Arc::new(places.collect::<Int64Array>()) as ArrayRef
    };
    let columns: Vec<ArrayRef> = vec![
        place(|span| span.start),
        place(|span| span.end),
        Arc::new(all.iter().map(|mark| Some(mark.text.as_str())).collect::<StringArray>()),
        Arc::new(all.iter().map(|mark| Some(mark.probability)).collect::<Float32Array>()),
        Arc::new(all.iter().map(|mark| mark.rule.as_deref()).collect::<StringArray>()),
    ];
    let items = StructArray::new(removal_fields(), columns, None);
    let item = Arc::new(Field::new("item", DataType::Struct(removal_fields()), true));
    let present: NullBuffer = rows.clone().map(|row| row.is_some()).collect();
    ListArray::new(item, OffsetBuffer::from_lengths(rows.map(|row| of(row).len())), Arc::new(items), Some(present))
}
