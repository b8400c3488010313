//! What can go wrong, each naming the path and what to do about it.

use std::path::{Path, PathBuf};

/// The result of a fallible weedout operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Everything that stops a run or a document.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file or folder could not be read.
    #[error("cannot read `{path}`: {source}{}", advice(source))]
    Read {
        /// The path that failed.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A file or folder could not be written.
    #[error("cannot write `{path}`: {source}; check permissions and free space")]
    Write {
        /// The path that failed.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The bytes are not text.
    #[error("`{path}` looks binary ({reason}); exclude it or convert it to text first")]
    Binary {
        /// The input.
        path: PathBuf,
        /// What gave it away.
        reason: String,
    },
    /// A model could not be loaded.
    #[error("cannot use model `{path}`: {reason}; retrain it with `weedout train` or leave out `--model`")]
    Model {
        /// The model file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A record of an audit, data set or lexicon is malformed.
    #[error("`{path}`, line {line}: {reason}")]
    Record {
        /// The file.
        path: PathBuf,
        /// 1-based line.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// A configuration file cannot be understood.
    #[error("`{path}`, line {line}: {reason}")]
    Config {
        /// The file.
        path: PathBuf,
        /// 1-based line.
        line: usize,
        /// What is wrong with it, and what may have been meant.
        reason: String,
    },
    /// One document could not be processed; the others are not concerned.
    #[error("`{path}`: {reason}")]
    Document {
        /// The document.
        path: PathBuf,
        /// What happened, and what to do.
        reason: String,
    },
    /// Another run is writing the same corpus or audit.
    #[error("`{path}` is in use by another weedout run; wait for it to end or choose another folder")]
    Locked {
        /// The folder.
        path: PathBuf,
    },
    /// Nothing to work on.
    #[error("no inputs: {0}")]
    NoInputs(String),
    /// The request contradicts itself.
    #[error("{0}")]
    Usage(String),
}

impl Error {
    /// A read error at `path`.
    pub fn read(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Read { path: path.as_ref().to_path_buf(), source }
    }

    /// A write error at `path`.
    pub fn write(path: impl AsRef<Path>, source: std::io::Error) -> Self {
        Self::Write { path: path.as_ref().to_path_buf(), source }
    }

    /// A model error at `path`.
    pub fn model(path: impl AsRef<Path>, reason: impl Into<String>) -> Self {
        Self::Model { path: path.as_ref().to_path_buf(), reason: reason.into() }
    }

    /// An error of one document.
    pub fn document(path: impl AsRef<Path>, reason: impl Into<String>) -> Self {
        Self::Document { path: path.as_ref().to_path_buf(), reason: reason.into() }
    }
}

/// What to do about what the system says; what weedout says itself says that too.
fn advice(source: &std::io::Error) -> &'static str {
    if source.get_ref().is_some() { "" } else { "; check that it exists and is readable" }
}
