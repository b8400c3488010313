//! The weights of the chain, fitted by maximum likelihood over labelled documents.
//!
//! Features are sparse: each signal of a unit touches two knots of its scale. The gradient of the log-likelihood of a linear
//! chain is what was seen minus what the model expects (Lafferty, `McCallum`, Pereira 2001); steps are Adam's.

use crate::signal::forest::Forests;
use crate::signal::{SIGNALS, Signal, Survey};
use crate::verdict::chain::{self, STATES, States, Transition};
use crate::verdict::weights::{self, KINDS, Weights};

/// A document ready for fitting: features and gold states of its units.
#[derive(Debug, Clone)]
pub struct Sample {
    features: Vec<Vec<(u32, f32)>>,
    steps: Vec<u8>,
    /// Words of each unit.
    pub words: Vec<u32>,
    /// Gold state of each unit; `None` where nothing is known.
    pub gold: Vec<Option<u8>>,
}

/// Signals that say the more the higher they are.
const RISING: &[&str] = &["words", "words-evidence", "words-block"];
/// The signals of the trees. They are trusted from the start and not held back: the trees were grown on documents held apart
/// from those the weights are fitted on.
const PAGE_TREES: &str = "page-trees";
const SENTENCE_TREES: &str = "sentence-trees";
/// Tables of transitions.
const TABLES: usize = 4;

/// Passes over the samples.
const EPOCHS: usize = 14;
/// Samples a step.
const BATCH: usize = 16;
/// First step length; it falls linearly to nothing.
const RATE: f32 = 0.05;
/// Pull of every weight towards zero, a step.
const DECAY: f32 = 4e-6;
/// The same for the weights of furniture, of which there are hundreds of pages to learn from and not thousands: fitted on one
/// half of the pages and scored on the other, F1 of the text was 0.77 with the pull above and 0.82 with this (2026-11-22).
const FURNITURE_DECAY: f32 = 2e-4;

impl Sample {
    /// Measures every unit of a survey.
    pub fn new(survey: &Survey<'_>, gold: Vec<Option<u8>>) -> Self {
        let layout = Layout::new();
        let features = (0..survey.units.len()).map(|i| layout.features(survey, i)).collect();
        let steps = (0..survey.units.len().saturating_sub(1)).map(|i| weights::step(survey, i) as u8).collect();
        let words = survey.units.iter().map(|unit| unit.words as u32).collect();
        Self { features, steps, words, gold }
    }
}

impl Sample {
    /// True when unit `i` is a sentence of a longer block.
    pub fn is_part(&self, i: usize) -> bool {
        let within = |step: Option<&u8>| step.is_some_and(|step| matches!(step, 0 | 3));
        within(self.steps.get(i)) || i > 0 && within(self.steps.get(i - 1))
    }
}

/// Where each signal's knots lie in the flat vector of weights.
struct Layout {
    offsets: Vec<usize>,
    knots: usize,
}

impl Layout {
    fn new() -> Self {
        let mut knots = 0;
        let offsets = SIGNALS
            .iter()
            .map(|signal| {
                let at = knots;
                knots += signal.knots.len() * KINDS;
                at
            })
            .collect();
        Self { offsets, knots }
    }

    fn features(&self, survey: &Survey<'_>, i: usize) -> Vec<(u32, f32)> {
        let class = weights::kind(&survey.units[i]);
        let mut out = Vec::with_capacity(SIGNALS.len() * 2);
        for (signal, offset) in SIGNALS.iter().zip(&self.offsets) {
            let (at, share) = weights::place(signal.knots, (signal.measure)(survey, i));
            let at = offset + class * signal.knots.len() + at;
            for (at, share) in [(at, 1.0 - share), (at + 1, share)] {
                if share > 0.0 {
                    out.push((at as u32, share));
                }
            }
        }
        out
    }
}

/// All parameters in one vector: spam knots, furniture knots, start, transitions.
struct Parameters {
    values: Vec<f32>,
    layout: Layout,
}

impl Parameters {
    fn new() -> Self {
        let layout = Layout::new();
        let n = layout.knots * 2 + STATES + TABLES * STATES * STATES;
        Self { values: vec![0.0; n], layout }
    }

