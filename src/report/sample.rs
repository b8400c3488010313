//! One outcome with something of everything, hostile texts included, that every format's test renders.

use super::{Excerpt, Extent, Failure, Finding, Notice, Outcome, Position, Silenced, Summary};
use crate::verdict::Reason;

pub(super) fn outcome() -> Outcome {
    Outcome {
        model: "3-abc".into(),
        documents: ["seeds/new.md", "pages/a, b.html", "seeds/old.md", "seeds/tool.md"].map(String::from).into(),
        findings: vec![run(), block()],
        silenced: vec![cut()],
        notices: vec![Notice {
            rule: super::finding::UNUSED_IGNORE,
            path: "seeds/old.md".into(),
            start: Position { line: 2, column: 1 },
            message: "silences nothing; take it out".into(),
        }],
        failures: vec![Failure { path: "seeds/tool.md".into(), error: "`seeds/tool.md` looks binary".into() }],
        summary: Summary { documents: 4, polluted: 2, findings: 2, silenced: 1, fixed: 0, failed: 1 },
    }
}

fn run() -> Finding {
    let texts = ["lucky\u{1b}[31m spins", "buy <links> & more", "win % now", "the \u{202e}last"];
    Finding {
        extent: Extent::Run,
        blocks: 4,
        anchors: true,
        start: Position { line: 14, column: 1 },
        end: Position { line: 20, column: 30 },
        byte_start: Some(120),
        byte_end: Some(400),
        texts: texts.map(String::from).into(),
        spam_probability: 0.998,
        reasons: vec![
            reason("words", 8.25, "2.00: \"lucky\""),
            reason("links", 1.0, "1.00"),
            reason("size", -0.5, "2"),
        ],
        excerpt: Excerpt {
            head: vec![
                (14, "[lucky\u{1b}[31m spins](https://a.example)".into()),
                (15, "[buy](https://b.example)".into()),
            ],
            omitted: 4,
            tail: Some((20, "[the \u{202e}last](https://d.example)".into())),
        },
        ..finding("seeds/new.md")
    }
}

fn block() -> Finding {
    Finding {
        start: Position { line: 3, column: 1 },
        end: Position { line: 3, column: 22 },
        texts: vec!["cheap pills".into()],
        spam_probability: 0.91,
        reasons: vec![reason("words", 2.5, "")],
        excerpt: Excerpt { head: vec![(3, "<p>cheap pills</p>".into())], ..Excerpt::default() },
        ..finding("pages/a, b.html")
    }
}

fn cut() -> Finding {
    Finding {
        extent: Extent::Cut,
        start: Position { line: 9, column: 7 },
        end: Position { line: 9, column: 24 },
        byte_start: Some(80),
        byte_end: Some(97),
        texts: vec!["Visit our casino.".into()],
        spam_probability: 0.87,
        silenced: Some(Silenced { by: "comment", reason: "quoted on purpose".into() }),
        excerpt: Excerpt { head: vec![(9, "Hello. Visit our casino.".into())], ..Excerpt::default() },
        ..finding("seeds/old.md")
    }
}

fn finding(path: &str) -> Finding {
    Finding {
        path: path.into(),
        rule: super::finding::LINK_SPAM,
        extent: Extent::Block,
        blocks: 1,
        anchors: false,
        start: Position::default(),
        end: Position::default(),
        byte_start: None,
        byte_end: None,
        texts: Vec::new(),
        spam_probability: 0.0,
        reasons: Vec::new(),
        fingerprint: "00112233aabbccdd".into(),
        contents: Vec::new(),
        silenced: None,
        excerpt: Excerpt::default(),
    }
}

fn reason(rule: &str, log_odds: f32, evidence: &str) -> Reason {
    Reason { rule: rule.to_owned().into(), log_odds, evidence: evidence.to_owned().into() }
}
