//! `docs/rules.md` is made from the table of signals. `DOCS=overwrite cargo test --test docs` writes it anew.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write;

use weedout::signal::SIGNALS;

fn page() -> String {
    let mut page = String::from(
        "# Rules\n\n<!-- Made from `src/signal/`; `DOCS=overwrite cargo test --test docs` writes it anew. -->\n\n\
         What each rule measures of a block, or of a sentence of a long one. A measure is turned into log-odds of spam by a\n\
         scale that the model has learnt, one scale for each length of text; between the points given, it is interpolated.\n\
         `sequence`, which is no rule of its own, is what the blocks before and after add. `weedout explain RULE` prints one row.\n\n\
         | rule | measures | points of its scale |\n|---|---|---|\n",
    );
    for signal in SIGNALS {
        let knots = signal.knots.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let _ = writeln!(page, "| `{}` | {} | {knots} |", signal.id, signal.about.replace('|', "\\|"));
    }
    page
}

#[test]
fn the_page_of_rules_is_that_of_the_program() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    if std::env::var_os("DOCS").is_some_and(|value| value == "overwrite") {
        std::fs::write(path, page()).unwrap();
    }
    assert!(std::fs::read_to_string(path).unwrap() == page(), "docs/rules.md is stale; DOCS=overwrite writes it anew");
}

#[test]
fn every_rule_has_a_name_of_its_own() {
    let mut names: Vec<&str> = SIGNALS.iter().map(|signal| signal.id).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
