//! Links within running text: what tells an anchor that was laid into a sentence from one that belongs to it.

use std::collections::HashSet;
use std::ops::Range;

use foldhash::fast::RandomState;

use super::fold::Scorer;
use super::survey::{links_of, same_site};
use super::{Survey, digits, tongue, unit, view};
use crate::block::{Block, Link};

/// What is measured of an anchor, in the order of [`Anchor::values`]: names of rules, and what they mean.
pub const MEASURES: [(&str, &str); 13] = [
    ("anchor-words", "log-odds of the words of a link within a longer text (fastText)"),
    ("anchor-loudest", "log-odds of its three loudest words"),
    ("anchor-known", "share of its words that the model has seen"),
    ("anchor-rest", "log-odds of the words around it"),
    ("anchor-host", "log-odds of the linked host's name"),
    ("anchor-foreign", "whether the document says where it is from, so that the host is known to be another one"),
    ("anchor-unfamiliar", "share of its words that stand nowhere else in the document outside of links"),
    ("anchor-strange", "share of its runs of three letters that stand nowhere else in the document outside of links"),
    ("anchor-document", "log-odds of the rest of the document"),
    ("anchor-size", "natural logarithm of one more than its words"),
    ("anchor-script", "written in another script than the words around it"),
    ("anchor-brand", "share of its words that join letters and digits like a formed brand"),
    ("anchor-company", "natural logarithm of one more than the other links in texts whose words speak for spam"),
];

/// An anchor within a longer unit, with a target on another site.
#[derive(Debug, Clone)]
pub struct Anchor {
    /// Its unit.
    pub unit: usize,
    /// Bytes of its text within the text of the block.
    pub text: Range<usize>,
    /// One a measure.
    pub values: [f32; MEASURES.len()],
}

/// Words beside its links that a unit must have for them to be looked at one by one: a title with its author is no sentence.
const REST: usize = 6;

/// Words of its own that a block must have before a link and after it: lists name a title in a link and then its author, or the
/// other way round.
const SIDE: usize = 2;

/// Log-odds of an anchor's words below which it is not looked at any closer.
const LEAST: f32 = -1.0;

/// The anchors of a document that might be spam in genuine surroundings, among those of the units that `stay`.
pub fn anchors(survey: &Survey<'_>, scorer: &Scorer, stay: impl Fn(usize) -> bool) -> Vec<Anchor> {
    let mut found = Vec::new();
    let mut own = None;
    for i in (0..survey.units.len()).filter(|&i| survey.links[i].count > 0 && stay(i)) {
        let rest = rest(survey, i);
        if unit::words(&rest) < REST {
            continue;
        }
        let mut around = None;
        for link in links(survey, i) {
            let text = &survey.block(i).text[link.span.clone()];
            let view = view::fold(text);
            let score = scorer.score(&view);
            let Some(host) = foreign(survey, link)
                .filter(|_| score.spam >= LEAST && is_text(text) && is_inside(survey.block(i), link))
            else {
                continue;
            };
            let around = *around.get_or_insert_with(|| scorer.score(&view::fold(&rest)).spam);
            let host = scorer.score(&view::fold(&host.replace(['.', '-'], " "))).spam;
            let own = own.get_or_insert_with(|| Own::new(survey));
            let values = [
                score.spam.clamp(-8.0, 8.0),
                score.loudest.clamp(-8.0, 8.0),
                score.known,
                around.clamp(-8.0, 8.0),
                host.clamp(-8.0, 8.0),
                f32::from(u8::from(survey.host.is_some())),
                unknown(view.split_ascii_whitespace(), |word| own.words.contains(*word)),
                unknown(runs(&view), |run| own.runs.contains(run)),
                survey.around_weighted(&survey.sums.odds, i, survey.units.len()),
                (unit::words(text) as f32).ln_1p(),
                f32::from(u8::from(tongue::script(text) != tongue::script(&rest))),
                digits::formed(text) as f32 / unit::words(text).max(1) as f32,
                0.0,
            ];
            found.push(Anchor { unit: i, text: link.span.clone(), values });
        }
    }
    keep_company(&mut found);
    found
}

