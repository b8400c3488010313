//! A judge that lets pass what is silenced.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use super::comment::{self, Comment};
use super::silence::{Content, Silence};
use crate::block::{Block, Document, Kind};
use crate::clean::Part;
use crate::report::Silenced;
use crate::verdict::{Cut, Judge, Label, Profile, Reason, Verdict};

/// Wraps a judge: spam that is silenced becomes genuine.
///
/// Ignore comments are heeded by a check only. Whoever writes spam into a page can write a comment into it too; a check is
/// read by people and names what it passed over, a corpus is not.
pub struct Tolerant<'a> {
    judge: &'a dyn Judge,
    silence: &'a Silence,
    comments: bool,
    seen: Option<Mutex<Seen>>,
}

/// What a [`Tolerant`] judge passed over while it was watched.
#[derive(Debug, Default)]
pub struct Seen {
    /// What was silenced at the first look.
    pub hits: Vec<Hit>,
    /// The ignore comments of the document.
    pub comments: Vec<Comment>,
    looks: usize,
}

/// Something silenced.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Index of the block.
    pub block: usize,
    /// The block, or a part of it.
    pub part: Part,
    /// Bytes of the document's text; `None` in HTML.
    pub span: Option<Range<usize>>,
    /// First and last source line of the block.
    pub lines: (u32, u32),
    /// Source text, or in HTML what a reader gets.
    pub text: String,
    /// Probability of spam, 0 to 1.
    pub probability: f32,
    /// Why.
    pub reasons: Vec<Reason>,
    /// What silenced it.
    pub silenced: Silenced,
}

/// The ignore comments of one document at one look, by the block they speak of.
struct Heeded {
    comments: Vec<Comment>,
    targets: Vec<Option<usize>>,
}

impl Heeded {
    fn of(&mut self, block: usize) -> Option<Silenced> {
        let at = (0..self.comments.len())
            .find(|at| self.targets[*at] == Some(block) && self.comments[*at].reason.is_ok())?;
        self.comments[at].used = true;
        let reason = self.comments[at].reason.clone().unwrap_or_default();
        Some(Silenced { by: "comment", reason })
    }
}

impl<'a> Tolerant<'a> {
    /// A judge for any number of documents.
    pub fn new(judge: &'a dyn Judge, silence: &'a Silence) -> Self {
        Self { judge, silence, comments: false, seen: None }
    }

    /// A judge for one document that remembers what it passed over.
    pub fn watching(judge: &'a dyn Judge, silence: &'a Silence, comments: bool) -> Self {
        Self { judge, silence, comments, seen: Some(Mutex::default()) }
    }

    /// What was passed over; nothing when it was not watched.
    pub fn finish(self) -> Seen {
        self.seen.map(|seen| seen.into_inner().unwrap_or_else(PoisonError::into_inner)).unwrap_or_default()
    }

    fn heeded(&self, document: &Document<'_>, verdicts: &mut [Verdict]) -> Heeded {
        let comments = if self.comments { comment::find(document) } else { Vec::new() };
        for block in comments.iter().filter_map(|comment| comment::own(document, comment)) {
            verdicts[block].label = Label::Genuine;
            verdicts[block].cuts.clear();
        }
        let is_spam = |index: usize| verdicts[index].label == Label::Spam;
        let targets = comments.iter().map(|comment| comment::target(document, comment, is_spam)).collect();
        Heeded { comments, targets }
    }

    /// Lets pass what is silenced of one block.
    fn pardon(&self, document: &Document<'_>, index: usize, verdict: &mut Verdict, heeded: &mut Heeded) -> Vec<Hit> {
        let block = &document.blocks[index];
        if verdict.label == Label::Spam {
            let content = Content::block(document, block);
            let silenced = heeded.of(index).or_else(|| self.silence.of(&content, verdict.probability));
            let Some(silenced) = silenced else { return Vec::new() };
            verdict.label = Label::Genuine;
            return vec![Hit::block(index, block, content.text, verdict, silenced)];
        }
        // Furniture is no finding, but what a page loses as such can be genuine and named as well.
        if verdict.label == Label::Furniture && self.silence.by_text(Content::block(document, block).text).is_some() {
            verdict.label = Label::Genuine;
        }
        let mut hits = Vec::new();
        let (mut cuts, kept) = (std::mem::take(&mut verdict.cuts), &mut verdict.cuts);
        for cut in cuts.drain(..) {
            let content = Content::part(document, block, &cut.text, cut.span.as_ref());
            match heeded.of(index).or_else(|| self.silence.of(&content, cut.probability)) {
                Some(silenced) => hits.push(Hit::cut(index, block, content.text, &cut, silenced)),
                None => kept.push(cut),
            }
        }
        hits
    }

    fn remember(&self, hits: Vec<Hit>, comments: Vec<Comment>) {
        let Some(seen) = &self.seen else { return };
        let mut seen = seen.lock().unwrap_or_else(PoisonError::into_inner);
        if hits.first().is_some_and(|hit| hit.part == Part::Block(Kind::Field)) {
            // Front matter is judged once, after the rest.
            return seen.hits.extend(hits);
        }
        if seen.looks == 0 {
            // Later looks are at what is left, where places are others.
            (seen.hits, seen.comments) = (hits, comments);
        } else {
            seen.comments.iter_mut().zip(&comments).for_each(|(known, now)| known.used |= now.used);
        }
        seen.looks += 1;
    }
}

impl Hit {
    fn block(index: usize, block: &Block<'_>, text: &str, verdict: &Verdict, silenced: Silenced) -> Self {
        Self {
            block: index,
            part: Part::Block(block.kind),
            span: block.span.clone(),
            lines: block.lines,
            text: text.to_owned(),
            probability: verdict.probability,
            reasons: verdict.reasons.clone(),
            silenced,
        }
    }

    fn cut(index: usize, block: &Block<'_>, text: &str, cut: &Cut, silenced: Silenced) -> Self {
        Self {
            block: index,
            part: Part::Sentence,
            span: cut.span.clone(),
            lines: block.lines,
            text: text.to_owned(),
            probability: cut.probability,
            reasons: cut.reasons.clone(),
            silenced,
        }
    }
}

impl Tolerant<'_> {
    /// `verdicts` without what is silenced.
    fn tolerate(&self, document: &Document<'_>, mut verdicts: Vec<Verdict>) -> Vec<Verdict> {
        if self.silence.is_empty() && !self.comments {
            return verdicts;
        }
        let mut heeded = self.heeded(document, &mut verdicts);
        let mut hits = Vec::new();
        for (index, verdict) in verdicts.iter_mut().enumerate() {
            hits.extend(self.pardon(document, index, verdict, &mut heeded));
        }
        self.remember(hits, heeded.comments);
        verdicts
    }
}

impl Judge for Tolerant<'_> {
    fn judge(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
        self.tolerate(document, self.judge.judge(document, profile))
    }

    fn explain(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
        self.tolerate(document, self.judge.explain(document, profile))
    }

    /// The model, and what it lets pass: records made with other allowances are not the same.
    fn id(&self) -> String {
        match self.silence.id() {
            Some(id) => format!("{}+{id}", self.judge.id()),
            None => self.judge.id(),
        }
    }
}
