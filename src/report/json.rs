//! The whole outcome as one JSON object.

use serde::Serialize;

use super::finding::VERSION;
use super::{Failure, Finding, Notice, Outcome, Report, Summary, escape};

pub(super) struct Json;

#[derive(Serialize)]
struct Whole<'a> {
    v: u32,
    weedout: &'static str,
    model: &'a str,
    findings: &'a [Finding],
    silenced: &'a [Finding],
    notices: &'a [Notice],
    failures: &'a [Failure],
    summary: Summary,
}

impl Report for Json {
    fn render(&self, outcome: &Outcome) -> String {
        let whole = Whole {
            v: VERSION,
            weedout: env!("CARGO_PKG_VERSION"),
            model: &outcome.model,
            findings: &outcome.findings,
            silenced: &outcome.silenced,
            notices: &outcome.notices,
            failures: &outcome.failures,
            summary: outcome.summary,
        };
        escape::json_pretty(&whole) + "\n"
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn an_empty_outcome_is_a_whole_object() {
        assert_eq!(
            Json.render(&Outcome::default()),
            concat!(
                "{\n  \"v\": 1,\n  \"weedout\": \"",
                env!("CARGO_PKG_VERSION"),
                "\",\n  \"model\": \"\",\n  \"findings\": [],\n  \"silenced\": [],\n  \"notices\": [],\n  \
                 \"failures\": [],\n  \"summary\": {\n    \"documents\": 0,\n    \"polluted\": 0,\n    \
                 \"findings\": 0,\n    \"silenced\": 0,\n    \"fixed\": 0,\n    \"failed\": 0\n  }\n}\n"
            )
        );
    }

    #[test]
    fn it_holds_everything_and_nothing_acts() {
        let text = Json.render(&sample::outcome());
        assert!(!text.contains(|c| escape::acts(c) && c != '\n'));
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["findings"][0]["texts"][0], "lucky\u{1b}[31m spins");
        assert_eq!(value["findings"][0]["extent"], "run");
        assert_eq!(value["findings"][0]["start"]["line"], 14);
        assert_eq!(value["findings"][1]["byte_start"], serde_json::Value::Null);
        assert_eq!(value["silenced"][0]["silenced"]["reason"], "quoted on purpose");
        assert_eq!(value["failures"][0]["path"], "seeds/tool.md");
    }
}
