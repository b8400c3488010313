//! The verdict: signals weighed into log-odds, decoded over the sequence of blocks, with labels and reasons.

use std::borrow::Cow;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::block::Document;

mod anchor;
pub mod chain;
pub mod correction;
pub mod detail;
pub mod model;
mod number;
mod page;
mod seam;
mod table;
pub mod weights;

pub use model::Model;

/// What a block is judged to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Label {
    /// Text someone wrote for readers of this document.
    Genuine,
    /// Link spam.
    Spam,
    /// Navigation, share bars, cookie notices, comment forms and the like.
    Furniture,
}

/// How much spam is kept to be sure of losing nothing genuine.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Profile {
    /// Removes more, at the price of a few genuine blocks.
    Strict,
    /// The default.
    #[default]
    Balanced,
    /// Removes only what is certain.
    KeepMore,
}

impl Profile {
    /// Its name on the command line and in records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Balanced => "balanced",
            Self::KeepMore => "keep-more",
        }
    }
}

/// One part of the sum that makes a block's log-odds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reason {
    /// The signal's name, as in `weedout rules`.
    pub rule: Cow<'static, str>,
    /// What it adds to the log-odds of spam against genuine (natural logarithm).
    pub log_odds: f32,
    /// What was seen, in words.
    pub evidence: Cow<'static, str>,
}

/// A part of a genuine block that is spam: a sentence, an injected link.
#[derive(Debug, Clone, PartialEq)]
pub struct Cut {
    /// Bytes of [`crate::block::Block::text`] that go.
    pub text: Range<usize>,
    /// Bytes of the document's text that go; `None` in HTML.
    pub span: Option<Range<usize>>,
    /// Probability that the part is spam.
    pub probability: f32,
    /// Why, strongest first.
    pub reasons: Vec<Reason>,
}

/// The judgement of one block.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdict {
    /// The label decoded for the whole block.
    pub label: Label,
    /// Marginal probability of spam, 0 to 1.
    pub probability: f32,
    /// The contributions; their sum is the log-odds behind `probability`. A block that stays has them only when they were
    /// asked for ([`Judge::explain`]).
    pub reasons: Vec<Reason>,
    /// Parts to cut from a block that is otherwise kept, ascending and disjoint. Empty when the block goes as a whole.
    pub cuts: Vec<Cut>,
}

/// Judges documents: the one door between the stages before and after.
pub trait Judge: Sync {
    /// One verdict a block, in order. Blocks that stay need no reasons.
    fn judge(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict>;
    /// As [`Judge::judge`], with reasons for every block.
    fn explain(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
        self.judge(document, profile)
    }
    /// Identifies the model in records: version and the first 12 hex digits of its SHA-256.
    fn id(&self) -> String;
}
