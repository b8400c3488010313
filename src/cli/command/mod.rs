//! The commands, one a file.

mod bulk;
mod check;
mod clean;
mod completions;
mod config;
mod eval;
mod explain;
mod filter;
mod init;
mod man;
mod report;
mod restore;
mod rules;
mod sketch;
mod train;
pub(crate) mod version;

use clap::{CommandFactory, Subcommand};
use weedout::Result;

use super::args::Args;
use super::exit::Exit;
use super::terminal::Terminal;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Clean(clean::Clean),
    Check(check::Check),
    Explain(explain::Explain),
    Restore(restore::Restore),
    Train(train::Train),
    Eval(eval::Eval),
    Report(report::Report),
    Sketch(sketch::Sketch),
    Rules(rules::Rules),
    Config(config::Config),
    Init(init::Init),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        match self {
            Self::Clean(command) => command.run(terminal),
            Self::Check(command) => command.run(terminal),
            Self::Explain(command) => command.run(),
            Self::Restore(command) => command.run(terminal),
            Self::Train(command) => command.run(terminal),
            Self::Eval(command) => command.run(terminal),
            Self::Report(command) => command.run(terminal),
            Self::Sketch(command) => command.run(terminal),
            Self::Rules(command) => command.run(),
            Self::Config(command) => command.run(terminal),
            Self::Init(command) => command.run(terminal),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(),
        }
    }
}

/// Without a command there is nothing to do but to say which there are.
pub(crate) fn help(terminal: &Terminal) -> Exit {
    terminal.say(&Args::command().render_help().ansi().to_string());
    Exit::Error
}
