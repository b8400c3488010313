//! `weedout man`

use clap::CommandFactory;
use weedout::{Error, Result};

use crate::cli::args::{Args, EXIT_CODES};
use crate::cli::exit::Exit;
use crate::cli::terminal;

/// Print the manual page, or that of a command
#[derive(Debug, clap::Args)]
pub(crate) struct Man {
    /// The command; without it, the page of weedout itself
    command: Option<String>,
}

impl Man {
    pub(crate) fn run(self) -> Result<Exit> {
        let mut root = Args::command();
        root.build();
        let command = match &self.command {
            None => root,
            Some(name) => root
                .find_subcommand(name)
                .cloned()
                .map(|command| command.after_help(EXIT_CODES))
                .ok_or_else(|| Error::Usage(format!("there is no command `{name}`; see `weedout --help`")))?,
        };
        let mut page = Vec::new();
        let man =
            clap_mangen::Man::new(command).manual("weedout").source(concat!("weedout ", env!("CARGO_PKG_VERSION")));
        man.render(&mut page).map_err(|e| Error::write("-", e))?;
        terminal::put(&page)?;
        Ok(Exit::Fine)
    }
}
