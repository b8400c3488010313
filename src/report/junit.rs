//! `JUnit` XML: a suite of tests a document, failed where there is spam.

use std::fmt::Write;

use super::escape::markup;
use super::{Failure, Finding, Outcome, Report};

pub(super) struct Junit;

impl Report for Junit {
    fn render(&self, outcome: &Outcome) -> String {
        let mut text = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let (failures, errors) = (outcome.findings.len(), outcome.failures.len());
        let suites: Vec<Suite<'_>> = outcome.documents.iter().map(|path| Suite::new(path, outcome)).collect();
        let tests: usize = suites.iter().map(Suite::tests).sum();
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "<testsuites name=\"weedout\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\">"
        );
        let _ = suites.iter().try_for_each(|suite| suite.write(&mut text));
        text + "</testsuites>\n"
    }
}

/// What was found in one document.
struct Suite<'a> {
    path: &'a str,
    findings: Vec<&'a Finding>,
    silenced: Vec<&'a Finding>,
    failure: Option<&'a Failure>,
}

impl<'a> Suite<'a> {
    fn new(path: &'a str, outcome: &'a Outcome) -> Self {
        // Both lists are in the order of the documents, so that a document's findings stand together.
        let own = |all: &'a [Finding]| {
            let start = all.iter().position(|finding| finding.path == path).unwrap_or(all.len());
            all[start..].iter().take_while(|finding| finding.path == path).collect()
        };
        let failure = outcome.failures.iter().find(|failure| failure.path == path);
        Self { path, findings: own(&outcome.findings), silenced: own(&outcome.silenced), failure }
    }

    /// A document without spam is a test that passed.
    fn tests(&self) -> usize {
        (self.findings.len() + self.silenced.len() + usize::from(self.failure.is_some())).max(1)
    }

    fn write(&self, text: &mut String) -> std::fmt::Result {
        let path = markup(self.path);
        let (tests, failures, skipped) = (self.tests(), self.findings.len(), self.silenced.len());
        let errors = usize::from(self.failure.is_some());
        writeln!(
            text,
            "  <testsuite name=\"{path}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\">"
        )?;
        for finding in &self.findings {
            let (message, help) = (markup(&finding.message()), markup(&finding.help()));
            let body = format!("<failure message=\"{message}\" type=\"{}\">{help}</failure>", finding.rule);
            case(text, &path, &name(finding), &body)?;
        }
        for finding in &self.silenced {
            let by = finding.silenced.as_ref().map(|s| format!("{}: {}", s.by, s.reason)).unwrap_or_default();
            case(text, &path, &name(finding), &format!("<skipped message=\"silenced by {}\"/>", markup(&by)))?;
        }
        if let Some(failure) = self.failure {
            case(text, &path, "readable", &format!("<error message=\"{}\"/>", markup(&failure.error)))?;
        } else if self.findings.is_empty() && self.silenced.is_empty() {
            writeln!(text, "    <testcase name=\"link-spam\" classname=\"{path}\"/>")?;
        }
        writeln!(text, "  </testsuite>")
    }
}

fn name(finding: &Finding) -> String {
    format!("{} at {}:{}", finding.rule, finding.start.line, finding.start.column)
}

fn case(text: &mut String, path: &str, name: &str, body: &str) -> std::fmt::Result {
    writeln!(text, "    <testcase name=\"{name}\" classname=\"{path}\">\n      {body}\n    </testcase>")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_document_is_a_suite() {
        let mut outcome = sample::outcome();
        outcome.findings.remove(0);
        let help = "`weedout clean &#39;pages/a, b.html&#39; --out DIR` writes the text without it; `weedout explain &#39;pages/a, b.html:3&#39;` shows why";
        assert_eq!(
            Junit.render(&outcome),
            format!(
                r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="weedout" tests="4" failures="1" errors="1">
  <testsuite name="seeds/new.md" tests="1" failures="0" errors="0" skipped="0">
    <testcase name="link-spam" classname="seeds/new.md"/>
  </testsuite>
  <testsuite name="pages/a, b.html" tests="1" failures="1" errors="0" skipped="0">
    <testcase name="link-spam at 3:1" classname="pages/a, b.html">
      <failure message="Block of link spam (spam 0.910): &quot;cheap pills&quot;" type="link-spam">{help}</failure>
    </testcase>
  </testsuite>
  <testsuite name="seeds/old.md" tests="1" failures="0" errors="0" skipped="1">
    <testcase name="link-spam at 9:7" classname="seeds/old.md">
      <skipped message="silenced by comment: quoted on purpose"/>
    </testcase>
  </testsuite>
  <testsuite name="seeds/tool.md" tests="1" failures="0" errors="1" skipped="0">
    <testcase name="readable" classname="seeds/tool.md">
      <error message="`seeds/tool.md` looks binary"/>
    </testcase>
  </testsuite>
</testsuites>
"#
            )
        );
    }

    #[test]
    fn hostile_texts_stay_well_formed() {
        let text = Junit.render(&sample::outcome());
        let document = roxmltree::Document::parse(&text).unwrap();
        let failure = document.descendants().find(|node| node.has_tag_name("failure")).unwrap();
        assert!(failure.attribute("message").unwrap().contains("buy <links> & more"));
    }
}
