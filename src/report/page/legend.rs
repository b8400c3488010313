//! What the rules behind the reasons measure.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::audit::Audit;
use crate::report::escape::markup;
use crate::signal::SIGNALS;

/// The rules that occur, by name.
pub(super) fn write(page: &mut String, audit: &Audit) -> std::fmt::Result {
    let runs = audit.entries.iter().flat_map(|entry| &entry.runs);
    let rules: BTreeSet<&str> = runs.flat_map(|run| &run.reasons).map(|(rule, _, _)| rule.as_str()).collect();
    writeln!(page, "<section id=\"rules\"><h2>Rules</h2>")?;
    writeln!(
        page,
        "<p>The numbers before the rules are log-odds of spam (natural logarithm): above zero speaks for spam, below against. \
         Of a run, they are the mean over its blocks.</p>\n<dl class=\"rules\">"
    )?;
    for rule in rules {
        writeln!(page, "<dt>{}</dt><dd>{}</dd>", markup(rule), markup(about(rule)))?;
    }
    writeln!(page, "</dl></section>")
}

fn about(rule: &str) -> &str {
    SIGNALS
        .iter()
        .find(|signal| signal.id == rule)
        .map_or("what the blocks before and after it are", |signal| signal.about)
}
