//! `weedout eval LABELLED`

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Serialize;
use weedout::eval::leave::{Businesses, By, Data};
use weedout::eval::{self, Report, floors, plot};
use weedout::train::{Plan, data, generate, lexicon, page};
use weedout::verdict::Profile;
use weedout::{Error, Result};

use crate::cli::args::Judging;
use crate::cli::exit::Exit;
use crate::cli::judge;
use crate::cli::terminal::{self, Terminal};

/// Measure a model on labelled blocks: genuine words kept, spam dropped, calibration; or train without a part and measure on it
#[derive(Debug, clap::Args)]
pub(crate) struct Eval {
    /// JSONL files of labelled blocks, or folders as `weedout train` reads them
    #[arg(required_unless_present = "lexicon", value_name = "LABELLED")]
    labelled: Vec<PathBuf>,
    /// Folder of lexicons; what the generator makes of them is measured too
    #[arg(long, value_name = "DIR")]
    lexicon: Option<PathBuf>,
    #[command(flatten)]
    judging: Judging,
    /// Train without each part, kind, business, language or source of the data in turn, and measure on what was left out
    #[arg(long, value_enum, value_name = "BY", conflicts_with = "model")]
    leave_out: Option<Group>,
    /// Leave out only these
    #[arg(long, value_name = "NAME", value_delimiter = ',', requires = "leave_out")]
    groups: Vec<String>,
    /// Which kinds of spam belong to one business, a TOML file
    #[arg(long, value_name = "FILE", default_value = "models/training/businesses.toml")]
    businesses: PathBuf,
    /// Text documents to compose for each of the three parts when training; fewer are faster and less exact
    #[arg(long, value_name = "N", requires = "leave_out")]
    drafts: Option<usize>,
    /// `text` for people, or `json`
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    format: String,
    /// Draw the curve of genuine text lost against spam left, and the reliability, as SVG
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Exit with 1 when a figure lies below its floor in this TOML file
    #[arg(long, value_name = "FILE")]
    floors: Option<PathBuf>,
    /// Exit with 1 when fewer genuine words are kept, in per cent
    #[arg(long, value_name = "PERCENT")]
    kept: Option<f64>,
    /// Exit with 1 when fewer spam blocks are dropped, in per cent
    #[arg(long, value_name = "PERCENT")]
    dropped: Option<f64>,
}

/// [`By`] as an argument.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Group {
    /// A third of the sources
    Part,
    /// The kind of text
    Kind,
    /// Kinds that sell the same
    Business,
    /// The language
    Language,
    /// The source
    Source,
}

impl From<Group> for By {
    fn from(group: Group) -> Self {
        match group {
            Group::Part => Self::Part,
            Group::Kind => Self::Kind,
            Group::Business => Self::Business,
            Group::Language => Self::Language,
            Group::Source => Self::Source,
        }
    }
}

/// What `--format json` prints.
#[derive(Serialize)]
struct Output<'a> {
    v: u32,
    /// One of the model as it is, or one a group that was left out.
    reports: &'a [Report],
    /// All groups together, each block judged by a model that has not seen its group.
    all: &'a Report,
}

impl Eval {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        let floors = self.floors.as_deref().map(floors::load).transpose()?.unwrap_or_default();
        let data = self.data()?;
        let reports = if let Some(group) = self.leave_out {
            self.left_out(&data, group.into(), terminal)?
        } else {
            let model = judge::load(self.judging.model.as_deref())?;
            vec![Report::new(&data.items, &model, self.plot.is_some())]
        };
        let Some(all) = together(&reports) else {
            return Err(Error::NoInputs("there are no such groups in the data".into()));
        };
        terminal.say(&format!("  model {} · {} blocks", all.model, all.blocks));
        self.show(&reports, &all)?;
        if let Some(path) = &self.plot {
            write(path, plot::svg(&all, &self.caption(&all)).as_bytes())?;
        }
        let mut missed = floors.missed(&reports);
        missed.extend(self.missed(&all));
        missed.iter().for_each(|miss| terminal::warn(miss));
        Ok(if missed.is_empty() { Exit::Fine } else { Exit::Found })
    }

    fn profile(&self) -> Profile {
        self.judging.profile.map(Into::into).unwrap_or_default()
    }

    fn data(&self) -> Result<Data> {
        let (mut items, mut pages) = (Vec::new(), Vec::new());
        for path in &self.labelled {
            items.extend(data::load(path)?);
            if self.leave_out.is_some() {
                pages.extend(page::load(path)?);
            }
        }
        if let Some(folder) = &self.lexicon {
            items.extend(lexicon::load(folder)?.iter().flat_map(generate::items));
        }
        let businesses = match self.leave_out {
            Some(Group::Business) => Businesses::load(&self.businesses)?,
            _ => Businesses::default(),
        };
        Ok(Data { items, pages, businesses })
    }

    fn left_out(&self, data: &Data, by: By, terminal: &Terminal) -> Result<Vec<Report>> {
        let folder = tempfile::tempdir().map_err(|source| Error::write(std::env::temp_dir(), source))?;
        let whole = Plan::default();
        let plan = match self.drafts {
            Some(drafts) => Plan { drafts, pages: (drafts * whole.pages).div_ceil(whole.drafts), ..whole },
            None => whole,
        };
        let told = |step: &str| terminal.say(&format!("  {step}"));
        data.measure(by, &self.groups, &plan, self.plot.is_some(), folder.path(), &told)
    }

    fn show(&self, reports: &[Report], all: &Report) -> Result<()> {
        if self.format == "json" {
            let output = Output { v: eval::VERSION, reports, all };
            let text = serde_json::to_string(&output).map_err(|error| Error::Usage(error.to_string()))?;
            return terminal::put(format!("{text}\n").as_bytes());
        }
        if self.leave_out.is_some() {
            terminal::put(format!("{}\n", eval::summary(reports, self.profile())).as_bytes())?;
        }
        terminal::put(all.text(self.profile()).as_bytes())
    }

    fn caption(&self, all: &Report) -> String {
        let how = match self.leave_out {
            Some(group) => format!("each judged by models trained without its {}", By::from(group).name()),
            None => format!("judged by model {}", all.model),
        };
        format!("{} labelled blocks, in their documents and laid into genuine ones, {how}", all.blocks)
    }

    fn missed(&self, all: &Report) -> Vec<String> {
        let Some(figures) = all.found.get(&self.profile()) else { return Vec::new() };
        let shares = [
            (self.kept, figures.all.retention(), "of genuine words kept"),
            (self.dropped, figures.all.recall(), "of spam blocks dropped"),
        ];
        let missed = |(floor, share, what): (Option<f64>, f64, &str)| {
            floor
                .filter(|&floor| share * 100.0 < floor)
                .map(|floor| format!("{:.3} % {what}, floor {floor} %", share * 100.0))
        };
        shares.into_iter().filter_map(missed).collect()
    }
}

/// All reports added up.
fn together(reports: &[Report]) -> Option<Report> {
    let (first, rest) = reports.split_first()?;
    let mut all = first.clone();
    rest.iter().for_each(|report| all.add(report));
    if !rest.is_empty() {
        all.without = None;
    }
    Some(all)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    std::fs::write(path, bytes).map_err(|source| Error::write(path, source))
}
