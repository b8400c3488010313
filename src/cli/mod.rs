//! The command line: from arguments to an exit code. It prints, and asks the environment; nothing else here does.

mod args;
mod command;
mod config;
mod exit;
mod hint;
mod input;
mod judge;
mod progress;
mod terminal;

use std::ffi::OsString;

use clap::Parser;

use args::Args;
use exit::Exit;
use terminal::Terminal;

/// Parses the arguments, the program's name first, runs the command, says what went wrong on standard error, and returns
/// the exit code: one of those that `weedout --help` lists.
pub fn main(args: impl IntoIterator<Item = OsString>) -> u8 {
    let args = match Args::try_parse_from(args) {
        Ok(args) => args,
        Err(error) => {
            let printed = error.print().map_err(|source| weedout::Error::write("-", source));
            return match printed {
                _ if error.use_stderr() => Exit::Error,
                Err(error) => Exit::from_error(&error),
                Ok(()) => Exit::Fine,
            } as u8;
        }
    };
    let terminal = Terminal::new(args.color, args.quiet);
    let result = match (args.version, args.command) {
        (true, _) => command::version::run(args.verbose),
        (false, Some(command)) => command.run(&terminal),
        (false, None) => Ok(command::help(&terminal)),
    };
    result.unwrap_or_else(|error| Exit::from_error(&error)) as u8
}
