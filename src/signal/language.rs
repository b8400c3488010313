//! A unit in another script or language than its document.

use std::collections::BTreeMap;

use whatlang::{Lang, Script};

use super::unit::Unit;
use super::{FLAG, Signal, tongue};

/// Shortest text, in bytes, whose language is asked for. At 100 characters `whatlang` is right for 98 %.
const LONG: usize = 100;
/// Most calls a document: enough to know its language and to look at its long blocks; beyond it, every n-th is asked.
const CALLS: usize = 24;

/// Another script than the document's.
pub(crate) const SCRIPT: Signal = Signal {
    id: "script",
    html: false,
    about: "written in another script than the document",
    measure: |s, i| f32::from(s.scripts.0[i].is_some_and(|own| s.scripts.1.is_some_and(|all| own != all))),
    knots: FLAG,
};

/// Another language than the document's, both known reliably.
pub(crate) const LANGUAGE: Signal = Signal {
    id: "language",
    html: false,
    about: "in another language than the document",
    measure: |s, i| f32::from(s.languages.0[i].is_some_and(|own| s.languages.1.is_some_and(|all| own != all))),
    knots: FLAG,
};

/// Script of each unit and of the document, by words.
pub(crate) fn scripts(units: &[Unit<'_>]) -> (Vec<Option<Script>>, Option<Script>) {
    let each: Vec<Option<Script>> = units.iter().map(|unit| script(&unit.text)).collect();
    let most = majority(each.iter().zip(units).filter_map(|(s, unit)| Some((s.as_ref()?.name(), unit.words))));
    let main = each.iter().flatten().find(|script| Some(script.name()) == most).copied();
    (each, main)
}

fn script(text: &str) -> Option<Script> {
    if text.is_ascii() { tongue::script(text) } else { tongue::script(head(text, 200)) }
}

/// The first `n` characters.
fn head(text: &str, n: usize) -> &str {
    if text.len() <= n {
        return text;
    }
    text.char_indices().nth(n).map_or(text, |(at, _)| &text[..at])
}

/// Language of long units, where certain, and of the document.
pub(crate) fn languages(units: &[Unit<'_>]) -> (Vec<Option<Lang>>, Option<Lang>) {
    let long = units.iter().filter(|unit| unit.text.len() >= LONG).count();
    let every = long.div_ceil(CALLS).max(1);
    let mut seen = 0;
    let each: Vec<Option<Lang>> = units
        .iter()
        .map(|unit| {
            let ask = unit.text.len() >= LONG && {
                seen += 1;
                seen % every == 0
            };
            ask.then(|| detect(&unit.text)).flatten()
        })
        .collect();
    let most = majority(each.iter().zip(units).filter_map(|(lang, unit)| Some(((*lang)?.code(), unit.words))));
    (each, most.and_then(Lang::from_code))
}

fn detect(text: &str) -> Option<Lang> {
    tongue::detect(head(text, 400)).filter(|guess| guess.reliable).map(|guess| guess.lang)
}

fn majority<'k>(votes: impl Iterator<Item = (&'k str, usize)>) -> Option<&'k str> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (key, weight) in votes {
        *counts.entry(key).or_default() += weight;
    }
    counts.into_iter().max_by_key(|&(_, n)| n).map(|(key, _)| key)
}
