//! Writing a document without its spam over itself: whole or not at all.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::{Error, Result};

/// Replaces the content of the file at `path`, which was `before`, by `after`. Its permissions stay; of a link, the file it
/// leads to is replaced.
///
/// # Errors
/// [`Error::Write`] when the file is read-only, changed since it was read, or cannot be written; it is as it was then.
pub fn write(path: &Path, before: &[u8], after: &[u8]) -> Result<()> {
    replace(path, Some(before), after).map_err(|source| Error::write(path, source))
}

/// Writes a file that may not be there yet, whole or not at all.
///
/// # Errors
/// [`Error::Write`].
pub fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    replace(path, None, bytes).map_err(|source| Error::write(path, source))
}

fn replace(path: &Path, before: Option<&[u8]>, after: &[u8]) -> io::Result<()> {
    let real =
        path.canonicalize().or_else(|error| if before.is_none() { Ok(path.to_path_buf()) } else { Err(error) })?;
    let permissions = fs::metadata(&real).ok().map(|metadata| metadata.permissions());
    if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it is read-only"));
    }
    if let Some(before) = before
        && fs::read(&real)? != before
    {
        return Err(io::Error::other("it changed since it was read; run again"));
    }
    let folder = real.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".weedout-").suffix(".tmp");
    #[cfg(unix)]
    if permissions.is_none() {
        use std::os::unix::fs::PermissionsExt;
        // What any program's new file gets, less the umask.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(after)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_data()?;
    file.persist(&real).map(drop).map_err(|error| error.error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_and_nothing_else_stays() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        fs::write(&path, "before").unwrap();
        write(&path, b"before", b"after").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"after");
        assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("a.md");
        fs::write(&path, "edited").unwrap();
        let error = write(&path, b"before", b"after").unwrap_err().to_string();
        assert!(error.contains("a.md") && error.contains("changed since"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), b"edited");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt;
        let root = tempfile::tempdir().unwrap();
        let (path, link) = (root.path().join("a.md"), root.path().join("b.md"));
        fs::write(&path, "x").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        write(&link, b"x", b"y").unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(
            (fs::read(&path).unwrap(), path.metadata().unwrap().permissions().mode() & 0o777),
            (b"y".into(), 0o640)
        );
        fs::set_permissions(&path, fs::Permissions::from_mode(0o440)).unwrap();
        assert!(write(&path, b"y", b"z").unwrap_err().to_string().contains("read-only"));
    }
}
