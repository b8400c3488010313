//! `weedout --version`

use weedout::Result;

use crate::cli::exit::Exit;
use crate::cli::judge;
use crate::cli::terminal::Terminal;
use weedout::verdict::Judge;

/// Prints the version, and with `verbose` which model is built in.
pub(crate) fn run(verbose: bool, terminal: &Terminal) -> Result<Exit> {
    let mut text = format!("weedout {}\n", env!("CARGO_PKG_VERSION"));
    if verbose {
        text += &format!("model {}\n", judge::load(None)?.id());
    }
    terminal.put(text.as_bytes())?;
    Ok(Exit::Fine)
}
