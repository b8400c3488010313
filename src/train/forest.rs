//! Growing the trees of [`Forest`]: gradient boosting over histograms.
//!
//! Friedman, *Greedy function approximation: a gradient boosting machine* (2001); binned values and leaf-wise growth as in Ke
//! et al., *`LightGBM`* (2017). Deterministic: rows and signals are drawn from a fixed seed and sums run in a fixed order.

use rayon::prelude::*;

use super::random::Random;
use crate::signal::forest::{Forest, Node, Tree};
use crate::signal::{SIGNALS, Survey};

/// How large a forest is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// Trees grown.
    trees: usize,
    /// Leaves of a tree.
    leaves: usize,
    /// Share of what a leaf would say that it does say.
    rate: f64,
    /// Fewest rows of a leaf.
    rows: usize,
}

/// For pages. More and larger trees learnt the pages by heart (F1 of the text of pages not seen 0.833 with these, 0.831 with
/// [`SENTENCE`]; 2026-11-22).
pub const PAGE: Size = Size { trees: 80, leaves: 16, rate: 0.15, rows: 100 };

/// For sentences. Of spam sentences in genuine paragraphs of sources not seen, at 99.95 % of genuine words kept, 80 trees of 16
/// leaves found 72 %, 300 of 32 83 %; 600 found no more once they stood in the whole (2026-11-22).
pub const SENTENCE: Size = Size { trees: 300, leaves: 32, rate: 0.1, rows: 200 };

/// Pull of every leaf towards saying nothing, in units of curvature.
const RIDGE: f64 = 10.0;
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

/// Gradient and curvature of the loss of a row.
#[derive(Debug, Clone, Copy)]
struct Loss {
    gradient: f32,
    curvature: f32,
}

/// Gradient and curvature of the loss, summed, and how many rows.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    gradient: f64,
    curvature: f64,
    rows: usize,
}

impl Sum {
    fn add(&mut self, loss: Loss) {
        self.gradient += f64::from(loss.gradient);
        self.curvature += f64::from(loss.curvature);
        self.rows += 1;
    }

