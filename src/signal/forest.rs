//! What the trees say: sums of small decision trees over the other signals, one forest for blocks of pages (furniture or text)
//! and one for sentences of longer blocks (spam or text).
//!
//! A weighted sum cannot say "a short line with a link is text in a list of works and furniture beside an article", nor "loud
//! words count if the rest of the paragraph has none"; a tree can. Of the spam sentences in genuine paragraphs, a sum found
//! 66 % at the price of 0.1 % of the genuine words, trees 81 % (half of the sources to learn, the other half to test, 2026-11-22).
//! Gradient boosting after Friedman, *Greedy function approximation* (2001); grown by [`crate::train::forest`].

use std::fmt;
use std::ops::Range;

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{SIGNALS, Signal, Survey};
use crate::block::Format;

/// The forests of a model.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forests {
    /// Log-odds of furniture against genuine text, for units of pages.
    pub page: Forest,
    /// Log-odds of spam against genuine text, for sentences of longer blocks.
    pub sentence: Forest,
}

/// A sum of trees.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Forest {
    /// The trees; their order does not matter but for rounding.
    pub trees: Vec<Tree>,
}

/// A decision tree: nodes in an order in which children come after their parent, the root first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tree {
    /// Never empty.
    pub nodes: Vec<Node>,
}

/// A node of a tree.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Node {
    /// The log-odds this tree adds.
    Leaf(f32),
    /// Signal (its place in [`SIGNALS`]), bound, node for values below the bound, node for the others.
    Split(u16, f32, u16, u16),
}

/// Read in one go; serde would keep each node aside to try it as one and the other.
impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a signal, a bound and two nodes")
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Leaf(value as f32))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Leaf(value as f32))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Leaf(value as f32))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> Result<Node, A::Error> {
        let short = |n: usize| A::Error::invalid_length(n, &"a signal, a bound and two nodes");
        let signal = parts.next_element()?.ok_or_else(|| short(0))?;
        let bound = parts.next_element()?.ok_or_else(|| short(1))?;
        let low = parts.next_element()?.ok_or_else(|| short(2))?;
        let high = parts.next_element()?.ok_or_else(|| short(3))?;
        Ok(Node::Split(signal, bound, low, high))
    }
}

impl Tree {
    fn value(&self, values: &[f32]) -> f32 {
        let mut at = 0;
        loop {
            match self.nodes[at] {
                Node::Leaf(value) => return value,
                Node::Split(signal, bound, low, high) => {
                    at = usize::from(if values[usize::from(signal)] < bound { low } else { high });
                }
            }
        }
    }

    /// Every step leads onwards to a node there is, by a signal there is.
    fn is_sound(&self) -> bool {
        let onwards = |at: usize, to: u16| usize::from(to) > at && usize::from(to) < self.nodes.len();
        !self.nodes.is_empty()
            && self.nodes.iter().enumerate().all(|(at, node)| match *node {
                Node::Leaf(value) => value.is_finite(),
                Node::Split(signal, _, low, high) => {
                    usize::from(signal) < SIGNALS.len() && onwards(at, low) && onwards(at, high)
                }
            })
    }
}

impl Forest {
    /// Log-odds for the values of all signals, in the order of [`SIGNALS`].
    pub fn value(&self, values: &[f32]) -> f32 {
        self.trees.iter().map(|tree| tree.value(values)).sum()
    }

    /// True when no walk through a tree can go astray.
    pub fn is_sound(&self) -> bool {
        self.trees.iter().all(Tree::is_sound)
    }
}

impl Forests {
    /// What the forests say of each unit: [page, sentence], 0 where one has nothing to say.
    pub fn opinions(&self, survey: &Survey<'_>) -> Vec<[f32; 2]> {
        let mut opinions = Vec::with_capacity(survey.units.len());
        Grove::new(self).ask(survey, |_, _, opinion| opinions.push(opinion));
        opinions
    }

    /// True when no walk through a tree can go astray.
    pub fn are_sound(&self) -> bool {
        self.page.is_sound() && self.sentence.is_sound()
    }
}

/// The forests made ready to be asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Grove {
    page: Thicket,
    sentence: Thicket,
}

/// The values of all signals for a unit, in the order of [`SIGNALS`].
type Values = [f32; SIGNALS.len()];

/// So many units are measured before the forests are asked about all of them.
const ROUND: usize = 32;
/// About so many units a forest is asked at once.
const LANES: usize = 8;

impl Grove {
    pub(crate) fn new(forests: &Forests) -> Self {
        Self { page: Thicket::new(&forests.page), sentence: Thicket::new(&forests.sentence) }
    }

