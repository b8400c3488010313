//! Floors: what figures must reach, kept in a TOML file beside what they are measured on.

use std::path::Path;

use serde::Deserialize;

use super::Report;
use crate::error::{Error, Result};
use crate::verdict::Profile;

/// A file of floors.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floors {
    /// One a figure or two.
    #[serde(default)]
    pub floor: Vec<Floor>,
}

/// What a group of blocks must reach.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// The group that was left out of training, as `language tr`; none for a model measured as it is.
    #[serde(default)]
    pub without: Option<String>,
    /// Which documents.
    #[serde(default)]
    pub cases: Setting,
    /// `all`, `kind NAME`, `language CODE` or `source NAME`.
    #[serde(default = "everything")]
    pub group: String,
    /// Which profile.
    #[serde(default)]
    pub profile: Profile,
    /// Least share of genuine words kept, in per cent.
    #[serde(default)]
    pub kept: Option<f64>,
    /// Least share of spam blocks dropped, in per cent.
    #[serde(default)]
    pub dropped: Option<f64>,
    /// Highest expected calibration error, 0 to 1.
    #[serde(default)]
    pub calibration_error: Option<f64>,
}

/// The documents a floor speaks of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Setting {
    /// Those the blocks come from.
    #[default]
    Found,
    /// Genuine ones with the spam laid into them.
    Mixed,
}

fn everything() -> String {
    "all".into()
}

/// Reads a file of floors.
///
/// # Errors
/// [`Error::Read`], or [`Error::Config`] with the line that is not understood.
pub fn load(path: &Path) -> Result<Floors> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::read(path, source))?;
    toml::from_str(&text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].lines().count().max(1));
        Error::Config { path: path.to_path_buf(), line, reason: error.message().to_owned() }
    })
}

impl Floors {
    /// What the reports miss, in words. A floor on something that was not measured is missed too.
    pub fn missed(&self, reports: &[Report]) -> Vec<String> {
        self.floor.iter().flat_map(|floor| floor.missed(reports)).collect()
    }
}

impl Floor {
    fn missed(&self, reports: &[Report]) -> Vec<String> {
        let without = self.without.as_ref().map(|group| format!("without {group}, ")).unwrap_or_default();
        let name = format!("{without}{:?}, {}, {}", self.cases, self.group, self.profile.name()).to_lowercase();
        let Some(report) = reports.iter().find(|report| report.without == self.without) else {
            return vec![format!("{name}: not measured")];
        };
        let figures = match self.cases {
            Setting::Found => report.found.get(&self.profile),
            Setting::Mixed => report.mixed.get(&self.profile),
        };
        let Some(tally) = figures.and_then(|figures| figures.group(&self.group)) else {
            return vec![format!("{name}: there are no such blocks")];
        };
        let mut missed = Vec::new();
        for (floor, found, blocks, what) in [
            (self.kept, tally.retention(), tally.genuine, "of genuine words kept"),
            (self.dropped, tally.recall(), tally.spam, "of spam blocks dropped"),
        ] {
            match floor {
                Some(_) if blocks == 0 => missed.push(format!("{name}: there are no such blocks")),
                Some(floor) if found * 100.0 < floor => {
                    missed.push(format!("{name}: {:.3} % {what}, floor {floor} %", found * 100.0));
                }
                _ => {}
            }
        }
        if let Some(most) = self.calibration_error.filter(|&most| report.calibration.error() > most) {
            missed.push(format!("{name}: calibration error {:.4}, at most {most}", report.calibration.error()));
        }
        missed
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::eval::{Calibration, Figures, Tally};

    fn report(without: Option<&str>) -> Report {
        let all = Tally { genuine: 10, damaged: 1, words: 100, kept: 98, spam: 10, dropped: 7 };
        let figures = Figures { all, ..Figures::default() };
        Report {
            v: 1,
            model: "m".into(),
            without: without.map(Into::into),
            blocks: 20,
            found: [(Profile::Balanced, figures)].into(),
            mixed: [].into(),
            calibration: Calibration::default(),
            curve: Vec::new(),
        }
    }

    #[test]
    fn what_lies_below_is_named_and_what_reaches_is_not() {
        let floors = |text: &str| toml::from_str::<Floors>(text).unwrap();
        let reports = [report(None), report(Some("language tr"))];
        assert_eq!(floors("[[floor]]\nkept = 98\ndropped = 70").missed(&reports), Vec::<String>::new());
        let missed = floors("[[floor]]\nwithout = \"language tr\"\nkept = 99").missed(&reports);
        assert_eq!(missed, ["without language tr, found, all, balanced: 98.000 % of genuine words kept, floor 99 %"]);
    }

    #[test]
    fn a_floor_on_nothing_is_missed() {
        let reports = [report(None)];
        for text in ["without = \"kind x\"", "cases = \"mixed\"", "group = \"kind x\"", "profile = \"strict\""] {
            let floors: Floors = toml::from_str(&format!("[[floor]]\n{text}\nkept = 1")).unwrap();
            assert_eq!(floors.missed(&reports).len(), 1, "{text}");
        }
        assert!(toml::from_str::<Floors>("[[floor]]\nkpet = 1").is_err());
    }
}
