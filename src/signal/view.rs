//! The view a block is judged in. The kept text is never touched by it.
//!
//! Compatibility forms are folded (NFKC), case is folded, invisible characters go, digits become `0`, markup and
//! punctuation that carries no word becomes a space, addresses become one word. Letters disguised as others are seen
//! through token by token, only where a token mixes scripts as no language does.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::{disguise, letter, mask};

/// Longest token, in characters, that is scored as one; scripts without spaces are cut into pieces of this length.
/// 48 is above every word of the training text in spaced scripts, and bounds the work on megabyte-long "words".
const TOKEN: usize = 48;

/// `text` as it is judged.
pub fn fold(text: &str) -> String {
    mask::off(text).map_or_else(|| fold_bare(text), |bare| fold_bare(&bare))
}

/// As [`fold`], of a text that wears no mask ([`mask::off`]).
pub(super) fn fold_bare(text: &str) -> String {
    let plain: Cow<'_, str> =
        if is_plain(text) { Cow::Borrowed(text) } else { Cow::Owned(visible(text).nfkc().collect()) };
    let plain = if memchr::memchr(b'&', plain.as_bytes()).is_some() { Cow::Owned(unescape(&plain)) } else { plain };
    let seen = disguise::undo(&plain);
    if let Some(folded) = seen.is_ascii().then(|| fold_ascii(seen.as_bytes())).flatten() {
        return folded;
    }
    let mut out = String::with_capacity(seen.len());
    for token in seen.split_whitespace() {
        push_token(&mut out, token);
    }
    out
}

/// Whether `text` has no invisible characters and no compatibility forms.
fn is_plain(text: &str) -> bool {
    text.is_ascii()
        || text.chars().all(letter::is_plain)
        || is_nfkc_quick(text.chars()) == IsNormalized::Yes
            && !text.chars().any(|c| !c.is_ascii() && disguise::is_invisible(c))
}

/// ASCII in one pass over its bytes; `None` where an address may be in it.
fn fold_ascii(text: &[u8]) -> Option<String> {
    let mut out = Vec::with_capacity(text.len() + text.len() / TOKEN);
    let (mut length, mut open) = (0, false);
    for (at, &byte) in text.iter().enumerate() {
        if byte == b':' && text[at + 1..].starts_with(b"//") || byte == b'.' && text[..at].ends_with(b"www") {
            return None;
        }
        let folded = FOLDED[usize::from(byte)];
        if folded == 0 {
            open = false;
            continue;
        }
        if !open || length == TOKEN {
            if !out.is_empty() {
                out.push(b' ');
            }
            (open, length) = (true, 0);
        }
        out.push(folded);
        length += 1;
    }
    String::from_utf8(out).ok()
}

/// For each byte of ASCII what it is folded to; 0 separates words.
const FOLDED: [u8; 128] = {
    let mut table = [0; 128];
    let mut byte = b'!';
    while byte < 0x7f {
        table[byte as usize] = match byte {
            b'0'..=b'9' => b'0',
            b'*' | b'_' | b'#' | b'>' | b'<' | b'[' | b']' | b'(' | b')' | b'{' | b'}' | b'|' | b'`' | b'\\' | b'"'
            | b'~' | b'=' => 0,
            _ => byte.to_ascii_lowercase(),
        };
        byte += 1;
    }
    table
};

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
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> + '_ {
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
    let (mut length, mut open) = (0, false);
    let mut push = |folded: Option<char>| {
        let Some(c) = folded else {
            open = false;
            return;
        };
        if !open || length >= TOKEN {
            if !out.is_empty() {
                out.push(' ');
            }
            (open, length) = (true, 0);
        }
        out.push(c);
        length += 1;
    };
    for c in token.chars() {
        if c.is_ascii() {
            push(Some(char::from(FOLDED[c as usize])).filter(|&c| c != '\0'));
        } else if letter::is_folded(c) {
            push(Some(c));
        } else {
            c.to_lowercase().for_each(|c| push(fold_char(c)));
        }
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

/// Whether `c` is in the view as it is.
pub(super) fn leaves(c: char) -> bool {
    c.to_lowercase().map(fold_char).eq([Some(c)])
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
    use proptest::prelude::*;

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

    proptest! {
        #[test]
        fn bytes_are_folded_as_characters_are(text in "[ -~\\t\\n\\x0b\\x0c\\x1c\\x7f]{0,200}|(www\\.|http://|[a-c /.:(]){0,30}|[x ]{40,120}") {
            let mut slow = String::new();
            text.split_whitespace().for_each(|token| push_token(&mut slow, token));
            if let Some(fast) = fold_ascii(text.as_bytes()) {
                prop_assert_eq!(fast, slow);
            }
            for c in text.chars() {
                let fast = Some(char::from(FOLDED[c as usize])).filter(|&c| c != '\0');
                prop_assert_eq!(fast, if c.is_whitespace() { None } else { fold_char(c.to_ascii_lowercase()) });
            }
        }

        #[test]
        fn plain_text_needs_no_normalising(text in "[a-zé’“”ﬁéＡ\u{200b}\u{ad}٣ж가각ά ]{0,20}") {
            if is_plain(&text) {
                prop_assert_eq!(visible(&text).nfkc().collect::<String>(), text);
            }
        }
    }

    #[test]
    fn a_word_without_end_is_cut_into_pieces() {
        assert_eq!(fold(&"x".repeat(100)).split(' ').count(), 3);
    }
}
