//! `weedout train`

use std::path::{Path, PathBuf};

use weedout::train::{self, Ground, Plan, data, generate, lexicon, page};
use weedout::{Error, Result};

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Make a model from labelled text and lexicons
#[derive(Debug, clap::Args)]
pub(crate) struct Train {
    /// JSONL files of labelled blocks; folders with `spam.jsonl` and `genuine.jsonl`, or with `gold.jsonl` and pages
    #[arg(value_name = "LABELLED")]
    labelled: Vec<PathBuf>,
    /// Folder of lexicons that the generator expands
    #[arg(long, value_name = "DIR", default_value = "models/training/lexicon")]
    lexicon: PathBuf,
    /// Where to write `weedout.bin` and `weedout.json`
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Text documents to compose for each of the three parts of the data
    #[arg(long, value_name = "N")]
    drafts: Option<usize>,
}

impl Train {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        std::fs::create_dir_all(&self.out).map_err(|source| Error::write(&self.out, source))?;
        let ground = self.ground()?;
        let mut plan = Plan::default();
        plan.drafts = self.drafts.unwrap_or(plan.drafts);
        let made = train::make(&ground, &plan, &self.out, &|step| terminal.say(&format!("  {step}")))?;
        write(&self.out.join("weedout.bin"), &made.scorer)?;
        let weights = serde_json::to_vec_pretty(&made.weights).map_err(|error| Error::Usage(error.to_string()))?;
        write(&self.out.join("weedout.json"), &weights)?;
        terminal.say(&format!("  written to {}", self.out.display()));
        Ok(Exit::Fine)
    }

    fn ground(&self) -> Result<Ground> {
        let (mut items, mut pages) = (Vec::new(), Vec::new());
        for path in &self.labelled {
            items.extend(data::load(path)?);
            pages.extend(page::load(path)?);
        }
        for lexicon in lexicon::load(&self.lexicon)? {
            items.extend(generate::items(&lexicon));
        }
        Ok(Ground::new(items, pages))
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|source| Error::write(path, source))
}
