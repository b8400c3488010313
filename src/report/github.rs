//! Workflow commands that GitHub Actions shows as annotations.

use std::fmt::Write;

use super::escape::safe;
use super::{Finding, Outcome, Position, Report};

pub(super) struct Github;

impl Report for Github {
    fn render(&self, outcome: &Outcome) -> String {
        let mut text = String::new();
        for finding in &outcome.findings {
            let _ = writeln!(text, "{}", command("error", finding, &finding.message()));
        }
        for finding in &outcome.silenced {
            let by = finding.silenced.as_ref().map(|s| format!("{}: {}", s.by, s.reason)).unwrap_or_default();
            let message = format!("{} (silenced by {by})", finding.message());
            let _ = writeln!(text, "{}", command("notice", finding, &message));
        }
        for notice in &outcome.notices {
            let place = place(&notice.path, notice.start, None);
            let _ = writeln!(text, "::warning {place},title={}::{}", notice.rule, data(&notice.message));
        }
        for failure in &outcome.failures {
            let _ = writeln!(text, "::error file={},title=weedout::{}", property(&failure.path), data(&failure.error));
        }
        text
    }
}

fn command(level: &str, finding: &Finding, message: &str) -> String {
    let place = place(&finding.path, finding.start, Some(finding.end));
    format!("::{level} {place},title={}::{}", finding.rule, data(message))
}

/// Columns mean something to GitHub only where an annotation stays on one line.
fn place(path: &str, start: Position, end: Option<Position>) -> String {
    let (path, line) = (property(path), start.line);
    match end {
        Some(end) if end.line == line => {
            format!("file={path},line={line},endLine={line},col={},endColumn={}", start.column, end.column)
        }
        Some(end) => format!("file={path},line={line},endLine={}", end.line),
        None => format!("file={path},line={line}"),
    }
}

/// A message: percent signs and line ends are the protocol's own.
fn data(text: &str) -> String {
    safe(&text.replace('\r', " ")).replace('%', "%25").replace('\n', "%0A")
}

/// A property ends at a comma or colon.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn findings_are_annotations() {
        assert_eq!(
            Github.render(&sample::outcome()),
            "::error file=seeds/new.md,line=14,endLine=20,title=link-spam::Run of 4 anchors of link spam (spam 0.998): \"lucky\\u{1b}[31m spins\", \"buy <links> & more\", \"win %25 now\", …\n\
             ::error file=pages/a%2C b.html,line=3,endLine=3,col=1,endColumn=22,title=link-spam::Block of link spam (spam 0.910): \"cheap pills\"\n\
             ::notice file=seeds/old.md,line=9,endLine=9,col=7,endColumn=24,title=link-spam::Cut of link spam (spam 0.870): \"Visit our casino.\" (silenced by comment: quoted on purpose)\n\
             ::warning file=seeds/old.md,line=2,title=unused-ignore::silences nothing; take it out\n\
             ::error file=seeds/tool.md,title=weedout::`seeds/tool.md` looks binary\n"
        );
    }

    #[test]
    fn a_document_cannot_write_commands() {
        assert_eq!(data("x\n::set-output name=a::b\r"), "x%0A::set-output name=a::b ");
        assert_eq!(property("a,line=1:b%"), "a%2Cline=1%3Ab%25");
    }
}
