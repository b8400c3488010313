//! `weedout clean PATH… --out DIR`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use weedout::check::{Silence, Tolerant};
use weedout::clean::record::{Manifest, Status};
use weedout::clean::{self, Digest, Event, Job, Settings, Summary};
use weedout::config::Config;
use weedout::sketch::{Seasoned, Sketch};
use weedout::source::{Container, Input};
use weedout::verdict::Judge;
use weedout::{Error, Result};

use super::bulk::{self, Bulk};
use super::filter::Records;
use crate::cli::args::{Inputs, Judging, Target, Written};
use crate::cli::config::{Silencing, silence};
use crate::cli::exit::Exit;
use crate::cli::hint;
use crate::cli::input::is_stdin;
use crate::cli::judge;
use crate::cli::progress::Progress;
use crate::cli::terminal::{self, FAINT, STRONG, Terminal, counted, grouped, safe};

/// So many documents are listed; beyond, the list is no longer read, and the manifest has it.
const LISTED: usize = 40;

/// Write clean text to a corpus folder, and what was removed to an audit folder beside it
#[derive(Debug, clap::Args)]
pub(crate) struct Clean {
    #[command(flatten)]
    inputs: Inputs,
    /// The folder for clean text; without it, standard input is cleaned to standard output
    #[arg(short, long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder for the records [default: DIR-audit]
    #[arg(long, value_name = "DIR", requires = "out")]
    audit: Option<PathBuf>,
    /// How the inputs are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "auto")]
    format: Written,
    /// What pages become
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    to: Target,
    /// Keep page furniture: navigation, share bars, cookie notices, comment forms
    #[arg(long)]
    keep_furniture: bool,
    /// Number of threads; 0 is one a core
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    jobs: usize,
    /// Give up a document that takes longer than this for each MiB of it
    #[arg(long, value_name = "SECONDS", default_value_t = clean::LIMIT.as_secs(), requires = "out")]
    time_limit: u64,
    /// Do not do again what an interrupted or earlier run has done
    #[arg(long, requires = "out")]
    resume: bool,
    /// Write an HTML page of what was removed to the audit folder
    #[arg(long, requires = "out")]
    report: bool,
    /// Weigh what a crawl says of runs and linked hosts, as counted by `weedout sketch`
    #[arg(long, value_name = "FILE")]
    sketch: Option<PathBuf>,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    silencing: Silencing,
    #[command(flatten)]
    records: Records,
}

