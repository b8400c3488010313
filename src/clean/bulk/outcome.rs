//! What became of a record.

use super::manifest::Counts;
use crate::clean::Status;
use crate::clean::row::{self, Options, Row};
use crate::verdict::Judge;

/// What became of a record.
pub(super) enum Outcome {
    /// It is written, as a line.
    Kept { line: String, cleaned: bool, bytes: usize },
    /// Nothing genuine is left of so many bytes of text.
    Dropped { bytes: usize },
    /// There is no text in it.
    Empty,
    /// It is no document.
    Passed,
    /// It could not be processed.
    Bad { id: Option<String>, error: String },
}

impl Outcome {
    /// Cleans a line of JSON Lines.
    pub(super) fn of_line(line: &[u8], options: &Options, judge: &dyn Judge) -> Self {
        match row::clean(line, options, judge) {
            Ok(Some(row)) if row.status == Status::Rejected && !options.annotate => Self::Dropped { bytes: row.bytes },
            Ok(Some(Row { line, status, bytes })) => Self::Kept { line, cleaned: changed(status), bytes },
            Ok(None) => Self::Empty,
            Err((id, error)) => Self::Bad { id, error },
        }
    }

    /// Adds it to `counts`.
    pub(super) fn count(&self, counts: &mut Counts) {
        counts.records += 1;
        match self {
            Self::Kept { cleaned, bytes, .. } => {
                counts.kept += 1;
                counts.cleaned += u64::from(*cleaned);
                counts.text_bytes += *bytes as u64;
            }
            Self::Dropped { bytes } => {
                counts.dropped += 1;
                counts.text_bytes += *bytes as u64;
            }
            Self::Empty => counts.empty += 1,
            Self::Passed => counts.passed += 1,
            Self::Bad { .. } => counts.bad += 1,
        }
    }
}

/// True when something was removed.
pub(super) fn changed(status: Status) -> bool {
    matches!(status, Status::Cleaned | Status::Rejected)
}
