//! What a page as a whole says about its blocks, after each was judged.

use std::collections::HashMap;

use foldhash::fast::RandomState;

use super::chain::States;
use super::model::{log_odds, probability};
use super::{Label, Verdict};
use crate::block::html::NAMES;
use crate::block::{Block, Document, Format, Kind};
use crate::signal::{Survey, unit};

/// A page is rescued when its furniture has more than this many times the words of its genuine text.
const RESCUE: usize = 4;

/// A page is about something: where nearly all of it was taken for furniture, only what stands where furniture stands is.
///
/// The sequence model holds on to a state; a transcript of short timed lines, say, can carry a whole page into the wrong one.
pub(super) fn rescue(document: &Document<'_>, verdicts: &mut [Verdict]) {
    let words = |label: Label| -> usize {
        let of_label = document.blocks.iter().zip(&*verdicts).filter(|(_, verdict)| verdict.label == label);
        of_label.map(|(block, _)| unit::words(&block.text)).sum()
    };
    if !verdicts.iter().any(|verdict| verdict.label == Label::Furniture)
        || words(Label::Genuine) * RESCUE >= words(Label::Furniture)
    {
        return;
    }
    for (block, verdict) in document.blocks.iter().zip(verdicts) {
        let place = &block.place;
        let landmark =
            place.nav || place.header || place.footer || place.aside || place.form || place.outside || place.furniture;
        if verdict.label == Label::Furniture && !landmark && block.hidden.is_none() {
            verdict.label = Label::Genuine;
        }
    }
}

/// Fewest blocks of one kind that are looked at together.
const KIN: u32 = 6;
/// How far they are drawn. F1 of the main text of pages not seen was 0.841 with 0, 0.843 with 0.5 and 0.845 with this (2026-11-22).
const DRAWN: f32 = 0.8;
/// Log-odds beyond which a block says no more about its kin.
const MOST: f32 = 5.0;

/// Mean probability of furniture of each block, by words. Where a page has many blocks in the same tags and classes, as cards in
/// a list, each is drawn towards what all of them are.
pub(super) fn furniture(survey: &Survey<'_>, states: &[States]) -> Vec<f32> {
    let blocks = survey.document.blocks.len();
    let (mut sums, mut words) = (vec![0.0_f32; blocks], vec![0.0_f32; blocks]);
    for (i, unit) in survey.units.iter().enumerate() {
        let weight = unit.words.max(1) as f32;
        sums[unit.block] += states[i][2] * weight;
        words[unit.block] += weight;
    }
    let mut means: Vec<f32> = sums.iter().zip(&words).map(|(sum, words)| sum / words.max(1.0)).collect();
    if survey.document.format == Format::Html {
        draw(&survey.document.blocks, &mut means);
    }
    means
}

