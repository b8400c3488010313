//! `weedout report AUDIT_DIR`

use std::path::{Path, PathBuf};

use weedout::check::fix;
use weedout::clean::audit::REMOVED;
use weedout::clean::record;
use weedout::report::page;
use weedout::{Error, Result};

use crate::cli::exit::Exit;
use crate::cli::terminal::{self, Terminal, safe};

/// The name of a report in its audit.
const NAME: &str = "report.html";

/// Show what a corpus lost: one HTML file, made from an audit
#[derive(Debug, clap::Args)]
pub(crate) struct Report {
    /// The audit folder that `clean` wrote
    audit: PathBuf,
    /// Where to write it; `-` is standard output [default: AUDIT/report.html]
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Report {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        audit(&self.audit)?;
        if self.out.as_deref() == Some(Path::new("-")) {
            terminal::put(page::render(&self.audit)?.as_bytes())?;
            return Ok(Exit::Fine);
        }
        let out = self.out.unwrap_or_else(|| self.audit.join(NAME));
        write(&self.audit, &out)?;
        terminal.say(&format!("  report: {}", safe(&record::name(&out))));
        Ok(Exit::Fine)
    }
}

/// Refuses what is no audit, such as the corpus beside one.
pub(super) fn audit(folder: &Path) -> Result<()> {
    if folder.join(REMOVED).is_file() {
        return Ok(());
    }
    let said = format!("`{}` is no audit folder: there is no {REMOVED} in it", folder.display());
    let remedy = "name the folder that `weedout clean --out DIR` wrote its records to, DIR-audit unless told otherwise";
    Err(Error::Usage(format!("{said}; {remedy}")))
}

/// Writes the report of an audit into it, and returns where.
pub(crate) fn beside(audit: &Path) -> Result<PathBuf> {
    let out = audit.join(NAME);
    write(audit, &out)?;
    Ok(out)
}

fn write(audit: &Path, out: &Path) -> Result<()> {
    fix::create(out, page::render(audit)?.as_bytes())
}
