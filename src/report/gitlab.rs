//! The code quality report of GitLab: a JSON array of issues.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Failure, Finding, Notice, Outcome, Report, escape};
use crate::clean::record::sha256;

pub(super) struct Gitlab;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
    end: u32,
}

impl Report for Gitlab {
    fn render(&self, outcome: &Outcome) -> String {
        let found = outcome.findings.iter().map(finding);
        let all = found.chain(outcome.notices.iter().map(notice)).chain(outcome.failures.iter().map(failure));
        let mut seen = BTreeMap::new();
        let issues: Vec<Issue> = all.map(|issue| distinct(issue, &mut seen)).collect();
        escape::json_pretty(&issues) + "\n"
    }
}

/// GitLab merges issues of one fingerprint, and compares fingerprints between runs: they are made of path, rule and
/// content, never of the line, and numbered where that is not enough.
fn distinct(mut issue: Issue, seen: &mut BTreeMap<String, usize>) -> Issue {
    let key = format!("{}\0{}\0{}", issue.location.path, issue.check_name, issue.fingerprint);
    let count = seen.entry(key.clone()).or_insert(0);
    sha256(format!("{key}\0{count}").as_bytes())[..32].clone_into(&mut issue.fingerprint);
    *count += 1;
    issue
}

fn finding(finding: &Finding) -> Issue {
    Issue {
        description: finding.message(),
        check_name: finding.rule,
        fingerprint: finding.fingerprint.clone(),
        severity: "major",
        location: location(&finding.path, finding.start.line, finding.end.line),
    }
}

fn notice(notice: &Notice) -> Issue {
    Issue {
        description: notice.message.clone(),
        check_name: notice.rule,
        fingerprint: notice.message.clone(),
        severity: "info",
        location: location(&notice.path, notice.start.line, notice.start.line),
    }
}

fn failure(failure: &Failure) -> Issue {
    Issue {
        description: failure.error.clone(),
        check_name: "failure",
        fingerprint: failure.error.clone(),
        severity: "critical",
        location: location(&failure.path, 1, 1),
    }
}

fn location(path: &str, begin: u32, end: u32) -> Location {
    Location { path: path.trim_start_matches("./").to_owned(), lines: Lines { begin, end } }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn an_issue_has_the_fields_of_the_specification() {
        let mut outcome = sample::outcome();
        outcome.findings.remove(0);
        outcome.notices.clear();
        outcome.failures.clear();
        let fingerprint = &sha256(b"pages/a, b.html\0link-spam\x0000112233aabbccdd\x000")[..32];
        assert_eq!(
            Gitlab.render(&outcome),
            format!(
                r#"[
  {{
    "description": "Block of link spam (spam 0.910): \"cheap pills\"",
    "check_name": "link-spam",
    "fingerprint": "{fingerprint}",
    "severity": "major",
    "location": {{
      "path": "pages/a, b.html",
      "lines": {{
        "begin": 3,
        "end": 3
      }}
    }}
  }}
]
"#
            )
        );
    }

    #[test]
    fn equal_issues_stay_two() {
        let mut outcome = sample::outcome();
        outcome.findings.push(outcome.findings[1].clone());
        let issues: serde_json::Value = serde_json::from_str(&Gitlab.render(&outcome)).unwrap();
        assert_ne!(issues[1]["fingerprint"], issues[2]["fingerprint"]);
    }
}
