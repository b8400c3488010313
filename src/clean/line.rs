//! Lines of `removed.jsonl`: what serde writes of [`Removed`](super::record::Removed), byte for byte, without a copy of anything.
//! A page has hundreds of them with forty reasons each.

use std::path::Path;

use serde::Serialize;

use super::Removal;
use super::record::{self, VERSION};
use crate::verdict::Reason;

/// The records of what was removed from the document at `path`.
pub(super) fn removed(path: &Path, removals: &[Removal], model: &str) -> String {
    let path = record::name(path);
    let mut out = Vec::new();
    for removal in removals {
        write(&mut out, &path, removal, model);
    }
    String::from_utf8(out).unwrap_or_default()
}

fn write(out: &mut Vec<u8>, path: &str, removal: &Removal, model: &str) {
    out.extend_from_slice(b"{\"v\":");
    value(out, &VERSION);
    out.extend_from_slice(b",\"path\":");
    text(out, path);
    field(out, b",\"block\":", &removal.block);
    field(out, b",\"kind\":", &removal.part);
    field(out, b",\"byte_start\":", &removal.span.as_ref().map(|span| span.start));
    field(out, b",\"byte_end\":", &removal.span.as_ref().map(|span| span.end));
    field(out, b",\"line_start\":", &removal.lines.0);
    field(out, b",\"line_end\":", &removal.lines.1);
    out.extend_from_slice(b",\"text\":");
    text(out, &removal.text);
    if let Some(raw) = &removal.raw {
        out.extend_from_slice(b",\"raw\":");
        text(out, &record::hex(raw));
    }
    field(out, b",\"label\":", &removal.label);
    field(out, b",\"spam_probability\":", &removal.probability);
    out.extend_from_slice(b",\"reasons\":[");
    for (at, own) in removal.reasons.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        reason(out, own);
    }
    out.extend_from_slice(b"],\"model\":");
    text(out, model);
    out.extend_from_slice(b"}\n");
}

fn reason(out: &mut Vec<u8>, reason: &Reason) {
    out.extend_from_slice(b"{\"rule\":");
    text(out, &reason.rule);
    field(out, b",\"log_odds\":", &reason.log_odds);
    out.extend_from_slice(b",\"evidence\":");
    text(out, &reason.evidence);
    out.push(b'}');
}

fn field(out: &mut Vec<u8>, name: &[u8], content: &impl Serialize) {
    out.extend_from_slice(name);
    value(out, content);
}

fn value(out: &mut Vec<u8>, content: &impl Serialize) {
    // Writing to memory does not fail, and nothing here can be no JSON.
    let written = serde_json::to_writer(out, content);
    debug_assert!(written.is_ok());
}

/// A string; as it is when nothing in it must be escaped.
fn text(out: &mut Vec<u8>, content: &str) {
    // Without a way out in the middle many are looked at in one step.
    let odd = |byte: u8| (byte < b' ') | (byte == b'"') | (byte == b'\\');
    if content.bytes().fold(false, |any, byte| any | odd(byte)) {
        return value(out, &content);
    }
    out.push(b'"');
    out.extend_from_slice(content.as_bytes());
    out.push(b'"');
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::block::Kind;
    use crate::clean::Part;
    use crate::clean::record::Removed;
    use crate::verdict::Label;

    fn removal() -> Removal {
        let reason = |rule: &'static str, log_odds, evidence: &'static str| Reason {
            rule: rule.into(),
            log_odds,
            evidence: evidence.into(),
        };
        Removal {
            block: 7,
            part: Part::Block(Kind::Paragraph),
            span: Some(3..12),
            lines: (2, 3),
            text: "a \"text\"\\\n\u{1}\u{7f} é".into(),
            raw: None,
            label: Label::Spam,
            probability: 0.998,
            reasons: vec![reason("words", 1e-7, "2.00: \"casino\", \"ü\""), reason("run", -0.5, "1.00")],
        }
    }

    #[test]
    fn lines_are_what_serde_writes() {
        let spanless = Removal { span: None, part: Part::Sentence, reasons: Vec::new(), ..removal() };
        let raw = Removal { raw: Some(vec![0, 255]), label: Label::Furniture, ..removal() };
        let all = [removal(), spanless, raw];
        let path = Path::new("a/\"b\".txt");
        let expected: String =
            all.iter().map(|removal| record::line(&Removed::new(path, removal.clone(), "1-abc"))).collect();
        assert_eq!(removed(path, &all, "1-abc"), expected);
    }
}
