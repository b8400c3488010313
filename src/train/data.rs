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
    /// Where it comes from; items of one source are never split between training and test. Records of an audit have the
    /// `path` of their document.
    #[serde(default, alias = "path")]
    pub source: String,
    /// The document it stood in.
    #[serde(default)]
    pub doc: String,
    /// The label comes from the page, not the block.
    #[serde(default)]
    pub weak: bool,
    /// In a record of an audit, the probability of spam it was judged with.
    #[serde(default, rename = "spam_probability")]
    pub judged: Option<f32>,
    /// In a record of `explain`, the rule that decided. Such records are of whole documents, which can be judged again.
    #[serde(default)]
    pub decision: Option<String>,
    /// Made by the generator.
    #[serde(skip)]
    pub made: bool,
    /// A sentence or more, not an anchor.
    #[serde(skip)]
    pub prose: bool,
}

impl Item {
    /// The item with single spaces, known as prose when it is long. Without a source it is a source of its own.
    fn tidied(mut self) -> Self {
        self.text = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.prose = crate::signal::unit::words(&self.text) >= 12;
        if self.decision.take().is_some() {
            self.judged = None;
        }
        if self.source.is_empty() {
            self.source.clone_from(if self.doc.is_empty() { &self.text } else { &self.doc });
        }
        if self.doc.is_empty() {
            self.doc.clone_from(&self.source);
        }
        self
    }

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
            judged: None,
            decision: None,
            made: true,
            prose,
        }
    }
}

/// Items of a JSONL file (labelled blocks, or the `removed.jsonl` of an audit), or of a folder: its `spam.jsonl` and
/// `genuine.jsonl`, or the main text of the pages in its `gold.jsonl`. White space inside a text is one space. What an audit
/// removed with a document that went as a whole (`rest`) was never judged and is left out.
///
/// # Errors
/// [`Error::Read`], or [`Error::Record`] with the line that does not parse.
pub fn load(path: &Path) -> Result<Vec<Item>> {
    let pages = path.join("gold.jsonl");
    if pages.is_file() {
        return Ok(records::<Page>(&pages)?.iter().flat_map(Page::items).collect());
    }
    let files: Vec<PathBuf> = if path.is_dir() {
        ["spam.jsonl", "genuine.jsonl"].iter().map(|name| path.join(name)).collect()
    } else {
        vec![path.to_path_buf()]
    };
    let mut items = Vec::new();
    for file in files {
        let tidied = records::<Item>(&file)?.into_iter().map(Item::tidied);
        items.extend(tidied.filter(|item| !item.text.is_empty() && item.kind != "rest"));
    }
    Ok(items)
}

/// A page with its main text written out by hand.
#[derive(Debug, Deserialize)]
struct Page {
    id: String,
    #[serde(rename = "page_type")]
    kind: String,
    main_content: String,
}

impl Page {
    /// The lines of the main text: genuine, all of one source.
    fn items(&self) -> Vec<Item> {
        let item = |line: &str| Item {
            label: Tag::Genuine,
            text: line.to_owned(),
            lang: String::new(),
            kind: format!("page-{}", self.kind),
            source: format!("page/{}", self.id),
            doc: format!("page/{}", self.id),
            weak: false,
            judged: None,
            decision: None,
            made: false,
            prose: false,
        };
        self.main_content.lines().map(|line| item(line).tidied()).filter(|item| !item.text.is_empty()).collect()
    }
}

fn records<T: serde::de::DeserializeOwned>(file: &Path) -> Result<Vec<T>> {
    let text = std::fs::read_to_string(file).map_err(|source| Error::read(file, source))?;
    let parse = |(at, line): (usize, &str)| {
        serde_json::from_str(line).map_err(|error| Error::Record {
            path: file.to_path_buf(),
            line: at + 1,
            reason: error.to_string(),
        })
    };
    text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).map(parse).collect()
}