fn draw(blocks: &[Block<'_>], means: &mut [f32]) {
    let mut kin: HashMap<u64, (f32, u32), RandomState> = HashMap::default();
    let odds = |p: f32| log_odds(p).clamp(-MOST, MOST);
    for (block, mean) in blocks.iter().zip(&*means) {
        let (sum, count) = kin.entry(block.place.path).or_default();
        (*sum, *count) = (*sum + odds(*mean), *count + 1);
    }
    for (block, mean) in blocks.iter().zip(means) {
        let (sum, count) = kin[&block.place.path];
        if count >= KIN {
            *mean = probability(odds(*mean) * (1.0 - DRAWN) + sum / count as f32 * DRAWN);
        }
    }
}

/// Words from which on a block without links, in the main part of a page, is taken for furniture only when that is nearly certain.
const BODY: f32 = 30.0;
/// That certainty.
pub(super) const BODY_BAR: f32 = 0.98;

/// A longer visible block without links, in what the page calls its main part and in nothing it calls something else.
pub(super) fn is_body(block: &Block<'_>, words: f32) -> bool {
    let place = &block.place;
    let elsewhere = place.nav || place.footer || place.aside || place.form || place.comments || place.outside;
    words >= BODY && block.links.is_empty() && block.hidden.is_none() && place.names & MAIN != 0 && !elsewhere
}

/// The bit of elements named as the main part.
const MAIN: u64 = bit("main");

const fn bit(name: &str) -> u64 {
    let mut at = 0;
    while at < NAMES.len() {
        if same(NAMES[at].as_bytes(), name.as_bytes()) {
            return 1 << at;
        }
        at += 1;
    }
    0
}

const fn same(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Words of a block that a page says once. F1 was 0.834 without this (2026-11-22).
const SAID: usize = 4;

/// Of what a page says twice in different elements, as pages made for two sizes of screen do, the first that is kept stays.
/// Lines that come again within an element, as in a song, are left alone.
pub(super) fn once(document: &Document<'_>, verdicts: &mut [Verdict]) {
    if document.format != Format::Html {
        return;
    }
    let mut said: HashMap<&str, u32, RandomState> = HashMap::default();
    for (block, verdict) in document.blocks.iter().zip(verdicts) {
        let text = block.text.trim();
        let kept = verdict.label == Label::Genuine && verdict.cuts.is_empty();
        if !kept || matches!(block.kind, Kind::Code | Kind::Row) || unit::words(text) < SAID {
            continue;
        }
        let container = block.place.container;
        if *said.entry(text).or_insert(container) != container {
            verdict.label = Label::Furniture;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block;
    use crate::verdict::Model;

    fn labels(html: &str, decide: impl Fn(&Document<'_>, &mut [Verdict])) -> Vec<Label> {
        let document = block::parse(html, Format::Html, &block::Options::default());
        let kept = || Verdict { label: Label::Genuine, probability: 0.0, reasons: Vec::new(), cuts: Vec::new() };
        let mut verdicts: Vec<Verdict> = document.blocks.iter().map(|_| kept()).collect();
        decide(&document, &mut verdicts);
        verdicts.into_iter().map(|verdict| verdict.label).collect()
    }

    #[test]
    fn what_is_said_in_two_places_stays_once() {
        let line = "<p>We walked to the mill in the rain.</p>";
        let html = format!("<div>{line}<p>It rained.</p></div><div class=\"mobile\">{line}<p>It rained.</p></div>");
        // Two words are too few to be sure.
        assert_eq!(labels(&html, once), [Label::Genuine, Label::Genuine, Label::Furniture, Label::Genuine]);
    }

    #[test]
    fn a_refrain_stays_however_often_it_comes() {
        let html =
            "<div><p>Row your boat down the stream.</p><p>Merrily.</p><p>Row your boat down the stream.</p></div>";
        assert_eq!(labels(html, once), [Label::Genuine; 3]);
    }

    #[test]
    fn kin_are_drawn_to_what_most_of_them_are() {
        let card = |n: usize| format!("<div class=\"card card-{n}\"><p>Lot {n}</p></div>");
        let html: String = (0..7).map(card).chain(["<div class=\"note\"><p>Lot 9</p></div>".into()]).collect();
        let document = block::parse(&html, Format::Html, &block::Options::default());
        let mut means = [0.1, 0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.9];
        draw(&document.blocks, &mut means);
        assert!(means[3] < 0.5, "{means:?}");
        assert!((means[7] - 0.9).abs() < 1e-6, "{means:?}");
    }

    #[test]
    fn furniture_has_one_probability_a_block() {
        let model = Model::embedded().unwrap_or_else(|error| panic!("{error}"));
        let document = block::parse(
            "<p>One is. Two was, said the miller to all of the people who had come to see him.</p><p>b</p>",
            Format::Html,
            &block::Options::default(),
        );
        let survey = model.survey(&document);
        let furniture = furniture(&survey, &model.marginals(&survey));
        assert_eq!(furniture.len(), 2);
        assert!(furniture.iter().all(|p| (0.0..=1.0).contains(p)));
    }

    #[test]
    fn the_main_part_has_a_bit() {
        let html = "<main><p>".to_owned() + &"word ".repeat(40) + "</p></main>";
        let document = block::parse(&html, Format::Html, &block::Options::default());
        assert!(is_body(&document.blocks[0], 40.0) && !is_body(&document.blocks[0], 20.0));
    }
}