    /// Measures every unit of a survey that has no opinions yet, in order, and calls `each` with its number, its values and what
    /// the forests say of it: [page, sentence]. Both are among the values.
    pub(crate) fn ask(&self, survey: &Survey<'_>, mut each: impl FnMut(usize, &[f32], [f32; 2])) {
        let html = survey.document.format == Format::Html;
        let mut rows = vec![[0.0; SIGNALS.len()]; survey.units.len().min(ROUND)];
        let mut room = Room::default();
        for start in (0..survey.units.len()).step_by(ROUND) {
            let units = &survey.units[start..survey.units.len().min(start + ROUND)];
            for (i, row) in (start..).zip(&mut rows[..units.len()]) {
                super::measure(survey, i, row);
            }
            let of = |is: &dyn Fn(usize) -> bool| (0..units.len()).filter(|&at| is(at)).collect::<Vec<usize>>();
            let (pages, sentences) = (of(&|_| html), of(&|at| units[at].part));
            let (mut page, mut sentence) = ([0.0; ROUND], [0.0; ROUND]);
            self.page.values(&rows, &pages, &mut page, &mut room);
            self.sentence.values(&rows, &sentences, &mut sentence, &mut room);
            for (at, row) in rows[..units.len()].iter_mut().enumerate() {
                (row[PAGE_AT], row[SENTENCE_AT]) = (page[at], sentence[at]);
                each(start + at, row, [page[at], sentence[at]]);
            }
        }
    }
}

/// A forest laid out to be asked quickly, after Lucchese and others, *`QuickScorer`* (2015). Its trees are not walked. The
/// questions of all trees stand in the order of their bounds, signal by signal, so that those with the answer "not below" are
/// found without a guess at where a walk goes on; each rules out the leaves on its low side, and the first leaf that is left in
/// a tree is where a walk would have ended. Several units are asked at once: many signals are nearly the same in all units of a
/// document, and what is "not below" for all of them is ruled out once.
#[derive(Debug, Clone)]
enum Thicket {
    Laid {
        /// For each signal that is asked about, its place in [`SIGNALS`] and its stretch of `bounds`.
        signals: Vec<(usize, Range<usize>)>,
        /// Each bound of a signal with where its stretch of `questions` ends; it begins where the one before ends.
        bounds: Vec<(f32, u32)>,
        questions: Vec<Question>,
        /// The leaves of all trees, those of a tree from its low side to its high one.
        leaves: Vec<f32>,
        /// Where the leaves of each tree begin.
        starts: Vec<usize>,
    },
    /// With trees of more leaves than a mask has bits, they are walked.
    Walked(Forest),
}

#[derive(Debug, Clone, Copy)]
struct Question {
    tree: u32,
    /// The leaves that a value not below the bound leaves over.
    mask: u32,
}

/// Room to work in: the leaves that are left, for each tree, of all units asked at once and of each.
#[derive(Default)]
struct Room {
    all: Vec<u32>,
    each: Vec<[u32; LANES]>,
}

impl Default for Thicket {
    fn default() -> Self {
        Self::Walked(Forest::default())
    }
}

impl Thicket {
    fn new(forest: &Forest) -> Self {
        Self::laid(forest).unwrap_or_else(|| Self::Walked(forest.clone()))
    }

    fn laid(forest: &Forest) -> Option<Self> {
        let mut laying = Laying::default();
        for tree in &forest.trees {
            laying.starts.push(laying.leaves.len());
            laying.lay(tree, 0, 0)?;
        }
        let Laying { mut asked, leaves, starts } = laying;
        asked.sort_by(|a, b| a.signal.cmp(&b.signal).then(a.bound.total_cmp(&b.bound)));
        let (mut signals, mut bounds, mut questions) = (Vec::new(), Vec::new(), Vec::with_capacity(asked.len()));
        for group in asked.chunk_by(|a, b| a.signal == b.signal) {
            let start = bounds.len();
            for same in group.chunk_by(|a, b| a.bound.to_bits() == b.bound.to_bits()) {
                questions.extend(same.iter().map(|asked| asked.question));
                bounds.push((same[0].bound, questions.len() as u32));
            }
            signals.push((usize::from(group[0].signal), start..bounds.len()));
        }
        Some(Self::Laid { signals, bounds, questions, leaves, starts })
    }

    /// What the forest says of those of `rows` that are `asked` about, each put into `found` at the place of its row.
    fn values(&self, rows: &[Values], asked: &[usize], found: &mut [f32], room: &mut Room) {
        for asked in asked.chunks(LANES) {
            match self {
                Self::Walked(forest) => asked.iter().for_each(|&at| found[at] = forest.value(&rows[at])),
                Self::Laid { .. } => self.values_at_once(rows, asked, found, room),
            }
        }
    }

