//! Links laid into genuine sentences, and links that belong there, for the weights of [`crate::signal::anchor`].

use std::collections::HashSet;

use rayon::prelude::*;

use super::brand;
use super::compose::Stock;
use super::data::Tag;
use super::page::{Page, escape};
use super::random::Random;
use super::states;
use crate::block::{self, Document, Format};
use crate::signal::Survey;
use crate::signal::anchor::{self, MEASURES};
use crate::signal::fold::Scorer;
use crate::verdict::weights::ANCHOR;

/// An anchor, measured, and whether it was laid in.
pub type Row = ([f32; MEASURES.len()], bool);

/// A document with links, and the targets of those that were laid in.
struct Laid {
    text: String,
    format: Format,
    targets: HashSet<String>,
}

/// In how many of a hundred longer pieces an anchor is laid, a document; and in how many some of the words become a link.
const LAID: [usize; 5] = [0, 0, 5, 20, 60];
const LINKED: usize = 30;

impl Laid {
    fn target(&mut self, random: &mut Random, spam: bool) -> String {
        let host = if spam && random.chance(40) {
            brand::host(random)
        } else {
            format!(
                "{}.{}",
                brand::invented(random),
                random.pick(&["com", "org", "net", "io", "de", "co", "tv", "info"])
            )
        };
        let target = format!("https://{host}/{}", random.below(1_000_000));
        if spam {
            self.targets.insert(target.clone());
        }
        target
    }
}

/// A clipping with links of both kinds, the same every time.
fn clipping(stock: &Stock<'_>, n: usize, seed: u64) -> Laid {
    let mut random = Random::new(seed ^ 0xA2C ^ (n as u64).wrapping_mul(0x9E37_79B9));
    let mut laid = Laid { text: String::new(), format: Format::Markdown, targets: HashSet::new() };
    if random.chance(70) {
        laid.text.push_str("---\nsource: \"https://paper.example/a\"\n---\n");
    }
    let anchors = stock.anchors(&mut random, 12);
    let often = *random.pick(&LAID);
    for (tag, text) in stock.window(&mut random, 6, 40) {
        let words: Vec<&str> = text.split_whitespace().collect();
        if tag != Tag::Genuine || words.len() < 8 || text.contains("](") {
            laid.text.push_str(&text);
        } else if random.chance(often) {
            let anchor = random.pick(&anchors).1.replace(['[', ']', '<', '>', '`'], " ");
            let at = random.between(1, words.len() - 1);
            let target = laid.target(&mut random, true);
            laid.text.push_str(&format!(
                "{} [{}]({target}) {}",
                words[..at].join(" "),
                anchor.trim(),
                words[at..].join(" ")
            ));
        } else if random.chance(LINKED) {
            let at = random.below(words.len() - 4);
            let to = at + random.between(1, 4);
            let target = laid.target(&mut random, false);
            let linked = words[at..to].join(" ").replace(['[', ']', '(', ')', '*', '_'], "");
            laid.text.push_str(&format!("{} [{linked}]({target}) {}", words[..at].join(" "), words[to..].join(" ")));
        } else {
            laid.text.push_str(&text);
        }
        laid.text.push_str("\n\n");
    }
    laid
}

/// A real page with anchors laid into some of its paragraphs.
fn page(stock: &Stock<'_>, page: &Page, n: usize, seed: u64) -> Laid {
    let mut random = Random::new(seed ^ 0xA9E ^ (n as u64).wrapping_mul(0x9E37_79B9));
    let anchors = stock.anchors(&mut random, 12);
    let mut laid = Laid { text: String::new(), format: Format::Html, targets: HashSet::new() };
    let (mut at, often) = (0, *random.pick(&LAID));
    for gap in gaps(&page.html) {
        if !random.chance(often) {
            continue;
        }
        laid.text.push_str(&page.html[at..gap]);
        let target = laid.target(&mut random, true);
        laid.text.push_str(&format!(" <a href=\"{target}\">{}</a>", escape(&random.pick(&anchors).1)));
        at = gap;
    }
    laid.text.push_str(&page.html[at..]);
    laid
}

/// Least bytes of a stretch of text that is laid into.
const STRETCH: usize = 80;

/// A space in the middle of each longer stretch of text in a paragraph.
fn gaps(html: &str) -> Vec<usize> {
    let mut found = Vec::new();
    for (at, _) in html.match_indices("<p").filter(|(at, _)| html[at + 2..].starts_with(['>', ' '])) {
        let Some(start) = html[at..].find('>').map(|end| at + end + 1) else { break };
        let end = html[start..].find('<').map_or(html.len(), |end| start + end);
        if end - start < STRETCH {
            continue;
        }
        let middle = (start..=usize::midpoint(start, end)).rev().find(|&at| html.is_char_boundary(at)).unwrap_or(start);
        found.extend(html[middle..end].find(' ').map(|space| middle + space));
    }
    found
}

/// The anchors of a document, measured.
fn rows(laid: &Laid, scorer: &Scorer, genuine: impl Fn(&Survey<'_>) -> Vec<Option<u8>>) -> Vec<Row> {
    let document = block::parse(&laid.text, laid.format, &block::Options::default());
    let survey = Survey::new(&document, scorer);
    let states = genuine(&survey);
    let is_laid =
        |anchor: &anchor::Anchor| target(&document, &survey, anchor).is_some_and(|t| laid.targets.contains(t));
    anchor::anchors(&survey, scorer, |i| states[i] == Some(0))
        .iter()
        .map(|anchor| (anchor.values, is_laid(anchor)))
        .collect()
}

fn target<'d>(document: &'d Document<'_>, survey: &Survey<'_>, anchor: &anchor::Anchor) -> Option<&'d str> {
    let links = &document.blocks[survey.units[anchor.unit].block].links;
    links.iter().find(|link| link.span == anchor.text).map(|link| link.href.as_ref())
}

