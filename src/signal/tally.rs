//! The words of a document as numbers: each is hashed once, however many signals count it.

use std::collections::HashMap;

use foldhash::fast::RandomState;

/// The words of each unit, as numbers that are the same for the same word.
#[derive(Debug, Clone)]
pub(crate) struct Tally<'w> {
    numbers: HashMap<&'w str, u32, RandomState>,
    words: Vec<u32>,
    /// Where the words of each unit begin, and at last where all end.
    starts: Vec<usize>,
}

impl<'w> Tally<'w> {
    /// A tally of units of so many bytes together.
    pub(crate) fn new(bytes: usize) -> Self {
        // A guess that spares most of growing: hashing anew costs as much as hashing.
        let numbers = HashMap::with_capacity_and_hasher(bytes / 32, RandomState::default());
        Self { numbers, words: Vec::with_capacity(bytes / 8), starts: vec![0] }
    }

    /// Counts a word of the unit at hand.
    pub(crate) fn add(&mut self, word: &'w str) {
        let next = self.numbers.len() as u32;
        self.words.push(*self.numbers.entry(word).or_insert(next));
    }

    /// Ends the unit at hand.
    pub(crate) fn end_unit(&mut self) {
        self.starts.push(self.words.len());
    }

    /// How many different words there are.
    pub(crate) fn distinct(&self) -> usize {
        self.numbers.len()
    }

    /// The words of unit `i`.
    pub(crate) fn of(&self, i: usize) -> &[u32] {
        &self.words[self.starts[i]..self.starts[i + 1]]
    }

    /// How often each word occurs.
    pub(crate) fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.distinct()];
        self.words.iter().for_each(|&word| counts[word as usize] += 1);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_is_the_same_number() {
        let mut tally = Tally::new(0);
        for unit in ["a b a", "", "b c"] {
            unit.split_whitespace().for_each(|word| tally.add(word));
            tally.end_unit();
        }
        assert_eq!((tally.of(0), tally.of(1), tally.of(2)), (&[0, 1, 0][..], &[][..], &[1, 2][..]));
        assert_eq!((tally.counts(), tally.distinct()), (vec![2, 2, 1], 3));
    }
}
