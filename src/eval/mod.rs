//! Measuring a model on labelled blocks: what is lost of the genuine, what is left of the spam, and how far its probabilities
//! can be trusted.
//!
//! Blocks of one document are judged together, in their order, as the lines of a plain text: once in the documents they come
//! from, and once with the spam laid into the genuine documents ([`cases`]). [`leave`] trains without a group of the data and
//! measures on it, which is the only figure that tells of spam nobody has shown the model.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::train::data::Item;
use crate::verdict::model::Model;
use crate::verdict::{Judge, Profile};

pub mod calibration;
pub mod cases;
pub mod curve;
pub mod figures;
pub mod floors;
pub mod leave;
pub mod plot;
mod table;

pub use calibration::Calibration;
pub use cases::{Case, Fate, Outcome};
pub use figures::{Figures, Tally};

/// Every profile, the one that removes most first.
pub const PROFILES: [Profile; 3] = [Profile::Strict, Profile::Balanced, Profile::KeepMore];

/// Version of the report as JSON.
pub const VERSION: u32 = 1;

/// Everything that is measured of one model on one set of labelled blocks.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// [`VERSION`].
    pub v: u32,
    /// Identity of the model; several, where figures of several were added up.
    pub model: String,
    /// The group the model was trained without, as `language tr`; `None` for a model that is measured as it is.
    pub without: Option<String>,
    /// Labelled blocks.
    pub blocks: usize,
    /// In the documents the blocks come from.
    pub found: BTreeMap<Profile, Figures>,
    /// With the spam laid into the genuine documents; empty where there is nothing of one of them.
    pub mixed: BTreeMap<Profile, Figures>,
    /// Over the units of both.
    pub calibration: Calibration,
    /// Over both; empty when it was not asked for.
    pub curve: Vec<curve::Point>,
}

impl Report {
    /// Measures `model` on `items`; `curve` asks for the points between and beyond the profiles, which cost as much time
    /// again several times.
    pub fn new(items: &[Item], model: &Model, curve: bool) -> Self {
        let (found, mixed) = (cases::found(items), cases::mixed(items));
        let figures = |cases: &[Case<'_>]| -> BTreeMap<Profile, Figures> {
            let measured = |profile| (profile, Figures::of(&cases::judge(cases, model, profile)));
            if cases.is_empty() { BTreeMap::new() } else { PROFILES.into_iter().map(measured).collect() }
        };
        let (found_figures, mixed_figures) = (figures(&found), figures(&mixed));
        let all: Vec<Case<'_>> = found.into_iter().chain(mixed).collect();
        Self {
            v: VERSION,
            model: model.id(),
            without: None,
            blocks: items.len(),
            found: found_figures,
            mixed: mixed_figures,
            calibration: Calibration::of(&all, model),
            curve: if curve { curve::points(&all, model) } else { Vec::new() },
        }
    }

    /// Adds the figures of a report on other blocks.
    pub fn add(&mut self, other: &Self) {
        let add = |to: &mut BTreeMap<Profile, Figures>, from: &BTreeMap<Profile, Figures>| {
            from.iter().for_each(|(profile, figures)| to.entry(*profile).or_default().add(figures));
        };
        if self.model != other.model {
            self.model = format!("{}, {}", self.model, other.model);
        }
        self.blocks += other.blocks;
        add(&mut self.found, &other.found);
        add(&mut self.mixed, &other.mixed);
        self.calibration.add(&other.calibration);
        for (to, from) in self.curve.iter_mut().zip(&other.curve) {
            to.tally.add(&from.tally);
        }
    }

    /// The report for people; groups are shown for `profile`.
    pub fn text(&self, profile: Profile) -> String {
        table::report(self, profile)
    }
}

/// Several reports, one line each: what `--leave-out` comes to.
pub fn summary(reports: &[Report], profile: Profile) -> String {
    table::summary(reports, profile)
}
