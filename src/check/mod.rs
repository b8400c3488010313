//! Finding spam without writing a corpus: what is where in a document, what is silenced, and cutting it in place.
//!
//! A check finds just what [`crate::clean`] would remove as spam, for it asks `clean`. Page furniture is no finding.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use crate::block::{self, Format};
use crate::clean::{self, Settings, span};
use crate::report::{Finding, Notice};
use crate::source;
use crate::verdict::{Judge, Label};
use crate::{Error, Result};

pub mod baseline;
pub mod comment;
pub mod diff;
mod excerpt;
mod find;
pub mod fix;
mod position;
pub mod run;
pub mod silence;
mod spot;
pub mod tolerant;

pub use run::{Action, Job, run};
pub use silence::Silence;
pub use tolerant::Tolerant;

use position::Places;
use spot::Spot;

/// What a check found in one document.
#[derive(Debug, Clone, PartialEq)]
pub struct Checked {
    /// How the document is written.
    pub format: Format,
    /// Spam, in order of place.
    pub findings: Vec<Finding>,
    /// Spam that was silenced.
    pub silenced: Vec<Finding>,
    /// Ignore comments that silence nothing.
    pub notices: Vec<Notice>,
    /// The bytes that go, merged; empty in HTML.
    pub gone: Vec<Range<usize>>,
}

impl Checked {
    /// The document without its spam.
    ///
    /// # Errors
    /// [`Error::Document`] for HTML with spam in it, whose blocks have no places in the source.
    pub fn fixed<'a>(&self, path: &Path, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        if self.findings.is_empty() {
            return Ok(Cow::Borrowed(bytes));
        }
        if self.format == Format::Html {
            let reason = "HTML cannot be fixed in place; `weedout clean` writes its clean text to another folder";
            return Err(Error::document(path, reason));
        }
        Ok(Cow::Owned(span::keep(bytes, &span::rest(&self.gone, bytes.len()))))
    }
}

/// Checks one document. `path` tells its format by its extension and is named in findings; nothing is read or written.
/// Ignore comments in it are heeded when `comments` is set.
///
/// # Errors
/// [`Error::Binary`] when the bytes are not text.
pub fn document(
    path: &Path,
    bytes: &[u8],
    settings: &Settings,
    silence: &Silence,
    comments: bool,
    judge: &dyn Judge,
) -> Result<Checked> {
    // Furniture stays, so that every look is at the document as it is but for its spam.
    let settings = Settings { keep_furniture: true, ..settings.clone() };
    let tolerant = Tolerant::watching(judge, silence, comments);
    let cleaned = clean::document(path, bytes, &settings, &tolerant)?;
    let seen = tolerant.finish();
    let mut checked = Checked {
        format: cleaned.format,
        findings: Vec::new(),
        silenced: Vec::new(),
        notices: comment::notices(path, &seen.comments),
        gone: Vec::new(),
    };
    let spam = || cleaned.removed.iter().filter(|removal| removal.label == Label::Spam);
    if spam().next().is_none() && cleaned.suspects.is_empty() && seen.hits.is_empty() {
        return Ok(checked);
    }
    checked.gone = span::merge(spam().filter_map(|removal| removal.span.clone()).collect());
    let decoded = source::decode(path, bytes, cleaned.format == Format::Html)?;
    let document = block::parse(&decoded.text, cleaned.format, &block::Options::default());
    let places = Places::new(&decoded);
    let find = find::Find { path, document: &document, places: &places };
    checked.findings = find.all(spam().chain(&cleaned.suspects).map(Spot::of_removal).collect());
    checked.silenced = find.all(seen.hits.iter().map(|hit| Spot::of_hit(hit, &decoded.map)).collect());
    Ok(checked)
}
