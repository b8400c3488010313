//! Where the text of a block comes from when its markup was taken out.

use std::ops::Range;

/// The way from a block's text back to the source it was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace {
    runs: Vec<Step>,
    spans: Vec<Step>,
}

/// A range of the text and the bytes of the source it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    text: Range<usize>,
    source: Range<usize>,
}

impl Step {
    /// Runs of one length are the same bytes; others (an entity, a line end) are one piece.
    fn is_verbatim(&self) -> bool {
        self.text.len() == self.source.len()
    }
}

impl Trace {
    /// The next run: `text` bytes that came from `source`.
    pub(super) fn run(&mut self, text: Range<usize>, source: Range<usize>) {
        self.runs.push(Step { text, source });
    }

    /// A span of markup, such as a link or an emphasis: the text inside it and all of its source.
    pub(super) fn span(&mut self, text: Range<usize>, source: Range<usize>) {
        self.spans.push(Step { text, source });
    }

    /// What belongs to `text`, counted from its start.
    pub(super) fn part(&self, text: &Range<usize>) -> Self {
        let own = |step: &&Step| text.start <= step.text.start && step.text.end <= text.end;
        let shift = |step: &Step| Step {
            text: step.text.start - text.start..step.text.end - text.start,
            source: step.source.clone(),
        };
        let steps = |steps: &[Step]| steps.iter().filter(own).map(shift).collect();
        Self { runs: steps(&self.runs), spans: steps(&self.spans) }
    }

    /// `other` behind this, its text starting at `at`.
    pub(super) fn append(&mut self, other: Self, at: usize) {
        let shift = |step: Step| Step { text: step.text.start + at..step.text.end + at, ..step };
        self.runs.extend(other.runs.into_iter().map(shift));
        self.spans.extend(other.spans.into_iter().map(shift));
    }

    /// Whether all of `text` came from `source`.
    pub(super) fn is_within(&self, text: &Range<usize>, source: &Range<usize>) -> bool {
        let touches = |step: &&Step| step.text.start < text.end && text.start < step.text.end;
        self.runs.iter().filter(touches).all(|step| source.start <= step.source.start && step.source.end <= source.end)
    }

    /// The bytes of the source that go when `text` goes: its runs, and the markup that holds nothing else.
    ///
    /// `None` when markup begins inside `text` and ends outside it or the other way round, so that no cut leaves half of it.
    pub fn source(&self, text: &Range<usize>) -> Option<Range<usize>> {
        let touches = |step: &&Step| step.text.start < text.end && text.start < step.text.end;
        let first = self.runs.iter().find(touches)?;
        let last = self.runs.iter().rfind(touches)?;
        let from =
            first.source.start + if first.is_verbatim() { text.start.saturating_sub(first.text.start) } else { 0 };
        let to = last.source.end - if last.is_verbatim() { last.text.end.saturating_sub(text.end) } else { 0 };
        let mut found = from..to;
        for step in self.spans.iter().filter(touches) {
            // White space at the edge of the text does not keep a span from being whole.
            let holds = step.text.start <= text.start && text.end <= step.text.end && step.text != *text;
            let inside = text.start <= step.text.start && step.text.end <= text.end;
            if inside {
                found = found.start.min(step.source.start)..found.end.max(step.source.end);
            } else if !holds {
                return None;
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use crate::block::markdown;

    fn cut(source: &str, sentence: &str) -> Option<String> {
        let document = markdown::parse(source);
        let block = &document.blocks[0];
        let at = block.text.find(sentence).unwrap_or_else(|| panic!("{sentence} in {}", block.text));
        let range = document.source_of(block, &(at..at + sentence.len()))?;
        Some(format!("{}|{}", &source[..range.start], &source[range.end..]))
    }

    #[test]
    fn markup_goes_with_the_sentence_it_holds() {
        assert_eq!(
            cut("One is. [Two was.](https://a.example) Three.", "Two was. ").as_deref(),
            Some("One is. |Three.")
        );
        assert_eq!(cut("One &amp; **is**. Two was.", "One & is. ").as_deref(), Some("|Two was."));
        assert_eq!(cut("One `is`. <b>Two was.</b>", "Two was.").as_deref(), Some("One `is`. |"));
    }

    #[test]
    fn a_sentence_inside_markup_leaves_it() {
        assert_eq!(cut("A **b is. Two was.** C.", "Two was.").as_deref(), Some("A **b is. |** C."));
        assert_eq!(cut("Plain one. Plain two.", "Plain two.").as_deref(), Some("Plain one. |"));
    }

    #[test]
    fn no_cut_leaves_half_of_a_markup() {
        assert_eq!(cut("One **is. Two** was. Three.", "One is. "), None);
    }
}
