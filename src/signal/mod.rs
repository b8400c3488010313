//! Measurements: pure functions of a block and its neighbours, one a file. Nothing here knows a weight or a threshold.
//!
//! A document is surveyed once ([`survey::Survey`]); then every signal of [`SIGNALS`] measures every unit of it. A unit is a
//! block, or a sentence of a long one.

pub mod anchor;
pub mod disguise;
pub mod familiar;
pub mod fold;
pub mod forest;
pub mod layout;
pub(crate) mod letter;
pub mod survey;
pub mod tongue;
pub mod unit;
pub mod view;

mod apart;
mod body;
mod caps;
mod case;
mod contact;
mod dialogue;
mod digits;
mod ending;
mod hidden;
mod hosts;
mod kin;
mod kind;
mod landmark;
mod language;
mod lexical;
mod links;
mod list;
mod mask;
mod masked;
mod mend;
mod name;
mod place;
mod quoted;
mod repetition;
mod run;
mod size;
mod stuffing;
mod tally;
mod token;
mod trade;

pub use survey::Survey;

use crate::block::Format;

/// One measurement.
#[derive(Clone, Copy)]
pub struct Signal {
    /// Its name in records, reports and `weedout rules`.
    pub id: &'static str,
    /// What it measures, in words; the unit of its value.
    pub about: &'static str,
    /// The value for unit `i` of the survey.
    pub measure: fn(&Survey<'_>, usize) -> f32,
    /// Only pages have it: 0 in every unit of any other format, which is not measured there.
    pub html: bool,
    /// Points of the scale between which the verdict interpolates, ascending.
    pub knots: &'static [f32],
}

/// Yes or no.
pub(crate) const FLAG: &[f32] = &[0.0, 1.0];
/// A share, 0 to 1.
pub(crate) const SHARE: &[f32] = &[0.0, 0.05, 0.2, 0.5, 0.8, 1.0];
/// Log-odds of a fastText model.
pub(crate) const ODDS: &[f32] = &[-10.0, -5.0, -2.5, -1.0, 0.0, 1.0, 2.5, 5.0, 8.0, 12.0, 20.0, 32.0];
/// A small count.
pub(crate) const COUNT: &[f32] = &[0.0, 1.0, 2.0, 4.0, 10.0, 40.0];

/// Every signal, in the order the model's weights are kept in.
pub const SIGNALS: &[Signal] = &joined();

const fn joined() -> [Signal; OWN.len() + name::SIGNALS.len()] {
    let mut all = [size::SIGNAL; OWN.len() + name::SIGNALS.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = if at < OWN.len() { OWN[at] } else { name::SIGNALS[at - OWN.len()] };
        at += 1;
    }
    all
}

/// The values of all signals for unit `i`, in the order of [`SIGNALS`]; 0 for those that only pages have, outside pages.
pub fn measure(survey: &Survey<'_>, i: usize, values: &mut [f32]) {
    let html = survey.document.format == Format::Html;
    for (value, signal) in values.iter_mut().zip(OWN) {
        *value = if html || !signal.html { (signal.measure)(survey, i) } else { 0.0 };
    }
    name::measure(survey, i, &mut values[OWN.len()..]);
}

const OWN: &[Signal] = &[
    size::SIGNAL,
    kind::SIGNAL,
    lexical::OWN,
    lexical::LOUDEST,
    lexical::EVIDENCE,
    lexical::KNOWN,
    lexical::BLOCK,
    lexical::NEAR,
    lexical::WIDE,
    lexical::DOCUMENT,
    lexical::SHARE_NEAR,
    lexical::SHARE_DOCUMENT,
    lexical::PEAK,
    kin::SIGNAL,
    quoted::SIGNAL,
    trade::NEAR,
    trade::DOCUMENT,
    familiar::SIGNAL,
    familiar::COMMON,
    lexical::FURNITURE,
    lexical::FURNITURE_NEAR,
    language::SCRIPT,
    language::LANGUAGE,
    links::DENSITY,
    links::NEAR,
    links::FOREIGN,
    links::COUNT,
    hosts::SHAPE,
    hosts::DISTINCT,
    caps::SIGNAL,
    case::SIGNAL,
    digits::SIGNAL,
    ending::OWN,
    ending::NEAR,
    list::SIGNAL,
    contact::SIGNAL,
    dialogue::OWN,
    dialogue::DOCUMENT,
    repetition::OWN,
    repetition::NEAR,
    run::SHORT,
    run::CONTRAST,
    stuffing::SIGNAL,
    masked::SIGNAL,
    hidden::SIGNAL,
    hidden::SHARE,
    place::NAVIGATION,
    place::EDGE,
    place::MAIN,
    place::FORM,
    place::NAMED,
    landmark::POSITION,
    landmark::CONTAINER_DENSITY,
    landmark::CONTAINER_WORDS,
    body::CONTAINER,
    body::PROSE_SHARE,
    body::BLOCKS,
    body::OUTER_DENSITY,
    body::OUTER_PROSE,
    body::INSIDE,
    body::BEFORE,
    body::PAGE,
    body::HEADING,
    body::TITLE,
    body::DESCRIBED,
    body::LEVEL,
    body::NEXT,
    body::PREVIOUS,
    body::NEXT_DENSITY,
    forest::PAGE,
    forest::SENTENCE,
];
