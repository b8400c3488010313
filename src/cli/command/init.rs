//! `weedout init`

use std::path::Path;

use weedout::check::fix;
use weedout::config::{NAME, example};
use weedout::{Error, Result};

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Write a commented weedout.toml to the current folder
#[derive(Debug, clap::Args)]
pub(crate) struct Init {}

impl Init {
    #[allow(clippy::unused_self, reason = "run as every command is")]
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        let path = Path::new(NAME);
        if path.symlink_metadata().is_ok() {
            return Err(Error::Usage(format!("`{NAME}` is there already; `weedout config` shows what it says")));
        }
        fix::create(path, example().as_bytes())?;
        terminal.say(&format!("wrote {NAME}"));
        Ok(Exit::Fine)
    }
}
