//! `weedout clean - --format jsonl`

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;

use weedout::clean::Settings;
use weedout::clean::filter::{Options, Reject, filter};
use weedout::clean::record;
use weedout::verdict::Judge;
use weedout::{Error, Result};

use crate::cli::exit::Exit;
use crate::cli::terminal::Terminal;

/// Large enough to hold many records, so that they are cleaned in parallel.
const BUFFER: usize = 1 << 20;

/// Options for records.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Records (--format jsonl)")]
pub(crate) struct Records {
    /// The field with the text; by default `text`, failing that `html`
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// The field that names a record in messages
    #[arg(long, value_name = "NAME")]
    id_field: Option<String>,
    /// Leave the text as it is; only add the `weedout` object
    #[arg(long)]
    annotate: bool,
    /// Write lines that could not be processed to this file, as records with line, id and error
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
}

impl Records {
    /// True when an option was given that means nothing elsewhere.
    pub(crate) fn is_used(&self) -> bool {
        self.text_field.is_some() || self.id_field.is_some() || self.annotate || self.rejects.is_some()
    }

    /// Filters standard input to standard output.
    pub(crate) fn run(self, settings: Settings, judge: &dyn Judge, terminal: &Terminal) -> Result<Exit> {
        let mut rejects = self.rejects.map(Rejects::create).transpose()?;
        let options =
            Options { text_field: self.text_field, id_field: self.id_field, annotate: self.annotate, settings };
        let mut input = BufReader::with_capacity(BUFFER, std::io::stdin().lock());
        let mut output = BufWriter::with_capacity(BUFFER, std::io::stdout().lock());
        let mut broken = None;
        let totals = filter(&mut input, &mut output, &options, judge, &mut |reject| match &mut rejects {
            Some(file) => broken = file.write(reject).err().or(broken.take()),
            None => terminal.error(&described(reject)),
        })?;
        if totals.rejected > 0 && !totals.closed {
            terminal.error(&format!(
                "{} of {} records could not be processed",
                totals.rejected,
                totals.records + totals.rejected
            ));
        }
        broken.map_or(Ok(Exit::failed(totals.rejected)), Err)
    }
}

fn described(reject: &Reject) -> String {
    let id = reject.id.as_ref().map(|id| format!(" (`{id}`)")).unwrap_or_default();
    format!("standard input, line {}{id}: {}", reject.line, reject.error)
}

struct Rejects {
    path: PathBuf,
    file: File,
}

impl Rejects {
    fn create(path: PathBuf) -> Result<Self> {
        let file = File::create(&path).map_err(|e| Error::write(&path, e))?;
        Ok(Self { path, file })
    }

    fn write(&mut self, reject: &Reject) -> Result<()> {
        self.file.write_all(record::line(reject).as_bytes()).map_err(|e| Error::write(&self.path, e))
    }
}
