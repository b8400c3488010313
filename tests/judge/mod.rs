//! A judge whose verdicts are written in the text.

use weedout::block::Document;
use weedout::verdict::{Judge, Label, Profile, Reason, Verdict};

/// Blocks with SPAM in them are spam.
pub(crate) struct Marked;

impl Judge for Marked {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        let verdict = |text: &str| {
            assert!(!text.contains("PANIC"), "the judge met its match");
            let label = if text.contains("SPAM") { Label::Spam } else { Label::Genuine };
            let reasons = vec![Reason { rule: "mark".into(), log_odds: 4.5, evidence: "".into() }];
            Verdict { label, probability: 0.75, reasons, cuts: Vec::new() }
        };
        document.blocks.iter().map(|block| verdict(&block.text)).collect()
    }

    fn id(&self) -> String {
        "marked-1".into()
    }
}
