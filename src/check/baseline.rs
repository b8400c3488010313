//! A baseline: the spam a project lives with for now, one piece of content a line.
//!
//! ```text
//! # comment
//! 0123456789abcdef  # seeds/old.md:14 "casibom"
//! ```
//!
//! A line is the identity of a block's or cut's content ([`super::silence::identity`]) and a comment. Places are only in comments:
//! content that moves stays silenced, new content on an old line does not.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use super::silence::notice;
use crate::clean::record::name;
use crate::report::escape;
use crate::report::{Finding, Notice};
use crate::{Error, Result};

const HEADER: &str = "\
# What `weedout check` found and is to be silent about: the content's identity, and where it was found.
# Content is known by its words, wherever it stands. Write the file again with `weedout check … --write-baseline FILE`.
";

/// A baseline that was read.
#[derive(Debug)]
pub struct Baseline {
    path: PathBuf,
    entries: BTreeMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    line: u32,
    comment: String,
    used: AtomicBool,
}

impl Baseline {
    /// Reads the baseline at `path`.
    ///
    /// # Errors
    /// [`Error::Read`] when it cannot be read, [`Error::Record`] for a line that is no entry.
    pub fn read(path: &Path) -> Result<Self> {
        let bytes = crate::source::read::read(path)?;
        Self::parse(path, &String::from_utf8_lossy(&bytes))
    }

    /// Reads the text of a baseline; `path` is named in messages.
    ///
    /// # Errors
    /// [`Error::Record`] for a line that is no entry.
    pub fn parse(path: &Path, text: &str) -> Result<Self> {
        let mut entries = BTreeMap::new();
        for (number, line) in (1..).zip(text.lines()) {
            let (identity, comment) = line.split_once('#').unwrap_or((line, ""));
            let identity = identity.trim();
            if identity.is_empty() {
                continue;
            }
            if identity.len() != 16 || !identity.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                let reason = format!("`{}` is no identity of 16 hexadecimal digits", escape::line(identity, 40));
                return Err(Error::Record { path: path.to_path_buf(), line: number, reason });
            }
            let entry = Entry { line: number as u32, comment: comment.trim().to_owned(), used: AtomicBool::new(false) };
            entries.entry(identity.to_owned()).or_insert(entry);
        }
        Ok(Self { path: path.to_path_buf(), entries })
    }

    /// The comment of the entry for a content, which counts as used from then on.
    pub(super) fn take(&self, identity: &str) -> Option<&str> {
        let entry = self.entries.get(identity)?;
        entry.used.store(true, Ordering::Relaxed);
        Some(&entry.comment)
    }

    pub(super) fn identities(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    pub(super) fn unused(&self) -> Vec<Notice> {
        let unused = self.entries.iter().filter(|(_, entry)| !entry.used.load(Ordering::Relaxed));
        let message =
            |identity: &str| format!("`{identity}` is found no more; take it out or write the baseline again");
        let mut notices: Vec<Notice> =
            unused.map(|(identity, entry)| notice(name(&self.path), entry.line, message(identity))).collect();
        notices.sort_by_key(|notice| notice.start);
        notices
    }
}

/// The text of a baseline of `findings`: each content once, in order of place.
pub fn write<'a>(findings: impl Iterator<Item = &'a Finding>) -> String {
    let mut text = String::from(HEADER);
    let mut seen = std::collections::BTreeSet::new();
    for finding in findings {
        for (at, identity) in finding.contents.iter().enumerate() {
            if !seen.insert(identity.as_str()) {
                continue;
            }
            let quote = finding.texts.get(at).map(|text| escape::line(text, 60)).unwrap_or_default();
            let path = escape::line(&finding.path, usize::MAX);
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{identity}  # {path}:{} \"{quote}\"", finding.start.line);
        }
    }
    text
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn entries_have_comments_and_comments_stand_alone() {
        let text = "# head\n\n0123456789abcdef  # a.md:1 \"x\"\nfedcba9876543210\n";
        let baseline = Baseline::parse(Path::new("b"), text).unwrap();
        assert_eq!(baseline.take("0123456789abcdef"), Some("a.md:1 \"x\""));
        assert_eq!(baseline.take("0000000000000000"), None);
        let unused = baseline.unused();
        assert_eq!((unused.len(), unused[0].start.line), (1, 4));
    }

    #[test]
    fn a_line_that_is_no_entry_is_named() {
        let error = Baseline::parse(Path::new("known.txt"), "# x\nnonsense # y\n").unwrap_err().to_string();
        assert!(error.contains("`known.txt`, line 2") && error.contains("nonsense"), "{error}");
    }
}
