//! `weedout check PATH…`

use std::path::{Path, PathBuf};

use weedout::check::{self, Action, Job, baseline, fix, run::Ran};
use weedout::clean::{Settings, record};
use weedout::config::Config;
use weedout::report::{Finding, REPORTS, Summary, by_name};
use weedout::verdict::Judge;
use weedout::{Error, Result};

use crate::cli::args::{Inputs, Judging, Written};
use crate::cli::config::{Silencing, silence};
use crate::cli::exit::Exit;
use crate::cli::hint;
use crate::cli::judge;
use crate::cli::progress::Progress;
use crate::cli::terminal::{self, STRONG, Terminal, counted, grouped, safe};

/// Find spam and point at it; change nothing unless asked to
#[derive(Debug, clap::Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Check {
    #[command(flatten)]
    inputs: Inputs,
    /// Cut the spam out of the files: Markdown, text, transcripts, subtitles. Of standard input, print the rest
    #[arg(long)]
    fix: bool,
    /// Print what --fix would change as a unified diff
    #[arg(long, conflicts_with = "fix")]
    diff: bool,
    /// How to print what was found
    #[arg(long, value_name = "FORMAT", default_value = "full", value_parser = REPORTS.map(|(name, _)| name))]
    output_format: String,
    /// Write another report of the same run to a file, such as sarif=weedout.sarif
    #[arg(long, value_name = "FORMAT=FILE", value_parser = also)]
    also: Vec<(String, PathBuf)>,
    /// Print the documents that would be checked, and nothing else
    #[arg(long)]
    show_files: bool,
    /// How the inputs are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "auto")]
    format: Written,
    /// Number of threads; 0 is one a core
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    jobs: usize,
    /// Exit 0 when there is nothing to check, as a hook must whose files are all excluded
    #[arg(long)]
    pass_empty: bool,
    #[command(flatten)]
    judging: Judging,
    #[command(flatten)]
    silencing: Silencing,
    /// Write what was found to this file, to be silent about from now on
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "diff"], help_heading = "Silencing")]
    write_baseline: Option<PathBuf>,
    /// Do not heed ignore comments in documents
    #[arg(long, help_heading = "Silencing")]
    no_ignores: bool,
    /// Show what was silenced too, and by what
    #[arg(long, help_heading = "Silencing")]
    show_silenced: bool,
}

/// A report and the file it goes to.
fn also(text: &str) -> std::result::Result<(String, PathBuf), String> {
    let known = || REPORTS.map(|(name, _)| name).join(", ");
    let (name, path) = text.split_once('=').filter(|(_, path)| !path.is_empty()).ok_or("write FORMAT=FILE")?;
    by_name(name).map(|_| (name.to_owned(), path.into())).ok_or_else(|| format!("the formats are {}", known()))
}

/// The report of that name, without colours.
fn rendered(name: &str, ran: &Ran) -> String {
    let Some(report) = by_name(name) else { return String::new() };
    let text = report.render(&ran.outcome);
    if report.is_styled() { anstream::adapter::strip_str(&text).to_string() } else { text }
}

impl Check {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        if self.format == Written::Jsonl {
            return Err(Error::Usage(
                "`check` reads documents; for records use `weedout clean - --format jsonl`".into(),
            ));
        }
        let mut config = self.judging.config()?;
        self.silencing.over(&mut config);
        let (job, walked) = match self.job(&config) {
            Err(Error::NoInputs(_)) if self.pass_empty => return Ok(Exit::Fine),
            other => other?,
        };
        if self.show_files {
            let names = job.inputs.iter().map(|input| format!("{}\n", record::name(&input.path)));
            terminal::put_plain(&names.collect::<String>())?;
            return Ok(Exit::Fine);
        }
        let judge = judge::load(config.model.value.as_deref())?;
        let mut ran = run(&job, &judge, terminal)?;
        if let Some(path) = &self.write_baseline {
            return write_baseline(path, &ran, terminal);
        }
        if walked {
            ran.outcome.notices.extend(self.silencing.unused(&job.silence, &config));
        }
        if !self.show_silenced {
            ran.outcome.silenced.clear();
        }
        for (name, path) in &self.also {
            fix::create(path, rendered(name, &ran).as_bytes())?;
        }
        self.print(&ran)?;
        ran.outcome.failures.iter().for_each(|failure| terminal::error(&failure.error));
        sum_up(&ran, terminal);
        Ok(exit(&ran.outcome.summary))
    }

    /// What to do, and whether it is to everything under some folder.
    fn job(&self, config: &Config) -> Result<(Job, bool)> {
        let (inputs, folders) = self.inputs.all(config)?;
        let settings = Settings { profile: config.profile.value, format: self.format.format(), ..Settings::default() };
        let silence = silence(config)?;
        let action = match (self.fix, self.diff) {
            (true, _) => Action::Fix,
            (_, true) => Action::Diff,
            _ => Action::Report,
        };
        let job = Job { inputs, settings, silence, comments: !self.no_ignores, action, jobs: self.jobs };
        Ok((job, !folders.is_empty()))
    }

    fn print(&self, ran: &Ran) -> Result<()> {
        if let Some(text) = &ran.text {
            return terminal::put(text);
        }
        if self.diff {
            return terminal::put_plain(&ran.diff);
        }
        let Some(report) = by_name(&self.output_format) else { return Ok(()) };
        let text = report.render(&ran.outcome);
        if report.is_styled() { terminal::show(&text) } else { terminal::put(text.as_bytes()) }
    }
}

