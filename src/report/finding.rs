//! What a check found, as every report gets it. Fields are only ever added; a change of meaning raises [`VERSION`].

use serde::Serialize;

use super::escape;
use crate::verdict::Reason;

/// The version of the records of a check.
pub const VERSION: u32 = 1;

/// The rule of spam.
pub const LINK_SPAM: &str = "link-spam";
/// The rule of an ignore comment that silences nothing.
pub const UNUSED_IGNORE: &str = "unused-ignore";
/// The rule of an allowed host or phrase, or a baseline entry, that silences nothing.
pub const UNUSED_ALLOWANCE: &str = "unused-allowance";

/// A rule that findings and notices name, and what it means.
pub const RULES: [(&str, &str); 3] = [
    (LINK_SPAM, "Text that was injected to place links or to be found by search engines, foreign to its document"),
    (UNUSED_IGNORE, "An ignore comment that silences nothing, or cannot"),
    (UNUSED_ALLOWANCE, "An allowed host or phrase, or an entry of the baseline, that silences nothing"),
];

/// A place in a source text, both counted from 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in Unicode scalar values.
    pub column: u32,
}

/// How much of a document a finding takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// Several blocks in a row.
    Run,
    /// One block.
    Block,
    /// A sentence or link of a block that stays.
    Cut,
    /// A value in front matter, which is never cut.
    Field,
}

/// What silenced a finding, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Silenced {
    /// `comment`, `baseline`, `allow-host`, `allow-phrase` or `threshold`.
    pub by: &'static str,
    /// The comment's reason, the host, the phrase, the comment of the baseline's entry, or the threshold.
    pub reason: String,
}

/// Lines of the source to show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// Numbers and texts of the first lines.
    pub head: Vec<(u32, String)>,
    /// Number of lines left out after them.
    pub omitted: usize,
    /// The last line, when lines were left out.
    pub tail: Option<(u32, String)>,
}

/// Spam in one place of a document.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// The document as it was named.
    pub path: String,
    /// Always [`LINK_SPAM`].
    pub rule: &'static str,
    /// How much it takes.
    pub extent: Extent,
    /// Number of blocks, 1 unless it is a run.
    pub blocks: usize,
    /// Each of them is a link and nothing else.
    pub anchors: bool,
    /// Where it starts.
    pub start: Position,
    /// Where it ends: the column after the last character.
    pub end: Position,
    /// First byte of the file that goes; `None` in HTML, which is not cut.
    pub byte_start: Option<usize>,
    /// Byte after the last that goes.
    pub byte_end: Option<usize>,
    /// The texts of its blocks as a reader gets them; of a cut, the source.
    pub texts: Vec<String>,
    /// Probability of spam, 0 to 1; the mean over its blocks.
    pub spam_probability: f32,
    /// Why: contributions to the log-odds, the mean over its blocks, strongest first.
    pub reasons: Vec<Reason>,
    /// Identifies the content, wherever it stands: 16 hexadecimal digits.
    pub fingerprint: String,
    /// The identities of its blocks, as in a baseline.
    #[serde(skip)]
    pub contents: Vec<String>,
    /// What silenced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silenced: Option<Silenced>,
    /// The source lines to show.
    #[serde(skip)]
    pub excerpt: Excerpt,
}

impl Finding {
    /// `run of 23 anchors`, `block`, `cut`, `field of the front matter`.
    pub fn size(&self) -> String {
        let noun = if self.anchors { "anchor" } else { "block" };
        match self.extent {
            Extent::Run => format!("run of {} {noun}s", self.blocks),
            Extent::Block => noun.into(),
            Extent::Cut => "cut".into(),
            Extent::Field => "field of the front matter".into(),
        }
    }

    /// Its first texts between quotation marks, on one line.
    pub fn quote(&self) -> String {
        let shown: Vec<String> =
            self.texts.iter().take(QUOTED).map(|text| format!("\"{}\"", escape::line(text, QUOTE))).collect();
        let more = if self.texts.len() > QUOTED { ", …" } else { "" };
        format!("{}{more}", shown.join(", "))
    }

    /// One sentence for machines that show one: what, how much, how certain.
    pub fn message(&self) -> String {
        format!("{} of link spam (spam {:.3}): {}", sentence(&self.size()), self.spam_probability, self.quote())
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        if self.extent == Extent::Field {
            return "front matter is never cut: change it by hand, or allow its text with `--allow-phrase`".into();
        }
        let path = escape::argument(&self.path);
        let place = escape::argument(&format!("{}:{}", self.path, self.start.line));
        let cut = if self.byte_start.is_some() {
            format!("`weedout check --fix {path}` cuts it")
        } else {
            format!("`weedout clean {path} --out DIR` writes the text without it")
        };
        format!("{cut}; `weedout explain {place}` shows why")
    }

    /// The strongest reasons for spam on one line.
    pub fn why(&self) -> String {
        let spoke = self.reasons.iter().filter(|reason| reason.log_odds > 0.0).take(REASONS);
        let one = |reason: &Reason| {
            format!("{} {:+.1} ({})", reason.rule, reason.log_odds, escape::line(&reason.evidence, EVIDENCE))
        };
        spoke.map(one).collect::<Vec<_>>().join(", ")
    }
}

/// So many texts of a run are quoted, each up to so many characters: what fits on a line of a terminal.
const QUOTED: usize = 3;
const QUOTE: usize = 40;
/// So many reasons are given on one line; the others seldom change the verdict.
const REASONS: usize = 3;
const EVIDENCE: usize = 60;

fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// Something that is no spam and still should be looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// [`UNUSED_IGNORE`] or [`UNUSED_ALLOWANCE`].
    pub rule: &'static str,
    /// The document, configuration or baseline.
    pub path: String,
    /// Where in it.
    pub start: Position,
    /// What is the matter, and what to do.
    pub message: String,
}

/// A document that could not be checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The document as it was named.
    pub path: String,
    /// Why, and what to do.
    pub error: String,
}

/// What a check came to, each list in the order of the documents.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Identity of the model.
    pub model: String,
    /// The documents checked.
    pub documents: Vec<String>,
    /// Spam that is still there.
    pub findings: Vec<Finding>,
    /// Spam that was silenced, when it is to be shown.
    pub silenced: Vec<Finding>,
    /// What else should be looked at.
    pub notices: Vec<Notice>,
    /// Documents that could not be checked.
    pub failures: Vec<Failure>,
    /// Sums.
    pub summary: Summary,
}

/// The sums of a check.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Documents looked at, failed ones included.
    pub documents: usize,
    /// Documents with spam in them.
    pub polluted: usize,
    /// Findings that are still there.
    pub findings: usize,
    /// Findings that were silenced.
    pub silenced: usize,
    /// Findings that were cut.
    pub fixed: usize,
    /// Documents that could not be checked.
    pub failed: usize,
}
