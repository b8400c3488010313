//! One text of a record, cleaned: what its `weedout` field says, for callers with records of their own.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::{Cleaned, Part, Removal, Settings, Status, panicked};
use crate::Result;
use crate::block::Format;
use crate::source::format;
use crate::verdict::Judge;

/// A text after cleaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// `genuine` when nothing went, `spam` when nothing genuine was left, `mixed` otherwise.
    pub label: &'static str,
    /// Number of blocks it came with.
    pub blocks: usize,
    /// What went, in order of place.
    pub removed: Vec<Mark>,
    /// What it becomes, empty when nothing genuine is left; `None` when it stays as it is.
    pub text: Option<String>,
}

/// Something that went.
#[derive(Debug, Clone, PartialEq)]
pub struct Mark {
    /// Its place, in Unicode scalars of the text; `None` in HTML.
    pub span: Option<Range<usize>>,
    /// Its text: of the source, or in HTML of the rendered page.
    pub text: String,
    /// Probability of spam, 0 to 1.
    pub probability: f32,
    /// The rule that spoke loudest for spam.
    pub rule: Option<String>,
}

/// Cleans the text in a record's field. Its format is that of `settings`, or else told from the field's name and the text.
///
/// # Errors
/// [`crate::Error::Document`] when a panic stopped its processing, which ends here.
pub fn mark(field: &str, text: &str, settings: &Settings, judge: &dyn Judge) -> Result<Marked> {
    let format = settings.format.unwrap_or_else(|| format_of(field, text));
    let settings = Settings { format: Some(format), ..settings.clone() };
    let run = || super::string(field, text, &settings, judge).map(|cleaned| Marked::new(text, cleaned));
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|payload| Err(panicked(Path::new(field), payload.as_ref())))
}

/// How the text of a record's field is written. It is a page when the field's name says so; markup inside other fields is
/// text like any other.
pub fn format_of(field: &str, text: &str) -> Format {
    if field.to_ascii_lowercase().ends_with("html") {
        return Format::Html;
    }
    match format::by_content(text) {
        Format::Html => Format::Text,
        format => format,
    }
}

impl Marked {
    fn new(text: &str, cleaned: Cleaned) -> Self {
        let label = label(cleaned.status);
        let mut scalars = Scalars::new(text);
        let stays = cleaned.status == Status::Untouched && cleaned.format != Format::Html;
        let told = cleaned.removed.into_iter().filter(|removal| !matches!(removal.part, Part::Rest));
        let removed = told.map(|removal| Mark::new(removal, &mut scalars)).collect();
        let output = || String::from_utf8(cleaned.output.unwrap_or_default()).unwrap_or_else(|error| lossy(&error));
        Self { label, blocks: cleaned.blocks, removed, text: (!stays).then(output) }
    }

    /// The highest probability of spam among what went; `None` when nothing did.
    pub fn probability(&self) -> Option<f32> {
        self.removed.iter().map(|mark| mark.probability).max_by(f32::total_cmp)
    }
}

/// What a record's note calls a text that came to `status`.
pub(super) fn label(status: Status) -> &'static str {
    match status {
        Status::Rejected => "spam",
        Status::Cleaned => "mixed",
        _ => "genuine",
    }
}

fn lossy(error: &std::string::FromUtf8Error) -> String {
    String::from_utf8_lossy(error.as_bytes()).into_owned()
}

impl Mark {
    fn new(removal: Removal, scalars: &mut Scalars<'_>) -> Self {
        let loudest = removal.reasons.into_iter().max_by(|a, b| a.log_odds.total_cmp(&b.log_odds));
        Self {
            span: removal.span.map(|span| scalars.at(span.start)..scalars.at(span.end)),
            text: removal.text,
            probability: removal.probability,
            rule: loudest.map(|reason| reason.rule.into_owned()),
        }
    }
}

/// Counts the Unicode scalars of a text up to byte offsets; up to ascending ones, each stretch once.
#[derive(Debug)]
pub struct Scalars<'a> {
    text: &'a str,
    byte: usize,
    count: usize,
}

impl<'a> Scalars<'a> {
    /// At the start of `text`.
    pub fn new(text: &'a str) -> Self {
        Self { text, byte: 0, count: 0 }
    }

    /// The number of scalars before `byte`, which is a boundary between two.
    pub fn at(&mut self, byte: usize) -> usize {
        if byte < self.byte {
            (self.byte, self.count) = (0, 0);
        }
        self.count += self.text[self.byte..byte].chars().count();
        self.byte = byte;
        self.count
    }
}
