//! From arguments to an exit code.

mod args;
mod command;
mod config;
mod exit;
mod input;
mod judge;
mod progress;
mod terminal;

use std::process::ExitCode;

use clap::Parser;

use args::Args;
use exit::Exit;
use terminal::Terminal;

/// Parses the arguments, runs the command, says what went wrong.
pub(crate) fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let printed = error.print().map_err(|source| weedout::Error::write("-", source));
            return match printed {
                _ if error.use_stderr() => Exit::Error,
                Err(error) => Exit::from_error(&error),
                Ok(()) => Exit::Fine,
            }
            .into();
        }
    };
    let terminal = Terminal::new(args.color, args.quiet);
    let result = match (args.version, args.command) {
        (true, _) => command::version::run(args.verbose),
        (false, Some(command)) => command.run(&terminal),
        (false, None) => Ok(command::help(&terminal)),
    };
    result.unwrap_or_else(|error| Exit::from_error(&error)).into()
}
