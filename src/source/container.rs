//! Files that hold many documents, told by their names.

use std::path::{Path, PathBuf};

use super::compression::Compression;

/// How records are kept in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Container {
    /// One JSON object a line.
    Jsonl,
    /// Web archive: pages as they were fetched (WARC), or their text (WET).
    Warc,
    /// Columns of rows.
    Parquet,
}

/// The extensions of containers, without that of a compression.
const EXTENSIONS: [(&str, Container); 5] = [
    ("jsonl", Container::Jsonl),
    ("ndjson", Container::Jsonl),
    ("warc", Container::Warc),
    ("wet", Container::Warc),
    ("parquet", Container::Parquet),
];

impl Container {
    /// By the extension of a name, before that of its compression: `a.jsonl.gz`, `b.warc.wet.gz`, `c.parquet`.
    pub fn by_name(path: &Path) -> Option<Self> {
        let name = bare(path);
        let extension = name.extension()?.to_str()?.to_ascii_lowercase();
        // `a.json.gz` is how several data sets call JSON Lines; `a.json` is a document of its own.
        if extension == "json" && name != path {
            return Some(Self::Jsonl);
        }
        EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, container)| *container)
    }

    /// The name of what `relative` is cleaned to: records of web archives become JSON Lines, others stay what they are.
    pub fn output_name(self, relative: &Path) -> PathBuf {
        if self != Self::Warc {
            return relative.to_path_buf();
        }
        let mut name = bare(relative).into_os_string();
        name.push(".jsonl");
        name.push(Compression::by_name(relative).extension());
        name.into()
    }
}

/// `path` without the extension of its compression.
fn bare(path: &Path) -> PathBuf {
    if Compression::by_name(path) == Compression::None { path.to_path_buf() } else { path.with_extension("") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn containers_are_told_under_their_compression() {
        let container = |name: &str| Container::by_name(Path::new(name));
        assert_eq!(container("a.jsonl"), Some(Container::Jsonl));
        assert_eq!(container("a.JSONL.zst"), Some(Container::Jsonl));
        assert_eq!((container("a.json.gz"), container("a.json")), (Some(Container::Jsonl), None));
        assert_eq!(container("CC-1.warc.wet.gz"), Some(Container::Warc));
        assert_eq!((container("a.html.gz"), container("warc")), (None, None));
    }

    #[test]
    fn outputs_stand_beside_their_inputs() {
        let name = |container: Container, name: &str| container.output_name(Path::new(name));
        assert_eq!(name(Container::Warc, "s/CC-1.warc.wet.gz"), Path::new("s/CC-1.warc.wet.jsonl.gz"));
        assert_eq!(name(Container::Warc, "a.warc"), Path::new("a.warc.jsonl"));
        assert_eq!(name(Container::Jsonl, "a.jsonl.zst"), Path::new("a.jsonl.zst"));
    }
}
