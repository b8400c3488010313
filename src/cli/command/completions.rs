//! `weedout completions SHELL`

use clap::CommandFactory;
use weedout::Result;

use crate::cli::args::Args;
use crate::cli::exit::Exit;
use crate::cli::terminal;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub(crate) struct Completions {
    /// The shell
    shell: clap_complete::Shell,
}

impl Completions {
    pub(crate) fn run(self) -> Result<Exit> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Args::command(), "weedout", &mut script);
        terminal::put(&script)?;
        Ok(Exit::Fine)
    }
}
