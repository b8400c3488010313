//! Where documents come from: finding inputs, reading them, decoding bytes to text, telling formats apart.

pub mod charset;
pub mod compression;
pub mod container;
pub mod decode;
pub mod find;
pub mod format;
pub mod glob;
pub mod http;
pub mod jsonl;
pub mod limit;
pub mod list;
pub mod map;
pub mod read;
pub mod record;
pub mod shard;
pub mod warc;

use std::path::PathBuf;

pub use container::Container;
pub use decode::{Decoded, decode};
pub use find::find;
pub use limit::Limits;
pub use map::Map;

/// One document to process.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where it is, as the user wrote it; what messages and records name.
    pub path: PathBuf,
    /// Its place under an output folder: the path under the folder argument, or the file name of an explicit file.
    pub relative: PathBuf,
    /// The content, when it was already read (standard input); otherwise it is read from `path`.
    pub bytes: Option<Vec<u8>>,
}

impl Input {
    /// An input to be read from a file.
    pub fn file(path: impl Into<PathBuf>, relative: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), relative: relative.into(), bytes: None }
    }

    /// An input already read; `name` says what to call it and, by its extension, how it is written.
    pub fn memory(name: impl Into<PathBuf>, bytes: Vec<u8>) -> Self {
        let path: PathBuf = name.into();
        let relative = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
        Self { path, relative, bytes: Some(bytes) }
    }
}
