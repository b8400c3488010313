//! From verdicts to clean text: cutting spans, writing the corpus and its audit, restoring the originals.

use std::ops::Range;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::block::{self, Document, Format, Metadata};
use crate::source::{self, Decoded, format};
use crate::verdict::{Judge, Label, Profile, Reason, Verdict};
use crate::{Error, Result};

pub mod audit;
pub mod bulk;
pub mod corpus;
pub(crate) mod crew;
pub mod cut;
mod digest;
pub mod explain;
pub mod filter;
pub mod guard;
mod html;
mod line;
pub mod mark;
mod note;
mod object;
pub mod pipeline;
pub mod place;
pub mod record;
pub mod restore;
pub mod resume;
pub mod row;
pub mod span;
mod text;
pub mod word;
mod worker;

pub use digest::Digest;
pub use explain::explain;
pub use mark::mark;
pub use pipeline::{Event, Job, LIMIT, Summary, run};
pub use record::{Part, Status};
pub use restore::restore;

/// How often a cleaned document is judged again until nothing more goes. Two rounds settle nearly all documents; the cap
/// only keeps a judge that never settles from running on.
pub const ROUNDS: usize = 8;

/// What cleaning depends on besides the document and the judge.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// How much spam is kept to be sure of losing nothing genuine.
    pub profile: Profile,
    /// HTML becomes Markdown instead of plain text.
    pub markdown: bool,
    /// Page furniture of HTML is kept.
    pub keep_furniture: bool,
    /// How documents are written, when neither name nor content shall decide.
    pub format: Option<Format>,
}

/// Something taken out of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Removal {
    /// Index of the block in the document as it came.
    pub block: usize,
    /// What was taken: the block, or a part of it.
    pub part: Part,
    /// The source bytes that went; `None` in HTML.
    pub span: Option<Range<usize>>,
    /// First and last source line, 1-based.
    pub lines: (u32, u32),
    /// The text that went: of the source in text formats, of the rendered page in HTML.
    pub text: String,
    /// The source bytes, where encoding `text` again would not give them.
    pub raw: Option<Vec<u8>>,
    /// What it was judged to be.
    pub label: Label,
    /// Probability of spam, 0 to 1.
    pub probability: f32,
    /// Why, as additive log-odds.
    pub reasons: Vec<Reason>,
}

/// A document after cleaning.
#[derive(Debug, Clone, PartialEq)]
pub struct Cleaned {
    /// How the document was written.
    pub format: Format,
    /// The encoding it was read in.
    pub encoding: &'static str,
    /// What became of it.
    pub status: Status,
    /// Its language, as a three-letter ISO 639-3 code, when that is certain.
    pub language: Option<&'static str>,
    /// What it says about itself.
    pub metadata: Metadata,
    /// Number of blocks it came with.
    pub blocks: usize,
    /// Words it came with.
    pub words_in: usize,
    /// Words it keeps.
    pub words_kept: usize,
    /// What was taken out, in order of place.
    pub removed: Vec<Removal>,
    /// Fields of the front matter that read like spam. They stay, for front matter is never cut, and a title says much about the rest.
    pub suspects: Vec<Removal>,
    /// The clean bytes; `None` when nothing genuine is left. For text formats they are bytes of the source.
    pub output: Option<Vec<u8>>,
}

impl Cleaned {
    /// Number of blocks that went whole.
    pub fn blocks_removed(&self) -> usize {
        let mut blocks: Vec<usize> = self.whole_blocks().map(|removal| removal.block).collect();
        blocks.dedup();
        blocks.len()
    }

    /// The removals that took a whole block.
    pub fn whole_blocks(&self) -> impl Iterator<Item = &Removal> {
        self.removed.iter().filter(|removal| matches!(removal.part, Part::Block(_)))
    }
}

/// Cleans one document. `path` tells its format by its extension and is named in errors; nothing is read or written.
///
/// # Errors
/// [`Error::Binary`] when the bytes are not text.
pub fn document(path: &Path, bytes: &[u8], settings: &Settings, judge: &dyn Judge) -> Result<Cleaned> {
    Task { path, settings, judge, is_text: false }.clean(bytes)
}

/// Cleans a text that stands by itself, such as a field of a record. Its places are bytes of `text`.
///
/// # Errors
/// None today; the text needs no decoding.
pub fn string(name: &str, text: &str, settings: &Settings, judge: &dyn Judge) -> Result<Cleaned> {
    Task { path: Path::new(name), settings, judge, is_text: true }.clean(text.as_bytes())
}

/// What stays the same while one document is judged again and again.
struct Task<'a> {
    path: &'a Path,
    settings: &'a Settings,
    judge: &'a dyn Judge,
    /// The bytes are known to be UTF-8 and have no byte order mark.
    is_text: bool,
}

impl Task<'_> {
    fn clean(&self, bytes: &[u8]) -> Result<Cleaned> {
        let (decoded, format) = self.decode(bytes)?;
        match format {
            Format::Html => Ok(html::clean(self, &decoded)),
            _ => text::clean(self, bytes, &decoded, format),
        }
    }

    /// The text of `bytes`, and how it is written.
    fn decode<'a>(&self, bytes: &'a [u8]) -> Result<(Decoded<'a>, Format)> {
        let named = self.settings.format.or_else(|| format::by_name(self.path));
        let html = named.map_or_else(|| format::is_html(bytes), |format| format == Format::Html);
        let plain = if self.is_text { std::str::from_utf8(bytes).ok().map(source::decode::decoded) } else { None };
        let decoded = plain.map_or_else(|| source::decode(self.path, bytes, html), Ok)?;
        let format = named.unwrap_or_else(|| format::by_content(&decoded.text));
        Ok((decoded, format))
    }

    fn parse<'a>(&self, decoded: &'a Decoded<'_>, format: Format) -> Document<'a> {
        block::parse(&decoded.text, format, &block::Options { markdown: self.settings.markdown })
    }

    fn judge(&self, document: &Document<'_>) -> Vec<Verdict> {
        self.judge.judge(document, self.settings.profile)
    }
}

/// Turns a panic's payload into an error of the document at `path`.
pub(crate) fn panicked(path: &Path, payload: &(dyn std::any::Any + Send)) -> Error {
    let text = payload.downcast_ref::<&str>().copied().or_else(|| payload.downcast_ref::<String>().map(String::as_str));
    let text = text.unwrap_or("unknown cause");
    Error::document(path, format!("an internal error stopped its processing ({text}); please report it with the file"))
}
