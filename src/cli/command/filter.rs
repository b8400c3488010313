//! `weedout clean - --format jsonl`

use std::fs::File;
use std::io::{BufReader, BufWriter, Write};
use std::path::PathBuf;

use weedout::clean::Settings;
use weedout::clean::filter::{Options, Reject, filter};
use weedout::clean::record;
use weedout::source::Limits;
use weedout::source::shard::Shard;
use weedout::verdict::Judge;
use weedout::{Error, Result};

use crate::cli::exit::Exit;
use crate::cli::terminal;

/// Large enough to hold many records, so that they are cleaned in parallel.
const BUFFER: usize = 1 << 20;

/// Options for records.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Records (JSON Lines, WARC, WET, Parquet)")]
pub(crate) struct Records {
    /// The field with the text; by default `text`, failing that `html`
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// The field with a page, instead of one with text
    #[arg(long, value_name = "NAME", conflicts_with = "text_field")]
    html_field: Option<String>,
    /// The field that names a record in messages; for files, by default `id`
    #[arg(long, value_name = "NAME")]
    id_field: Option<String>,
    /// Leave the text as it is; only add the `weedout` object
    #[arg(long)]
    annotate: bool,
    /// Write lines of standard input that could not be processed to this file, as records with line, id and error
    #[arg(long, value_name = "FILE", conflicts_with = "out")]
    rejects: Option<PathBuf>,
    /// Reject records that are larger
    #[arg(long, value_name = "MIB", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1024))]
    max_record: u32,
    /// Stop reading a compressed file that grows by more than this factor; 0 is no limit
    #[arg(long, value_name = "FACTOR", default_value_t = 200)]
    max_ratio: u64,
    /// Clean only share I of N of the files, counted from 0
    #[arg(long, value_name = "I/N", requires = "out")]
    pub(crate) shard: Option<Shard>,
}

impl Records {
    /// True when an option was given that means nothing elsewhere.
    pub(crate) fn is_used(&self) -> bool {
        let named = [&self.text_field, &self.html_field, &self.id_field].into_iter().any(Option::is_some);
        named || self.annotate || self.rejects.is_some() || self.shard.is_some()
    }

    /// What a run over records depends on.
    pub(crate) fn options(&self, settings: Settings) -> Options {
        Options {
            text_field: self.text_field.clone(),
            html_field: self.html_field.clone(),
            id_field: self.id_field.clone(),
            url_field: None,
            annotate: self.annotate,
            settings,
            limits: Limits { record: (self.max_record as usize) << 20, ratio: self.max_ratio },
        }
    }

    /// Filters standard input to standard output.
    pub(crate) fn run(self, settings: Settings, judge: &dyn Judge) -> Result<Exit> {
        let options = self.options(settings);
        let mut rejects = self.rejects.map(Rejects::create).transpose()?;
        let mut input = BufReader::with_capacity(BUFFER, std::io::stdin().lock());
        let mut output = BufWriter::with_capacity(BUFFER, std::io::stdout().lock());
        let mut broken = None;
        let totals = filter(&mut input, &mut output, &options, judge, &mut |reject| match &mut rejects {
            Some(file) => broken = file.write(reject).err().or(broken.take()),
            None => terminal::error(&described(reject)),
        })?;
        if totals.rejected > 0 && !totals.closed {
            terminal::error(&format!(
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