impl Clean {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        let config = self.config()?;
        let settings = self.settings(&config);
        let container = self.format.container();
        let piped = match (container, &self.out, self.is_piped()) {
            (_, Some(out), _) if is_stdin(out) => {
                return Err(Error::Usage(
                    "--out names a folder; standard input is cleaned to standard output without it: `weedout clean - < FILE`"
                        .into(),
                ));
            }
            (Some(Container::Jsonl), None, true) => true,
            (Some(_), Some(_), false) => false,
            (Some(_), ..) => {
                return Err(Error::Usage(
                    "records are read from files with --out DIR, or as JSON Lines from standard input to standard output: `weedout clean - --format jsonl`"
                        .into(),
                ));
            }
            (_, None, false) => return Err(Error::Usage("name the folder for clean text with --out DIR".into())),
            (_, out, _) => out.is_none(),
        };
        if piped && container.is_none() && self.records.is_used() {
            return Err(needs_records());
        }
        let (model, silence) = (judge::load(config.model.value.as_deref())?, silence(&config)?);
        let sketch = self.sketch.as_deref().map(Sketch::load).transpose()?;
        let seasoned = sketch.as_ref().map(|sketch| Seasoned::new(&model, sketch)).transpose()?;
        let judge: &dyn Judge = match &seasoned {
            Some(judge) => judge,
            None => &model,
        };
        let judge = Tolerant::new(judge, &silence);
        match (container, piped) {
            (Some(_), true) => self.threads()?.install(|| self.records.run(settings, &judge)),
            (_, true) => self.pipe(&settings, &judge),
            (_, false) => self.files(&config, settings, &judge, &silence, terminal),
        }
    }

    /// Cleans files to a folder: documents to a corpus, files of records each to one of their own.
    fn files(
        mut self,
        config: &Config,
        settings: Settings,
        judge: &dyn Judge,
        silence: &Silence,
        terminal: &Terminal,
    ) -> Result<Exit> {
        let container = self.format.container();
        let (inputs, folders) = self.inputs.either(config, container)?;
        if !bulk::is_bulk(&inputs, container)? {
            return if self.records.is_used() {
                Err(needs_records())
            } else {
                self.corpus(inputs, folders, config, settings, judge, silence, terminal)
            };
        }
        let mut options = self.records.options(settings);
        options.id_field.get_or_insert_with(|| "id".into());
        let inputs = match self.records.shard {
            Some(shard) => shard.take(inputs),
            None => inputs,
        };
        let run = Bulk {
            inputs,
            folders,
            out: self.out.take().unwrap_or_default(),
            audit: self.audit.take(),
            container,
            options,
            jobs: self.jobs,
            resume: self.resume,
            stop: stop_on_interrupt(),
        };
        run.run(judge, terminal)
    }

    /// The configuration file with what the command line says over it.
    fn config(&self) -> Result<Config> {
        let mut config = self.judging.config()?;
        self.silencing.over(&mut config);
        config.keep_furniture.flag(self.keep_furniture.then_some(true));
        Ok(config)
    }

    fn settings(&self, config: &Config) -> Settings {
        Settings {
            profile: config.profile.value,
            markdown: self.to == Target::Markdown,
            keep_furniture: config.keep_furniture.value,
            format: self.format.format(),
        }
    }

    /// Standard input is all there is to read.
    fn is_piped(&self) -> bool {
        matches!(self.inputs.paths.as_slice(), [path] if is_stdin(path)) && self.inputs.files_from.is_empty()
    }

    fn threads(&self) -> Result<rayon::ThreadPool> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build();
        pool.map_err(|e| Error::Usage(format!("cannot start {} threads: {e}; use a smaller --jobs", self.jobs)))
    }

    /// Cleans one document from standard input to standard output.
    fn pipe(&self, settings: &Settings, judge: &dyn Judge) -> Result<Exit> {
        let input = self.inputs.piped()?;
        let cleaned = clean::document(&input.path, input.bytes.as_deref().unwrap_or_default(), settings, judge)?;
        terminal::put(cleaned.output.as_deref().unwrap_or_default())?;
        Ok(Exit::Fine)
    }

    #[allow(clippy::too_many_arguments)]
    fn corpus(
        self,
        inputs: Vec<Input>,
        folders: Vec<PathBuf>,
        config: &Config,
        settings: Settings,
        judge: &dyn Judge,
        silence: &Silence,
        terminal: &Terminal,
    ) -> Result<Exit> {
        let report = self.report;
        let mut job = Job::new(inputs, self.out.unwrap_or_default());
        (job.folders, job.settings, job.jobs, job.resume) = (folders, settings, self.jobs, self.resume);
        job.audit = self.audit.unwrap_or(job.audit);
        job.stop = stop_on_interrupt();
        job.limit = Duration::from_secs(self.time_limit);
        let told = Told::default();
        let conclude = |result: &Result<Summary>| {
            let Ok(summary) = result else { return Ok(Exit::Error) };
            sum_up(summary, &job, terminal);
            if report && !summary.interrupted {
                let page = super::report::beside(&job.audit)?;
                terminal.say(&format!("  report: {}", safe(&shown(&page))));
            }
            let hint = told.hint(summary, &job, report);
            hint::give(hint.filter(|_| !summary.interrupted), terminal);
            // Documents that were not looked at again may be what an allowance is for.
            if !job.folders.is_empty() && summary.resumed == 0 && !summary.interrupted {
                let unused = self.silencing.unused(silence, config);
                unused.iter().for_each(|n| terminal::warn(&format!("{}:{}: {}", n.path, n.start.line, n.message)));
            }
            Ok(if summary.interrupted { Exit::Interrupted } else { Exit::failed(summary.failed) })
        };
        let result = run(&job, judge, &told, terminal, &conclude);
        let exit = conclude(&result)?;
        result.map(|_| exit)
    }
}

fn needs_records() -> Error {
    let options = "--text-field, --html-field, --id-field, --annotate, --rejects and --shard";
    Error::Usage(format!("{options} are for records: files of JSON Lines, WARC or Parquet, or --format jsonl"))
}

/// A flag that Ctrl-C sets; a second one ends the program at once.
fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    // Without a handler, Ctrl-C ends the program as ever, and every file is whole all the same.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(Exit::Interrupted as u8));
        }
    });
    stop
}

/// What was told of a run while it went on, and what of it is worth a hint at its end.
#[derive(Default)]
struct Told {
    listed: AtomicUsize,
    doubtful: AtomicUsize,
    rejected: OnceLock<String>,
}

impl Told {
    fn note(&self, row: &Manifest, digest: &Digest) {
        if row.status == Status::Rejected {
            // It is listed as what it is; single doubts about it are of no interest.
            self.rejected.get_or_init(|| row.path.clone());
            return;
        }
        let doubtful = digest.probabilities.iter().filter(|probability| **probability < hint::DOUBTFUL).count();
        self.doubtful.fetch_add(doubtful, Ordering::Relaxed);
    }

