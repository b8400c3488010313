//! `weedout.Cleaner`

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use pyo3_arrow::input::{AnyArray, AnyRecordBatch};
use pyo3_arrow::{PyArray, PyChunkedArray, PyRecordBatch, PyRecordBatchReader};
use serde::Serialize;
use weedout::check::Silence;
use weedout::clean::Settings;
use weedout::sketch::{Seasoned, Sketch};
use weedout::verdict::Model;

use crate::arrow::{self, Column};
use crate::kernel::{self, Kernel, raised};
use crate::record::{Block, Cleaned};
use crate::{fault, model};

/// Removes link spam from texts and keeps the rest as it is.
///
/// The model is loaded once a process, however many cleaners there are. A cleaner can be used by many threads at once, and
/// pickled: its arguments travel, the model does not.
///
/// Args:
///     profile: "strict" removes more at the price of a few genuine blocks, "keep-more" only what is certain.
///     model: a model file made by `weedout train`, with its `.json` beside it; None is the built-in one.
///     keep_furniture: keep navigation, share bars, cookie notices and comment forms of HTML.
///     markdown: HTML becomes Markdown instead of plain text.
///     allow_hosts: links to these hosts and their subdomains are fine.
///     allow_phrases: text with one of these phrases in it is fine.
///     sketch: a sketch of the crawl by this model, made by `Sketch` or `weedout sketch`: what other hosts have as spam counts
///         in what the model doubts.
///     threads: how many work on the rows of a batch; 0 is one a core. Engines run one task a core, so leave it at 1 there.
///
/// Raises:
///     ValueError: there is no such profile.
///     OSError: the model or the sketch cannot be read.
///     weedout.Error: the model or the sketch is none of this version, or the sketch was made with another model.
#[pyclass(frozen, module = "weedout")]
pub(crate) struct Cleaner {
    kernel: Arc<Kernel>,
    arguments: Py<PyDict>,
}

