//! Where honest text without a full stop runs into a sentence that goes: a paragraph of a transcript that ends in the middle of a
//! sentence, and an advertisement put behind it.

use std::ops::Range;

use crate::signal::fold::Scorer;
use crate::signal::{unit, view};

/// Fewest words on either side of a seam.
const WORDS: usize = 5;
/// Log-odds of the words that stay, at most.
const HONEST: f32 = -2.0;
/// Log-odds of the words that go, at least.
const LOUD: f32 = 1.0;
/// Seams looked at, from the first.
const MOST: usize = 60;

/// The bytes of `text` that go: one side of the seam at which its words differ most, all of it where there is none.
pub(super) fn loud_side(scorer: &Scorer, text: &str) -> Range<usize> {
    let odds = |side: &str| scorer.score(&view::fold(side)).spam;
    let mut best = (0.0, 0..text.len());
    for at in seams(text).take(MOST) {
        let (before, after) = text.split_at(at);
        if unit::words(before).min(unit::words(after)) < WORDS {
            continue;
        }
        let (left, right) = (odds(before), odds(after));
        if left.min(right) <= HONEST && left.max(right) >= LOUD && (left - right).abs() > best.0 {
            best = ((left - right).abs(), if right > left { at..text.len() } else { 0..at });
        }
    }
    best.1
}

/// Where a capital letter follows white space: a sentence may begin there.
fn seams(text: &str) -> impl Iterator<Item = usize> {
    let pairs = text.char_indices().zip(text.char_indices().skip(1));
    pairs.filter(|((_, before), (_, c))| before.is_whitespace() && c.is_uppercase()).map(|(_, (at, _))| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::Model;

    fn side(text: &str) -> &str {
        let model = Model::embedded().unwrap_or_else(|error| panic!("{error}"));
        &text[loud_side(model.scorer(), text)]
    }

    #[test]
    fn honest_words_before_the_seam_are_none_of_what_goes() {
        let spam = "Situs slot gacor terpercaya hari ini menawarkan bonus deposit tanpa potongan";
        let text = format!("and then we carried the old piano down the stairs of the school {spam}");
        assert_eq!(side(&text), spam);
        let text = format!("{spam} And then we carried the old piano down the stairs of the school");
        assert_eq!(side(&text).trim_end(), spam);
    }

    #[test]
    fn a_sentence_of_one_kind_has_no_seam() {
        for text in [
            "Situs slot gacor terpercaya hari ini Menawarkan bonus deposit tanpa potongan",
            "We carried the piano down to the hall of the Old School and Anna played on it",
        ] {
            assert_eq!(side(text), text);
        }
    }
}