    fn hint(&self, summary: &Summary, job: &Job, reported: bool) -> Option<String> {
        let (doubtful, rejected) = (self.doubtful.load(Ordering::Relaxed), self.rejected.get().map(String::as_str));
        hint::of_corpus(summary, doubtful, rejected, &job.audit, reported)
    }
}

/// Ends the program for threads that never come back, after saying how the run ended.
fn end(result: &Result<Summary>, conclude: &dyn Fn(&Result<Summary>) -> Result<Exit>) -> ! {
    let exit = match result {
        Err(error) => Exit::from_error(error),
        Ok(_) => conclude(result).unwrap_or_else(|error| Exit::from_error(&error)),
    };
    std::process::exit(i32::from(exit as u8))
}

fn run(
    job: &Job,
    judge: &dyn Judge,
    told: &Told,
    terminal: &Terminal,
    conclude: &(dyn Fn(&Result<Summary>) -> Result<Exit> + Sync),
) -> Result<Summary> {
    // A panic in a document becomes its record; the default hook would print it as well.
    std::panic::set_hook(Box::new(|_| {}));
    let progress = Progress::new(terminal, "blocks removed");
    let result = clean::run(job, judge, &|event| match event {
        Event::Started(documents) => progress.start(documents),
        Event::Worked(bytes) => progress.worked(bytes),
        Event::Finished { row, digest } => {
            progress.removed(row.removed);
            told.note(row, digest);
            progress.pause(|| tell(row, digest, &told.listed, terminal));
        }
        Event::Ended { result, stuck } if stuck > 0 => {
            progress.finish();
            end(result, conclude)
        }
        Event::Ended { .. } => {}
    });
    progress.finish();
    let _ = std::panic::take_hook();
    result
}

/// Lists documents something was done to, and all that failed.
fn tell(row: &Manifest, digest: &Digest, listed: &AtomicUsize, terminal: &Terminal) {
    match row.status {
        Status::Failed => terminal::error(row.error.as_deref().unwrap_or_default()),
        Status::Cleaned | Status::Rejected => match listed.fetch_add(1, Ordering::Relaxed) {
            0..LISTED => terminal.say(&listing(row, digest)),
            LISTED => terminal.say(&format!("  {FAINT}… the others are in the manifest{FAINT:#}")),
            _ => {}
        },
        Status::Untouched | Status::Empty => {}
    }
}

fn listing(row: &Manifest, digest: &Digest) -> String {
    let mut removed = Vec::new();
    if row.removed > 0 {
        removed.push(format!("{} of {}", grouped(row.removed), counted(row.blocks, "block")));
    }
    if digest.cuts > 0 && row.status == Status::Cleaned {
        removed.push(counted(digest.cuts, "part"));
    }
    let kept = match row.status {
        Status::Rejected => "nothing genuine left".into(),
        _ => format!("kept {}", counted(row.words_kept, "word")),
    };
    format!(
        "  {STRONG}{}{STRONG:#}   removed {}{}  {kept}",
        terminal::one_line(&row.path),
        removed.join(" and "),
        runs(digest)
    )
}

/// `(2 runs, lines 1-14, 80-82: links, words)`
fn runs(digest: &Digest) -> String {
    if digest.runs.is_empty() {
        return String::new();
    }
    let lines = |&(first, last): &(u32, u32)| if first == last { first.to_string() } else { format!("{first}-{last}") };
    let shown: Vec<String> = digest.runs.iter().take(3).map(lines).collect();
    let more = if digest.runs.len() > 3 { ", …" } else { "" };
    let rules: Vec<&str> = digest.rules.iter().take(3).map(String::as_str).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(": {}", rules.join(", ")) };
    format!(" ({}, lines {}{more}{rules})", counted(digest.runs.len(), "run"), shown.join(", "))
}

fn sum_up(summary: &Summary, job: &Job, terminal: &Terminal) {
    let mut parts =
        vec![format!("{} untouched", grouped(summary.untouched)), format!("{} cleaned", grouped(summary.cleaned))];
    let others = [(summary.rejected, "rejected"), (summary.empty, "empty")];
    parts.extend(
        others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", grouped(*count))),
    );
    let again = if summary.resumed > 0 {
        format!(" · {} from an earlier run", grouped(summary.resumed))
    } else {
        String::new()
    };
    let (documents, failed) = (counted(summary.documents, "document"), grouped(summary.failed));
    let audit = safe(&shown(&job.audit));
    terminal.say(&format!("  {documents} · {} · {failed} failed{again}        audit: {audit}/", parts.join(", ")));
    if summary.interrupted {
        let left = job.inputs.len() - summary.documents;
        terminal::warn(&format!("interrupted with {} to go; run again with --resume", counted(left, "document")));
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string().trim_end_matches('/').to_owned()
}
