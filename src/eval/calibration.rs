//! Reliability: whether of the units with probability 0.8 of spam eight in ten are spam.

use rayon::prelude::*;
use serde::Serialize;

use super::cases::{self, Case};
use crate::block::{self, Format};
use crate::train::data::Tag;
use crate::verdict::model::Model;

/// Bins of equal width over the probabilities.
pub const BINS: usize = 20;

/// Probabilities against what was true, over units: blocks, and sentences of long ones. Blocks labelled by their page alone
/// are left out.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Calibration {
    /// The bins, from 0 to 1.
    pub bins: [Bin; BINS],
}

/// The units whose probabilities fall into one bin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Bin {
    /// How many.
    pub units: usize,
    /// How many of them are spam.
    pub spam: usize,
    /// Sum of their probabilities.
    pub sum: f64,
}

impl Bin {
    /// Mean probability.
    pub fn mean(&self) -> f64 {
        self.sum / self.units.max(1) as f64
    }

    /// Share of spam.
    pub fn share(&self) -> f64 {
        self.spam as f64 / self.units.max(1) as f64
    }
}

impl Default for Calibration {
    fn default() -> Self {
        Self { bins: [Bin::default(); BINS] }
    }
}

impl Calibration {
    /// Judges every case and sorts its units into bins.
    pub fn of(cases: &[Case<'_>], model: &Model) -> Self {
        let all: Vec<Vec<(f32, bool)>> = cases.par_iter().map(|case| units(case, model)).collect();
        let mut found = Self::default();
        all.iter().flatten().for_each(|&(probability, spam)| found.note(probability, spam));
        found
    }

    /// Counts one unit.
    pub fn note(&mut self, probability: f32, spam: bool) {
        let bin = &mut self.bins[((probability * BINS as f32) as usize).min(BINS - 1)];
        bin.units += 1;
        bin.spam += usize::from(spam);
        bin.sum += f64::from(probability);
    }

    /// Adds other units.
    pub fn add(&mut self, other: &Self) {
        for (to, from) in self.bins.iter_mut().zip(&other.bins) {
            *to = Bin { units: to.units + from.units, spam: to.spam + from.spam, sum: to.sum + from.sum };
        }
    }

    /// Units in all.
    pub fn units(&self) -> usize {
        self.bins.iter().map(|bin| bin.units).sum()
    }

    /// Expected calibration error: the mean distance, over units, between a bin's probability and its share of spam, 0 to 1.
    pub fn error(&self) -> f64 {
        let off: f64 = self.bins.iter().map(|bin| bin.units as f64 * (bin.mean() - bin.share()).abs()).sum();
        off / self.units().max(1) as f64
    }
}

/// Probability and truth of each unit of a case.
fn units(case: &Case<'_>, model: &Model) -> Vec<(f32, bool)> {
    let text = cases::text(case);
    let document = block::parse(&text, Format::Text, &block::Options::default());
    let survey = model.survey(&document);
    let mut truth = vec![None; document.blocks.len()];
    for (item, place) in case.iter().zip(cases::places(case, &document)) {
        if let (Some(place), false) = (place, item.weak) {
            truth[place] = Some(item.label == Tag::Spam);
        }
    }
    let marginals = model.marginals(&survey);
    survey.units.iter().zip(marginals).filter_map(|(unit, states)| Some((states[1], truth[unit.block]?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn error_is_the_distance_between_probability_and_share() {
        let mut calibration = Calibration::default();
        (0..10).for_each(|n| calibration.note(0.8, n < 8));
        assert!(calibration.error() < 1e-6);
        (0..10).for_each(|_| calibration.note(1.0, false));
        assert!((calibration.error() - 0.5).abs() < 1e-6);
        assert_eq!((calibration.units(), calibration.bins[BINS - 1].units), (20, 10));
    }
}
