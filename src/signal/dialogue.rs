//! Turns of a dialogue: speaker labels, timestamps, questions and answers.

use super::{FLAG, SHARE, Signal, letter};

/// The unit opens like a turn.
pub(crate) const OWN: Signal = Signal {
    id: "turn",
    html: false,
    about: "opens with a speaker or a time",
    measure: |s, i| f32::from(s.turns[i]),
    knots: FLAG,
};

/// Share of the document's units that do.
pub(crate) const DOCUMENT: Signal = Signal {
    id: "turns-document",
    html: false,
    about: "share of blocks that open with a speaker or a time",
    measure: |s, _| s.dialogue,
    knots: SHARE,
};

/// Share of units that open like a turn.
pub(crate) fn share(turns: &[bool]) -> f32 {
    turns.iter().filter(|&&turn| turn).count() as f32 / turns.len().max(1) as f32
}

/// `Name:`, `**Name:**`, `[00:12]`, `12:34 ·`, `Q:`, `- ` of a spoken line; the label at most four words and 40 bytes.
pub(crate) fn is_turn(text: &str) -> bool {
    let text = text.trim_start_matches(['*', '[', '(', '<', '-', '–', '—', '_', ' ', '>']);
    is_time(text) || is_label(text)
}

fn is_time(text: &str) -> bool {
    let head = text.as_bytes();
    let digits = head.iter().take(2).filter(|b| b.is_ascii_digit()).count();
    digits > 0
        && head.get(digits) == Some(&b':')
        && head.get(digits + 1).is_some_and(u8::is_ascii_digit)
        && head.get(digits + 2).is_some_and(u8::is_ascii_digit)
}

/// So much that a colon within 40 bytes is in it.
fn head(text: &str) -> &str {
    &text[..text.ceil_char_boundary(41)]
}

fn is_label(text: &str) -> bool {
    let Some(colon) = head(text).find([':', '：']) else { return false };
    let label = &text[..colon];
    let rest = text[colon..].trim_start_matches([':', '：', '*', '_']);
    colon <= 40
        && label.split_whitespace().count() <= 4
        && label
            .chars()
            .next()
            .is_some_and(|c| letter::is_uppercase(c) || !letter::is_lowercase(c) && letter::is_alphabetic(c))
        && !label.contains(['/', ',', '.', '|'])
        && rest.starts_with([' ', '\t', '\n']) | rest.is_empty()
        && !rest.trim_start().starts_with("http")
}

#[cfg(test)]
mod tests {
    use super::is_turn;

    #[test]
    fn turns_are_told_from_titles() {
        for text in ["Ann: Hello", "**Ann Lee:** Hello", "[00:12] so", "12:34 · yes", "Speaker 1: no"] {
            assert!(is_turn(text), "{text}");
        }
        for text in ["https://a.example", "we said: no way", "Ratio 3:1 is fine", "plain"] {
            assert!(!is_turn(text), "{text}");
        }
    }
}
