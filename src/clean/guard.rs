//! Refusing runs whose folders are in each other's way, before anything is written.

use std::path::{Component, Path, PathBuf};

use super::Job;
use crate::{Error, Result};

/// Checks that output and audit lie neither inside the folders being read nor around what is read, and not in each other.
///
/// # Errors
/// [`Error::Usage`], naming both paths.
pub(super) fn check(job: &Job) -> Result<()> {
    let (out, audit) = (real(&job.out), real(&job.audit));
    for (path, real_path, what) in [(&job.out, &out, "output"), (&job.audit, &audit, "audit")] {
        if let Some(folder) = job.folders.iter().find(|folder| real_path.starts_with(real(folder))) {
            return Err(refuse(what, path, "is inside the input folder", folder));
        }
        if let Some(input) =
            job.inputs.iter().find(|input| input.bytes.is_none() && real(&input.path).starts_with(real_path))
        {
            return Err(refuse(what, path, "contains the input", &input.path));
        }
    }
    if audit.starts_with(&out) {
        return Err(refuse("audit", &job.audit, "is inside the output folder", &job.out));
    }
    Ok(())
}

fn refuse(what: &str, path: &Path, how: &str, other: &Path) -> Error {
    Error::Usage(format!("the {what} `{}` {how} `{}`; choose a folder beside it", path.display(), other.display()))
}

/// `path` without links and dots, as far as it exists.
fn real(path: &Path) -> PathBuf {
    let full = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut found = full.as_path();
    loop {
        if let Ok(real) = found.canonicalize() {
            return plain(&real.join(full.strip_prefix(found).unwrap_or(Path::new(""))));
        }
        match found.parent() {
            Some(parent) => found = parent,
            None => return plain(&full),
        }
    }
}

/// `path` with `..` resolved by name.
fn plain(path: &Path) -> PathBuf {
    path.components().fold(PathBuf::new(), |mut plain, part| {
        match part {
            Component::ParentDir => drop(plain.pop()),
            part => plain.push(part),
        }
        plain
    })
}

/// The audit's folder when none is given: `DIR-audit` beside the output `DIR`.
pub fn beside(out: &Path) -> PathBuf {
    let full = if out.file_name().is_some() { out.to_path_buf() } else { real(out) };
    let mut name = full.file_name().unwrap_or_default().to_os_string();
    name.push("-audit");
    full.with_file_name(name)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::source::Input;

    fn job(root: &Path, out: &str, audit: &str) -> Job {
        let mut job = Job::new(vec![Input::file(root.join("in/a.md"), "a.md")], root.join(out));
        job.audit = root.join(audit);
        job.folders = vec![root.join("in")];
        job
    }

    #[test]
    fn folders_in_each_others_way_are_refused_by_name() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("in")).unwrap();
        std::fs::write(root.path().join("in/a.md"), "x").unwrap();
        assert!(check(&job(root.path(), "out", "out-audit")).is_ok());
        for (out, audit) in
            [("in/out", "b"), ("in", "b"), ("out", "in/audit"), ("out", "out/audit"), (".", "b"), ("x/../in/y", "b")]
        {
            let error = check(&job(root.path(), out, audit)).unwrap_err().to_string();
            assert!(error.contains("choose a folder beside it"), "{out} {audit}: {error}");
        }
    }

    #[test]
    fn the_audit_stands_beside_the_output() {
        assert_eq!(beside(Path::new("x/corpus/")), Path::new("x/corpus-audit"));
        assert_eq!(beside(Path::new("corpus")), Path::new("corpus-audit"));
        assert!(beside(Path::new(".")).to_str().unwrap().ends_with("-audit"));
    }
}
