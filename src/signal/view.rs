//! The view a block is judged in. The kept text is never touched by it.
//!
//! Compatibility forms are folded (NFKC), case is folded, invisible characters go, digits become `0`, markup and
//! punctuation that carries no word becomes a space, addresses become one word. Letters disguised as others are seen
//! through token by token, only where a token mixes scripts as no language does.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use super::{disguise, mask};

/// Longest token, in characters, that is scored as one; scripts without spaces are cut into pieces of this length.
/// 48 is above every word of the training text in spaced scripts, and bounds the work on megabyte-long "words".
const TOKEN: usize = 48;

/// `text` as it is judged.
pub fn fold(text: &str) -> String {
    let text = &*mask::off(text);
    let plain: Cow<'_, str> =
        if text.is_ascii() { Cow::Borrowed(text) } else { Cow::Owned(visible(text).nfkc().collect()) };
    let plain = if plain.contains('&') { Cow::Owned(unescape(&plain)) } else { plain };
    let seen = disguise::undo(&plain);
    let mut out = String::with_capacity(seen.len());
    for token in seen.split_whitespace() {
        push_token(&mut out, token);
    }
    out
}

/// Character references left in text by careless conversion.
fn unescape(text: &str) -> String {
    const REFERENCES: &[(&str, &str)] = &[
        ("&nbsp;", " "),
        ("&amp;", "&"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&rsquo;", "'"),
        ("&lt;", " "),
        ("&gt;", " "),
        ("&rarr;", " "),
    ];
    REFERENCES.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// The text without characters that draw nothing. Joiners stay between letters of scripts that need them.
fn visible(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    std::iter::from_fn(move || {
        loop {
            let c = rest.next()?;
            if is_joiner(c) && needs_joiner(before) || !disguise::is_invisible(c) {
                before = c;
                return Some(c);
            }
        }
    })
}

fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}')
}

/// Arabic, Syriac, Indic, Thai, Tibetan, Khmer, Mongolian letters and emoji.
fn needs_joiner(c: char) -> bool {
    matches!(c, '\u{600}'..='\u{8ff}' | '\u{900}'..='\u{e7f}' | '\u{f00}'..='\u{fff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{18af}' | '\u{1f000}'..='\u{1faff}')
}

fn push_token(out: &mut String, token: &str) {
    if let Some(host) = address_host(token) {
        push_word(out, "httpurl");
        host.split(['.', '-']).filter(|part| !part.is_empty() && *part != "www").for_each(|part| push_token(out, part));
        return;
    }
    let mut length = 0;
    let mut open = false;
    for c in token.chars().flat_map(char::to_lowercase) {
        let Some(c) = fold_char(c) else {
            open = false;
            continue;
        };
        if !open || length >= TOKEN {
            if !out.is_empty() {
                out.push(' ');
            }
            (open, length) = (true, 0);
        }
        out.push(c);
        length += 1;
    }
}

fn push_word(out: &mut String, word: &str) {
    if !out.is_empty() {
        out.push(' ');
    }
    out.push_str(word);
}

/// The host of a token that is an address: all of it that is judged, as paths say little and are never twice the same.
fn address_host(token: &str) -> Option<&str> {
    let token = token.trim_start_matches(['(', '<', '[', '"']);
    let rest = token.strip_prefix("http://").or_else(|| token.strip_prefix("https://"));
    let rest = rest.or_else(|| token.starts_with("www.").then_some(token))?;
    rest.split(['/', '?', '#', ':', ')', ']', '>']).next()
}

/// Digits are all alike; what is markup, or could read as fastText's own `</s>` and `__label__`, separates words.
fn fold_char(c: char) -> Option<char> {
    match c {
        '0'..='9' => Some('0'),
        '*' | '_' | '#' | '>' | '<' | '[' | ']' | '(' | ')' | '{' | '}' | '|' | '`' | '\\' | '"' | '“' | '”' | '«'
        | '»' | '~' | '=' | '\u{307}' => None,
        c if c.is_control() => None,
        c if c.is_numeric() && c.to_digit(10).is_none() && disguise::is_decimal(c) => Some('0'),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_width_case_digits_and_markup() {
        assert_eq!(fold("**Ｃasino** Bet365 x (https://www.a-b.example/c)"), "casino bet000 x httpurl a b example");
        assert_eq!(fold("</s> __label__genuine"), "/s label genuine");
    }

    #[test]
    fn genuine_scripts_keep_their_letters() {
        for text in ["สล็อต", "می‌خواهم", "привет мир", "καλημέρα", "tiếng việt", "हिन्दी में"]
        {
            let composed: String = text.nfkc().collect();
            assert_eq!(fold(text), composed);
        }
    }

    #[test]
    fn sees_through_disguises() {
        for text in ["c\u{200b}asi\u{ad}no", "саsinо", "ｃａｓｉｎｏ", "c a s i n o", "𝐜𝐚𝐬𝐢𝐧𝐨"]
        {
            assert_eq!(fold(text), "casino", "{text:?}");
        }
    }

    #[test]
    fn a_word_without_end_is_cut_into_pieces() {
        assert_eq!(fold(&"x".repeat(100)).split(' ').count(), 3);
    }
}