fn all_genuine(survey: &Survey<'_>) -> Vec<Option<u8>> {
    vec![Some(0); survey.units.len()]
}

/// The anchors of clipping number `n` of a stock.
fn of_clipping(stock: &Stock<'_>, n: usize, seed: u64, scorer: &Scorer) -> Vec<Row> {
    rows(&clipping(stock, n, seed), scorer, all_genuine)
}

/// The anchors of a real page's main text, those laid in among them.
fn of_page(stock: &Stock<'_>, real: &Page, n: usize, seed: u64, scorer: &Scorer) -> Vec<Row> {
    let key = real.key();
    rows(&page(stock, real, n, seed), scorer, |survey| states(survey, &key))
}

/// Anchors of `clippings` documents composed of a stock, of `pages` and of its documents with links of their own, measured with a scorer that has not seen them.
pub fn measure(stock: &Stock<'_>, pages: &[&Page], clippings: usize, seed: u64, scorer: &Scorer) -> Vec<Row> {
    let composed = (0..clippings).into_par_iter().flat_map_iter(|n| of_clipping(stock, n, seed, scorer));
    let real = pages.par_iter().enumerate().flat_map_iter(|(n, real)| of_page(stock, real, n, seed, scorer));
    let linked = stock.linked();
    let found = linked.par_iter().flat_map_iter(|text| {
        [Format::Text, Format::Markdown].map(|format| {
            let laid = Laid { text: text.clone(), format, targets: HashSet::new() };
            rows(&laid, scorer, all_genuine)
        })
    });
    composed.chain(real).chain(found.flatten_iter()).collect()
}

/// Newton steps; after ten nothing moves any more.
const STEPS: usize = 30;
/// Pull of every weight towards zero.
const RIDGE: f64 = 1.0;

type Vector = [f64; ANCHOR];

/// Logistic regression: a weight a measure, and last what they start from. Nothing, when there is only one kind of anchor.
pub fn fit(rows: &[Row]) -> Vec<f32> {
    let laid = rows.iter().filter(|(_, laid)| *laid).count();
    if laid == 0 || laid == rows.len() {
        return Vec::new();
    }
    let mut weights: Vector = [0.0; ANCHOR];
    for _ in 0..STEPS {
        let mut slope: Vector = weights.map(|weight| -RIDGE * weight);
        let mut curve = [[0.0; ANCHOR]; ANCHOR];
        (0..ANCHOR).for_each(|at| curve[at][at] = RIDGE);
        for (values, laid) in rows {
            let row: Vector = std::array::from_fn(|at| values.get(at).map_or(1.0, |value| f64::from(*value)));
            let said: f64 = row.iter().zip(&weights).map(|(value, weight)| value * weight).sum();
            let p = 1.0 / (1.0 + (-said).exp());
            for at in 0..ANCHOR {
                slope[at] += row[at] * (f64::from(u8::from(*laid)) - p);
                (0..ANCHOR).for_each(|other| curve[at][other] += row[at] * row[other] * p * (1.0 - p));
            }
        }
        let step = solved(curve, slope);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
    }
    weights.map(|weight| weight as f32).to_vec()
}

/// The solution of `matrix` x = `right`, by elimination; the matrix is positive definite, so no pivot is 0.
fn solved(mut matrix: [Vector; ANCHOR], mut right: Vector) -> Vector {
    for at in 0..ANCHOR {
        for below in at + 1..ANCHOR {
            let share = matrix[below][at] / matrix[at][at];
            (at..ANCHOR).for_each(|column| matrix[below][column] -= share * matrix[at][column]);
            right[below] -= share * right[at];
        }
    }
    for at in (0..ANCHOR).rev() {
        let known: f64 = (at + 1..ANCHOR).map(|column| matrix[at][column] * right[column]).sum();
        right[at] = (right[at] - known) / matrix[at][at];
    }
    right
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::model::probability;

    fn row(words: f32, laid: bool) -> Row {
        let mut values = [0.0; MEASURES.len()];
        values[0] = words;
        (values, laid)
    }

    #[test]
    fn weights_tell_what_was_laid_in() {
        let rows: Vec<Row> = (0..40).map(|n| row(n as f32 / 10.0 - 2.0, n % 20 > 8)).collect();
        let weights = fit(&rows);
        assert_eq!(weights.len(), ANCHOR);
        assert!(weights[0] > 0.0 && weights[1].abs() < 1e-6, "{weights:?}");
        // At the best weights what is said of all together is what is so.
        let said: f32 = rows.iter().map(|(v, _)| probability(v[0] * weights[0] + weights[MEASURES.len()])).sum();
        let laid = rows.iter().filter(|(_, laid)| *laid).count() as f32;
        assert!((said - laid).abs() < 1.0, "{said} {laid}");
    }

    #[test]
    fn one_kind_of_anchor_teaches_nothing() {
        assert!(fit(&[row(1.0, true), row(2.0, true)]).is_empty());
    }

    #[test]
    fn anchors_are_laid_into_the_middle_of_paragraphs() {
        let words = "one two three ".repeat(12);
        let html = format!("<p>short</p><pre>{words}</pre><p class=\"a\">{words}<b>x</b></p>");
        let gaps = gaps(&html);
        assert_eq!(gaps.len(), 1);
        assert_eq!(&html[gaps[0]..=gaps[0]], " ");
        assert!(html[..gaps[0]].contains("class"));
    }
}
