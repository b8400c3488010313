//! The folder of clean text: whole files or none, whatever happens.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use super::record;
use crate::{Error, Result};

/// A folder that files are written to under names given from outside.
#[derive(Debug)]
pub struct Corpus {
    root: PathBuf,
}

/// A file written beside its place and not yet in it. Unless it is committed, it goes when this does.
#[derive(Debug)]
pub struct Staged {
    temporary: PathBuf,
    target: PathBuf,
    synced: bool,
    placed: bool,
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.placed {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// True when `relative` names a place under whatever folder it is joined to.
pub fn is_inside(relative: &Path) -> bool {
    relative.file_name().is_some() && relative.components().all(|part| matches!(part, Component::Normal(_)))
}

impl Corpus {
    /// The corpus at `root`, created if missing. That a file can be written to it is tried at once, rather than found out
    /// after the first batch of documents.
    ///
    /// # Errors
    /// [`Error::Usage`] when `root` is a file, [`Error::Write`] when it cannot be created or written to.
    pub fn open(root: &Path) -> Result<Self> {
        if root.symlink_metadata().is_ok() && !root.is_dir() {
            return Err(Error::Usage(format!("`{}` is a file; the output must be a folder", root.display())));
        }
        fs::create_dir_all(root).map_err(|e| Error::write(root, e))?;
        let corpus = Self { root: root.to_path_buf() };
        corpus.stage(Path::new("x"), b"", false).map_err(|error| match error {
            Error::Write { source, .. } => Error::write(root, source),
            other => other,
        })?;
        Ok(corpus)
    }

    /// The folder.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where `relative` stands.
    ///
    /// # Errors
    /// [`Error::Document`] when that is outside the corpus.
    pub fn place(&self, relative: &Path) -> Result<PathBuf> {
        if is_inside(relative) {
            Ok(self.root.join(relative))
        } else {
            Err(Error::document(relative, "this name leads outside the output folder; rename the input"))
        }
    }

    /// Writes `bytes` beside the place of `relative`. With `sync` they are on disk when this returns.
    ///
    /// The temporary name is made from the final one: short enough whatever the name, and taken again by the next run
    /// should this one be killed.
    ///
    /// # Errors
    /// [`Error::Write`]; nothing is left behind then.
    pub fn stage(&self, relative: &Path, bytes: &[u8], sync: bool) -> Result<Staged> {
        let target = self.place(relative)?;
        let folder = target.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
        let hash = record::sha256(target.as_os_str().as_encoded_bytes());
        let temporary = folder.join(format!(".weedout-{}.tmp", &hash[..16]));
        let staged = Staged { temporary, target, synced: sync, placed: false };
        write(&staged.temporary, bytes, sync).map_err(|e| Error::write(&staged.target, e))?;
        Ok(staged)
    }

    /// Puts staged files in their places, after making sure that their content is on disk; one result for each.
    pub fn commit(&self, staged: Vec<Staged>) -> Vec<Result<()>> {
        let flushed = if staged.iter().all(|file| file.synced) { Ok(()) } else { flush(&self.root, &staged) };
        if let Err(error) = flushed {
            return staged.iter().map(|file| Err(Error::write(&file.target, copy(&error)))).collect();
        }
        let mut folders: Vec<PathBuf> =
            staged.iter().filter_map(|file| file.target.parent()).map(Path::to_path_buf).collect();
        let results = staged.into_iter().map(Staged::publish).collect();
        folders.dedup();
        folders.iter().for_each(|folder| sync_folder(folder));
        results
    }

    /// Removes what an earlier run may have left at `relative`.
    pub fn discard(&self, relative: &Path) {
        if let Ok(place) = self.place(relative) {
            let _ = fs::remove_file(place);
        }
    }
}

impl Staged {
    fn publish(mut self) -> Result<()> {
        fs::rename(&self.temporary, &self.target).map_err(|error| Error::write(&self.target, error))?;
        self.placed = true;
        Ok(())
    }
}

/// Writes a file so that it is whole at its place or not there.
///
/// # Errors
/// [`Error::Write`].
pub fn write_whole(root: &Corpus, relative: &Path, bytes: &[u8]) -> Result<()> {
    let staged = root.stage(relative, bytes, true)?;
    root.commit(vec![staged]).into_iter().collect()
}

/// Writes a new file. What stands at `path`, left by a run that was killed or put there by someone else, goes first: writing
/// through a link would change what it leads to.
fn write(path: &Path, bytes: &[u8], sync: bool) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    if sync { file.sync_data() } else { Ok(()) }
}

/// Flushes many files with one call where the system has it: ten times as fast as one call a file.
#[cfg(target_os = "linux")]
fn flush(root: &Path, _: &[Staged]) -> io::Result<()> {
    rustix::fs::syncfs(File::open(root)?).map_err(io::Error::from)
}

#[cfg(not(target_os = "linux"))]
fn flush(_: &Path, staged: &[Staged]) -> io::Result<()> {
    staged.iter().try_for_each(|file| File::open(&file.temporary)?.sync_all())
}

/// Makes renames in `folder` last. Not every system can open a folder; renames are whole without it.
pub(super) fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

fn copy(error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), error.to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn corpus() -> (tempfile::TempDir, Corpus) {
        let root = tempfile::tempdir().unwrap();
        let corpus = Corpus::open(root.path()).unwrap();
        (root, corpus)
    }

    #[test]
    fn names_cannot_leave_the_folder() {
        let (_root, corpus) = corpus();
        for name in ["../a.md", "/etc/a.md", "a/../../b.md", ".", "", "a/.."] {
            assert!(corpus.stage(Path::new(name), b"x", true).is_err(), "{name}");
        }
    }

    #[test]
    fn a_file_appears_whole_and_nothing_else_stays() {
        let (root, corpus) = corpus();
        let staged = corpus.stage(Path::new("a/b.md"), b"text", false).unwrap();
        assert!(!root.path().join("a/b.md").exists());
        assert!(corpus.commit(vec![staged])[0].is_ok());
        assert_eq!(fs::read(root.path().join("a/b.md")).unwrap(), b"text");
        assert_eq!(fs::read_dir(root.path().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_in_the_place_of_a_file_fails_by_name() {
        let (root, corpus) = corpus();
        fs::create_dir(root.path().join("b.md")).unwrap();
        let error = write_whole(&corpus, Path::new("b.md"), b"text").unwrap_err();
        assert!(error.to_string().contains("b.md"));
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_name_of_255_bytes_can_be_written() {
        let (_root, corpus) = corpus();
        assert!(write_whole(&corpus, Path::new(&"n".repeat(255)), b"text").is_ok());
    }
}
