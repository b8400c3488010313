//! The records of an audit, one JSON object a line. Fields are only ever added; a change of meaning raises `v`.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Cleaned, Removal};
use crate::block::{Format, Kind, Metadata};
pub use crate::verdict::model::hex;
use crate::verdict::{Label, Reason};

/// The version of the records.
pub const VERSION: u32 = 1;

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Nothing was removed.
    Untouched,
    /// Something was removed.
    Cleaned,
    /// Nothing genuine was left; there is no output.
    Rejected,
    /// There was nothing in it; there is no output.
    Empty,
    /// It could not be processed; there is no output.
    Failed,
}

/// What a removal took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Part {
    /// A whole block of that kind.
    Block(Kind),
    /// A sentence of a block that stays.
    Sentence,
    /// A link of a block that stays.
    Link,
    /// What is left of a document that goes as a whole: front matter, blank lines, furniture.
    Rest,
}

impl From<Part> for String {
    fn from(part: Part) -> Self {
        let kind = match part {
            Part::Sentence => return "sentence".into(),
            Part::Link => return "link".into(),
            Part::Rest => return "rest".into(),
            Part::Block(kind) => serde_json::to_value(kind),
        };
        kind.ok().and_then(|kind| kind.as_str().map(Self::from)).unwrap_or_default()
    }
}

impl From<String> for Part {
    fn from(name: String) -> Self {
        match name.as_str() {
            "sentence" => Self::Sentence,
            "link" => Self::Link,
            "rest" => Self::Rest,
            _ => Self::Block(serde_json::from_value(name.into()).unwrap_or(Kind::Paragraph)),
        }
    }
}

/// A line of `manifest.jsonl`: one document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the record.
    pub v: u32,
    /// The input as it was named.
    pub path: String,
    /// Its place under the input folder, `/` between folders; where `restore` writes it.
    pub relative: String,
    /// The same as hexadecimal bytes, for a name that is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relative_raw: Option<String>,
    /// The clean file under the corpus folder; `None` when there is none.
    pub output: Option<String>,
    /// How the document was written.
    pub format: Option<Format>,
    /// The encoding it was read in.
    pub encoding: Option<String>,
    /// What became of it.
    pub status: Status,
    /// Why it failed.
    pub error: Option<String>,
    /// Its language as an ISO 639-3 code, when that is certain.
    pub language: Option<String>,
    /// Blocks it came with.
    pub blocks: usize,
    /// Blocks that went whole.
    pub removed: usize,
    /// Words it came with.
    pub words_in: usize,
    /// Words it keeps.
    pub words_kept: usize,
    /// Fields of the front matter that read like spam, and stay.
    #[serde(default, skip_serializing_if = "is_default")]
    pub suspect_fields: usize,
    /// SHA-256 of the input.
    pub sha256_in: Option<String>,
    /// SHA-256 of the output.
    pub sha256_out: Option<String>,
    /// Identity of the model.
    pub model: String,
    /// Identity of the configuration.
    pub config: String,
    /// What the document says about itself.
    #[serde(default, skip_serializing_if = "is_default")]
    pub metadata: Metadata,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What records of one run share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Identity of the model.
    pub model: String,
    /// Identity of the configuration.
    pub config: String,
}

impl Manifest {
    /// The record of a document that failed, and what other records start from.
    pub fn failed(path: &Path, relative: &Path, origin: &Origin, error: String) -> Self {
        Self {
            v: VERSION,
            path: name(path),
            relative: name(relative),
            relative_raw: raw_name(relative),
            output: None,
            format: None,
            encoding: None,
            status: Status::Failed,
            error: Some(error),
            language: None,
            blocks: 0,
            removed: 0,
            words_in: 0,
            words_kept: 0,
            suspect_fields: 0,
            sha256_in: None,
            sha256_out: None,
            model: origin.model.clone(),
            config: origin.config.clone(),
            metadata: Metadata::default(),
        }
    }

    /// The record of a cleaned document.
    pub fn cleaned(path: &Path, relative: &Path, origin: &Origin, cleaned: &Cleaned) -> Self {
        Self {
            status: cleaned.status,
            error: None,
            format: Some(cleaned.format),
            encoding: Some(cleaned.encoding.to_owned()),
            language: cleaned.language.map(str::to_owned),
            blocks: cleaned.blocks,
            removed: cleaned.blocks_removed(),
            words_in: cleaned.words_in,
            words_kept: cleaned.words_kept,
            suspect_fields: cleaned.suspects.len(),
            metadata: cleaned.metadata.clone(),
            ..Self::failed(path, relative, origin, String::new())
        }
    }

    /// The place of the document under the input folder.
    ///
    /// `None` when the record was tampered with: a place outside.
    pub fn place(&self) -> Option<PathBuf> {
        let path = match &self.relative_raw {
            Some(raw) => path_of(unhex(raw)?),
            None => PathBuf::from(&self.relative),
        };
        super::corpus::is_inside(&path).then_some(path)
    }
}

