//! `weedout.Sketch`

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arrow_array::RecordBatch;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use pyo3_arrow::input::AnyRecordBatch;
use weedout::block::Format;
use weedout::clean::Settings;
use weedout::clean::bulk::sketch::look;
use weedout::sketch::Sketch as Content;
use weedout::verdict::{Judge, Model};

use crate::kernel::{self, raised};
use crate::{arrow, fault, model};

/// Counts what runs of short blocks and linked hosts are judged to be across documents: the first of two passes over a crawl. The
/// second is a `Cleaner(sketch=…)`, or `weedout clean --sketch`.
///
/// Sketches of parts put together are the sketch of the whole, to the byte: neither the order of documents, nor how they were
/// shared out, nor counting one twice shows. It is the sketch that `weedout sketch` makes of the same records. Threads may share one.
///
/// Args:
///     profile: as for `Cleaner`.
///     model: as for `Cleaner`.
///
/// Raises:
///     ValueError: there is no such profile.
///     OSError: the model cannot be read.
///     weedout.Error: the model is none of this version.
#[pyclass(frozen, module = "weedout")]
pub(crate) struct Sketch {
    model: Arc<Model>,
    settings: Settings,
    content: Mutex<Content>,
}

#[pymethods]
impl Sketch {
    #[new]
    #[pyo3(signature = (*, profile="balanced", model=None), text_signature = "(*, profile='balanced', model=None)")]
    fn new(py: Python<'_>, profile: &str, model: Option<PathBuf>) -> PyResult<Self> {
        let settings = Settings { profile: kernel::profile(profile)?, ..Settings::default() };
        let model = py.detach(|| fault::guard(|| model::load(model.as_deref()).map_err(raised)))?;
        let content = Mutex::new(Content::new(model.id()));
        Ok(Self { model, settings, content })
    }

    /// Counts one text.
    ///
    /// Args:
    ///     text: what to count.
    ///     url: the address it came from.
    ///     format: as for `Cleaner.clean`.
    ///
    /// Returns:
    ///     True when it was counted; False when neither `url` nor the page itself names a host, or it could not be processed.
    ///
    /// Raises:
    ///     ValueError: there is no such format.
    #[pyo3(signature = (text, url=None, *, format=None))]
    fn add(&self, py: Python<'_>, text: &str, url: Option<&str>, format: Option<&str>) -> PyResult<bool> {
        let format = kernel::format(format)?;
        py.detach(|| fault::guard(|| Ok(self.count("text", text, url, format))))
    }

    /// Counts the rows of Arrow data, without making Python objects of them.
    ///
    /// Args:
    ///     batch: as for `Cleaner.clean_batch`.
    ///     column: the name of the column with the text.
    ///     url: the name of the column with the address it came from; None when only pages themselves name it.
    ///     format: as for `Cleaner.clean_batch`.
    ///
    /// Returns:
    ///     The number of rows that were counted; the others have no text, name no host, or could not be processed.
    ///
    /// Raises:
    ///     KeyError: there is no such column.
    ///     TypeError: a column holds no strings.
    ///     ValueError: there is no such format, or it is no Arrow data.
    #[pyo3(
        signature = (batch, *, column="text", url=Some("url"), format=None),
        text_signature = "($self, batch, *, column='text', url='url', format=None)"
    )]
    fn add_batch(
        &self,
        py: Python<'_>,
        batch: AnyRecordBatch,
        column: &str,
        url: Option<&str>,
        format: Option<&str>,
    ) -> PyResult<usize> {
        let format = kernel::format(format)?;
        let schema = batch.schema()?;
        let text = arrow::text_column(&schema, column)?;
        let url = url.map(|url| arrow::text_column(&schema, url)).transpose()?;
        let rows = |batch: &RecordBatch| self.rows(batch, column, text, url, format);
        match batch {
            AnyRecordBatch::RecordBatch(batch) => {
                let batch = batch.into_inner();
                py.detach(|| fault::guard(|| Ok(rows(&batch))))
            }
            AnyRecordBatch::Stream(stream) => {
                let reader = stream.into_reader()?;
                let counted = reader.map(|batch| batch.map(|batch| rows(&batch)).map_err(arrow::malformed));
                py.detach(|| fault::guard(|| counted.sum()))
            }
        }
    }

    /// Adds what another sketch has counted.
    ///
    /// Args:
    ///     other: its bytes, as `to_bytes` or a file has them.
    ///
    /// Raises:
    ///     weedout.Error: it is no whole sketch of this version, or was made with another model.
    fn merge(&self, py: Python<'_>, other: &[u8]) -> PyResult<()> {
        py.detach(|| fault::guard(|| self.content().merge(&parsed(other)?).map_err(raised)))
    }

    /// Puts sketches together. It needs no model.
    ///
    /// Args:
    ///     parts: the bytes of sketches, one at least.
    ///
    /// Returns:
    ///     The bytes of the whole.
    ///
    /// Raises:
    ///     ValueError: there are no parts.
    ///     weedout.Error: one is no whole sketch of this version, or they were made with different models.
    #[staticmethod]
    fn merged<'py>(py: Python<'py>, parts: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let mut whole: Option<Content> = None;
        for part in parts.try_iter()? {
            let part = part?;
            let part = parsed(part.cast::<PyBytes>()?.as_bytes())?;
            match &mut whole {
                Some(whole) => whole.merge(&part).map_err(raised)?,
                None => whole = Some(part),
            }
        }
        let whole =
            whole.ok_or_else(|| pyo3::exceptions::PyValueError::new_err("there are no sketches to put together"))?;
        Ok(PyBytes::new(py, &whole.to_bytes()))
    }

    /// The bytes of the sketch, as a file has them: equal for equal documents.
    ///
    /// Returns:
    ///     A line of JSON and 24 bytes a key.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bytes = py.detach(|| self.content().to_bytes());
        PyBytes::new(py, &bytes)
    }

    /// Writes the sketch to a file, whole or not at all.
    ///
    /// Args:
    ///     path: the file.
    ///
    /// Raises:
    ///     weedout.Error: it cannot be written.
    fn save(&self, py: Python<'_>, path: PathBuf) -> PyResult<()> {
        py.detach(|| fault::guard(|| self.content().save(&path).map_err(raised)))
    }

    /// The number of keys.
    fn __len__(&self) -> usize {
        self.content().len()
    }

    fn __repr__(&self) -> String {
        format!("Sketch({} keys)", self.content().len())
    }
}

impl Sketch {
    fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rows(&self, batch: &RecordBatch, name: &str, text: usize, url: Option<usize>, format: Option<Format>) -> usize {
        let texts = arrow::strings(batch.column(text));
        let urls = url.map_or_else(|| vec![None; texts.len()], |url| arrow::strings(batch.column(url)));
        texts
            .iter()
            .zip(urls)
            .filter(|(text, url)| text.is_some_and(|text| self.count(name, text, *url, format)))
            .count()
    }

    /// Counts one text; false when it was passed over.
    fn count(&self, field: &str, text: &str, url: Option<&str>, format: Option<Format>) -> bool {
        let settings = Settings { format, ..self.settings.clone() };
        // Judged before the lock is taken.
        let found = look(field, text, url, &settings, &*self.model);
        found.map(|(host, marks)| self.content().add(&host, &marks)).is_some()
    }
}

fn parsed(bytes: &[u8]) -> PyResult<Content> {
    Content::from_bytes(bytes).map_err(|reason| raised(weedout::Error::document(Path::new("sketch"), reason)))
}
