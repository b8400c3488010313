//! `weedout rules`

use weedout::Result;
use weedout::report::finding::RULES;
use weedout::signal::SIGNALS;
use weedout::signal::anchor::MEASURES;

use crate::cli::exit::Exit;
use crate::cli::terminal::{self, STRONG};

/// What reasons name and no signal measures.
const UNMEASURED: [(&str, &str); 4] = [
    ("sequence", "what the blocks before and after it are"),
    ("correction", "this very text was labelled when the model was adapted"),
    ("others", "the sum of the weaker rules, in the records of documents of which much goes"),
    ("anchor", "what links in sentences start from"),
];

/// The names that stand in findings, notices and reasons, with what they mean: what is reported first, then what is measured
/// of a block, then of a link in a sentence.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    RULES.into_iter().chain(SIGNALS.iter().map(|signal| (signal.id, signal.about))).chain(UNMEASURED).chain(MEASURES)
}

/// List the rules that reasons name, and what they measure
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Rules {
    pub(crate) fn run(self) -> Result<Exit> {
        let width = all().map(|(id, _)| id.len()).max().unwrap_or(0);
        let text: String = all()
            .map(|(id, about)| {
                if self.json {
                    format!("{}\n", serde_json::json!({ "v": 1, "rule": id, "about": about }))
                } else {
                    format!("{STRONG}{id:width$}{STRONG:#}  {about}\n")
                }
            })
            .collect();
        terminal::show(&text)?;
        Ok(Exit::Fine)
    }
}
