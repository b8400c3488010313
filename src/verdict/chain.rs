//! The sequence model: a linear chain over units with states genuine, spam and furniture.
//!
//! Forward-backward in log space; the marginals are what records call `spam_probability`.

/// Number of states.
pub const STATES: usize = 3;
/// Scores or probabilities, one a state: genuine, spam, furniture.
pub type States = [f32; STATES];
/// Log-potentials of going from one state (row) to another (column).
pub type Transition = [States; STATES];

/// Marginal probability of each state at each unit. `transition(i)` is the table between unit `i` and `i + 1`.
pub fn marginals<'t>(
    emissions: &[States],
    start: &States,
    transition: impl Fn(usize) -> &'t Transition,
) -> Vec<States> {
    let forward = forward(emissions, start, &transition);
    let mut backward = [0.0; STATES];
    let mut out = vec![[0.0; STATES]; emissions.len()];
    for i in (0..emissions.len()).rev() {
        if i + 1 < emissions.len() {
            backward = step_back(&backward, &emissions[i + 1], transition(i));
        }
        out[i] = softmax(std::array::from_fn(|s| forward[i][s] + backward[s]));
    }
    out
}

/// Log-potential of all paths that end in each state at each unit, shifted to keep the largest at zero.
pub(crate) fn forward<'t>(
    emissions: &[States],
    start: &States,
    transition: &impl Fn(usize) -> &'t Transition,
) -> Vec<States> {
    let mut all: Vec<States> = Vec::with_capacity(emissions.len());
    for (i, emission) in emissions.iter().enumerate() {
        let arriving: States = match all.last() {
            None => *start,
            Some(before) => {
                let table = transition(i - 1);
                std::array::from_fn(|to| log_sum(std::array::from_fn(|from| before[from] + table[from][to])))
            }
        };
        all.push(shift(std::array::from_fn(|s| arriving[s] + emission[s])));
    }
    all
}

/// One step of the backward recursion.
pub(crate) fn step_back(backward: &States, emission: &States, table: &Transition) -> States {
    shift(std::array::from_fn(|from| log_sum(std::array::from_fn(|to| table[from][to] + emission[to] + backward[to]))))
}

fn shift(values: States) -> States {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    values.map(|value| value - most)
}

fn log_sum(values: States) -> f32 {
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    most + values.iter().map(|value| exp(value - most)).sum::<f32>().ln()
}

/// `e` to a power that is not positive. One in three is 0, the largest of a sum, and many are too low to tell from 0: below
/// -104 `f32` has nothing left.
fn exp(power: f32) -> f32 {
    if power == 0.0 {
        1.0
    } else if power < -104.0 {
        0.0
    } else {
        power.exp()
    }
}

/// Probabilities from log-potentials.
pub fn softmax(values: States) -> States {
    let total = log_sum(values);
    values.map(|value| (value - total).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAY: Transition = [[1.0, -1.0, -1.0], [-1.0, 1.0, -1.0], [-1.0, -1.0, 1.0]];

    #[test]
    fn marginals_equal_the_sum_over_all_paths() {
        let emissions = [[0.0, 1.0, -2.0], [0.0, 0.3, 0.1], [0.0, -1.5, 0.4]];
        let start = [0.5, 0.0, -1.0];
        let found = marginals(&emissions, &start, |_| &STAY);
        let mut expected = [[0.0_f64; 3]; 3];
        let mut total = 0.0;
        for path in 0..27_usize {
            let states = [path / 9, path / 3 % 3, path % 3];
            let odds: f32 = start[states[0]]
                + (0..3).map(|i| emissions[i][states[i]]).sum::<f32>()
                + (0..2).map(|i| STAY[states[i]][states[i + 1]]).sum::<f32>();
            let weight = f64::from(odds).exp();
            total += weight;
            (0..3).for_each(|i| expected[i][states[i]] += weight);
        }
        for i in 0..3 {
            for s in 0..3 {
                assert!((f64::from(found[i][s]) - expected[i][s] / total).abs() < 1e-5);
            }
        }
    }

    #[test]
    fn short_cuts_change_no_bit() {
        for power in [0.0, -0.0, -1e-30, -1.0, -87.3, -103.9, -104.1, -200.0, f32::NEG_INFINITY] {
            assert_eq!(exp(power).to_bits(), power.exp().to_bits(), "{power}");
        }
    }

    #[test]
    fn neighbours_pull_a_doubtful_unit_along() {
        let alone = marginals(&[[0.0, 0.2, -3.0]], &[0.0; 3], |_| &STAY);
        let between = marginals(&[[0.0, 5.0, 0.0], [0.0, 0.2, -3.0], [0.0, 5.0, 0.0]], &[0.0; 3], |_| &STAY);
        assert!(between[1][1] > alone[0][1]);
    }
}
