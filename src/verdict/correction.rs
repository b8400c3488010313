//! Corrections: texts that a user labelled when the model was adapted to them. They hold for exactly these texts, wherever they
//! stand, and change the judgement of nothing else.

use sha2::{Digest, Sha256};

use super::Label;
use super::chain::States;
use super::model::hex;
use super::weights::Weights;
use crate::signal::{Survey, view};

/// What a text is known by: half of the SHA-256 of its words as they are judged, in hex. Markup, case and disguise do not count.
pub fn key(text: &str) -> String {
    key_of_view(&view::fold(text))
}

fn key_of_view(view: &str) -> String {
    let words = view.split_whitespace().collect::<Vec<_>>().join(" ");
    hex(&Sha256::digest(words)[..16])
}

impl Weights {
    /// What a user said of unit `i`.
    pub fn correction(&self, survey: &Survey<'_>, i: usize) -> Option<Label> {
        if self.corrections.is_empty() {
            return None;
        }
        self.corrections.get(&key_of_view(&survey.views[i])).copied()
    }

    /// Puts what a user said in the place of what was decoded. Neighbours stay as they were decoded.
    pub(super) fn correct(&self, survey: &Survey<'_>, states: &mut [States]) {
        if self.corrections.is_empty() {
            return;
        }
        for (i, state) in states.iter_mut().enumerate() {
            match self.correction(survey, i) {
                Some(Label::Genuine) => *state = [1.0, 0.0, 0.0],
                Some(Label::Spam) => *state = [0.0, 1.0, 0.0],
                Some(Label::Furniture) => *state = [0.0, 0.0, 1.0],
                None => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_known_by_its_words() {
        assert_eq!(key("Poker  Night\nat the hall"), key("poker night at the hall"));
        assert_ne!(key("poker night"), key("poker nights"));
        assert_eq!(key("a").len(), 32);
    }
}