/// A line of `removed.jsonl` (one removed part), or of `explain --format jsonl` (one block).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Removed {
    /// Version of the record.
    pub v: u32,
    /// The input as it was named.
    pub path: String,
    /// Index of the block in its document.
    pub block: usize,
    /// Kind of block, or `sentence`, `link`, `rest`.
    pub kind: Part,
    /// First source byte; `None` where the format has no places.
    pub byte_start: Option<usize>,
    /// Source byte after the last.
    pub byte_end: Option<usize>,
    /// First source line, 1-based.
    pub line_start: u32,
    /// Last source line.
    pub line_end: u32,
    /// The source text, or in HTML the rendered one.
    pub text: String,
    /// The source bytes in hexadecimal, where encoding `text` does not give them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub raw: Option<String>,
    /// What it was judged to be.
    pub label: Label,
    /// Probability of spam, 0 to 1.
    pub spam_probability: f32,
    /// Why: contributions that add up to the log-odds.
    pub reasons: Vec<Reason>,
    /// Identity of the model.
    pub model: String,
}

impl Removed {
    /// The record of a removal from the document at `path`.
    pub fn new(path: &Path, removal: Removal, model: &str) -> Self {
        Self {
            v: VERSION,
            path: name(path),
            block: removal.block,
            kind: removal.part,
            byte_start: removal.span.as_ref().map(|span| span.start),
            byte_end: removal.span.as_ref().map(|span| span.end),
            line_start: removal.lines.0,
            line_end: removal.lines.1,
            text: removal.text,
            raw: removal.raw.as_deref().map(hex),
            label: removal.label,
            spam_probability: removal.probability,
            reasons: removal.reasons,
            model: model.to_owned(),
        }
    }

    /// The source bytes that were removed, written in `encoding`; `None` when the record does not give them.
    pub fn bytes(&self, encoding: &str) -> Option<Vec<u8>> {
        match &self.raw {
            Some(raw) => unhex(raw),
            None if encoding == "UTF-8" => Some(self.text.clone().into_bytes()),
            None => crate::source::decode::encode(&self.text, encoding),
        }
    }
}

/// `record` as one line of JSON.
pub fn line(record: &impl Serialize) -> String {
    let mut line = serde_json::to_string(record).unwrap_or_default();
    line.push('\n');
    line
}

/// A path as records write it: `/` between folders; bytes that are not UTF-8 as `%XX`.
pub fn name(path: &Path) -> String {
    let mut name = String::new();
    for chunk in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        name.push_str(chunk.valid());
        name.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    if cfg!(windows) { name.replace('\\', "/") } else { name }
}

fn raw_name(path: &Path) -> Option<String> {
    path.to_str().is_none().then(|| hex(path.as_os_str().as_encoded_bytes()))
}

#[cfg(unix)]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// The bytes that hexadecimal digits name.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, odd) = text.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let byte = |pair: &[u8; 2]| Some(digit(pair[0])? << 4 | digit(pair[1])?);
    if odd.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// SHA-256 of `bytes` in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    hex(&Sha256::digest(bytes))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_written_as_one_word() {
        for (part, word) in [(Part::Block(Kind::Item), "\"item\""), (Part::Link, "\"link\""), (Part::Rest, "\"rest\"")]
        {
            assert_eq!(serde_json::to_string(&part).unwrap(), word);
            assert_eq!(serde_json::from_str::<Part>(word).unwrap(), part);
        }
    }

    #[test]
    fn a_place_outside_is_no_place() {
        let origin = Origin { model: "m".into(), config: "c".into() };
        let row = |relative: &str| Manifest::failed(Path::new("x"), Path::new(relative), &origin, String::new());
        assert_eq!(row("a/b.md").place(), Some("a/b.md".into()));
        assert_eq!(row("../b.md").place(), None);
        assert_eq!(row("/etc/passwd").place(), None);
    }

    #[cfg(unix)]
    #[test]
    fn names_that_are_not_utf8_come_back() {
        use std::os::unix::ffi::OsStrExt;
        let path = Path::new(std::ffi::OsStr::from_bytes(b"a/\xff.md"));
        let origin = Origin { model: "m".into(), config: "c".into() };
        let row = Manifest::failed(path, path, &origin, String::new());
        assert_eq!((row.path.as_str(), row.place().as_deref()), ("a/%FF.md", Some(path)));
    }

    #[test]
    fn hexadecimal_goes_both_ways() {
        assert_eq!(unhex(&hex(b"\x00\xfez")), Some(b"\x00\xfez".to_vec()));
        assert_eq!((unhex("abc"), unhex("zz")), (None, None));
    }
}
