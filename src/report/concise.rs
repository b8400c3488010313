//! `path:line:column: rule [size] "texts" (spam 0.998)`, one finding a line: for editors, `grep` and quick eyes.

use std::fmt::Write;

use super::{Finding, Outcome, Report, escape::safe};

pub(super) struct Concise;

impl Report for Concise {
    fn render(&self, outcome: &Outcome) -> String {
        let mut text = String::new();
        for finding in &outcome.findings {
            let _ = writeln!(text, "{}", line(finding));
        }
        for finding in &outcome.silenced {
            let why = finding.silenced.as_ref().map(|s| format!("{}: {}", s.by, safe(&s.reason))).unwrap_or_default();
            let _ = writeln!(text, "{} (silenced by {why})", line(finding));
        }
        for notice in &outcome.notices {
            let (path, at) = (safe(&notice.path), notice.start);
            let _ = writeln!(text, "{path}:{}:{}: {} {}", at.line, at.column, notice.rule, safe(&notice.message));
        }
        text
    }
}

fn line(finding: &Finding) -> String {
    let (path, at) = (safe(&finding.path), finding.start);
    let (rule, size, quote) = (finding.rule, finding.size(), finding.quote());
    format!("{path}:{}:{}: {rule} [{size}] {quote} (spam {:.3})", at.line, at.column, finding.spam_probability)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_finding_is_a_line() {
        assert_eq!(
            Concise.render(&sample::outcome()),
            "seeds/new.md:14:1: link-spam [run of 4 anchors] \"lucky\\u{1b}[31m spins\", \"buy <links> & more\", \"win % now\", … (spam 0.998)\n\
             pages/a, b.html:3:1: link-spam [block] \"cheap pills\" (spam 0.910)\n\
             seeds/old.md:9:7: link-spam [cut] \"Visit our casino.\" (spam 0.870) (silenced by comment: quoted on purpose)\n\
             seeds/old.md:2:1: unused-ignore silences nothing; take it out\n"
        );
    }
}
