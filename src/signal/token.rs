//! The words of a document's views as numbers: each is looked up in the model once, however often it occurs and whoever asks.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::fold::{Scorer, Token};
use super::unit;

/// The words of each unit's view.
pub(super) struct Tokens<'v> {
    scorer: &'v Scorer,
    numbers: HashMap<&'v str, u32, RandomState>,
    facts: Vec<Fact>,
    /// The pairs of letters of words in scripts written without spaces, as numbers.
    pairs: Vec<u32>,
    all: Vec<u32>,
    /// For each unit its stretch of `all`.
    units: Vec<Range<usize>>,
}

/// What is known of a word or a pair of letters.
#[derive(Clone, Default)]
struct Fact {
    /// What the model makes of it; `None` for a pair that has not been seen as a word.
    token: Option<Token>,
    /// Its stretch of the pairs; empty when it stands for itself.
    pairs: Range<usize>,
}

impl<'v> Tokens<'v> {
    /// The words of `views`, one a unit.
    pub(super) fn new(views: &'v [String], scorer: &'v Scorer) -> Self {
        let bytes: usize = views.iter().map(String::len).sum();
        // A guess that spares most of growing: hashing anew costs as much as hashing.
        let numbers = HashMap::with_capacity_and_hasher(bytes / 32, RandomState::default());
        let (facts, all) = (Vec::with_capacity(bytes / 32), Vec::with_capacity(bytes / 5));
        let mut tokens =
            Self { scorer, numbers, facts, pairs: Vec::new(), all, units: Vec::with_capacity(views.len()) };
        for view in views {
            let words = tokens.read(view);
            tokens.units.push(words);
        }
        tokens
    }

    /// Puts another view in the place of that of unit `i`.
    pub(super) fn replace(&mut self, i: usize, view: &'v str) {
        self.units[i] = self.read(view);
    }

    fn read(&mut self, view: &'v str) -> Range<usize> {
        let start = self.all.len();
        for word in view.split_ascii_whitespace() {
            let number = self.number(word);
            if self.facts[number as usize].token.is_none() {
                self.learn(number, word);
            }
            self.all.push(number);
        }
        start..self.all.len()
    }

    fn number(&mut self, word: &'v str) -> u32 {
        let next = self.facts.len() as u32;
        let number = *self.numbers.entry(word).or_insert(next);
        if number == next {
            self.facts.push(Fact::default());
        }
        number
    }

    fn learn(&mut self, number: u32, word: &'v str) {
        let start = self.pairs.len();
        if is_dense(word) {
            each_pair(word, |pair| {
                let number = self.number(pair);
                self.pairs.push(number);
            });
        }
        self.facts[number as usize] = Fact { token: Some(self.scorer.token(word)), pairs: start..self.pairs.len() };
    }

    /// What the model makes of each word of unit `i`, in order.
    pub(super) fn of(&self, i: usize) -> impl Iterator<Item = Token> + '_ {
        self.all[self.units[i].clone()].iter().filter_map(|&number| self.facts[number as usize].token)
    }

    /// One more than the highest number.
    pub(super) fn distinct(&self) -> usize {
        self.facts.len()
    }

    /// Calls `each` with the words of unit `i` as numbers; in scripts written without spaces, with the pairs of letters.
    pub(super) fn each(&self, i: usize, mut each: impl FnMut(usize)) {
        for &number in &self.all[self.units[i].clone()] {
            let pairs = &self.pairs[self.facts[number as usize].pairs.clone()];
            if pairs.is_empty() {
                each(number as usize);
            }
            pairs.iter().for_each(|&pair| each(pair as usize));
        }
    }
}

fn is_dense(word: &str) -> bool {
    !word.as_bytes()[0].is_ascii() && word.chars().next().is_some_and(unit::is_dense)
}

/// Calls `each` with the pairs of letters of a word, or with its only letter.
fn each_pair<'v>(word: &'v str, mut each: impl FnMut(&'v str)) {
    let step = |at: usize| word[at..].chars().next().map_or(word.len(), |c| at + c.len_utf8());
    let (mut start, mut end) = (0, step(step(0)));
    each(&word[start..end]);
    while end < word.len() {
        (start, end) = (step(start), step(end));
        each(&word[start..end]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of each view, as text.
    fn words(views: &[&str]) -> Vec<Vec<String>> {
        let (views, scorer) = (views.iter().map(ToString::to_string).collect::<Vec<_>>(), Scorer::default());
        let tokens = Tokens::new(&views, &scorer);
        let name = |number: usize| {
            tokens.numbers.iter().find(|(_, own)| **own as usize == number).map(|(word, _)| (*word).to_owned())
        };
        let of = |i: usize| {
            let mut found = Vec::new();
            tokens.each(i, |number| found.extend(name(number)));
            found
        };
        (0..views.len()).map(of).collect()
    }

    #[test]
    fn words_of_scripts_without_spaces_are_pairs() {
        for (text, expected) in
            [("one two one", &["one", "two", "one"][..]), ("静かな朝", &["静か", "かな", "な朝"]), ("朝", &["朝"])]
        {
            assert_eq!(words(&[text]), [expected]);
        }
    }

    #[test]
    fn a_pair_is_the_same_as_a_word_of_two_letters() {
        let found = words(&["静かな", "静か ab", "静ab", ""]);
        assert_eq!(found, [&["静か", "かな"][..], &["静か", "ab"], &["静a", "ab"], &[]]);
    }

    #[test]
    fn another_view_takes_the_place_of_one() {
        let (views, scorer) = (["a b".to_owned(), "b c".to_owned()], Scorer::default());
        let mut tokens = Tokens::new(&views, &scorer);
        tokens.replace(0, "c d");
        let of = |i: usize| {
            let mut found = Vec::new();
            tokens.each(i, |number| found.push(number));
            found
        };
        assert_eq!((of(0), of(1), tokens.distinct()), (vec![2, 3], vec![1, 2], 4));
    }
}
