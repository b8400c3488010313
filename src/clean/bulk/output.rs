//! A file that appears whole at its place or not at all, with its hash known at the end.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::clean::corpus::{Corpus, sync_folder};
use crate::clean::record;
use crate::verdict::model::hex;
use crate::{Error, Result};

/// A file being written beside its place.
pub(super) struct Output {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
    temporary: PathBuf,
    target: PathBuf,
    published: bool,
}

impl Output {
    /// Starts the file for `relative` in `folder`. Its temporary name is made from the final one, so that what a killed run
    /// left is taken again, and it is locked, so that two runs at one file do not mix.
    pub(super) fn create(folder: &Corpus, relative: &Path) -> Result<Self> {
        let target = folder.place(relative)?;
        let parent = target.parent().unwrap_or(folder.root());
        fs::create_dir_all(parent).map_err(|e| Error::write(parent, e))?;
        let hash = record::sha256(target.as_os_str().as_encoded_bytes());
        let temporary = parent.join(format!(".weedout-{}.tmp", &hash[..16]));
        let file = claim(&temporary, &target)?;
        file.set_len(0).map_err(|e| Error::write(&target, e))?;
        let file = BufWriter::with_capacity(256 << 10, file);
        Ok(Self { file, hash: Sha256::new(), bytes: 0, temporary, target, published: false })
    }

    /// Puts the file in its place and returns its SHA-256 and size.
    pub(super) fn publish(mut self) -> Result<(String, u64)> {
        let written = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
        let renamed = written.and_then(|()| fs::rename(&self.temporary, &self.target));
        renamed.map_err(|e| Error::write(&self.target, e))?;
        self.published = true;
        self.target.parent().into_iter().for_each(sync_folder);
        Ok((hex(&std::mem::take(&mut self.hash).finalize()), self.bytes))
    }

    /// Its place.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }

    /// An error of writing it.
    pub(super) fn error(&self, error: io::Error) -> Error {
        Error::write(&self.target, error)
    }
}

/// What was not put in its place goes.
impl Drop for Output {
    fn drop(&mut self) {
        if !self.published {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens and locks the temporary file. Between the two it may have been put in its place by the run that had it; then what
/// is locked is that run's output, and must be let go.
fn claim(temporary: &Path, target: &Path) -> Result<File> {
    loop {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(temporary);
        let file = file.map_err(|e| Error::write(target, e))?;
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(Error::Locked { path: target.to_path_buf() });
        }
        if is_at(&file, temporary) {
            return Ok(file);
        }
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let id = |metadata: &fs::Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata(), fs::metadata(path)), (Ok(open), Ok(there)) if id(&open) == id(&there))
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Locks a folder together with other runs over files of records, against a run over documents, which wants it for itself.
pub(super) fn share(folder: &Path) -> Result<File> {
    let file = File::open(folder).map_err(|e| Error::write(folder, e))?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => Err(Error::Locked { path: folder.to_path_buf() }),
        _ => Ok(file),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_locked_while_it_is_written_and_whole_when_it_appears() {
        let root = tempfile::tempdir().unwrap();
        let corpus = Corpus::open(root.path()).unwrap();
        let name = Path::new("a/b.jsonl");
        let mut output = Output::create(&corpus, name).unwrap();
        output.write_all(b"text").unwrap();
        assert!(matches!(Output::create(&corpus, name), Err(Error::Locked { .. })));
        assert!(!root.path().join(name).exists());
        assert_eq!(output.publish().unwrap(), (record::sha256(b"text"), 4));
        assert_eq!(fs::read(root.path().join(name)).unwrap(), b"text");
        assert_eq!(fs::read_dir(root.path().join("a")).unwrap().count(), 1);
        drop(Output::create(&corpus, name).unwrap());
        assert_eq!(fs::read_dir(root.path().join("a")).unwrap().count(), 1);
        assert_eq!(fs::read(root.path().join(name)).unwrap(), b"text");
    }
}