fn run(job: &Job, judge: &dyn Judge, terminal: &Terminal) -> Result<Ran> {
    // A panic in a document becomes its failure; the default hook would print it as well.
    std::panic::set_hook(Box::new(|_| {}));
    let progress = Progress::new(terminal, "found");
    progress.start(job.inputs.len());
    let ran = check::run(job, judge, &|bytes, found| {
        progress.removed(found);
        progress.worked(bytes);
    });
    progress.finish();
    let _ = std::panic::take_hook();
    ran
}

fn write_baseline(path: &Path, ran: &Ran, terminal: &Terminal) -> Result<Exit> {
    let outcome = &ran.outcome;
    let known = outcome.silenced.iter().filter(|f| f.silenced.as_ref().is_some_and(|s| s.by == "baseline"));
    let mut all: Vec<&Finding> = outcome.findings.iter().chain(known).collect();
    all.sort_by(|a, b| (&a.path, a.start).cmp(&(&b.path, b.start)));
    let text = baseline::write(all.into_iter());
    fix::create(path, text.as_bytes())?;
    outcome.failures.iter().for_each(|failure| terminal::error(&failure.error));
    let entries = text.lines().filter(|line| !line.starts_with('#')).count();
    let name = safe(&record::name(path));
    terminal.say(&format!("  wrote {} to {name}; use it with --baseline {name}", counted(entries, "content")));
    Ok(Exit::failed(outcome.summary.failed))
}

fn exit(summary: &Summary) -> Exit {
    match summary {
        summary if summary.failed > 0 => Exit::Error,
        summary if summary.findings > 0 => Exit::Found,
        _ => Exit::Fine,
    }
}

fn sum_up(ran: &Ran, terminal: &Terminal) {
    for finding in &ran.fixed {
        let (path, start, end) = (safe(&finding.path), finding.start.line, finding.end.line);
        let lines = if start == end { format!("line {start}") } else { format!("lines {start}-{end}") };
        terminal.say(&format!("  {STRONG}{path}{STRONG:#}   cut {} ({lines}): {}", finding.size(), finding.quote()));
    }
    let sum = &ran.outcome.summary;
    let mut parts = vec![counted(sum.documents, "document"), format!("{} with spam", grouped(sum.polluted))];
    let others = [(sum.findings, "found"), (sum.fixed, "cut"), (sum.silenced, "silenced"), (sum.failed, "failed")];
    let others = others.iter().filter(|(count, _)| *count > 0);
    parts.extend(others.map(|(count, what)| format!("{} {what}", grouped(*count))));
    if !ran.outcome.notices.is_empty() {
        parts.push(counted(ran.outcome.notices.len(), "warning"));
    }
    terminal.say(&format!("  {}", parts.join(" · ")));
    hint::give(doubt(ran), terminal);
}

/// Findings that are worth a look before they are cut.
fn doubt(ran: &Ran) -> Option<String> {
    let mut doubtful = ran.outcome.findings.iter().filter(|finding| finding.spam_probability < hint::DOUBTFUL);
    let first = doubtful.next()?;
    let place = weedout::report::escape::argument(&format!("{}:{}", first.path, first.start.line));
    let findings = counted(1 + doubtful.count(), "finding");
    Some(format!("{findings} with a probability below {}: look with `weedout explain {place}`", hint::DOUBTFUL))
}
