//! Hosts by their shape: no list that goes stale.

use std::collections::BTreeSet;

use super::{COUNT, ODDS, Signal};

/// What fastText makes of the letters of the linked hosts.
pub(crate) const SHAPE: Signal = Signal {
    id: "host-words",
    html: false,
    about: "log-odds of the linked hosts' names",
    measure: |s, i| s.links[i].host_odds,
    knots: ODDS,
};

/// Distinct foreign hosts among the linked units in a row around this one.
pub(crate) const DISTINCT: Signal = Signal {
    id: "hosts-run",
    html: false,
    about: "distinct foreign hosts within four blocks",
    measure: |s, i| {
        if s.links[i].count == 0 {
            return 0.0;
        }
        let window = &s.links[i.saturating_sub(4)..(i + 5).min(s.links.len())];
        window.iter().flat_map(|links| &links.foreign).collect::<BTreeSet<_>>().len() as f32
    },
    knots: COUNT,
};
