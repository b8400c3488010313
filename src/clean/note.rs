//! The `weedout` object of a record: what was done to it.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

use super::mark::{Scalars, label};
use super::{Cleaned, Part, Removal};
use crate::verdict::Label;

/// What the `weedout` field says.
#[derive(Serialize)]
pub(super) struct Note {
    label: &'static str,
    blocks: usize,
    removed: Vec<Box<RawValue>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    furniture: Option<usize>,
    model: String,
}

impl Note {
    /// What to say of a text and what became of it. Furniture of a page is counted instead of listed when `brief`.
    pub(super) fn new(text: &str, cleaned: &Cleaned, model: String, brief: bool) -> Self {
        let mut scalars = Scalars::new(text);
        let listed =
            |removal: &&Removal| !(matches!(removal.part, Part::Rest) || brief && removal.label == Label::Furniture);
        let removed =
            cleaned.removed.iter().filter(listed).filter_map(|removal| entry(removal, &mut scalars)).collect();
        let furniture = cleaned.whole_blocks().filter(|removal| removal.label == Label::Furniture).count();
        Self {
            label: label(cleaned.status),
            blocks: cleaned.blocks,
            removed,
            furniture: brief.then_some(furniture),
            model,
        }
    }
}

/// `[start, end, probability, rule]`, in Unicode scalars, or in HTML `[text, probability, rule]`.
fn entry(removal: &Removal, scalars: &mut Scalars<'_>) -> Option<Box<RawValue>> {
    let rule = removal.reasons.iter().max_by(|a, b| a.log_odds.total_cmp(&b.log_odds)).map(|reason| &*reason.rule);
    match &removal.span {
        Some(span) => {
            let (start, end) = (scalars.at(span.start), scalars.at(span.end));
            to_raw_value(&(start, end, removal.probability, rule)).ok()
        }
        None => to_raw_value(&(&removal.text, removal.probability, rule)).ok(),
    }
}
