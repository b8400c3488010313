//! The originals again, from a corpus and its audit.

use std::fs::File;
use std::io::{BufRead, BufReader, Lines};
use std::iter::{Enumerate, Peekable};
use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

use super::audit::{MANIFEST, REMOVED};
use super::corpus::{Corpus, write_whole};
use super::record::{self, Manifest, Removed, Status};
use crate::block::Format;
use crate::{Error, Result};

/// What restoring came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Restored {
    /// Documents written again, byte for byte.
    pub documents: usize,
    /// Pages, which cannot be rebuilt; all their removed text is in the audit.
    pub pages: usize,
    /// Documents that could not be restored.
    pub failed: usize,
}

/// The corpus an audit belongs to when it has its default name: `DIR` for `DIR-audit`.
///
/// # Errors
/// [`Error::Usage`] when the name is another.
pub fn corpus_of(audit: &Path) -> Result<PathBuf> {
    let name = audit.file_name().and_then(|name| name.to_str()).and_then(|name| name.strip_suffix("-audit"));
    name.filter(|name| !name.is_empty()).map(|name| audit.with_file_name(name)).ok_or_else(|| {
        Error::Usage(format!("cannot tell which corpus `{}` belongs to; name it with --corpus", audit.display()))
    })
}

/// Rebuilds every document but pages from `audit` and `corpus` under `out`, each checked against the hash of the input.
/// `tell` gets every document that cannot be restored, and why; the others are restored all the same.
///
/// # Errors
/// When the audit cannot be read, is malformed, or `out` cannot be used.
pub fn restore(audit: &Path, corpus: &Path, out: &Path, tell: &mut dyn FnMut(&Error)) -> Result<Restored> {
    let mut removed = Records::<Removed>::open(audit.join(REMOVED))?.peekable();
    let manifest = Records::<Manifest>::open(audit.join(MANIFEST))?;
    refuse_overlap(out, corpus)?;
    let out = Corpus::open(out)?;
    let mut restored = Restored::default();
    for row in manifest {
        let row = row?;
        let taken = own(&mut removed, &row.path)?;
        if row.format == Some(Format::Html) {
            restored.pages += 1;
            continue;
        }
        match rebuild(&row, &taken, corpus).and_then(|(place, bytes)| write_whole(&out, &place, &bytes)) {
            Ok(()) => restored.documents += 1,
            Err(error) => {
                restored.failed += 1;
                tell(&error);
            }
        }
    }
    Ok(restored)
}

fn refuse_overlap(out: &Path, corpus: &Path) -> Result<()> {
    let same = out.canonicalize().ok().is_some_and(|out| corpus.canonicalize().is_ok_and(|corpus| out == corpus));
    if same {
        Err(Error::Usage(format!("`{}` is the corpus; restore to another folder", out.display())))
    } else {
        Ok(())
    }
}

/// The records of the document at `path`, which come next if there are any.
fn own(removed: &mut Peekable<Records<Removed>>, path: &str) -> Result<Vec<Removed>> {
    let mut found = Vec::new();
    while let Some(record) = removed.next_if(|record| record.as_ref().map_or(true, |record| record.path == path)) {
        found.push(record?);
    }
    Ok(found)
}

/// The place and the bytes of an original.
fn rebuild(row: &Manifest, taken: &[Removed], corpus: &Path) -> Result<(PathBuf, Vec<u8>)> {
    let wrong = |reason: &str| Error::document(&row.path, reason);
    let place =
        row.place().ok_or_else(|| wrong("its record names a place outside the output; the audit was changed"))?;
    if row.status == Status::Failed {
        return Err(wrong("it failed when it was cleaned, so there is nothing to restore it from"));
    }
    let kept = kept(row, corpus, &place)?;
    let encoding = row.encoding.as_deref().unwrap_or("UTF-8");
    let bytes =
        weave(&kept, taken, encoding).ok_or_else(|| wrong("its removed text does not fit; the audit was changed"))?;
    match &row.sha256_in {
        Some(sha256) if *sha256 == record::sha256(&bytes) => Ok((place, bytes)),
        _ => Err(wrong("what comes out is not what went in; the corpus or the audit was changed")),
    }
}

fn kept(row: &Manifest, corpus: &Path, place: &Path) -> Result<Vec<u8>> {
    if row.output.is_none() {
        return Ok(Vec::new());
    }
    let path = corpus.join(place);
    let bytes = std::fs::read(&path).map_err(|e| Error::read(&path, e))?;
    if row.sha256_out.as_deref() == Some(record::sha256(&bytes).as_str()) {
        return Ok(bytes);
    }
    Err(Error::document(&path, "it was changed since it was cleaned, so its original cannot be put together"))
}

/// Puts removed bytes back between the kept ones.
fn weave(kept: &[u8], taken: &[Removed], encoding: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(kept.len());
    let mut left = kept;
    for record in taken {
        let gap = record.byte_start?.checked_sub(bytes.len())?;
        let (before, after) = left.split_at_checked(gap)?;
        left = after;
        bytes.extend_from_slice(before);
        bytes.extend(record.bytes(encoding)?);
        if record.byte_end != Some(bytes.len()) {
            return None;
        }
    }
    bytes.extend_from_slice(left);
    Some(bytes)
}

/// The records of a file, one a line.
struct Records<T> {
    path: PathBuf,
    lines: Enumerate<Lines<BufReader<File>>>,
    kind: std::marker::PhantomData<T>,
}

impl<T> Records<T> {
    fn open(path: PathBuf) -> Result<Self> {
        let file = File::open(&path).map_err(|e| Error::read(&path, e))?;
        Ok(Self { path, lines: BufReader::new(file).lines().enumerate(), kind: std::marker::PhantomData })
    }
}

impl<T: DeserializeOwned> Iterator for Records<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Result<T>> {
        let (at, line) = self.lines.next()?;
        let line = match line {
            Ok(line) => line,
            Err(error) => return Some(Err(Error::read(&self.path, error))),
        };
        let wrong = |error: serde_json::Error| Error::Record {
            path: self.path.clone(),
            line: at + 1,
            reason: error.to_string(),
        };
        Some(serde_json::from_str(&line).map_err(wrong))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_corpus_is_told_from_the_audits_name() {
        assert_eq!(corpus_of(Path::new("x/corpus-audit")).unwrap(), Path::new("x/corpus"));
        assert!(corpus_of(Path::new("records")).unwrap_err().to_string().contains("--corpus"));
        assert!(corpus_of(Path::new("-audit")).is_err());
    }
}
