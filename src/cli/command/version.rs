//! `weedout --version`

use weedout::Result;

use crate::cli::exit::Exit;
use crate::cli::judge;
use crate::cli::terminal;
use weedout::verdict::{Judge, Model};

/// The model's name in records, and the SHA-256 of its fastText file, which was compared with the file's when it was loaded.
fn described(model: &Model) -> String {
    format!("model {}\nsha256 {}\n", model.id(), model.weights().scorer)
}

/// Prints the version, and with `verbose` which model is built in.
pub(crate) fn run(verbose: bool) -> Result<Exit> {
    let model = if verbose { described(&judge::load(None)?) } else { String::new() };
    terminal::put(format!("weedout {}\n{model}", env!("CARGO_PKG_VERSION")).as_bytes())?;
    Ok(Exit::Fine)
}