    fn values_at_once(&self, rows: &[Values], asked: &[usize], found: &mut [f32], room: &mut Room) {
        let Self::Laid { signals, bounds, questions, leaves, starts } = self else { return };
        room.clear(starts.len());
        // Where there are fewer units, the last is asked again and again.
        let unit = |lane: usize| &rows[asked[lane.min(asked.len() - 1)]];
        let units: [&Values; LANES] = std::array::from_fn(unit);
        for (signal, range) in signals {
            let values = units.map(|unit| at_its_side(unit[*signal]));
            let least = values.iter().copied().fold(f32::INFINITY, f32::min);
            let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let mut from = range.start.checked_sub(1).map_or(0, |before| bounds[before].1 as usize);
            for &(bound, to) in bounds[range.clone()].iter().take_while(|(bound, _)| most >= *bound) {
                let questions = &questions[from..to as usize];
                from = to as usize;
                if least >= bound {
                    questions.iter().for_each(|question| room.all[question.tree as usize] &= question.mask);
                } else {
                    room.rule_out(questions, values.map(|value| if value >= bound { 0 } else { u32::MAX }));
                }
            }
        }
        for (lane, &at) in asked.iter().enumerate() {
            let leaf = |((start, all), each): ((&usize, &u32), &[u32; LANES])| {
                leaves[start + (all & each[lane]).trailing_zeros() as usize]
            };
            found[at] = starts.iter().zip(&room.all).zip(&room.each).map(leaf).sum();
        }
    }
}

impl Room {
    fn clear(&mut self, trees: usize) {
        self.all.clear();
        self.all.resize(trees, u32::MAX);
        self.each.clear();
        self.each.resize(trees, [u32::MAX; LANES]);
    }

    /// Rules out leaves for the units whose value is not below the bound, and none for those that are `spared`.
    fn rule_out(&mut self, questions: &[Question], spared: [u32; LANES]) {
        for question in questions {
            let left = &mut self.each[question.tree as usize];
            left.iter_mut().zip(spared).for_each(|(left, spared)| *left &= question.mask | spared);
        }
    }
}

/// A value that is compared as [`Tree::value`] compares it: what is not a number is below no bound.
fn at_its_side(value: f32) -> f32 {
    if value.is_nan() { f32::INFINITY } else { value }
}

/// Trees being laid out.
#[derive(Default)]
struct Laying {
    asked: Vec<Asked>,
    leaves: Vec<f32>,
    starts: Vec<usize>,
}

/// A question of a signal.
struct Asked {
    signal: u16,
    bound: f32,
    question: Question,
}

/// Deepest tree that is laid out.
const DEEP: usize = 64;

impl Laying {
    /// How many leaves the last tree has so far.
    fn count(&self) -> usize {
        self.leaves.len() - self.starts.last().copied().unwrap_or_default()
    }

    /// Lays out what is under a node, the leaves from the low side to the high one; `None` when it does not fit.
    fn lay(&mut self, tree: &Tree, at: usize, depth: usize) -> Option<()> {
        match tree.nodes[at] {
            _ if self.count() >= u32::BITS as usize || depth > DEEP => None,
            Node::Leaf(value) => {
                self.leaves.push(value);
                Some(())
            }
            Node::Split(_, bound, ..) if bound.is_nan() => None,
            Node::Split(signal, bound, low, high) => {
                let from = self.count();
                self.lay(tree, usize::from(low), depth + 1)?;
                let below = ((1_u64 << self.count()) - (1_u64 << from)) as u32;
                let tree_number = self.starts.len() as u32 - 1;
                self.asked.push(Asked { signal, bound, question: Question { tree: tree_number, mask: !below } });
                self.lay(tree, usize::from(high), depth + 1)
            }
        }
    }
}

/// What the trees for pages say.
pub(crate) const PAGE: Signal = Signal {
    id: "page-trees",
    about: "log-odds of page furniture by decision trees over the other signals",
    measure: |s, i| s.opinions.get(i).map_or(0.0, |opinion| opinion[0]),
    html: true,
    knots: SCALE,
};

/// What the trees for sentences say.
pub(crate) const SENTENCE: Signal = Signal {
    id: "sentence-trees",
    about: "log-odds of spam by decision trees over the other signals, for a sentence of a longer block",
    measure: |s, i| s.opinions.get(i).map_or(0.0, |opinion| opinion[1]),
    html: false,
    knots: SCALE,
};

