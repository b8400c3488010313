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
    #[serde(default)]
    pub anchors: Vec<String>,
    /// Sentences.
    #[serde(default)]
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
    let mut all = paths.iter().map(|path| read(path)).collect::<Result<Vec<_>>>()?;
    share_slots(&mut all);
    Ok(all)
}

/// Lets the files of a language fill their placeholders alike.
fn share_slots(all: &mut [Lexicon]) {
    let mut slots: BTreeMap<String, BTreeMap<String, Vec<String>>> = BTreeMap::new();
    for lexicon in &*all {
        let language = slots.entry(lexicon.lang.clone()).or_default();
        for (name, fillers) in &lexicon.slots {
            language.entry(name.clone()).or_default().extend(fillers.iter().cloned());
        }
    }
    for lexicon in all {
        lexicon.slots = slots.get(&lexicon.lang).cloned().unwrap_or_default();
    }
}

fn read(path: &Path) -> Result<Lexicon> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::read(path, source))?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(0, |span| text[..span.start.min(text.len())].lines().count());
        Error::Record { path: path.to_path_buf(), line, reason: error.message().to_owned() }
    })
}
