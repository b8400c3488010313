//! One JSON object a line: findings, silenced findings, notices, failures, and a summary at the end.

use serde::Serialize;

use super::finding::VERSION;
use super::{Outcome, Report, escape};

pub(super) struct JsonLines;

#[derive(Serialize)]
struct Line<'a, T> {
    v: u32,
    r#type: &'static str,
    #[serde(flatten)]
    record: &'a T,
}

impl Report for JsonLines {
    fn render(&self, outcome: &Outcome) -> String {
        let mut text = String::new();
        outcome.findings.iter().for_each(|finding| text.push_str(&line("finding", finding)));
        outcome.silenced.iter().for_each(|finding| text.push_str(&line("silenced", finding)));
        outcome.notices.iter().for_each(|notice| text.push_str(&line("notice", notice)));
        outcome.failures.iter().for_each(|failure| text.push_str(&line("failure", failure)));
        text + &line("summary", &outcome.summary)
    }
}

fn line(kind: &'static str, record: &impl Serialize) -> String {
    escape::json(&Line { v: VERSION, r#type: kind, record }) + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn every_record_is_a_line_with_a_type() {
        let text = JsonLines.render(&sample::outcome());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            lines[1],
            r#"{"v":1,"type":"finding","path":"pages/a, b.html","rule":"link-spam","extent":"block","blocks":1,"anchors":false,"start":{"line":3,"column":1},"end":{"line":3,"column":22},"byte_start":null,"byte_end":null,"texts":["cheap pills"],"spam_probability":0.91,"reasons":[{"rule":"words","log_odds":2.5,"evidence":""}],"fingerprint":"00112233aabbccdd"}"#
        );
        assert_eq!(
            lines[3..],
            [
                r#"{"v":1,"type":"notice","rule":"unused-ignore","path":"seeds/old.md","start":{"line":2,"column":1},"message":"silences nothing; take it out"}"#,
                r#"{"v":1,"type":"failure","path":"seeds/tool.md","error":"`seeds/tool.md` looks binary"}"#,
                r#"{"v":1,"type":"summary","documents":4,"polluted":2,"findings":2,"silenced":1,"fixed":0,"failed":1}"#,
            ]
        );
        assert!(lines[0].contains(r"lucky\u001b[31m spins") && lines[0].contains(r"the \u202elast"));
    }
}
