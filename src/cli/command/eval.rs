//! `weedout eval LABELLED`

use std::path::PathBuf;

use weedout::verdict::Judge;
use weedout::{Result, eval, train::data};

use crate::cli::args::Judging;
use crate::cli::exit::Exit;
use crate::cli::judge;
use crate::cli::terminal::{self, Terminal};

/// Measure a model on labelled blocks: genuine words kept, spam dropped, by kind and language
#[derive(Debug, clap::Args)]
pub(crate) struct Eval {
    /// JSONL files of labelled blocks, or folders with `spam.jsonl` and `genuine.jsonl`
    #[arg(required = true, value_name = "LABELLED")]
    labelled: Vec<PathBuf>,
    #[command(flatten)]
    judging: Judging,
    /// Exit with 1 when fewer genuine words are kept, in per cent
    #[arg(long, value_name = "PERCENT")]
    kept: Option<f64>,
    /// Exit with 1 when fewer spam blocks are dropped, in per cent
    #[arg(long, value_name = "PERCENT")]
    dropped: Option<f64>,
}

impl Eval {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        let config = self.judging.config()?;
        let model = judge::load(config.model.value.as_deref())?;
        let mut items = Vec::new();
        for path in &self.labelled {
            items.extend(data::load(path)?);
        }
        let figures = eval::measure(&items, &model, config.profile.value);
        terminal.say(&format!("  model {} · {} blocks", model.id(), items.len()));
        terminal::put(figures.table().as_bytes())?;
        let short = |floor: Option<f64>, share: f64| floor.is_some_and(|floor| share * 100.0 < floor);
        let missed = short(self.kept, figures.all.retention()) || short(self.dropped, figures.all.recall());
        Ok(if missed { Exit::Found } else { Exit::Fine })
    }
}
