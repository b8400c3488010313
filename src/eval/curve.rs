//! The curve: genuine text lost against spam left, as the bars rise from below those of `strict` to above those of `keep-more`.

use serde::Serialize;

use super::PROFILES;
use super::cases::{self, Case};
use super::figures::{Figures, Tally};
use crate::verdict::Profile;
use crate::verdict::model::{Model, probability};
use crate::verdict::weights::{Bars, Weights};

/// One point of the curve.
#[derive(Debug, Clone, Serialize)]
pub struct Point {
    /// Where its bars lie: 0 those of `strict`, 1 of `balanced`, 2 of `keep-more`; between and beyond, on the straight line
    /// through the log-odds of the two nearest.
    pub at: f32,
    /// The profile with these bars.
    pub profile: Option<&'static str>,
    /// What they come to.
    pub tally: Tally,
}

/// Points between two profiles, one of the profiles among them.
const STEPS: usize = 3;

/// Measures the cases under bars all along the curve.
pub fn points(cases: &[Case<'_>], model: &Model) -> Vec<Point> {
    let point = |step: usize| {
        let at = step as f32 / STEPS as f32 - 1.0;
        let profile = step.is_multiple_of(STEPS).then_some(step / STEPS).and_then(|n| PROFILES.get(n.checked_sub(1)?));
        let judge = with_bars(model, bars(model.weights(), at));
        let tally = Figures::of(&cases::judge(cases, &judge, Profile::Balanced)).all;
        Point { at, profile: profile.map(|profile| profile.name()), tally }
    };
    (0..=4 * STEPS).map(point).collect()
}

fn with_bars(model: &Model, bars: Bars) -> Model {
    let weights = Weights { thresholds: PROFILES.map(|profile| (profile, bars)).into(), ..model.weights().clone() };
    let hash = weights.scorer.clone();
    Model::new(model.scorer().clone(), weights, &hash)
}

/// The bars at a place of the curve.
fn bars(weights: &Weights, at: f32) -> Bars {
    let low = (at.floor() as i32).clamp(0, 1);
    let [from, to] = [low, low + 1].map(|n| weights.bars(PROFILES[n as usize]));
    let share = at - low as f32;
    let mix = |from: f32, to: f32| {
        let odds = |p: f32| (p / (1.0 - p)).ln();
        probability(odds(from) * (1.0 - share) + odds(to) * share)
    };
    let each = |from: [f32; 4], to: [f32; 4]| std::array::from_fn(|n| mix(from[n], to[n]));
    Bars {
        whole: each(from.whole, to.whole),
        part: mix(from.part, to.part),
        anchor: mix(from.anchor, to.anchor),
        furniture: each(from.furniture, to.furniture),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_passes_through_the_profiles_and_rises() {
        let weights = Weights::zero(String::new());
        for (at, profile) in (0_u8..).zip(PROFILES) {
            let (found, own) = (bars(&weights, f32::from(at)), weights.bars(profile));
            assert!(found.whole.iter().zip(own.whole).all(|(a, b)| (a - b).abs() < 1e-4), "{found:?}");
        }
        let all: Vec<f32> = (0..13).map(|step| bars(&weights, step as f32 / 3.0 - 1.0).part).collect();
        assert!(all.windows(2).all(|pair| pair[0] < pair[1]), "{all:?}");
    }
}
