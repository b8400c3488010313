//! `weedout restore AUDIT --out DIR`

use std::path::PathBuf;

use weedout::Result;
use weedout::clean::{restore, restore::corpus_of};

use super::report;
use crate::cli::exit::Exit;
use crate::cli::terminal::{self, Terminal, counted};

/// Rebuild the original documents from a corpus and its audit, byte for byte
#[derive(Debug, clap::Args)]
pub(crate) struct Restore {
    /// The audit folder that `clean` wrote
    audit: PathBuf,
    /// Where to write the originals
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// The corpus; without it, the audit's name less `-audit`
    #[arg(long, value_name = "DIR")]
    corpus: Option<PathBuf>,
}

impl Restore {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        report::audit(&self.audit)?;
        let corpus = self.corpus.map_or_else(|| corpus_of(&self.audit), Ok)?;
        let done = restore(&self.audit, &corpus, &self.out, &mut |error| terminal::error(&error.to_string()))?;
        terminal.say(&format!("  {} restored · {} failed", counted(done.documents, "document"), done.failed));
        if done.pages > 0 {
            let pages = counted(done.pages, "page");
            terminal.say(&format!("  {pages} left out: HTML is not rebuilt; what was removed is in the audit"));
        }
        Ok(Exit::failed(done.failed))
    }
}
