//! Growing the trees of [`Forest`]: gradient boosting over histograms.
//!
//! Friedman, *Greedy function approximation: a gradient boosting machine* (2001); binned values and leaf-wise growth as in Ke
//! et al., *`LightGBM`* (2017). Deterministic: rows and signals are drawn from a fixed seed and sums run in a fixed order.

use rayon::prelude::*;

use super::random::Random;
use crate::signal::forest::{Forest, Node, Tree};
use crate::signal::{SIGNALS, Survey};

/// Trees grown.
const TREES: usize = 80;
/// Leaves of a tree.
const LEAVES: usize = 16;
/// Share of what a leaf would say that it does say.
const RATE: f64 = 0.15;
/// Pull of every leaf towards saying nothing, in units of curvature.
const RIDGE: f64 = 10.0;
/// Fewest rows of a leaf.
const ROWS: usize = 100;
/// Bins of a signal's values.
const BINS: usize = 63;
/// Per cent of the signals a tree may ask.
const ASKED: usize = 30;
/// Per cent of the rows a tree is grown on.
const DRAWN: usize = 70;

/// Units to learn from.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// Values of all signals, row after row.
    values: Vec<f32>,
    /// True for what the trees are to find.
    gold: Vec<bool>,
    weight: Vec<f32>,
}

impl Rows {
    /// The units of a page whose state is known to be genuine or furniture.
    ///
    /// A unit weighs as the root of its words does, a page as the root of what its units weigh together.
    pub fn of_page(survey: &Survey<'_>, gold: &[Option<u8>]) -> Self {
        let mut rows = Self::of(survey, gold, 2, |_| true);
        let page = rows.weight.iter().sum::<f32>().max(20.0).sqrt();
        rows.weight.iter_mut().for_each(|weight| *weight *= 10.0 / page);
        rows
    }

    /// The sentences of longer blocks whose state is known to be genuine or spam.
    pub fn of_sentences(survey: &Survey<'_>, gold: &[Option<u8>]) -> Self {
        Self::of(survey, gold, 1, |i| survey.units[i].part)
    }

    fn of(survey: &Survey<'_>, gold: &[Option<u8>], other: u8, wanted: impl Fn(usize) -> bool) -> Self {
        let mut rows = Self::default();
        let known = |state: &Option<u8>| *state == Some(0) || *state == Some(other);
        for (i, state) in gold.iter().enumerate().filter(|(i, state)| known(state) && wanted(*i)) {
            rows.values.extend(SIGNALS.iter().map(|signal| (signal.measure)(survey, i)));
            rows.gold.push(*state == Some(other));
            rows.weight.push((survey.units[i].words.max(1) as f32).sqrt());
        }
        rows
    }

    /// All rows in one.
    pub fn joined<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
        let mut rows = Self::default();
        for part in all {
            rows.values.extend(&part.values);
            rows.gold.extend(&part.gold);
            rows.weight.extend(&part.weight);
        }
        rows
    }

    fn column(&self, signal: usize) -> impl Iterator<Item = f32> {
        self.values.iter().skip(signal).step_by(SIGNALS.len()).copied()
    }
}

/// A signal's values as bins: a value's bin is the number of bounds not above it.
struct Column {
    bounds: Vec<f32>,
    bins: Vec<u8>,
}

impl Column {
    fn new(rows: &Rows, signal: usize) -> Self {
        let mut sorted: Vec<f32> = rows.column(signal).collect();
        sorted.sort_by(f32::total_cmp);
        let mut bounds: Vec<f32> = (1..BINS).map(|bin| sorted[sorted.len() * bin / BINS]).collect();
        bounds.dedup();
        bounds.retain(|bound| *bound > sorted[0]);
        let bins = rows.column(signal).map(|value| bounds.partition_point(|bound| *bound <= value) as u8).collect();
        Self { bounds, bins }
    }
}

/// Gradient and curvature of the loss, summed, and how many rows.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    gradient: f64,
    curvature: f64,
    rows: usize,
}

impl Sum {
    fn add(&mut self, other: Self) {
        self.gradient += other.gradient;
        self.curvature += other.curvature;
        self.rows += other.rows;
    }

    fn less(self, other: Self) -> Self {
        Self {
            gradient: self.gradient - other.gradient,
            curvature: self.curvature - other.curvature,
            rows: self.rows - other.rows,
        }
    }

    /// What a leaf here would gain.
    fn gain(self) -> f64 {
        self.gradient * self.gradient / (self.curvature + RIDGE)
    }
}

/// The best way to part the rows of a leaf.
#[derive(Debug, Clone, Copy)]
struct Parting {
    gain: f64,
    signal: usize,
    /// Bins up to this one go low.
    bin: usize,
}

/// A leaf that may still be parted.
struct Leaf {
    node: usize,
    rows: Vec<u32>,
    sum: Sum,
    best: Option<Parting>,
}

/// Grows a forest on `rows`; an empty one when there is nothing to tell apart.
pub fn grow(rows: &Rows) -> Forest {
    let mut forest = Forest::default();
    if rows.gold.len() < ROWS * 2 {
        return forest;
    }
    let columns: Vec<Column> = (0..SIGNALS.len()).into_par_iter().map(|signal| Column::new(rows, signal)).collect();
    let mut random = Random::new(11);
    let mut said = vec![0.0_f64; rows.gold.len()];
    for _ in 0..TREES {
        let sums = loss(rows, &said);
        let asked: Vec<usize> = (0..columns.len()).filter(|_| random.chance(ASKED)).collect();
        let drawn: Vec<u32> = (0..said.len() as u32).filter(|_| random.chance(DRAWN)).collect();
        let tree = Growth { columns: &columns, sums: &sums, asked: &asked }.tree(drawn);
        said.par_iter_mut().enumerate().for_each(|(row, said)| *said += follow(&tree, &columns, row));
        forest.trees.push(tree);
    }
    forest
}

