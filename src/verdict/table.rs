//! The weights laid out for weighing: what [`super::weights::Scale::weigh`] gives, to the last bit, in fewer steps.

use super::weights::{KINDS, Scale, Weights, place};
use crate::signal::Signal;

/// Log-odds of spam and of furniture.
type Pair = [f32; 2];

/// One signal's weights.
#[derive(Debug, Clone)]
struct Row {
    /// Outside HTML the signal is always 0.
    html: bool,
    knots: Vec<f32>,
    /// What each knot adds, a class of units after the other.
    weights: Vec<Pair>,
    /// What a value of 0 adds, a class of units; most values are 0 or 1.
    zero: [Pair; KINDS],
    /// What a value of 1 adds.
    one: [Pair; KINDS],
}

/// All signals' weights in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
}

impl Table {
    pub(super) fn new(weights: &Weights, signals: &[Signal]) -> Self {
        let at = |scale: &Scale, value: f32| std::array::from_fn(|class| scale.weigh(value, class));
        let pairs = |spam: &[f32], furniture: &[f32]| -> Vec<Pair> {
            spam.iter().zip(furniture).map(|(&spam, &furniture)| [spam, furniture]).collect()
        };
        let row = |(signal, scale): (&Signal, &Scale)| Row {
            html: signal.html,
            zero: at(scale, 0.0),
            one: at(scale, 1.0),
            knots: scale.knots.clone(),
            weights: (0..KINDS).flat_map(|class| pairs(&scale.spam[class], &scale.furniture[class])).collect(),
        };
        Self { rows: signals.iter().zip(&weights.signals).map(row).collect() }
    }

    /// The sum over all signals for a unit of a class, given their values. Outside pages those that only pages have count as 0.
    pub(super) fn sum(&self, html: bool, class: usize, values: &[f32]) -> Pair {
        let mut sum = [0.0; 2];
        for (row, &value) in self.rows.iter().zip(values) {
            let [spam, furniture] = if row.html && !html { row.zero[class] } else { row.weigh(value, class) };
            sum[0] += spam;
            sum[1] += furniture;
        }
        sum
    }

    /// What each signal adds to the log-odds of spam of a unit of a class, given their values.
    pub(super) fn parts<'t>(&'t self, class: usize, values: &'t [f32]) -> impl Iterator<Item = f32> + 't {
        self.rows.iter().zip(values).map(move |(row, &value)| row.weigh(value, class)[0])
    }
}

impl Row {
    #[allow(clippy::float_cmp)]
    fn weigh(&self, value: f32, class: usize) -> Pair {
        if value == 0.0 {
            self.zero[class]
        } else if value == 1.0 {
            self.one[class]
        } else {
            let (at, share) = place(&self.knots, value);
            let at = class * self.knots.len() + at;
            let (low, high) = (self.weights[at], self.weights[at + 1]);
            std::array::from_fn(|of| low[of] * (1.0 - share) + high[of] * share)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::signal::SIGNALS;
    use proptest::prelude::*;

    /// Weights that differ everywhere.
    fn uneven() -> Weights {
        let mut weights = Weights::zero(String::new());
        let mut next = 0.1_f32;
        for scale in &mut weights.signals {
            for value in scale.spam.iter_mut().chain(&mut scale.furniture).flatten() {
                next = (next * 1.37 + 0.11) % 3.0;
                *value = next - 1.5;
            }
        }
        weights
    }

    proptest! {
        #[test]
        fn sums_are_those_of_the_scales(
            values in proptest::collection::vec(prop_oneof![Just(0.0_f32), Just(1.0), -20.0..40.0_f32], SIGNALS.len()),
            class in 0..KINDS,
            html: bool,
        ) {
            let weights = uneven();
            let value = |n: usize| if html || !SIGNALS[n].html { values[n] } else { 0.0 };
            let values: Vec<f32> = (0..values.len()).map(value).collect();
            let mut expected = [0.0_f32; 2];
            for (n, scale) in weights.signals.iter().enumerate() {
                let [spam, furniture] = scale.weigh(values[n], class);
                expected[0] += spam;
                expected[1] += furniture;
            }
            let table = Table::new(&weights, SIGNALS);
            let found = table.sum(html, class, &values);
            prop_assert_eq!(found.map(f32::to_bits), expected.map(f32::to_bits));
            for (n, part) in table.parts(class, &values).enumerate() {
                prop_assert_eq!(part.to_bits(), weights.signals[n].weigh(values[n], class)[0].to_bits());
            }
        }
    }
}