    /// The parameters behind `weights`.
    fn of(weights: &Weights) -> Self {
        let mut all = Self::new();
        for (scale, &offset) in weights.signals.iter().zip(&all.layout.offsets) {
            let n = scale.knots.len();
            for class in 0..KINDS {
                let at = offset + class * n;
                all.values[at..at + n].copy_from_slice(&scale.spam[class]);
                all.values[at + all.layout.knots..at + all.layout.knots + n].copy_from_slice(&scale.furniture[class]);
            }
        }
        let at = all.start_at();
        let rest = weights.start.iter().chain(weights.transitions.iter().flatten().flatten());
        all.values[at..].iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        all
    }

    /// Where the weights lie that say what the trees do: of furniture for pages, of spam for sentences.
    fn trusted(&self) -> impl Iterator<Item = (std::ops::Range<usize>, &'static [f32])> {
        let named = |id: &str| SIGNALS.iter().zip(&self.layout.offsets).find(|(signal, _)| signal.id == id);
        let range = |(signal, offset): (&'static Signal, &usize), base: usize| {
            (base + offset..base + offset + signal.knots.len() * KINDS, signal.knots)
        };
        let page = named(PAGE_TREES).map(|found| range(found, self.layout.knots));
        page.into_iter().chain(named(SENTENCE_TREES).map(|found| range(found, 0)))
    }

    /// Starts from the trees being right: what they say is log-odds already.
    fn trust_trees(&mut self) {
        for (range, knots) in self.trusted().collect::<Vec<_>>() {
            self.values[range].iter_mut().zip(knots.iter().cycle()).for_each(|(value, knot)| *value = *knot);
        }
    }

    /// The pull of each weight towards zero.
    fn decay(&self) -> Vec<f32> {
        let mut decay = vec![DECAY; self.values.len()];
        decay[self.layout.knots..self.start_at()].fill(FURNITURE_DECAY);
        self.trusted().for_each(|(range, _)| decay[range].fill(DECAY));
        decay
    }

    fn start_at(&self) -> usize {
        self.layout.knots * 2
    }

    fn table_at(&self, step: usize) -> usize {
        self.start_at() + STATES + step * STATES * STATES
    }

    fn start(&self) -> States {
        std::array::from_fn(|s| self.values[self.start_at() + s])
    }

    fn tables(&self) -> [Transition; TABLES] {
        std::array::from_fn(|step| {
            std::array::from_fn(|from| std::array::from_fn(|to| self.values[self.table_at(step) + from * STATES + to]))
        })
    }

    fn emission(&self, features: &[(u32, f32)]) -> States {
        let mut out = [0.0; STATES];
        for &(at, value) in features {
            out[1] += self.values[at as usize] * value;
            out[2] += self.values[at as usize + self.layout.knots] * value;
        }
        out
    }

    /// Adds the gradient of one sample's log-likelihood.
    fn gradient(&self, sample: &Sample, out: &mut [f32]) {
        let emissions: Vec<States> = sample.features.iter().map(|features| self.emission(features)).collect();
        let clamped: Vec<States> =
            emissions.iter().zip(&sample.gold).map(|(emission, gold)| clamp(emission, *gold)).collect();
        self.expect(sample, &clamped, 1.0, out);
        self.expect(sample, &emissions, -1.0, out);
    }

