//! Evidence across documents: what was judged spam on how many hosts, as a sketch that can be made in parts and merged.
//!
//! Two passes: the first judges every document by itself and notes what its runs of short blocks and its linked hosts were
//! judged to be; the second adds to the log-odds of a doubtful block what other hosts say of it ([`Seasoned`]). A sketch is
//! a set of bits, so that neither the order of documents nor how they are shared out shows in it, and counting a document
//! twice changes nothing.

mod file;
mod key;
mod seasoned;

use std::collections::BTreeMap;

pub use key::{Key, Mark, marks};
pub use seasoned::Seasoned;

use crate::{Error, Result};

/// The most keys that are held, about 100 MB of file. Beyond, a half of all keys is given up, and again: those whose hash
/// does not start with a zero bit more. What is left is exact, and the same however the documents were shared out.
pub const CAPACITY: usize = 1 << 22;
/// So many other hosts must have a key as spam before it says anything.
const LEAST: u32 = 5;
/// It says nothing when it is genuine on more than one host for so many that have it as spam.
const AGAINST: u32 = 8;
/// The most that one kind of key adds to the log-odds.
const MOST: f32 = 2.0;

/// Hosts as bits: host number `hash % 64`. Two hosts may share a bit, so that a count of bits is never too high.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Hosts {
    spam: u64,
    genuine: u64,
}

/// What keys were judged to be, and on which hosts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sketch {
    model: String,
    level: u32,
    capacity: usize,
    seen: BTreeMap<u64, Hosts>,
}

impl Sketch {
    /// An empty sketch of verdicts of the model with that identity.
    pub fn new(model: String) -> Self {
        Self::with_capacity(model, CAPACITY)
    }

    fn with_capacity(model: String, capacity: usize) -> Self {
        Self { model, level: 0, capacity, seen: BTreeMap::new() }
    }

    /// The identity of the model whose verdicts it holds.
    pub fn model(&self) -> &str {
        &self.model
    }

    /// Number of keys.
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// True when nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Counts what a document on `host` has.
    pub fn add(&mut self, host: &str, marks: &[Mark]) {
        let bit = bit(host);
        for mark in marks {
            let hosts = if mark.spam { Hosts { spam: bit, genuine: 0 } } else { Hosts { spam: 0, genuine: bit } };
            self.insert(mark.key.hash(), hosts);
        }
    }

    /// Adds what `other` has counted.
    ///
    /// # Errors
    /// [`Error::Usage`] when it holds verdicts of another model.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if self.model != other.model {
            let (one, two) = (&self.model, &other.model);
            return Err(Error::Usage(format!("sketches of two models cannot be merged (`{one}` and `{two}`)")));
        }
        while self.level < other.level {
            self.thin();
        }
        other.seen.iter().for_each(|(key, hosts)| self.insert(*key, *hosts));
        Ok(())
    }

    fn insert(&mut self, key: u64, hosts: Hosts) {
        if !holds(self.level, key) {
            return;
        }
        let known = self.seen.entry(key).or_default();
        known.spam |= hosts.spam;
        known.genuine |= hosts.genuine;
        while self.seen.len() > self.capacity {
            self.thin();
        }
    }

    fn thin(&mut self) {
        self.level += 1;
        let level = self.level;
        self.seen.retain(|key, _| holds(level, *key));
    }

    /// What a key adds to the log-odds of spam in a document on `host`: half the natural logarithm of the number of other
    /// hosts where it was spam, at most 2; 0 when they are few, or not of one mind.
    pub fn log_odds(&self, key: &Key, host: Option<&str>) -> f32 {
        let Some(hosts) = self.seen.get(&key.hash()) else { return 0.0 };
        let own = host.map_or(0, bit);
        // An unknown host may be one of those that were counted.
        let spam = (hosts.spam & !own).count_ones().saturating_sub(u32::from(host.is_none()));
        let genuine = (hosts.genuine & !own).count_ones();
        if spam < LEAST || genuine * AGAINST > spam { 0.0 } else { ((spam as f32).ln() * 0.5).min(MOST) }
    }
}

/// True when a sketch of that level holds the key.
fn holds(level: u32, key: u64) -> bool {
    key.leading_zeros() >= level
}

fn bit(host: &str) -> u64 {
    1 << (key::hash(&["host of a document", host]) % 64)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn mark(name: &str, spam: bool) -> Mark {
        Mark { key: Key::host(name), spam }
    }

    /// Verdicts of 300 documents on 40 hosts.
    fn documents() -> Vec<(String, Vec<Mark>)> {
        let marks = |n: usize| {
            (0..9).map(|k| mark(&format!("t{}.example", (n * 7 + k * k) % 97), (n + k).is_multiple_of(3))).collect()
        };
        (0..300).map(|n| (format!("h{}.example", n % 40), marks(n))).collect()
    }

    fn sketch<'a>(capacity: usize, documents: impl IntoIterator<Item = &'a (String, Vec<Mark>)>) -> Sketch {
        let mut sketch = Sketch::with_capacity("m".into(), capacity);
        documents.into_iter().for_each(|(host, marks)| sketch.add(host, marks));
        sketch
    }

    #[test]
    fn neither_order_nor_shares_nor_repetition_show() {
        let all = documents();
        for capacity in [1000, 50, 7, 1] {
            let whole = sketch(capacity, &all);
            assert_eq!(whole, sketch(capacity, all.iter().rev()));
            let shares: Vec<Sketch> = (0..3).map(|share| sketch(capacity, all.iter().skip(share).step_by(3))).collect();
            for order in [[0, 1, 2], [2, 0, 1]] {
                let mut merged = Sketch::with_capacity("m".into(), capacity);
                order.iter().chain(&order).for_each(|share| merged.merge(&shares[*share]).unwrap());
                assert_eq!(merged, whole, "{capacity}");
            }
            assert!(whole.len() <= capacity && (capacity < 50 || !whole.is_empty()));
        }
    }

    #[test]
    fn many_hosts_of_one_mind_speak_and_nothing_else_does() {
        let mut sketch = Sketch::new("m".into());
        for n in 0..40 {
            let host = format!("site-{n}.example");
            sketch.add(&host, &[mark("spam.example", true), mark("social.example", n % 4 == 0)]);
            sketch.add("one.example", &[mark("own-partner.example", true)]);
        }
        let odds = |name: &str| sketch.log_odds(&Key::host(name), Some("one.example"));
        assert!((1.0..=2.0).contains(&odds("spam.example")), "{}", odds("spam.example"));
        for silent in ["social.example", "own-partner.example", "never-seen.example"] {
            assert!(odds(silent).abs() < f32::EPSILON, "{silent}");
        }
    }

    #[test]
    fn sketches_of_two_models_are_not_merged() {
        assert!(Sketch::new("a".into()).merge(&Sketch::new("b".into())).is_err());
    }
}
