//! Sketches on disk: a line of JSON, then the keys in order with their hosts, as three little-endian 64-bit numbers each.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Hosts, Sketch, holds};
use crate::clean::corpus::{Corpus, write_whole};
use crate::{Error, Result};

/// The version of the file.
const VERSION: u32 = 1;
/// Bytes of a key.
const ENTRY: usize = 24;

#[derive(Serialize, Deserialize)]
struct Header {
    /// Version of weedout's sketches.
    sketch: u32,
    model: String,
    level: u32,
    keys: usize,
}

impl Sketch {
    /// The sketch as a file holds it. The same sketch gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = Header { sketch: VERSION, model: self.model.clone(), level: self.level, keys: self.seen.len() };
        let mut bytes = crate::clean::record::line(&header).into_bytes();
        bytes.reserve(self.seen.len() * ENTRY);
        for (key, hosts) in &self.seen {
            [*key, hosts.spam, hosts.genuine].iter().for_each(|number| bytes.extend(number.to_le_bytes()));
        }
        bytes
    }

    /// The sketch in `bytes`.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let end = memchr::memchr(b'\n', bytes).ok_or("it has no header")?;
        let header: Header =
            serde_json::from_slice(&bytes[..end]).map_err(|_| "it is no sketch; `weedout sketch` makes one")?;
        if header.sketch != VERSION {
            return Err(format!("it is of version {}, not {VERSION}; make it anew", header.sketch));
        }
        let mut sketch = Self::new(header.model);
        sketch.level = header.level;
        let (entries, rest) = bytes[end + 1..].as_chunks::<ENTRY>();
        for entry in entries {
            let number =
                |at: usize| entry[at..at + 8].iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte));
            if !holds(sketch.level, number(0)) {
                return Err("it holds keys it should not".into());
            }
            sketch.insert(number(0), Hosts { spam: number(8), genuine: number(16) });
        }
        let whole = rest.is_empty() && sketch.seen.len() == header.keys;
        if whole { Ok(sketch) } else { Err("it is cut off or damaged".into()) }
    }

    /// Reads the sketch at `path`.
    ///
    /// # Errors
    /// [`Error::Read`], or [`Error::Document`] when it is no whole sketch of this version.
    pub fn load(path: &Path) -> Result<Self> {
        let bytes = std::fs::read(path).map_err(|e| Error::read(path, e))?;
        Self::from_bytes(&bytes).map_err(|reason| Error::document(path, reason))
    }

    /// Writes the sketch to `path`, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn save(&self, path: &Path) -> Result<()> {
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let name = path.file_name().ok_or_else(|| Error::Usage(format!("`{}` names no file", path.display())))?;
        write_whole(&Corpus::open(folder)?, Path::new(name), &self.to_bytes())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::sketch::{Key, Mark};

    #[test]
    fn a_sketch_comes_back_as_it_was_and_a_damaged_one_does_not() {
        let mut sketch = Sketch::new("model-1".into());
        for n in 0..50 {
            sketch.add(&format!("h{n}.example"), &[Mark { key: Key::host(&format!("t{}", n % 9)), spam: n % 2 == 0 }]);
        }
        let bytes = sketch.to_bytes();
        assert_eq!(Sketch::from_bytes(&bytes).unwrap(), sketch);
        for damaged in [&bytes[..bytes.len() - 1], &bytes[..bytes.len() - ENTRY], b"{}\n", b"text", b""] {
            assert!(Sketch::from_bytes(damaged).is_err());
        }
    }
}