    /// Adds `sign` times the expected features under `emissions`.
    fn expect(&self, sample: &Sample, emissions: &[States], sign: f32, out: &mut [f32]) {
        let tables = self.tables();
        let table = |i: usize| &tables[sample.steps[i] as usize];
        let forward = chain::forward(emissions, &self.start(), &table);
        let mut backward = [0.0; STATES];
        for i in (0..emissions.len()).rev() {
            if i + 1 < emissions.len() {
                self.expect_step(
                    &forward[i],
                    &emissions[i + 1],
                    &backward,
                    sample.steps[i] as usize,
                    &tables,
                    sign,
                    out,
                );
                backward = chain::step_back(&backward, &emissions[i + 1], table(i));
            }
            let marginal = chain::softmax(std::array::from_fn(|s| forward[i][s] + backward[s]));
            for &(at, value) in &sample.features[i] {
                out[at as usize] += sign * marginal[1] * value;
                out[at as usize + self.layout.knots] += sign * marginal[2] * value;
            }
            if i == 0 {
                (0..STATES).for_each(|s| out[self.start_at() + s] += sign * marginal[s]);
            }
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn expect_step(
        &self,
        forward: &States,
        emission: &States,
        backward: &States,
        step: usize,
        tables: &[Transition; TABLES],
        sign: f32,
        out: &mut [f32],
    ) {
        let mut joint = [[0.0_f32; STATES]; STATES];
        let mut most = f32::NEG_INFINITY;
        for (from, row) in joint.iter_mut().enumerate() {
            for (to, cell) in row.iter_mut().enumerate() {
                *cell = forward[from] + tables[step][from][to] + emission[to] + backward[to];
                most = most.max(*cell);
            }
        }
        let total: f32 = joint.iter().flatten().map(|cell| (cell - most).exp()).sum();
        for (from, row) in joint.iter().enumerate() {
            for (to, cell) in row.iter().enumerate() {
                out[self.table_at(step) + from * STATES + to] += sign * (cell - most).exp() / total;
            }
        }
    }

    /// Lets more of [`RISING`] never speak less for spam: the far end of their scales is seen too rarely to be fitted.
    fn rise(&mut self) {
        for (signal, &offset) in
            SIGNALS.iter().zip(&self.layout.offsets).filter(|(signal, _)| RISING.contains(&signal.id))
        {
            let n = signal.knots.len();
            for at in (0..KINDS).map(|class| offset + class * n) {
                for i in at + 1..at + n {
                    if signal.knots[i - at] > 0.0 {
                        self.values[i] = self.values[i].max(self.values[i - 1]);
                    }
                }
            }
        }
    }

    /// Shifts each signal so that it adds nothing, on average, to genuine text of a length class; what is taken from it goes
    /// to the first signal, the size. No sum changes, but a contribution then says what is unusual.
    fn centre(&mut self, samples: &[Sample]) {
        let usual = self.usual(samples);
        for base in [0, self.layout.knots] {
            for (signal, &offset) in SIGNALS.iter().zip(&self.layout.offsets).skip(1) {
                let n = signal.knots.len();
                for class in 0..KINDS {
                    let range = offset + class * n..offset + (class + 1) * n;
                    let mean: f32 = range.clone().map(|at| usual[at] * self.values[base + at]).sum();
                    range.for_each(|at| self.values[base + at] -= mean);
                    let sizes = SIGNALS[0].knots.len();
                    (class * sizes..(class + 1) * sizes).for_each(|at| self.values[base + at] += mean);
                }
            }
        }
    }

    /// How genuine units of each length class spread over the knots; every signal's shares add up to 1.
    fn usual(&self, samples: &[Sample]) -> Vec<f32> {
        let mut usual = vec![0.0_f64; self.layout.knots];
        let genuine = samples
            .iter()
            .flat_map(|sample| sample.features.iter().zip(&sample.gold))
            .filter(|(_, gold)| **gold == Some(0));
        for (features, _) in genuine {
            features.iter().for_each(|&(at, share)| usual[at as usize] += f64::from(share));
        }
        for (signal, &offset) in SIGNALS.iter().zip(&self.layout.offsets) {
            for cells in usual[offset..offset + signal.knots.len() * KINDS].chunks_exact_mut(signal.knots.len()) {
                let total: f64 = cells.iter().sum();
                cells.iter_mut().for_each(|cell| *cell /= total.max(1.0));
            }
        }
        usual.into_iter().map(|share| share as f32).collect()
    }

    fn weights(&self, scorer: String) -> Weights {
        let mut weights = Weights::zero(scorer);
        let round = |value: f32| (value * 1e4).round() / 1e4;
        for (scale, offset) in weights.signals.iter_mut().zip(&self.layout.offsets) {
            let n = scale.knots.len();
            for class in 0..KINDS {
                for knot in 0..n {
                    let at = offset + class * n + knot;
                    scale.spam[class][knot] = round(self.values[at]);
                    scale.furniture[class][knot] = round(self.values[at + self.layout.knots]);
                }
            }
        }
        weights.start = self.start().map(round);
        weights.transitions = self.tables().map(|table| table.map(|row| row.map(round)));
        weights
    }
}

/// Emissions that leave only the gold state possible.
fn clamp(emission: &States, gold: Option<u8>) -> States {
    std::array::from_fn(|s| if gold.is_none_or(|gold| usize::from(gold) == s) { emission[s] } else { -1e4 })
}

/// Marginal probabilities of the units of a sample under `weights`.
pub fn marginals(sample: &Sample, weights: &Weights) -> Vec<States> {
    let parameters = Parameters::of(weights);
    let emissions: Vec<States> = sample.features.iter().map(|features| parameters.emission(features)).collect();
    let tables = parameters.tables();
    chain::marginals(&emissions, &parameters.start(), |i| &tables[sample.steps[i] as usize])
}

/// Fits weights to `samples`, read in an order drawn anew each pass from a fixed seed.
pub fn fit(samples: &[Sample], scorer: String, forests: Forests) -> Weights {
    let mut parameters = Parameters::new();
    parameters.trust_trees();
    let n = parameters.values.len();
    let decay = parameters.decay();
    let (mut first, mut second) = (vec![0.0_f32; n], vec![0.0_f32; n]);
    let mut random = super::random::Random::new(9);
    let mut order: Vec<usize> = (0..samples.len()).collect();
    let total = EPOCHS * samples.len().div_ceil(BATCH);
    let mut step = 0;
    for _ in 0..EPOCHS {
        random.shuffle(&mut order);
        for batch in order.chunks(BATCH) {
            let mut gradient = vec![0.0; n];
            let units: usize = batch.iter().map(|&at| samples[at].gold.len()).sum();
            batch.iter().for_each(|&at| parameters.gradient(&samples[at], &mut gradient));
            step += 1;
            let rate = RATE * (1.0 - step as f32 / (total + 1) as f32);
            adam(&mut parameters.values, &gradient, &mut first, &mut second, &decay, step, rate, units.max(1) as f32);
        }
    }
    parameters.rise();
    parameters.centre(samples);
    Weights { forests, ..parameters.weights(scorer) }
}

/// The most probable weights given `samples`, when beforehand each weight is believed to lie within `spread` (a standard
/// deviation) of that in `base`: few samples move little, and only what they speak of.
pub fn adapt(samples: &[Sample], base: &Weights, spread: f32) -> Weights {
    let mut parameters = Parameters::of(base);
    let origin = parameters.values.clone();
    let units: usize = samples.iter().map(|sample| sample.gold.iter().flatten().count()).sum();
    let variance = spread * spread;
    // Short enough for the steepest slope there is: a unit moves some forty knots, each by a quarter at most.
    let rate = 1.0 / (1.0 + variance * units as f32 * 10.0);
    for _ in 0..ADAPTING {
        let mut gradient = vec![0.0; origin.len()];
        samples.iter().for_each(|sample| parameters.gradient(sample, &mut gradient));
        for (at, value) in parameters.values.iter_mut().enumerate() {
            *value += rate * (variance * gradient[at] - (*value - origin[at]));
        }
    }
    Weights {
        forests: base.forests.clone(),
        thresholds: base.thresholds.clone(),
        corrections: base.corrections.clone(),
        ..parameters.weights(base.scorer.clone())
    }
}

/// Steps of [`adapt`], each over all samples.
const ADAPTING: usize = 100;

#[allow(clippy::too_many_arguments)]
fn adam(
    values: &mut [f32],
    gradient: &[f32],
    first: &mut [f32],
    second: &mut [f32],
    decay: &[f32],
    step: usize,
    rate: f32,
    units: f32,
) {
    let (b1, b2) = (0.9_f32, 0.999_f32);
    let step = step.min(10_000) as i32;
    let (c1, c2) = (1.0 - b1.powi(step), 1.0 - b2.powi(step));
    for i in 0..values.len() {
        let g = gradient[i] / units - decay[i] * values[i];
        first[i] = b1 * first[i] + (1.0 - b1) * g;
        second[i] = b2 * second[i] + (1.0 - b2) * g * g;
        values[i] += rate * (first[i] / c1) / ((second[i] / c2).sqrt() + 1e-6);
    }
}
