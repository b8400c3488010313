//! `weedout rules`

use weedout::Result;
use weedout::signal::SIGNALS;

use crate::cli::exit::Exit;
use crate::cli::terminal::{self, STRONG};

/// List the rules that reasons name, and what they measure
#[derive(Debug, clap::Args)]
pub(crate) struct Rules {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

impl Rules {
    pub(crate) fn run(self) -> Result<Exit> {
        let width = SIGNALS.iter().map(|signal| signal.id.len()).max().unwrap_or(0);
        let text: String = SIGNALS
            .iter()
            .map(|signal| {
                if self.json {
                    format!("{}\n", serde_json::json!({ "v": 1, "rule": signal.id, "about": signal.about }))
                } else {
                    format!("{STRONG}{:width$}{STRONG:#}  {}\n", signal.id, signal.about)
                }
            })
            .collect();
        terminal::show(&text)?;
        Ok(Exit::Fine)
    }
}
