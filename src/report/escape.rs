//! Text from documents and file names is hostile: what could act on a terminal, a reader's eye or a parser is written out.

use std::fmt::Write;

/// True for characters that act instead of showing: controls, line separators, direction marks and overrides, tags.
pub fn acts(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `text` for a terminal: characters that act become `\u{…}`, line feeds stay.
pub fn safe(text: &str) -> String {
    replaced(text, |c| acts(c) && c != '\n', |out, c| write!(out, "{}", c.escape_unicode()))
}

/// `text` on one line, white space collapsed, at most `most` characters, for a terminal.
pub fn line(text: &str, most: usize) -> String {
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let end = joined.char_indices().nth(most).map_or(joined.len(), |(at, _)| at);
    let more = if end < joined.len() { "…" } else { "" };
    format!("{}{more}", safe(&joined[..end]))
}

/// JSON that shows as it is: characters that act can only stand inside its strings, and become `\u` escapes there.
pub fn json(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string(value).unwrap_or_default();
    plain_json(&text)
}

/// Like [`json`], indented.
pub fn json_pretty(value: &impl serde::Serialize) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    plain_json(&text)
}

fn plain_json(text: &str) -> String {
    replaced(
        text,
        |c| acts(c) && c != '\n',
        |out, c| {
            let mut units = [0; 2];
            c.encode_utf16(&mut units).iter().try_for_each(|unit| write!(out, "\\u{unit:04x}"))
        },
    )
}

/// `text` inside XML or HTML, in elements and in quoted attributes.
pub fn markup(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' => out.push('\n'),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c if acts(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// `word` as an argument a shell takes as it is.
pub fn argument(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-' | ':' | '+' | '@' | '%' | '=');
    let word = safe(word);
    if !word.is_empty() && word.chars().all(plain) { word } else { format!("'{}'", word.replace('\'', r"'\''")) }
}

fn replaced(text: &str, which: impl Fn(char) -> bool, how: impl Fn(&mut String, char) -> std::fmt::Result) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        // Writing to a string cannot fail.
        let _ = if which(c) { how(&mut out, c) } else { out.write_char(c) };
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn hostile_text_cannot_act() {
        assert_eq!(safe("a\u{1b}[31mb\u{202e}c\r"), "a\\u{1b}[31mb\\u{202e}c\\u{d}");
        assert_eq!(safe("güneş\nสวัสดี"), "güneş\nสวัสดี");
        assert_eq!(line("one\n two\tthree", 9), "one two t…");
    }

    #[test]
    fn json_shows_as_it_is_and_reads_as_it_was() {
        let hostile = "a\u{1b}\u{9b}\u{202e}\u{7f}\u{e0041}\"ş";
        let written = json(&hostile);
        assert!(!written.contains(acts), "{written:?}");
        assert_eq!(serde_json::from_str::<String>(&written).unwrap(), hostile);
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(markup("<b a='1'>&\u{0}"), "&lt;b a=&#39;1&#39;&gt;&amp;\\u{0}");
    }

    #[test]
    fn arguments_survive_a_shell() {
        assert_eq!(argument("seeds/new.md:14"), "seeds/new.md:14");
        assert_eq!(argument("it's $(here).md"), r"'it'\''s $(here).md'");
    }
}
