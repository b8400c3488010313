//! Labelled text: blocks of real documents and of the generator.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Error, Result};

/// What a block of training text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tag {
    /// Kept.
    Genuine,
    /// Link spam.
    Spam,
    /// Page furniture.
    Furniture,
}

/// One labelled block.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Item {
    /// Its label.
    pub label: Tag,
    /// Its text.
    pub text: String,
    /// Language code.
    #[serde(default)]
    pub lang: String,
    /// Kind of text, for tables of figures.
    #[serde(default)]
    pub kind: String,
    /// Where it comes from; items of one source are never split between training and test.
    #[serde(default)]
    pub source: String,
    /// The document it stood in.
    #[serde(default)]
    pub doc: String,
    /// The label comes from the page, not the block.
    #[serde(default)]
    pub weak: bool,
    /// Made by the generator.
    #[serde(skip)]
    pub made: bool,
    /// A sentence or more, not an anchor.
    #[serde(skip)]
    pub prose: bool,
}

impl Item {
    /// An item of the generator; `group` keeps the expansions of one entry together.
    pub fn made(label: Tag, text: String, lang: &str, kind: &str, group: &str, prose: bool) -> Self {
        Self {
            label,
            text,
            lang: lang.into(),
            kind: kind.into(),
            source: group.into(),
            doc: format!("{lang}/{kind}"),
            weak: false,
            made: true,
            prose,
        }
    }
}

/// Items of a JSONL file, or of `spam.jsonl` and `genuine.jsonl` in a folder. White space inside a text is one space.
///
/// # Errors
/// [`Error::Read`], or [`Error::Record`] with the line that does not parse.
pub fn load(path: &Path) -> Result<Vec<Item>> {
    let files: Vec<PathBuf> = if path.is_dir() {
        ["spam.jsonl", "genuine.jsonl"].iter().map(|name| path.join(name)).collect()
    } else {
        vec![path.to_path_buf()]
    };
    let mut items = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(&file).map_err(|source| Error::read(&file, source))?;
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let mut item: Item = serde_json::from_str(line).map_err(|error| Error::Record {
                path: file.clone(),
                line: at + 1,
                reason: error.to_string(),
            })?;
            item.text = item.text.split_whitespace().collect::<Vec<_>>().join(" ");
            item.prose = crate::signal::unit::words(&item.text) >= 12;
            if !item.text.is_empty() {
                items.push(item);
            }
        }
    }
    Ok(items)
}
