//! `weedout train`: a model from the beginning, or one adapted

use std::path::{Path, PathBuf};

use weedout::train::{self, Ground, Plan, adapt, data, generate, lexicon, page};
use weedout::verdict::Model;
use weedout::verdict::weights::Weights;
use weedout::{Error, Result};

use crate::cli::exit::Exit;
use crate::cli::judge;
use crate::cli::terminal::Terminal;

/// Make a model from labelled text and lexicons, or adapt one to labels of your own
#[derive(Debug, clap::Args)]
pub(crate) struct Train {
    /// JSONL files of labelled blocks, or the edited `removed.jsonl` of an audit; folders with `spam.jsonl` and `genuine.jsonl`,
    /// or with `gold.jsonl` and pages
    #[arg(value_name = "LABELLED", required_if_eq("adapt", "true"))]
    labelled: Vec<PathBuf>,
    /// Start from the built-in model (or --model) and learn only the labels given; takes seconds
    #[arg(long, conflicts_with = "drafts")]
    adapt: bool,
    /// The model to adapt, instead of the built-in one
    #[arg(long, value_name = "FILE", requires = "adapt")]
    model: Option<PathBuf>,
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
        if self.adapt {
            return self.adapted(terminal);
        }
        let ground = self.ground()?;
        let mut plan = Plan::default();
        plan.drafts = self.drafts.unwrap_or(plan.drafts);
        let made = train::make(&ground, &plan, &self.out, &|step| terminal.say(&format!("  {step}")))?;
        self.keep(&made.scorer, &made.weights, terminal)
    }

    fn adapted(&self, terminal: &Terminal) -> Result<Exit> {
        let base = judge::load(self.model.as_deref())?;
        let scorer = match &self.model {
            Some(path) => std::fs::read(path).map_err(|source| Error::read(path, source))?.into(),
            None => std::borrow::Cow::Borrowed(Model::embedded_scorer()),
        };
        let mut items = Vec::new();
        for path in &self.labelled {
            items.extend(data::load(path)?);
        }
        let found = adapt::adapt(&base, &items);
        terminal.say(&format!(
            "  {} labelled blocks · {} judged wrongly before, {} with the weights fitted · {} texts remembered",
            found.labelled, found.wrong, found.left, found.remembered
        ));
        self.keep(&scorer, &found.weights, terminal)
    }

    /// Writes the two files of a model.
    fn keep(&self, scorer: &[u8], weights: &Weights, terminal: &Terminal) -> Result<Exit> {
        write(&self.out.join("weedout.bin"), scorer)?;
        let weights = serde_json::to_vec(weights).map_err(|error| Error::Usage(error.to_string()))?;
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