/// Log-odds of an anchor's words from which on they speak for spam.
const LOUD: f32 = 1.0;

/// Tells each anchor how many others are loud.
fn keep_company(anchors: &mut [Anchor]) {
    let is_loud = |anchor: &Anchor| anchor.values[0] >= LOUD;
    let loud = anchors.iter().filter(|anchor| is_loud(anchor)).count();
    for anchor in anchors {
        anchor.values[MEASURES.len() - 1] = ((loud - usize::from(is_loud(anchor))) as f32).ln_1p();
    }
}

fn links<'s>(survey: &'s Survey<'_>, i: usize) -> impl Iterator<Item = &'s Link<'s>> {
    let links = &survey.block(i).links;
    links_of(links, &survey.units[i], links.is_sorted_by_key(|link| link.span.start))
}

/// The host of a link to another site.
fn foreign(survey: &Survey<'_>, link: &Link<'_>) -> Option<String> {
    link.host().filter(|target| !survey.host.as_deref().is_some_and(|own| same_site(own, target)))
}

/// Not an address that stands for itself, and not the picture of a link.
fn is_text(text: &str) -> bool {
    text.contains(char::is_alphabetic) && !text.contains("://") && !text.starts_with("www.")
}

/// In the middle of its block's own words.
fn is_inside(block: &Block<'_>, link: &Link<'_>) -> bool {
    let enough = |range: Range<usize>| own_words(&outside(&block.text, &block.links, range)) >= SIDE;
    enough(0..link.span.start) && enough(link.span.end..block.text.len())
}

/// Words of `text` but for addresses and marks.
fn own_words(text: &str) -> usize {
    let is_word = |token: &&str| token.contains(char::is_alphabetic) && !token.contains("://");
    text.split_whitespace().filter(is_word).map(unit::words).sum()
}

/// A unit's text without that of its links.
fn rest(survey: &Survey<'_>, i: usize) -> String {
    outside(&survey.block(i).text, links(survey, i), survey.units[i].range.clone())
}

/// What of `range`, bytes of `text`, is in none of `links`, which ascend.
fn outside<'l>(text: &str, links: impl IntoIterator<Item = &'l Link<'l>>, range: Range<usize>) -> String {
    let (mut rest, mut at) = (String::with_capacity(range.len()), range.start);
    for link in links {
        rest.push_str(text.get(at..link.span.start.min(range.end)).unwrap_or_default());
        at = at.max(link.span.end);
    }
    rest.push_str(text.get(at..range.end).unwrap_or_default());
    rest
}

/// What of a document stands outside of links, in the view that is judged.
struct Own {
    words: HashSet<String, RandomState>,
    runs: HashSet<Run, RandomState>,
}

/// Three characters in a row, within a word and the spaces around it. In a link in another language than the document's, or of a
/// name that no one speaks, many are seen for the first time: of links laid into pages of half the sources, weights learnt on
/// the other half told 90 % at the price of five that belonged there, without this measure 77 % (2026-11-22).
type Run = [char; 3];

impl Own {
    fn new(survey: &Survey<'_>) -> Self {
        let mut words: HashSet<String, RandomState> = HashSet::default();
        for i in 0..survey.units.len() {
            words.extend(view::fold(&rest(survey, i)).split_ascii_whitespace().map(str::to_owned));
        }
        let runs = words.iter().flat_map(|word| runs(word)).collect();
        Self { words, runs }
    }
}

fn runs(view: &str) -> impl Iterator<Item = Run> {
    view.split_ascii_whitespace().flat_map(|word| {
        let spaced: Vec<char> = [' '].into_iter().chain(word.chars()).chain([' ']).collect();
        spaced.windows(3).map(|run| [run[0], run[1], run[2]]).collect::<Vec<_>>()
    })
}

/// Share of `parts` that are not known.
fn unknown<P>(parts: impl Iterator<Item = P>, is_known: impl Fn(&P) -> bool) -> f32 {
    let (mut all, mut new) = (0_u16, 0_u16);
    for part in parts {
        all = all.saturating_add(1);
        new = new.saturating_add(u16::from(!is_known(&part)));
    }
    f32::from(new) / f32::from(all.max(1))
}
