//! What single calls return.

use pyo3::prelude::*;
use weedout::clean::mark::{Mark, Marked, Scalars};
use weedout::clean::record::{Part, Removed};

/// The number that JSON records have: with the fewest digits that tell it from its neighbours.
fn shortest(probability: f32) -> f64 {
    probability.to_string().parse().unwrap_or_else(|_| probability.into())
}

/// A text after cleaning. `str()` of it is the clean text.
///
/// Attributes:
///     text (str): the clean text; empty when nothing genuine was left. Of HTML, the text of the page, or its Markdown.
///     label (str): "genuine" when nothing was removed, "spam" when nothing genuine was left, "mixed" otherwise.
///     blocks (int): the number of blocks the text came with.
///     removed (list[Removal]): what was removed, in order of place.
///     spam_probability (float | None): the highest probability of spam among what was removed; None when nothing was.
#[pyclass(frozen, get_all, module = "weedout")]
pub(crate) struct Cleaned {
    text: String,
    label: &'static str,
    blocks: usize,
    removed: Vec<Py<Removal>>,
    spam_probability: Option<f64>,
}

impl Cleaned {
    /// What `text` became.
    pub(crate) fn new(py: Python<'_>, text: &str, marked: Marked) -> PyResult<Self> {
        let spam_probability = marked.probability().map(shortest);
        let removed = marked.removed.into_iter().map(|mark| Py::new(py, Removal::new(mark)));
        Ok(Self {
            removed: removed.collect::<PyResult<_>>()?,
            text: marked.text.unwrap_or_else(|| text.to_owned()),
            label: marked.label,
            blocks: marked.blocks,
            spam_probability,
        })
    }
}

#[pymethods]
impl Cleaned {
    fn __str__(&self) -> &str {
        &self.text
    }

    fn __repr__(&self) -> String {
        format!("Cleaned(label={:?}, blocks={}, removed={})", self.label, self.blocks, self.removed.len())
    }
}

/// Something that was removed.
///
/// Attributes:
///     start (int | None): its place, so that `text[start:end]` is what went; None in HTML.
///     end (int | None): the place after its last character; None in HTML.
///     text (str): what went; of HTML, as a reader of the page would see it.
///     spam_probability (float): 0 to 1. Page furniture of HTML goes with a low one.
///     rule (str | None): the rule that spoke loudest for spam, as `weedout rules` lists them.
#[pyclass(frozen, get_all, module = "weedout")]
pub(crate) struct Removal {
    start: Option<usize>,
    end: Option<usize>,
    text: String,
    spam_probability: f64,
    rule: Option<String>,
}

impl Removal {
    fn new(mark: Mark) -> Self {
        let (start, end) = (mark.span.as_ref().map(|span| span.start), mark.span.as_ref().map(|span| span.end));
        Self { start, end, text: mark.text, spam_probability: shortest(mark.probability), rule: mark.rule }
    }
}

#[pymethods]
impl Removal {
    fn __repr__(&self) -> String {
        format!("Removal({:?}, spam_probability={:.3})", self.text, self.spam_probability)
    }
}

/// A block of a text: a paragraph, a line, an item of a list, a cue of subtitles.
///
/// Attributes:
///     start (int | None): its place, so that `text[start:end]` is the block; None in HTML.
///     end (int | None): the place after its last character; None in HTML.
///     kind (str): "paragraph", "heading", "item", "quote", "code", "row", "cue", "line" or "caption".
///     label (str): "genuine", "spam", or in HTML "furniture".
///     spam_probability (float): 0 to 1.
///     text (str): the block's text.
#[pyclass(frozen, get_all, module = "weedout")]
pub(crate) struct Block {
    start: Option<usize>,
    end: Option<usize>,
    kind: String,
    label: String,
    spam_probability: f64,
    text: String,
}

impl Block {
    /// The blocks of `text`, without the parts that are cut from them.
    pub(crate) fn all(text: &str, records: Vec<Removed>) -> Vec<Self> {
        let mut scalars = Scalars::new(text);
        let whole = records.into_iter().filter(|record| matches!(record.kind, Part::Block(_)));
        whole.map(|record| Self::new(record, &mut scalars)).collect()
    }

    fn new(record: Removed, scalars: &mut Scalars<'_>) -> Self {
        Self {
            start: record.byte_start.map(|byte| scalars.at(byte)),
            end: record.byte_end.map(|byte| scalars.at(byte)),
            kind: record.kind.into(),
            label: serde_json::to_value(record.label).ok().and_then(|v| v.as_str().map(Into::into)).unwrap_or_default(),
            spam_probability: shortest(record.spam_probability),
            text: record.text,
        }
    }
}

#[pymethods]
impl Block {
    fn __repr__(&self) -> String {
        format!("Block({:?}, label={:?}, spam_probability={:.3})", self.text, self.label, self.spam_probability)
    }
}
