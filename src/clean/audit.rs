//! The audit beside a corpus: what became of every document and everything that was removed, in the order of the inputs.
//!
//! A run appends to numbered parts, removed text before the documents it came from, and renames them at its end. So an audit
//! is whole or recognisably unfinished, and a part without its last line is still good up to it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use super::corpus::sync_folder;
use crate::{Error, Result};

/// The file of documents.
pub const MANIFEST: &str = "manifest.jsonl";
/// The file of removed text.
pub const REMOVED: &str = "removed.jsonl";

/// Lines are gathered to so many bytes for one call.
const BUFFER: usize = 1 << 18;

/// An audit being written. It is locked against other runs as long as it lives.
#[derive(Debug)]
pub struct Audit {
    root: PathBuf,
    number: usize,
    manifest: File,
    removed: File,
    _locks: Vec<File>,
}

impl Audit {
    /// Opens the audit at `root` for a run that writes to `corpus`. With `resume`, the parts of interrupted runs are left
    /// for [`super::resume::Previous`]; otherwise they go.
    ///
    /// # Errors
    /// [`Error::Locked`] when another run uses the audit or the corpus; [`Error::Usage`] or [`Error::Write`] when the folder
    /// cannot be used.
    pub fn open(root: &Path, corpus: &Path, resume: bool) -> Result<Self> {
        if root.symlink_metadata().is_ok() && !root.is_dir() {
            return Err(Error::Usage(format!("`{}` is a file; the audit must be a folder", root.display())));
        }
        fs::create_dir_all(root).map_err(|e| Error::write(root, e))?;
        let locks = [lock_file(root)?].into_iter().chain(lock_folder(corpus)?).collect();
        if !resume {
            parts(root).into_iter().flat_map(|number| names(root, number)).for_each(|part| drop(fs::remove_file(part)));
        }
        let number = parts(root).last().map_or(0, |last| last + 1);
        let [manifest, removed] = names(root, number).map(|path| create(&path));
        Ok(Self { root: root.to_path_buf(), number, manifest: manifest?, removed: removed?, _locks: locks })
    }

    /// Appends documents (lines of JSON) and what was removed from them, and makes both last.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn append<'a>(&mut self, documents: &str, removed: impl Iterator<Item = &'a str>) -> Result<()> {
        let error = |name: &str| {
            let path = self.root.join(name);
            move |e| Error::write(path, e)
        };
        write(&mut self.removed, removed).map_err(error(REMOVED))?;
        write(&mut self.manifest, std::iter::once(documents)).map_err(error(MANIFEST))
    }

    /// Ends the run: its parts become the audit, earlier parts go.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn finish(self) -> Result<()> {
        let [manifest, removed] = names(&self.root, self.number);
        for (part, name) in [(removed, REMOVED), (manifest, MANIFEST)] {
            fs::rename(part, self.root.join(name)).map_err(|e| Error::write(self.root.join(name), e))?;
        }
        sync_folder(&self.root);
        parts(&self.root).into_iter().flat_map(|n| names(&self.root, n)).for_each(|part| drop(fs::remove_file(part)));
        Ok(())
    }
}

fn write<'a>(file: &mut File, lines: impl Iterator<Item = &'a str>) -> std::io::Result<()> {
    let mut out = BufWriter::with_capacity(BUFFER, &mut *file);
    for line in lines {
        out.write_all(line.as_bytes())?;
    }
    out.flush()?;
    drop(out);
    file.sync_data()
}

/// The manifest and the removed text of part `number`.
pub(super) fn names(root: &Path, number: usize) -> [PathBuf; 2] {
    ["manifest", "removed"].map(|stem| root.join(format!("{stem}.{number:04}.part")))
}

/// The numbers of the parts in an audit, ascending.
pub(super) fn parts(root: &Path) -> Vec<usize> {
    let entries = fs::read_dir(root).into_iter().flatten().flatten();
    let number = |entry: fs::DirEntry| {
        let name = entry.file_name();
        let number = name.to_str()?.strip_suffix(".part")?.rsplit_once('.')?.1;
        number.parse().ok()
    };
    let mut found: Vec<usize> = entries.filter_map(number).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn create(path: &Path) -> Result<File> {
    File::create(path).map_err(|e| Error::write(path, e))
}

fn lock_file(root: &Path) -> Result<File> {
    let path = root.join(".lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    lock(file.map_err(|e| Error::write(&path, e))?, root)
}

/// Locks the corpus too, for two runs may have different audits; by its folder, since it holds clean text and nothing else.
#[cfg(unix)]
fn lock_folder(corpus: &Path) -> Result<Option<File>> {
    let folder = File::open(corpus).map_err(|e| Error::write(corpus, e))?;
    lock(folder, corpus).map(Some)
}

#[cfg(not(unix))]
fn lock_folder(_: &Path) -> Result<Option<File>> {
    Ok(None)
}

fn lock(file: File, path: &Path) -> Result<File> {
    // Other errors mean a file system without locks, which is no reason to refuse work.
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(Error::Locked { path: path.to_path_buf() }),
        _ => Ok(file),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_audit_appears_at_its_end_and_parts_go() {
        let root = tempfile::tempdir().unwrap();
        let mut audit = Audit::open(root.path(), root.path(), false).unwrap();
        audit.append("{\"a\":1}\n", ["{\"b\":1}\n"].into_iter()).unwrap();
        assert!(!root.path().join(MANIFEST).exists());
        audit.finish().unwrap();
        assert_eq!(fs::read_to_string(root.path().join(MANIFEST)).unwrap(), "{\"a\":1}\n");
        assert!(parts(root.path()).is_empty());
    }

    #[test]
    fn a_second_run_is_told_of_the_first() {
        let root = tempfile::tempdir().unwrap();
        let first = Audit::open(root.path(), root.path(), false).unwrap();
        assert!(matches!(Audit::open(root.path(), root.path(), false), Err(Error::Locked { .. })));
        drop(first);
        assert!(Audit::open(root.path(), root.path(), true).is_ok());
    }
}
