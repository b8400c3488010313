//! SARIF 2.1.0, which code hosts and editors read.

use serde_json::{Value, json};

use super::finding::{LINK_SPAM, RULES};
use super::{Failure, Finding, Notice, Outcome, Report, escape};

pub(super) struct Sarif;

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Report for Sarif {
    fn render(&self, outcome: &Outcome) -> String {
        let found = outcome.findings.iter().chain(&outcome.silenced).map(result);
        let results: Vec<Value> = found.chain(outcome.notices.iter().map(remark)).collect();
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": "weedout",
                    "version": env!("CARGO_PKG_VERSION"),
                    "rules": RULES.map(rule),
                    "properties": { "model": outcome.model },
                }},
                "columnKind": "unicodeCodePoints",
                "invocations": [{
                    "executionSuccessful": outcome.failures.is_empty(),
                    "toolExecutionNotifications": outcome.failures.iter().map(notification).collect::<Vec<_>>(),
                }],
                "results": results,
            }],
        });
        escape::json_pretty(&log) + "\n"
    }
}

fn rule((id, about): (&str, &str)) -> Value {
    let level = if id == LINK_SPAM { "error" } else { "warning" };
    json!({
        "id": id,
        "shortDescription": { "text": about },
        "defaultConfiguration": { "level": level },
    })
}

fn result(finding: &Finding) -> Value {
    let mut region = json!({
        "startLine": finding.start.line,
        "startColumn": finding.start.column,
        "endLine": finding.end.line,
        "endColumn": finding.end.column,
    });
    if let (Some(start), Some(end)) = (finding.byte_start, finding.byte_end) {
        region["byteOffset"] = start.into();
        region["byteLength"] = (end - start).into();
    }
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": index(finding.rule),
        "level": "error",
        "message": { "text": finding.message() },
        "locations": [location(&finding.path, &region)],
        "partialFingerprints": { "weedoutContent/v1": finding.fingerprint },
        "rank": percent(finding.spam_probability),
        "properties": { "extent": finding.extent, "blocks": finding.blocks, "reasons": finding.reasons },
    });
    if let Some(silenced) = &finding.silenced {
        let kind = if silenced.by == "comment" { "inSource" } else { "external" };
        result["suppressions"] =
            json!([{ "kind": kind, "justification": format!("{}: {}", silenced.by, silenced.reason) }]);
    }
    result
}

/// A rank is a number from 0 to 100; more digits than a probability has would be noise.
fn percent(probability: f32) -> f64 {
    (f64::from(probability) * 1000.0).round() / 10.0
}

fn remark(notice: &Notice) -> Value {
    json!({
        "ruleId": notice.rule,
        "ruleIndex": index(notice.rule),
        "level": "warning",
        "message": { "text": notice.message },
        "locations": [location(
            &notice.path,
            &json!({ "startLine": notice.start.line, "startColumn": notice.start.column }),
        )],
    })
}

fn notification(failure: &Failure) -> Value {
    json!({
        "level": "error",
        "message": { "text": failure.error },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&failure.path) } } }],
    })
}

fn location(path: &str, region: &Value) -> Value {
    json!({ "physicalLocation": { "artifactLocation": { "uri": uri(path) }, "region": region } })
}

fn index(rule: &str) -> usize {
    RULES.iter().position(|(id, _)| *id == rule).unwrap_or(0)
}

/// A path as a reference of RFC 3986. Bytes that records write as `%XX` are references already.
fn uri(path: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/%!$&'()*+,;=@".contains(&byte);
    let path = path.trim_start_matches("./");
    let encoded: String = path
        .bytes()
        .map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    if path.starts_with('/') { format!("file://{encoded}") } else { encoded }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_finding_is_a_result() {
        let mut outcome = sample::outcome();
        (outcome.findings, outcome.notices, outcome.failures) = (Vec::new(), Vec::new(), Vec::new());
        let expected = r#"{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "runs": [
    {
      "columnKind": "unicodeCodePoints",
      "invocations": [
        {
          "executionSuccessful": true,
          "toolExecutionNotifications": []
        }
      ],
      "results": [
        {
          "level": "error",
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "seeds/old.md"
                },
                "region": {
                  "byteLength": 17,
                  "byteOffset": 80,
                  "endColumn": 24,
                  "endLine": 9,
                  "startColumn": 7,
                  "startLine": 9
                }
              }
            }
          ],
          "message": {
            "text": "Cut of link spam (spam 0.870): \"Visit our casino.\""
          },
          "partialFingerprints": {
            "weedoutContent/v1": "00112233aabbccdd"
          },
          "properties": {
            "blocks": 1,
            "extent": "cut",
            "reasons": []
          },
          "rank": 87.0,
          "ruleId": "link-spam",
          "ruleIndex": 0,
          "suppressions": [
            {
              "justification": "comment: quoted on purpose",
              "kind": "inSource"
            }
          ]
        }
      ],
"#;
        let text = Sarif.render(&outcome);
        assert_eq!(&text[..expected.len().min(text.len())], expected);
    }

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("a b/ç#?.md"), "a%20b/%C3%A7%23%3F.md");
        assert_eq!(uri("/tmp/a.md"), "file:///tmp/a.md");
        assert_eq!(uri("./x:y.md"), "x%3Ay.md");
    }
}
