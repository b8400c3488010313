//! What fastText makes of the words: of the unit, its block, its neighbourhood and the document.

use super::{ODDS, SHARE, Signal};

/// Log-odds of the unit's own words.
pub(crate) const OWN: Signal = Signal {
    id: "words",
    html: false,
    about: "log-odds of the words (fastText)",
    measure: |s, i| s.scores[i].spam,
    knots: ODDS,
};

/// Mean log-odds of the three loudest words: what a sales pitch hides among plain words.
pub(crate) const LOUDEST: Signal = Signal {
    id: "words-loudest",
    html: false,
    about: "log-odds of the three loudest words",
    measure: |s, i| s.scores[i].loudest,
    knots: ODDS,
};

/// Log-odds times the root of the words: many small hints are more than one.
pub(crate) const EVIDENCE: Signal = Signal {
    id: "words-evidence",
    html: false,
    about: "log-odds of the words times the root of their number",
    measure: |s, i| s.scores[i].spam * (s.units[i].words.clamp(1, 60) as f32).sqrt(),
    knots: &[-60.0, -30.0, -15.0, -7.0, -3.0, 0.0, 3.0, 7.0, 12.0, 20.0, 35.0, 60.0],
};

/// Share of the words that training text knows.
pub(crate) const KNOWN: Signal = Signal {
    id: "words-known",
    html: false,
    about: "share of the words that the model has seen",
    measure: |s, i| s.scores[i].known,
    knots: SHARE,
};

/// Log-odds of the whole block a sentence stands in.
pub(crate) const BLOCK: Signal = Signal {
    id: "words-block",
    html: false,
    about: "log-odds of the rest of the paragraph around a sentence",
    measure: |s, i| if s.units[i].part { s.blocks[i].spam } else { 0.0 },
    knots: ODDS,
};

/// Log-odds within three units.
pub(crate) const NEAR: Signal = Signal {
    id: "words-near",
    html: false,
    about: "log-odds of the three blocks before and after",
    measure: |s, i| s.around_weighted(&s.sums.odds, i, 3),
    knots: ODDS,
};

/// Log-odds within twelve units.
pub(crate) const WIDE: Signal = Signal {
    id: "words-wide",
    html: false,
    about: "log-odds of the twelve blocks before and after",
    measure: |s, i| s.around_weighted(&s.sums.odds, i, 12),
    knots: ODDS,
};

/// Log-odds of the rest of the document.
pub(crate) const DOCUMENT: Signal = Signal {
    id: "words-document",
    html: false,
    about: "log-odds of the rest of the document",
    measure: |s, i| s.around_weighted(&s.sums.odds, i, s.units.len()),
    knots: ODDS,
};

/// Share of units within two that lean to spam.
pub(crate) const SHARE_NEAR: Signal = Signal {
    id: "share-near",
    html: false,
    about: "share of the two blocks before and after that lean to spam",
    measure: |s, i| s.around(&s.sums.above, i, 2),
    knots: SHARE,
};

/// Share of the other units that lean to spam.
pub(crate) const SHARE_DOCUMENT: Signal = Signal {
    id: "share-document",
    html: false,
    about: "share of the other blocks that lean to spam",
    measure: |s, i| s.around(&s.sums.above, i, s.units.len()),
    knots: SHARE,
};

/// The higher of the two direct neighbours.
pub(crate) const PEAK: Signal = Signal {
    id: "words-beside",
    html: false,
    about: "log-odds of the direct neighbour that leans more to spam",
    measure: |s, i| {
        let beside = [i.checked_sub(1), Some(i + 1)];
        beside.into_iter().flatten().filter_map(|j| s.scores.get(j)).map(|score| score.spam).fold(-8.0, f32::max)
    },
    knots: ODDS,
};

/// Log-odds of furniture against genuine.
pub(crate) const FURNITURE: Signal = Signal {
    id: "furniture-words",
    html: false,
    about: "log-odds of the words being page furniture",
    measure: |s, i| s.scores[i].furniture,
    knots: ODDS,
};

/// Mean log-odds of furniture within four units.
pub(crate) const FURNITURE_NEAR: Signal = Signal {
    id: "furniture-near",
    html: false,
    about: "log-odds of furniture of the four blocks before and after",
    measure: |s, i| s.around(&s.sums.furniture, i, 4),
    knots: ODDS,
};