    fn join(&mut self, other: Self) {
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

/// The rows of a leaf by the bin of a signal.
type Bins = [Sum; BINS + 1];

/// A leaf that may still be parted.
struct Leaf {
    node: usize,
    rows: Vec<u32>,
    sum: Sum,
    /// One a signal asked.
    bins: Vec<Bins>,
    best: Option<Parting>,
}

/// Grows a forest on `rows`; an empty one when there is nothing to tell apart.
pub fn grow(rows: &Rows, size: Size) -> Forest {
    let mut forest = Forest::default();
    if rows.gold.len() < size.rows * 2 {
        return forest;
    }
    let columns: Vec<Column> = (0..SIGNALS.len()).into_par_iter().map(|signal| Column::new(rows, signal)).collect();
    let mut random = Random::new(11);
    let mut said = vec![0.0_f64; rows.gold.len()];
    for _ in 0..size.trees {
        let losses = losses(rows, &said);
        let asked: Vec<usize> = (0..columns.len()).filter(|_| random.chance(ASKED)).collect();
        let drawn: Vec<u32> = (0..said.len() as u32).filter(|_| random.chance(DRAWN)).collect();
        let tree = Growth { columns: &columns, losses: &losses, asked: &asked, size }.tree(drawn);
        said.par_iter_mut().enumerate().for_each(|(row, said)| *said += follow(&tree, &columns, row));
        forest.trees.push(tree);
    }
    forest
}

/// Gradient and curvature of the log-loss, a row.
fn losses(rows: &Rows, said: &[f64]) -> Vec<Loss> {
    let of = |row: usize| {
        let p = 1.0 / (1.0 + (-said[row]).exp());
        let weight = f64::from(rows.weight[row]);
        let gold = f64::from(u8::from(rows.gold[row]));
        Loss { gradient: (weight * (p - gold)) as f32, curvature: (weight * p * (1.0 - p)) as f32 }
    };
    (0..said.len()).into_par_iter().map(of).collect()
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
    losses: &'a [Loss],
    asked: &'a [usize],
    size: Size,
}

impl Growth<'_> {
    fn tree(&self, rows: Vec<u32>) -> Tree {
        let mut nodes = vec![Node::Leaf(0.0)];
        let bins = self.bins(&rows);
        let mut leaves = vec![self.leaf(0, rows, bins)];
        while leaves.len() < self.size.leaves {
            let gain = |leaf: &Leaf| leaf.best.map_or(0.0, |best| best.gain);
            let Some(at) = (0..leaves.len()).max_by(|&a, &b| gain(&leaves[a]).total_cmp(&gain(&leaves[b]))) else {
                break;
            };
            let Some(best) = leaves[at].best else { break };
            let leaf = leaves.swap_remove(at);
            let child = nodes.len();
            let bound = self.columns[best.signal].bounds[best.bin];
            nodes[leaf.node] = Node::Split(best.signal as u16, bound, child as u16, child as u16 + 1);
            nodes.extend([Node::Leaf(0.0); 2]);
            leaves.extend(self.part(leaf, best, child));
        }
        for leaf in leaves {
            let value = -leaf.sum.gradient / (leaf.sum.curvature + RIDGE) * self.size.rate;
            nodes[leaf.node] = Node::Leaf(((value * 1e4).round() / 1e4) as f32);
        }
        Tree { nodes }
    }

    /// The two leaves, at nodes `child` and `child + 1`, that a leaf falls into. Only the rows of the smaller are counted: what
    /// is left of the bins is the other's.
    fn part(&self, leaf: Leaf, best: Parting, child: usize) -> [Leaf; 2] {
        let column = &self.columns[best.signal];
        let is_low = |row: &u32| usize::from(column.bins[*row as usize]) <= best.bin;
        let (low, high): (Vec<u32>, Vec<u32>) = leaf.rows.iter().partition(|row| is_low(row));
        let (mut rest, low_is_less) = (leaf.bins, low.len() < high.len());
        let less = self.bins(if low_is_less { &low } else { &high });
        for (rest, less) in rest.iter_mut().flatten().zip(less.iter().flatten()) {
            *rest = rest.less(*less);
        }
        let (of_low, of_high) = if low_is_less { (less, rest) } else { (rest, less) };
        [self.leaf(child, low, of_low), self.leaf(child + 1, high, of_high)]
    }

    fn bins(&self, rows: &[u32]) -> Vec<Bins> {
        let losses: Vec<Loss> = rows.iter().map(|&row| self.losses[row as usize]).collect();
        let count = |&signal: &usize| {
            let column = &self.columns[signal];
            let mut bins = [Sum::default(); BINS + 1];
            for (&row, loss) in rows.iter().zip(&losses) {
                bins[usize::from(column.bins[row as usize])].add(*loss);
            }
            bins
        };
        self.asked.par_iter().map(count).collect()
    }

    fn leaf(&self, node: usize, rows: Vec<u32>, bins: Vec<Bins>) -> Leaf {
        let mut sum = Sum::default();
        rows.iter().for_each(|&row| sum.add(self.losses[row as usize]));
        let partings = self.asked.iter().zip(&bins).filter_map(|(&signal, bins)| self.parting(signal, bins, sum));
        let best = partings.reduce(|best, next| if next.gain > best.gain { next } else { best });
        Leaf { node, rows, sum, bins, best }
    }

    /// The best bound on one signal.
    fn parting(&self, signal: usize, bins: &Bins, whole: Sum) -> Option<Parting> {
        let mut low = Sum::default();
        let mut best: Option<Parting> = None;
        for (bin, sum) in bins[..self.columns[signal].bounds.len()].iter().enumerate() {
            low.join(*sum);
            let high = whole.less(low);
            let gain = low.gain() + high.gain() - whole.gain();
            if low.rows.min(high.rows) >= self.size.rows && gain > best.map_or(1e-6, |best| best.gain) {
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
        let forest = grow(&crossed(), PAGE);
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
        assert_eq!(grow(&crossed(), PAGE), grow(&crossed(), PAGE));
    }
}
