//! Links within sentences that stay: those that were laid in go by themselves.

use std::ops::Range;

use super::model::probability;
use super::weights::ANCHOR;
use super::{Cut, Label, Reason, Verdict, number::hundredths};
use crate::signal::Survey;
use crate::signal::anchor::{self, Anchor, MEASURES};
use crate::signal::fold::Scorer;

/// Cuts links out of the blocks that `verdicts` keep, beside the sentences that are cut already; `weights` are those of
/// [`super::weights::Weights::anchor`].
pub(super) fn cut(survey: &Survey<'_>, scorer: &Scorer, weights: &[f32], bar: f32, verdicts: &mut [Verdict]) {
    if weights.len() != ANCHOR {
        return;
    }
    let anchors = anchor::anchors(survey, scorer, |i| stays(survey, i, verdicts));
    for anchor in &anchors {
        let reasons = reasons(weights, anchor);
        let probability = probability(reasons.iter().map(|reason| reason.log_odds).sum());
        if probability < bar {
            continue;
        }
        let block = survey.block(anchor.unit);
        let text = whole(&block.text, &anchor.text);
        let span = survey.document.source_of(block, &text);
        if span.is_some() || block.span.is_none() {
            let cuts = &mut verdicts[survey.units[anchor.unit].block].cuts;
            cuts.push(Cut { text, span, probability, reasons });
            cuts.sort_by_key(|cut| cut.text.start);
        }
    }
}

fn stays(survey: &Survey<'_>, i: usize, verdicts: &[Verdict]) -> bool {
    let unit = &survey.units[i];
    let Verdict { label, cuts, .. } = &verdicts[unit.block];
    let apart = |cut: &Cut| cut.text.end <= unit.range.start || unit.range.end <= cut.text.start;
    *label == Label::Genuine && cuts.iter().all(apart)
}

/// Weights times measures; they add up to the log-odds.
fn reasons(weights: &[f32], anchor: &Anchor) -> Vec<Reason> {
    let measured = MEASURES.iter().zip(&anchor.values).zip(weights);
    let mut reasons: Vec<Reason> = measured
        .map(|(((rule, _), value), weight)| Reason {
            rule: (*rule).into(),
            log_odds: value * weight,
            evidence: hundredths(*value),
        })
        .collect();
    let base = weights[MEASURES.len()];
    reasons.push(Reason {
        rule: "anchor".into(),
        log_odds: base,
        evidence: "what links in sentences start from".into(),
    });
    reasons.sort_by(|a, b| b.log_odds.abs().total_cmp(&a.log_odds.abs()));
    reasons
}

/// A link with the marks that make it one where the text has them, and one of the spaces around it.
fn whole(text: &str, link: &Range<usize>) -> Range<usize> {
    let mut whole = link.clone();
    if text[..link.start].ends_with('[')
        && text[link.end..].starts_with("](")
        && let Some(end) = text[link.end..].find(')')
    {
        whole = link.start - 1..link.end + end + 1;
    }
    let free = text[..whole.start].chars().next_back().is_none_or(char::is_whitespace);
    if free && text[whole.end..].starts_with(' ') {
        whole.end += 1;
    } else if text[..whole.start].ends_with(' ') {
        whole.start -= 1;
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, link: &str) -> String {
        let at = text.find(link).unwrap_or_else(|| panic!("{link} in {text}"));
        let range = whole(text, &(at..at + link.len()));
        format!("{}|{}", &text[..range.start], &text[range.end..])
    }

    #[test]
    fn one_space_goes_with_a_link() {
        assert_eq!(left("the rain, and casino nobody", "casino"), "the rain, and |nobody");
        assert_eq!(left("we saw casino, twice", "casino"), "we saw|, twice");
        assert_eq!(left("casino we saw", "casino"), "|we saw");
        assert_eq!(left("the mill casino", "casino"), "the mill|");
        assert_eq!(left("(casino)", "casino"), "(|)");
    }

    #[test]
    fn marks_in_plain_text_go_with_their_link() {
        assert_eq!(left("the rain, [casino](http://a.example/x) nobody", "casino"), "the rain, |nobody");
    }
}
