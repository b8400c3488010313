//! `weedout clean FILES… --out DIR` for files of records.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use weedout::clean::bulk::{self, Counts, Job, Manifest, Status, Summary};
use weedout::clean::row::Options;
use weedout::source::{Container, Input};
use weedout::verdict::Judge;
use weedout::{Error, Result};

use crate::cli::exit::Exit;
use crate::cli::terminal::{self, STRONG, Terminal, counted, grouped, safe};

/// True when the inputs are files of records; an error when some are and some are not.
pub(crate) fn is_bulk(inputs: &[Input], container: Option<Container>) -> Result<bool> {
    let is_records = |input: &&Input| container.is_some() || Container::by_name(&input.relative).is_some();
    let (records, documents): (Vec<&Input>, Vec<&Input>) = inputs.iter().partition(is_records);
    match (records.first(), documents.first()) {
        (Some(records), Some(document)) => Err(Error::Usage(format!(
            "`{}` holds records and `{}` is a document; clean them in two runs",
            records.path.display(),
            document.path.display()
        ))),
        (records, _) => Ok(records.is_some()),
    }
}

/// What a run needs besides the judge.
pub(crate) struct Bulk {
    pub(crate) inputs: Vec<Input>,
    pub(crate) folders: Vec<PathBuf>,
    pub(crate) out: PathBuf,
    pub(crate) audit: Option<PathBuf>,
    pub(crate) container: Option<Container>,
    pub(crate) options: Options,
    pub(crate) jobs: usize,
    pub(crate) resume: bool,
    pub(crate) stop: Arc<AtomicBool>,
}

impl Bulk {
    pub(crate) fn run(self, judge: &dyn Judge, terminal: &Terminal) -> Result<Exit> {
        let mut job = Job::new(self.inputs, self.out);
        job.audit = self.audit.unwrap_or(job.audit);
        (job.folders, job.container, job.options) = (self.folders, self.container, self.options);
        (job.jobs, job.resume, job.stop) = (self.jobs, self.resume, self.stop);
        // A panic in a record becomes its reject; the default hook would print it as well.
        std::panic::set_hook(Box::new(|_| {}));
        let result = bulk::run(&job, judge, &mut |manifest, resumed| tell(manifest, resumed, terminal));
        let _ = std::panic::take_hook();
        let summary = result?;
        sum_up(&summary, &job.audit, job.inputs.len(), terminal);
        Ok(match (summary.interrupted, summary.is_clean()) {
            (true, _) => Exit::Interrupted,
            (_, clean) => Exit::failed(usize::from(!clean)),
        })
    }
}

fn tell(manifest: &Manifest, resumed: bool, terminal: &Terminal) {
    if manifest.status != Status::Done {
        terminal::error(manifest.error.as_deref().unwrap_or_default());
    }
    if manifest.status != Status::Failed {
        let again = if resumed { "  from an earlier run" } else { "" };
        terminal.say(&format!("  {STRONG}{}{STRONG:#}   {}{again}", safe(&manifest.path), sum(&manifest.counts)));
    }
}

/// `7 records = 4 kept (2 cleaned) + 1 dropped + 2 bad`
fn sum(counts: &Counts) -> String {
    let number = |count: u64| grouped(count as usize);
    let mut parts = vec![format!("{} kept ({} cleaned)", number(counts.kept), number(counts.cleaned))];
    let others =
        [(counts.dropped, "dropped"), (counts.empty, "empty"), (counts.passed, "passed over"), (counts.bad, "bad")];
    parts.extend(
        others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", number(*count))),
    );
    format!("{} = {}", counted(counts.records as usize, "record"), parts.join(" + "))
}

fn sum_up(summary: &Summary, audit: &Path, inputs: usize, terminal: &Terminal) {
    let mut parts = vec![counted(summary.files, "file")];
    let others = [(summary.resumed, "from an earlier run"), (summary.damaged, "damaged"), (summary.failed, "failed")];
    parts.extend(
        others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", grouped(*count))),
    );
    let audit = safe(audit.display().to_string().trim_end_matches('/'));
    terminal.say(&format!("  {} · {}        audit: {audit}/", parts.join(" · "), sum(&summary.counts)));
    if summary.interrupted {
        let left = counted(inputs - summary.files, "file");
        terminal::warn(&format!("interrupted with {left} to go; run again with --resume"));
    }
}
