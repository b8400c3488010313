//! The lexicons of the trade and of honest text, one TOML file a language.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::error::{Error, Result};

/// One language's lexicon.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// Language code.
    pub lang: String,
    /// Fillers for placeholders.
    #[serde(default)]
    pub slots: BTreeMap<String, Vec<String>>,
    /// Trades by name.
    #[serde(default)]
    pub trade: BTreeMap<String, Trade>,
    /// Honest text by kind: reply, heading, talk, article, about, links, furniture.
    #[serde(default)]
    pub genuine: BTreeMap<String, Vec<String>>,
}

/// What one trade writes.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trade {
    /// Short link texts.
    pub anchors: Vec<String>,
    /// Sentences.
    pub prose: Vec<String>,
}

/// All lexicons of a folder, by language.
///
/// # Errors
/// [`Error::Read`] for an unreadable file, [`Error::Record`] for one that does not parse.
pub fn load(folder: &Path) -> Result<Vec<Lexicon>> {
    let entries = std::fs::read_dir(folder).map_err(|source| Error::read(folder, source))?;
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Result<Lexicon> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::read(path, source))?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count());
        Error::Record { path: path.to_path_buf(), line, reason: error.message().to_owned() }
    })
}