/// Where the two stand among all signals.
const PAGE_AT: usize = place(PAGE.id);
const SENTENCE_AT: usize = place(SENTENCE.id);

/// The place of a signal in [`SIGNALS`].
const fn place(id: &str) -> usize {
    let mut at = 0;
    while !same(SIGNALS[at].id.as_bytes(), id.as_bytes()) {
        at += 1;
    }
    at
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

const SCALE: &[f32] = &[-8.0, -5.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 5.0, 8.0];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tree() -> Tree {
        Tree { nodes: vec![Node::Split(0, 2.5, 1, 2), Node::Leaf(-1.0), Node::Leaf(0.5)] }
    }

    #[test]
    fn a_value_at_the_bound_goes_to_the_high_side() {
        assert!(tree().value(&[2.4]) < 0.0);
        assert!(tree().value(&[2.5]) > 0.0);
    }

    #[test]
    fn trees_that_lead_back_or_out_are_not_sound() {
        assert!(Forest { trees: vec![tree()] }.is_sound());
        for wrong in [Node::Split(0, 0.0, 0, 2), Node::Split(0, 0.0, 1, 3), Node::Split(9999, 0.0, 1, 2)] {
            let mut tree = tree();
            tree.nodes[0] = wrong;
            assert!(!Forest { trees: vec![tree] }.is_sound());
        }
    }

    /// A tree of about so many leaves, grown at random.
    fn grown(dice: &mut u32, leaves: usize) -> Tree {
        let mut roll = |sides: u32| {
            *dice = dice.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (*dice >> 16) % sides
        };
        let mut nodes = vec![Node::Leaf(0.5)];
        let mut open = vec![0];
        while open.len() < leaves {
            let at = open.swap_remove(roll(open.len() as u32) as usize);
            let next = nodes.len();
            nodes[at] = Node::Split(roll(6) as u16, roll(9) as f32 / 4.0 - 1.0, next as u16, next as u16 + 1);
            nodes.extend([Node::Leaf(roll(1000) as f32 / 37.0 - 9.0), Node::Leaf(roll(1000) as f32 / 41.0 - 8.0)]);
            open.extend([next, next + 1]);
        }
        Tree { nodes }
    }

    proptest! {
        #[test]
        fn asked_at_once_trees_say_what_walks_say(
            seed: u32,
            leaves in 1..40_usize,
            values in proptest::collection::vec(
                proptest::array::uniform6(prop_oneof![Just(0.0_f32), Just(-0.0), Just(0.25), Just(f32::NAN), Just(f32::NEG_INFINITY), -2.0..2.0_f32]),
                1..ROUND,
            ),
        ) {
            let mut dice = seed;
            let forest = Forest { trees: (0..9).map(|_| grown(&mut dice, leaves)).collect() };
            let thicket = Thicket::new(&forest);
            prop_assert_eq!(matches!(thicket, Thicket::Walked(_)), leaves > 32);
            let mut rows = vec![[0.0; SIGNALS.len()]; values.len()];
            rows.iter_mut().zip(&values).for_each(|(row, values)| row[..6].copy_from_slice(values));
            let asked: Vec<usize> = (0..rows.len()).filter(|at| at % 5 != 3).collect();
            let mut found = [7.0; ROUND];
            thicket.values(&rows, &asked, &mut found, &mut Room::default());
            for (at, row) in rows.iter().enumerate() {
                let expected = if asked.contains(&at) { forest.value(row) } else { 7.0 };
                prop_assert_eq!(found[at].to_bits(), expected.to_bits());
            }
        }
    }

    #[test]
    fn a_tree_that_is_none_is_walked() {
        let knot = Tree { nodes: vec![Node::Split(0, f32::NAN, 1, 2), Node::Leaf(-1.0), Node::Leaf(0.5)] };
        assert!(matches!(Thicket::new(&Forest { trees: vec![knot] }), Thicket::Walked(_)));
        let deep = |at: u16| if at == 900 { Node::Leaf(1.0) } else { Node::Split(0, 0.0, at + 1, at + 1) };
        let knot = Tree { nodes: (0..=900).map(deep).collect() };
        assert!(matches!(Thicket::new(&Forest { trees: vec![knot] }), Thicket::Walked(_)));
    }

    #[test]
    fn a_forest_is_written_as_plain_numbers() {
        let forest = Forest { trees: vec![tree()] };
        let text = serde_json::to_string(&forest).unwrap_or_default();
        assert_eq!(text, "[[[0,2.5,1,2],-1.0,0.5]]");
        assert_eq!(serde_json::from_str::<Forest>(&text).ok(), Some(forest));
    }
}
