//! `weedout --version`

use weedout::Result;

use crate::cli::exit::Exit;
use crate::cli::judge;
use crate::cli::terminal;
use weedout::verdict::Judge;

/// Prints the version, and with `verbose` which model is built in.
pub(crate) fn run(verbose: bool) -> Result<Exit> {
    let model = if verbose { format!("model {}\n", judge::load(None)?.id()) } else { String::new() };
    terminal::put(format!("weedout {}\n{model}", env!("CARGO_PKG_VERSION")).as_bytes())?;
    Ok(Exit::Fine)
}
