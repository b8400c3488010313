//! Reading a whole regular file, and nothing that is not one.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use crate::{Error, Result};

/// The largest document taken, in bytes. A page or transcript is far below; beyond it, it is a dump that needs splitting,
/// and reading it would cost several times its size in memory.
pub const LARGEST: u64 = 1 << 30;

/// All bytes of the regular file at `path`.
///
/// # Errors
/// [`Error::Read`] when it is missing, unreadable, not a regular file (pipes and devices would block for ever), larger
/// than [`LARGEST`], or changed while it was being read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    read_regular(path).map_err(|source| Error::read(path, source))
}

fn read_regular(path: &Path) -> io::Result<Vec<u8>> {
    check(path, &fs::metadata(path)?)?;
    let mut file = File::open(path)?;
    let before = file.metadata()?;
    check(path, &before)?;
    let mut bytes = Vec::with_capacity(before.len() as usize);
    file.read_to_end(&mut bytes)?;
    let after = file.metadata()?;
    if after.len() != bytes.len() as u64 || after.modified().ok() != before.modified().ok() {
        return Err(io::Error::other("it changed while it was being read; run again when nothing writes to it"));
    }
    Ok(bytes)
}

fn check(path: &Path, metadata: &Metadata) -> io::Result<()> {
    if metadata.is_dir() {
        // One that may not be read is an input of its own, and that is what to say of it.
        fs::read_dir(path)?;
        return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder; name a file in it"));
    }
    if !metadata.is_file() {
        return Err(io::Error::other("it is a pipe, socket or device, not a regular file"));
    }
    if metadata.len() > LARGEST {
        return Err(io::Error::other(format!("it is larger than {} MiB; split it first", LARGEST >> 20)));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_not_read() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read(folder.path()).unwrap_err().to_string().contains("it is a folder"));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_refused_before_it_is_opened() {
        assert!(read(Path::new("/dev/zero")).unwrap_err().to_string().contains("not a regular file"));
    }

    #[test]
    fn a_missing_file_is_named() {
        assert!(read(Path::new("no/such.md")).unwrap_err().to_string().contains("no/such.md"));
    }
}
