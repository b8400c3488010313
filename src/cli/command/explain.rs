//! `weedout explain FILE[:LINE]`

use std::fmt::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use weedout::clean::explain::look;
use weedout::clean::record::{self, Part, Removed};
use weedout::clean::{Settings, explain};
use weedout::source::{Input, read};
use weedout::verdict::Label;
use weedout::verdict::detail::{self, Detail, Ngram};
use weedout::{Error, Result};

use super::rules;
use crate::cli::args::{Judging, Written};
use crate::cli::exit::Exit;
use crate::cli::input::{is_stdin, stdin};
use crate::cli::judge;
use crate::cli::terminal::{self, FAINT, SPAM, STRONG, safe};

/// So much of a block's text is shown, in characters.
const SHOWN: usize = 160;

/// So many contributions are shown, the strongest; the rest are summed up.
const TOLD: usize = 12;

/// So many pieces of words are told, in text and in records; the rest are summed up.
const PIECES: usize = 8;
const RECORDED: usize = 20;

/// Show why: every block with its label, probability and the contributions that add up to it
#[derive(Debug, clap::Args)]
pub(crate) struct Explain {
    /// A document, a line of it as `FILE:LINE`, or the name of a rule; `-` is standard input
    #[arg(value_name = "FILE[:LINE]|RULE")]
    target: PathBuf,
    /// `text` for people, `jsonl` for one record a line, all blocks
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "jsonl"])]
    format: String,
    /// How the document is written
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "auto")]
    from: Written,
    /// What to call standard input; its extension tells the format
    #[arg(long, value_name = "NAME")]
    stdin_filename: Option<PathBuf>,
    /// Print every contribution, not only the strongest
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    judging: Judging,
}

impl Explain {
    pub(crate) fn run(self) -> Result<Exit> {
        if let Some(text) = self.rule() {
            terminal::show(&text)?;
            return Ok(Exit::Fine);
        }
        let (input, line) = self.input()?;
        let bytes = input.bytes.map_or_else(|| read::read(&input.path), Ok)?;
        let config = self.judging.config()?;
        let settings = Settings { profile: config.profile.value, format: self.from.format(), ..Settings::default() };
        let model = judge::load(config.model.value.as_deref())?;
        let records = explain(&input.path, &bytes, &settings, &model)?;
        let details = look(&input.path, &bytes, &settings, &model, |document| {
            detail::judge(&model, document, settings.profile).1
        })?;
        let blocks: Vec<Explained> = records
            .into_iter()
            .zip(details.into_iter().flatten())
            .map(|(record, detail)| Explained::new(record, detail))
            .collect();
        if self.format == "jsonl" {
            terminal::put(blocks.iter().map(|block| record::line(&block.recorded())).collect::<String>().as_bytes())?;
            return Ok(Exit::Fine);
        }
        let chosen: Vec<&Explained> =
            blocks.iter().filter(|block| line.is_none_or(|line| covers(&block.record, line))).collect();
        if let (Some(line), true) = (line, chosen.is_empty()) {
            let path = input.path.display();
            return Err(Error::Usage(format!(
                "`{path}` has no block at line {line}; `weedout explain {path}` shows where they are"
            )));
        }
        let most = if self.all { usize::MAX } else { TOLD };
        terminal::show(&chosen.into_iter().map(|block| described(block, most)).collect::<String>())?;
        Ok(Exit::Fine)
    }

    /// What a rule means, when the target is the name of one and no file.
    fn rule(&self) -> Option<String> {
        let (id, about) = rules::all().find(|(id, _)| self.target.as_os_str() == *id)?;
        (!self.target.exists()).then(|| format!("{STRONG}{id}{STRONG:#}\n  {about}\n"))
    }

    fn input(&self) -> Result<(Input, Option<u32>)> {
        if is_stdin(&self.target) {
            let name = self.stdin_filename.clone().unwrap_or_else(|| "stdin".into());
            return Ok((Input::memory(name, stdin()?), None));
        }
        let whole = || (Input::file(&self.target, &self.target), None);
        if self.target.exists() {
            return Ok(whole());
        }
        let split = self.target.to_str().and_then(|text| text.rsplit_once(':'));
        let placed = split.and_then(|(path, line)| Some((Input::file(path, path), Some(line.parse().ok()?))));
        let is_word = self.target.extension().is_none() && self.target.components().count() == 1;
        if placed.is_none() && is_word {
            return Err(neither(&self.target));
        }
        Ok(placed.unwrap_or_else(whole))
    }
}

