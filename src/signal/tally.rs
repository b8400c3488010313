//! The words of a document as numbers: each is hashed once, however many signals count it.

use std::collections::HashMap;

/// The words of each unit, as numbers that are the same for the same word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally {
    words: Vec<u32>,
    /// Where the words of each unit begin, and at last where all end.
    starts: Vec<usize>,
    /// How many different words there are.
    pub(crate) distinct: usize,
}

impl Tally {
    /// Numbers the words of all units.
    pub(crate) fn new<'w, W: Iterator<Item = &'w str>>(units: impl Iterator<Item = W>) -> Self {
        let mut numbers: HashMap<&str, u32, foldhash::fast::RandomState> = HashMap::default();
        let mut tally = Self { starts: vec![0], ..Self::default() };
        for unit in units {
            for word in unit {
                let next = numbers.len() as u32;
                tally.words.push(*numbers.entry(word).or_insert(next));
            }
            tally.starts.push(tally.words.len());
        }
        tally.distinct = numbers.len();
        tally
    }

    /// The words of unit `i`.
    pub(crate) fn of(&self, i: usize) -> &[u32] {
        &self.words[self.starts[i]..self.starts[i + 1]]
    }

    /// How often each word occurs.
    pub(crate) fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.distinct];
        self.words.iter().for_each(|&word| counts[word as usize] += 1);
        counts
    }

    /// How many words there are.
    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_word_is_the_same_number() {
        let tally = Tally::new(["a b a", "", "b c"].into_iter().map(str::split_whitespace));
        assert_eq!((tally.of(0), tally.of(1), tally.of(2)), (&[0, 1, 0][..], &[][..], &[1, 2][..]));
        assert_eq!((tally.counts(), tally.distinct, tally.len()), (vec![2, 2, 1], 3, 5));
    }
}