#[pymethods]
impl Cleaner {
    #[new]
    #[pyo3(
        signature = (*, profile="balanced", model=None, keep_furniture=false, markdown=false, allow_hosts=Vec::new(), allow_phrases=Vec::new(), sketch=None, threads=1),
        text_signature = "(*, profile='balanced', model=None, keep_furniture=False, markdown=False, allow_hosts=(), allow_phrases=(), sketch=None, threads=1)"
    )]
    #[allow(clippy::too_many_arguments)] // They are keywords.
    fn new(
        py: Python<'_>,
        profile: &str,
        model: Option<PathBuf>,
        keep_furniture: bool,
        markdown: bool,
        allow_hosts: Vec<String>,
        allow_phrases: Vec<String>,
        sketch: Option<PathBuf>,
        threads: usize,
    ) -> PyResult<Self> {
        let settings = Settings { profile: kernel::profile(profile)?, markdown, keep_furniture, format: None };
        let arguments = PyDict::new(py);
        arguments.set_item("profile", profile)?;
        arguments.set_item("model", &model)?;
        arguments.set_item("keep_furniture", keep_furniture)?;
        arguments.set_item("markdown", markdown)?;
        arguments.set_item("allow_hosts", &allow_hosts)?;
        arguments.set_item("allow_phrases", &allow_phrases)?;
        arguments.set_item("sketch", &sketch)?;
        arguments.set_item("threads", threads)?;
        let load = || model::load(model.as_deref()).and_then(|model| Ok((seasoned(&model, sketch.as_deref())?, model)));
        let (seasoned, model) = py.detach(|| fault::guard(|| load().map_err(raised)))?;
        let kernel = Kernel {
            model,
            seasoned,
            silence: Silence::new(&allow_hosts, &allow_phrases, None),
            settings,
            threads,
            pool: Mutex::new(None),
        };
        Ok(Self { kernel: Arc::new(kernel), arguments: arguments.unbind() })
    }

    /// Identifies the model, and what is allowed, in records: equal for equal results.
    #[getter]
    fn model_id(&self) -> String {
        self.kernel.id()
    }

    /// Cleans one text.
    ///
    /// Args:
    ///     text: what to clean.
    ///     format: "html", "markdown", "text", "srt", "vtt", or "auto", which tells the others from the text but takes nothing
    ///         for HTML that is not called so.
    ///
    /// Returns:
    ///     A `Cleaned` with the clean text and what was removed.
    ///
    /// Raises:
    ///     ValueError: there is no such format.
    ///     weedout.Error: the text could not be processed.
    #[pyo3(signature = (text, *, format=None))]
    fn clean(&self, py: Python<'_>, text: &str, format: Option<&str>) -> PyResult<Cleaned> {
        let format = kernel::format(format)?;
        let marked = py.detach(|| self.kernel.clean(text, format))?;
        Cleaned::new(py, text, marked)
    }

    /// Splits one text into blocks and judges them. This is the first look at the text: `clean` looks again at what is left,
    /// until nothing more goes.
    ///
    /// Args:
    ///     text: what to look at.
    ///     format: as for `clean`.
    ///
    /// Returns:
    ///     A list of `Block`, in order of place.
    ///
    /// Raises:
    ///     ValueError: there is no such format.
    ///     weedout.Error: the text could not be processed.
    #[pyo3(signature = (text, *, format=None))]
    fn blocks(&self, py: Python<'_>, text: &str, format: Option<&str>) -> PyResult<Vec<Block>> {
        let format = kernel::format(format)?;
        py.detach(|| fault::guard(|| Ok(Block::all(text, self.kernel.explain(text, format)?))))
    }

    /// Finds spam in one text. `<!-- weedout: ignore reason -->` comments are heeded, as `weedout check` does.
    ///
    /// Args:
    ///     text: what to look at.
    ///     format: as for `clean`.
    ///
    /// Returns:
    ///     A list of dictionaries, one a place: `start` and `end` (each with `line` and `column`, from 1), `byte_start` and
    ///     `byte_end` (of the text in UTF-8; None in HTML), `texts`, `spam_probability`, `reasons` and the other fields of
    ///     `weedout check --output-format json`. It is empty when all is well.
    ///
    /// Raises:
    ///     ValueError: there is no such format.
    ///     weedout.Error: the text could not be processed.
    #[pyo3(signature = (text, *, format=None))]
    fn check<'py>(&self, py: Python<'py>, text: &str, format: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let format = kernel::format(format)?;
        let findings = py.detach(|| self.kernel.check(text, format))?;
        dictionaries(py, &findings)
    }

    /// Shows why: every block, and every part cut from one, with the contributions that add up to its log-odds of spam.
    ///
    /// Args:
    ///     text: what to look at.
    ///     format: as for `clean`.
    ///
    /// Returns:
    ///     A list of dictionaries, block records as `weedout explain --format jsonl` has them (which adds some of its own): `block`, `kind`, `byte_start`, `byte_end`,
    ///     `line_start`, `line_end`, `text`, `label`, `spam_probability`, `reasons` (each with `rule`, `log_odds`, `evidence`),
    ///     `model`.
    ///
    /// Raises:
    ///     ValueError: there is no such format.
    ///     weedout.Error: the text could not be processed.
    #[pyo3(signature = (text, *, format=None))]
    fn explain<'py>(&self, py: Python<'py>, text: &str, format: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let format = kernel::format(format)?;
        let records = py.detach(|| self.kernel.explain(text, format))?;
        dictionaries(py, &records)
    }

    /// Cleans an Arrow array of strings, without making Python objects of them.
    ///
    /// Args:
    ///     array: anything with `__arrow_c_array__` or `__arrow_c_stream__` that holds n strings (Utf8, LargeUtf8 or
    ///         Utf8View): an array of pyarrow, a series of Polars.
    ///     format: as for `clean`.
    ///
    /// Returns:
    ///     A struct array of length n behind the same interface, in chunks if the input was: `text` (of the type of the
    ///     input), and the fields of the `weedout` column that `clean_batch` describes. Null in, null out.
    ///
    /// Raises:
    ///     TypeError: the array holds no strings.
    ///     ValueError: there is no such format, or it is no Arrow array.
    #[pyo3(signature = (array, *, format=None))]
    fn clean_array<'py>(&self, py: Python<'py>, array: AnyArray, format: Option<&str>) -> PyResult<Bound<'py, PyAny>> {
        let format = kernel::format(format)?;
        match array {
            AnyArray::Array(array) => {
                let (array, _) = array.into_inner();
                let cleaned = py.detach(|| fault::guard(|| arrow::array(&self.kernel, &array, format)))?;
                Ok(Bound::new(py, PyArray::from_array_ref(cleaned))?.into_any())
            }
            AnyArray::Stream(stream) => {
                let reader = stream.into_reader()?;
                let (chunks, field) = py.detach(|| fault::guard(|| arrow::arrays(&self.kernel, reader, format)))?;
                Ok(Bound::new(py, PyChunkedArray::try_new(chunks, field)?)?.into_any())
            }
        }
    }

    /// Cleans one column of Arrow data, without making Python objects of its rows. All other columns pass through.
    ///
    /// Args:
    ///     batch: anything with `__arrow_c_array__` or `__arrow_c_stream__` that holds n rows: a record batch or table of
    ///         pyarrow, a data frame of Polars, a relation of DuckDB.
    ///     column: the name of the column with the text (Utf8, LargeUtf8 or Utf8View).
    ///     format: as for `clean`; by default, a column whose name ends in `html` is HTML.
    ///     annotate: leave the text as it is and only say what would be removed.
    ///
    /// Returns:
    ///     n rows behind the same interface: a record batch for a record batch, otherwise a stream that cleans each batch when
    ///     it is asked for. The column holds the clean text, empty when nothing genuine was left. A column `weedout` is added
    ///     or replaced, a struct of
    ///
    ///     - label (string): "genuine" when nothing was removed, "spam" when nothing genuine was left, otherwise "mixed"
    ///     - blocks (int32): number of blocks
    ///     - removed (list of struct): start, end (int64; in Unicode scalars of the text as it came; null in HTML), text,
    ///       spam_probability (float32), rule
    ///     - spam_probability (float32): the highest among `removed`; null when that is empty
    ///     - error (string): why the row could not be processed; then its text and all else here is null
    ///     - model (string): identity of the model
    ///
    ///     A row without a text has no `weedout`.
    ///
    /// Raises:
    ///     KeyError: there is no such column.
    ///     TypeError: the column holds no strings.
    ///     ValueError: there is no such format, or it is no Arrow data.
    #[pyo3(signature = (batch, *, column="text", format=None, annotate=false))]
    fn clean_batch<'py>(
        &self,
        py: Python<'py>,
        batch: AnyRecordBatch,
        column: &str,
        format: Option<&str>,
        annotate: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let format = kernel::format(format)?;
        let column = Column::find(Arc::clone(&self.kernel), &*batch.schema()?, column, format, annotate)?;
        match batch {
            AnyRecordBatch::RecordBatch(batch) => {
                let batch = batch.into_inner();
                let cleaned = py.detach(|| fault::guard(|| column.clean(&batch)))?;
                Ok(Bound::new(py, PyRecordBatch::new(cleaned))?.into_any())
            }
            AnyRecordBatch::Stream(stream) => {
                let reader = column.stream(stream.into_reader()?);
                Ok(Bound::new(py, PyRecordBatchReader::new(reader))?.into_any())
            }
        }
    }

    fn __getnewargs_ex__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyTuple>, Py<PyDict>) {
        (PyTuple::empty(py), self.arguments.clone_ref(py))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let told = self.arguments.bind(py).iter().map(|(name, value)| Ok(format!("{name}={}", value.repr()?)));
        Ok(format!("Cleaner({})", told.collect::<PyResult<Vec<_>>>()?.join(", ")))
    }
}

/// The model with the evidence in the sketch at `path`.
fn seasoned(model: &Arc<Model>, path: Option<&Path>) -> weedout::Result<Option<Seasoned<Arc<Model>, Arc<Sketch>>>> {
    path.map(|path| Seasoned::new(Arc::clone(model), Arc::new(Sketch::load(path)?))).transpose()
}

/// Records as dictionaries, by way of the JSON that the command line writes.
fn dictionaries<'py>(py: Python<'py>, records: &[impl Serialize]) -> PyResult<Bound<'py, PyAny>> {
    let json = serde_json::to_string(records).map_err(|error| crate::Error::new_err(error.to_string()))?;
    py.import("json")?.call_method1("loads", (json,))
}
