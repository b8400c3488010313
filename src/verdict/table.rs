//! The weights laid out for weighing: what [`super::weights::Scale::weigh`] gives, to the last bit, in fewer steps.

use super::weights::{KINDS, Scale, Weights, place};

/// Log-odds of spam and of furniture.
type Pair = [f32; 2];

/// One signal's weights.
#[derive(Debug, Clone)]
struct Row {
    knots: Vec<f32>,
    /// What each knot adds, a class of units after the other.
    weights: Vec<Pair>,
}

/// All signals' weights in their order.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    /// What a value of 0 adds, and a value of 1, for each class of units and each signal: most values are one or the other.
    plain: [Vec<[Pair; 2]>; KINDS],
}

impl Table {
    pub(super) fn new(weights: &Weights) -> Self {
        let pairs = |spam: &[f32], furniture: &[f32]| -> Vec<Pair> {
            spam.iter().zip(furniture).map(|(&spam, &furniture)| [spam, furniture]).collect()
        };
        let row = |scale: &Scale| Row {
            knots: scale.knots.clone(),
            weights: (0..KINDS).flat_map(|class| pairs(&scale.spam[class], &scale.furniture[class])).collect(),
        };
        let plain = |scale: &Scale, class: usize| [0.0, 1.0].map(|value| scale.weigh(value, class));
        Self {
            rows: weights.signals.iter().map(row).collect(),
            plain: std::array::from_fn(|class| weights.signals.iter().map(|scale| plain(scale, class)).collect()),
        }
    }

    /// The sum over all signals for a unit of a class, given their values.
    pub(super) fn sum(&self, class: usize, values: &[f32]) -> Pair {
        let mut sum = [0.0; 2];
        for [spam, furniture] in self.parts(class, values) {
            sum[0] += spam;
            sum[1] += furniture;
        }
        sum
    }

    /// What each signal adds for a unit of a class, given their values.
    #[allow(clippy::float_cmp)]
    pub(super) fn parts<'t>(&'t self, class: usize, values: &'t [f32]) -> impl Iterator<Item = Pair> + 't {
        self.rows.iter().zip(&self.plain[class]).zip(values).map(move |((row, plain), &value)| {
            if value == 0.0 {
                plain[0]
            } else if value == 1.0 {
                plain[1]
            } else {
                row.weigh(value, class)
            }
        })
    }
}

impl Row {
    fn weigh(&self, value: f32, class: usize) -> Pair {
        let (at, share) = place(&self.knots, value);
        let at = class * self.knots.len() + at;
        let (low, high) = (self.weights[at], self.weights[at + 1]);
        std::array::from_fn(|of| low[of] * (1.0 - share) + high[of] * share)
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
        ) {
            let weights = uneven();
            let mut expected = [0.0_f32; 2];
            for (n, scale) in weights.signals.iter().enumerate() {
                let [spam, furniture] = scale.weigh(values[n], class);
                expected[0] += spam;
                expected[1] += furniture;
            }
            let table = Table::new(&weights);
            let found = table.sum(class, &values);
            prop_assert_eq!(found.map(f32::to_bits), expected.map(f32::to_bits));
            for (n, part) in table.parts(class, &values).enumerate() {
                prop_assert_eq!(part.map(f32::to_bits), weights.signals[n].weigh(values[n], class).map(f32::to_bits));
            }
        }
    }
}
