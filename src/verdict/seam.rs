//! Where honest text without a full stop runs into a sentence that goes: a paragraph of a transcript that ends in the middle of a
//! sentence, and an advertisement put behind it.

use std::ops::Range;

use crate::block::sentence::GAPS;
use crate::signal::fold::Scorer;
use crate::signal::{unit, view};

/// Fewest words on either side of a seam.
const WORDS: usize = 5;
/// Log-odds of the words that stay, at most. Of honest beginnings put before spam of sources not seen, 33 % were parted at the
/// very place with 0, 28 % with -2; of sentences of nothing but spam, 9 % left a part standing, 6 % with -2 (2026-11-22).
const HONEST: f32 = 0.0;
/// Log-odds of the words that go, at least.
const LOUD: f32 = 1.0;
/// Least difference of the two.
const APART: f32 = 3.0;
/// A later seam is better when its sides differ by this much more.
const BETTER: f32 = 1.0;
/// Seams looked at, from the first.
const MOST: usize = 60;

/// The bytes of `text` that go: one side of the seam at which its words differ most, all of it where there is none.
pub(super) fn loud_side(scorer: &Scorer, text: &str) -> Range<usize> {
    let odds = |side: &str| scorer.score(&view::fold(side)).spam;
    let mut best = (APART - BETTER, 0..text.len());
    for at in seams(text).take(MOST) {
        let (before, after) = text.split_at(at);
        if unit::words(before).min(unit::words(after)) < WORDS {
            continue;
        }
        let (left, right) = (odds(before), odds(after));
        if left.min(right) <= HONEST && left.max(right) >= LOUD && (left - right).abs() >= best.0 + BETTER {
            best = ((left - right).abs(), if right > left { at..text.len() } else { 0..at });
        }
    }
    best.1
}

/// Where a sentence may begin: at a capital letter after a gap, at a number after a closing mark and a gap.
fn seams(text: &str) -> impl Iterator<Item = usize> {
    let starts =
        text.char_indices().filter(|(at, c)| c.is_uppercase() || c.is_numeric() && follows_closing(&text[..*at]));
    starts.map(|(at, _)| at).filter(|at| ends_in_gap(&text[..*at]))
}

fn follows_closing(before: &str) -> bool {
    before.trim_end().ends_with(['"', '”', '“', '»', '’', ')', ']'])
}

/// White space, that among it which a sloppy export left as an entity.
fn ends_in_gap(before: &str) -> bool {
    before.ends_with(char::is_whitespace) || GAPS.iter().any(|entity| before.ends_with(entity))
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
    fn a_number_after_a_quotation_begins_what_goes() {
        let spam = "5 Lucky Tigers adalah permainan slot gacor terpercaya dengan bonus deposit tanpa potongan";
        let text = format!("She told us to \"read one of them a week, and then the ones we loved again\" {spam}");
        assert_eq!(side(&text), spam);
    }

    #[test]
    fn an_entity_is_a_gap() {
        let spam = "Situs slot gacor terpercaya hari ini menawarkan bonus deposit tanpa potongan";
        let text = format!("and then we carried the old piano down the stairs of the school&nbsp;{spam}");
        assert_eq!(side(&text), spam);
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
