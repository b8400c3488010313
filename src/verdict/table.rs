//! The weights laid out for weighing: what [`super::weights::Scale::weigh`] gives, to the last bit, in fewer steps.

use super::weights::{KINDS, Scale, Weights};
use crate::signal::Signal;

/// Log-odds of spam and of furniture.
type Pair = [f32; 2];

/// One signal's weights.
#[derive(Debug, Clone)]
struct Row {
    /// Outside HTML the signal is always 0.
    html: bool,
    measured: Scale,
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
        let row = |(signal, scale): (&Signal, &Scale)| Row {
            html: signal.html,
            zero: at(scale, 0.0),
            one: at(scale, 1.0),
            measured: scale.clone(),
        };
        Self { rows: signals.iter().zip(&weights.signals).map(row).collect() }
    }

    /// The sum over all signals for a unit of a class. `measure` is asked for the value of signal `n`; on text, not for
    /// those that only pages have.
    pub(super) fn sum(&self, html: bool, class: usize, measure: impl Fn(usize) -> f32) -> Pair {
        let mut sum = [0.0; 2];
        for (n, row) in self.rows.iter().enumerate() {
            let [spam, furniture] = if row.html && !html { row.zero[class] } else { row.weigh(measure(n), class) };
            sum[0] += spam;
            sum[1] += furniture;
        }
        sum
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
            self.measured.weigh(value, class)
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
            let mut expected = [0.0_f32; 2];
            for (n, scale) in weights.signals.iter().enumerate() {
                let [spam, furniture] = scale.weigh(value(n), class);
                expected[0] += spam;
                expected[1] += furniture;
            }
            let found = Table::new(&weights, SIGNALS).sum(html, class, value);
            prop_assert_eq!(found.map(f32::to_bits), expected.map(f32::to_bits));
        }
    }
}
