//! `weedout config`

use weedout::Result;
use weedout::config::schema;

use crate::cli::args::Judging;
use crate::cli::config::Silencing;
use crate::cli::exit::Exit;
use crate::cli::terminal::{self, Terminal, safe};

/// Show the configuration in effect, and where each value came from
#[derive(Debug, clap::Args)]
pub(crate) struct Config {
    /// Print the JSON Schema of weedout.toml instead
    #[arg(long)]
    schema: bool,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    silencing: Silencing,
}

impl Config {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        if self.schema {
            terminal::put(schema().as_bytes())?;
            return Ok(Exit::Fine);
        }
        let mut config = self.judging.config()?;
        self.silencing.over(&mut config);
        if config.path.is_none() {
            terminal.say("no weedout.toml here or above; `weedout init` writes one");
        }
        terminal::put(safe(&config.describe()).as_bytes())?;
        Ok(Exit::Fine)
    }
}