/// Gradient and curvature of the log-loss, a row.
fn loss(rows: &Rows, said: &[f64]) -> Vec<Sum> {
    let of = |row: usize| {
        let p = 1.0 / (1.0 + (-said[row]).exp());
        let weight = f64::from(rows.weight[row]);
        let gold = f64::from(u8::from(rows.gold[row]));
        Sum { gradient: weight * (p - gold), curvature: weight * p * (1.0 - p), rows: 1 }
    };
    (0..said.len()).map(of).collect()
}

/// What a tree says of a row, by its bins.
fn follow(tree: &Tree, columns: &[Column], row: usize) -> f64 {
    let mut at = 0;
    loop {
        match tree.nodes[at] {
            Node::Leaf(value) => return f64::from(value),
            Node::Split(signal, bound, low, high) => {
                let column = &columns[usize::from(signal)];
                let bin = column.bounds.partition_point(|other| *other < bound);
                at = usize::from(if usize::from(column.bins[row]) <= bin { low } else { high });
            }
        }
    }
}

/// What a tree is grown from.
struct Growth<'a> {
    columns: &'a [Column],
    sums: &'a [Sum],
    asked: &'a [usize],
}

impl Growth<'_> {
    fn tree(&self, rows: Vec<u32>) -> Tree {
        let mut nodes = vec![Node::Leaf(0.0)];
        let mut leaves = vec![self.leaf(0, rows)];
        while leaves.len() < LEAVES {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |best| best.gain);
            let Some(at) = (0..leaves.len()).max_by(|&a, &b| gain(&leaves[a]).total_cmp(&gain(&leaves[b]))) else {
                break;
            };
            let Some(best) = leaves[at].best else { break };
            let leaf = leaves.swap_remove(at);
            let column = &self.columns[best.signal];
            let (low, high): (Vec<u32>, Vec<u32>) =
                leaf.rows.iter().partition(|&&row| usize::from(column.bins[row as usize]) <= best.bin);
            let child = nodes.len() as u16;
            nodes[leaf.node] = Node::Split(best.signal as u16, column.bounds[best.bin], child, child + 1);
            nodes.extend([Node::Leaf(0.0); 2]);
            leaves.push(self.leaf(usize::from(child), low));
            leaves.push(self.leaf(usize::from(child) + 1, high));
        }
        for leaf in leaves {
            let value = -leaf.sum.gradient / (leaf.sum.curvature + RIDGE) * RATE;
            nodes[leaf.node] = Node::Leaf(((value * 1e4).round() / 1e4) as f32);
        }
        Tree { nodes }
    }

    fn leaf(&self, node: usize, rows: Vec<u32>) -> Leaf {
        let mut sum = Sum::default();
        rows.iter().for_each(|&row| sum.add(self.sums[row as usize]));
        let best = if rows.len() < ROWS * 2 {
            None
        } else {
            let found: Vec<_> = self.asked.par_iter().filter_map(|&signal| self.parting(signal, &rows, sum)).collect();
            found.into_iter().reduce(|best, next| if next.gain > best.gain { next } else { best })
        };
        Leaf { node, rows, sum, best }
    }

    /// The best bound on one signal.
    fn parting(&self, signal: usize, rows: &[u32], whole: Sum) -> Option<Parting> {
        let column = &self.columns[signal];
        let mut bins = [Sum::default(); BINS + 1];
        rows.iter().for_each(|&row| bins[usize::from(column.bins[row as usize])].add(self.sums[row as usize]));
        let mut low = Sum::default();
        let mut best: Option<Parting> = None;
        for (bin, sum) in bins[..column.bounds.len()].iter().enumerate() {
            low.add(*sum);
            let high = whole.less(low);
            let gain = low.gain() + high.gain() - whole.gain();
            if low.rows >= ROWS && high.rows >= ROWS && gain > best.map_or(1e-6, |best| best.gain) {
                best = Some(Parting { gain, signal, bin });
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Furniture is where exactly one of two signals is high: no weighted sum can tell.
    fn crossed() -> Rows {
        let mut rows = Rows::default();
        for n in 0..4000_u32 {
            let (a, b) = (n % 2, n / 2 % 2);
            let mut values = vec![0.0; SIGNALS.len()];
            (values[0], values[1]) = (a as f32, b as f32);
            // A lean, so that the first bound is worth anything.
            rows.gold.push((a != b) || n % 37 == 0);
            rows.values.extend(values);
            rows.weight.push(1.0);
        }
        rows
    }

    #[test]
    fn trees_tell_what_a_sum_cannot() {
        let forest = grow(&crossed());
        let say = |a: f32, b: f32| {
            let mut values = vec![0.0; SIGNALS.len()];
            (values[0], values[1]) = (a, b);
            forest.value(&values)
        };
        assert!(forest.is_sound());
        assert!(say(1.0, 0.0) > 1.0 && say(0.0, 1.0) > 1.0);
        assert!(say(0.0, 0.0) < -1.0 && say(1.0, 1.0) < -1.0);
    }

    #[test]
    fn growing_twice_gives_the_same_trees() {
        assert_eq!(grow(&crossed()), grow(&crossed()));
    }
}