/// A target that may have been meant as either.
fn neither(target: &Path) -> Error {
    Error::Usage(format!("`{}` is neither a document nor a rule; `weedout rules` lists the rules", target.display()))
}

/// A block record, and what else is known of the block. As JSON the fields stand beside those of the record.
#[derive(Clone, Serialize)]
struct Explained {
    #[serde(flatten)]
    record: Removed,
    /// Which rule decided, in words.
    decision: String,
    neighbours: Neighbours,
    /// The loudest words and pieces of words; with `(others)` they add up to what the rule `words` weighs.
    ngrams: Vec<Ngram>,
}

/// What the blocks around a block did to it. The two parts add up to the log-odds.
#[derive(Clone, Copy, Serialize)]
struct Neighbours {
    /// Log-odds from its own signals.
    own: f32,
    /// What deciding all blocks together added.
    pull: f32,
}

impl Explained {
    fn new(record: Removed, detail: Detail) -> Self {
        let sum = |chain: bool| -> f32 {
            let of = record.reasons.iter().filter(|reason| (reason.rule == "sequence") == chain);
            of.map(|reason| reason.log_odds).sum()
        };
        let neighbours = Neighbours { own: sum(false), pull: sum(true) };
        Self { neighbours, record, decision: detail.decision, ngrams: detail.ngrams }
    }

    /// As it is recorded, the weaker pieces of words summed up.
    fn recorded(&self) -> Self {
        let mut short = self.clone();
        if short.ngrams.len() > RECORDED {
            let log_odds = short.ngrams.drain(RECORDED..).map(|ngram| ngram.log_odds).sum();
            short.ngrams.push(Ngram { text: "(others)".into(), log_odds });
        }
        short
    }
}

fn covers(block: &Removed, line: u32) -> bool {
    (block.line_start..=block.line_end).contains(&line)
}

/// A block for people: the rule behind it, its `most` strongest contributions, the rest as one, and their sum; then its words
/// and its neighbours.
fn described(explained: &Explained, most: usize) -> String {
    let block = &explained.record;
    let kind = String::from(block.kind);
    let (label, style) = match block.label {
        Label::Spam => ("spam", SPAM),
        Label::Furniture => ("furniture", FAINT),
        Label::Genuine => ("genuine", STRONG),
    };
    let indent = if matches!(block.kind, Part::Block(_)) { "" } else { "  " };
    let (path, start, number) = (safe(&block.path), block.line_start, block.block);
    let mut text = format!(
        "{indent}{STRONG}{path}:{start}{STRONG:#}  block {number}, {kind}  {style}{label}{style:#}  spam {:.3}\n{indent}  {FAINT}{}{FAINT:#}\n",
        block.spam_probability,
        shortened(&block.text)
    );
    let _ = writeln!(text, "{indent}  {}", explained.decision);
    let (shown, rest) = block.reasons.split_at(block.reasons.len().min(most));
    let width = shown.iter().map(|reason| reason.rule.len()).max().unwrap_or(0);
    for reason in shown {
        let _ =
            writeln!(text, "{indent}  {:+8.3}  {:width$}  {}", reason.log_odds, reason.rule, safe(&reason.evidence));
    }
    if !rest.is_empty() {
        let sum: f32 = rest.iter().map(|reason| reason.log_odds).sum();
        let _ = writeln!(text, "{indent}  {sum:+8.3}  {FAINT}{} weaker ones{FAINT:#}", rest.len());
    }
    if !block.reasons.is_empty() {
        let sum: f32 = block.reasons.iter().map(|reason| reason.log_odds).sum();
        let _ = writeln!(text, "{indent}  {sum:+8.3}  log-odds of spam");
        around(&mut text, indent, explained);
    }
    text.push('\n');
    text
}

/// The pieces of words that were loudest, and what the neighbours did.
fn around(text: &mut String, indent: &str, explained: &Explained) {
    let loudest = explained.ngrams.iter().filter(|ngram| ngram.log_odds.abs() >= 0.005).take(PIECES);
    let pieces: Vec<String> = loudest.map(|ngram| format!("{} {:+.2}", safe(&ngram.text), ngram.log_odds)).collect();
    if !pieces.is_empty() {
        let _ = writeln!(text, "{indent}  words: {}", pieces.join(", "));
    }
    let Neighbours { own, pull } = explained.neighbours;
    if pull != 0.0 {
        let _ =
            writeln!(text, "{indent}  neighbours: {own:+.3} by its own signals, {pull:+.3} from the blocks around it");
    }
}

fn shortened(text: &str) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = joined.chars().take(SHOWN).collect();
    if shown.len() < joined.len() { format!("{}…", safe(&shown)) } else { safe(&shown) }
}
