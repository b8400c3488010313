//! What scripts do to the visibility of the page around them, as far as it is written plainly.
//!
//! Injections open a hidden box with `document.write('<div style="...">')`, leave the links outside the script, and close the
//! box later; others set a style by id. Text that scripts write is not read: a reader of the source does not get it either.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memmem;

use super::css::{self, Sheet};

/// Boxes written by scripts, a page; more are of no use to anyone.
const WRITES: usize = 100;
/// Scripts that set a style when the page loads are short; in long ones it is done on a click.
pub(super) const SHORT: usize = 600;

/// The source without the cuts but for their line ends, and with the boxes that scripts write behind the scripts.
pub(super) fn pieces<'a>(source: &'a str, cuts: &[Range<usize>]) -> Vec<Cow<'a, str>> {
    let writes = writes(source);
    let mut edits: Vec<(Range<usize>, Cow<'a, str>)> = cuts.iter().map(|c| (c.clone(), line_ends(source, c))).collect();
    edits.extend(writes.into_iter().map(|(at, tags)| (at..at, Cow::Owned(tags))));
    edits.sort_by_key(|e| e.0.start);
    let mut out = Vec::with_capacity(edits.len() * 2 + 1);
    let mut at = 0;
    for (span, text) in edits.into_iter().filter(|e| source.is_char_boundary(e.0.start)) {
        if span.start < at {
            continue;
        }
        out.push(Cow::Borrowed(&source[at..span.start]));
        out.push(text);
        at = span.end;
    }
    out.push(Cow::Borrowed(&source[at..]));
    out
}

/// The line ends in a cut, so that lines stay what they are.
fn line_ends<'a>(source: &str, cut: &Range<usize>) -> Cow<'a, str> {
    let count = memchr::memchr_iter(b'\n', &source.as_bytes()[cut.clone()]).count();
    if count == 0 { Cow::Borrowed("") } else { Cow::Owned("\n".repeat(count)) }
}

/// Where to put which tags, if any script opens a box that hides.
fn writes(source: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut hides = false;
    for at in memmem::find_iter(source.as_bytes(), b"document.write").take(10 * WRITES) {
        if found.len() == WRITES {
            break;
        }
        let Some(markup) = written(&source[at + b"document.write".len()..]) else {
            continue;
        };
        let tags = loose_tags(&markup);
        let Some(end) = memmem::find(&source.as_bytes()[at..], b"</script").map(|e| at + e) else {
            break;
        };
        let Some(close) = memchr::memchr(b'>', &source.as_bytes()[end..]) else {
            break;
        };
        if !tags.is_empty() {
            hides |= hides_any(&tags);
            found.push((end + close + 1, tags));
        }
    }
    if hides { found } else { Vec::new() }
}

/// The string given to `document.write`, if it is literals joined with `+`.
fn written(call: &str) -> Option<String> {
    let call = call.strip_prefix("ln").unwrap_or(call).trim_start().strip_prefix('(')?.trim_start();
    let (encoded, mut rest) = match call.split_once('(') {
        Some(("unescape" | "decodeURIComponent" | "decodeURI", inner)) => (true, inner),
        _ => (false, call),
    };
    let mut out = String::new();
    loop {
        let (text, after) = literal(rest.trim_start())?;
        out.push_str(&text);
        rest = after.trim_start();
        match rest.strip_prefix(['+', ',']) {
            Some(next) => rest = next,
            None => break,
        }
    }
    Some(if encoded { decoded(&out) } else { out })
}

/// A string literal and what follows it.
fn literal(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((i, c)) = chars.next() {
        match c {
            // A line end inside means that it was no literal.
            '\n' if quote != '`' => return None,
            '\\' => escape(&mut chars, &mut out),
            c if c == quote => return Some((out, &text[i + 1..])),
            c => out.push(c),
        }
        if out.len() > 4096 {
            return None;
        }
    }
    None
}

/// The character an escape stands for.
fn escape(chars: &mut impl Iterator<Item = (usize, char)>, out: &mut String) {
    // `\n` and the like are white space in markup.
    match chars.next().map(|(_, c)| c) {
        Some('n' | 'r' | 't') => out.push(' '),
        Some('x') => out.push(hexadecimal(chars, 2)),
        Some('u') => out.push(hexadecimal(chars, 4)),
        Some(c) => out.push(c),
        None => {}
    }
}

fn hexadecimal(chars: &mut impl Iterator<Item = (usize, char)>, digits: usize) -> char {
    let value = chars.take(digits).fold(0, |value, (_, c)| value * 16 + c.to_digit(16).unwrap_or(0));
    char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Text with `%3C` read as the character it stands for.
fn decoded(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        let code = text.get(at + 1..at + 3).filter(|_| byte == b'%').and_then(|c| u8::from_str_radix(c, 16).ok());
        out.push(code.unwrap_or(byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The tags in markup that it leaves open, or closes without having opened.
fn loose_tags(markup: &str) -> String {
    let mut loose: Vec<(&str, &str)> = Vec::new();
    for part in markup.split('<').skip(1) {
        let Some((tag, _)) = part.split_once('>') else { continue };
        let name = tag.trim_start_matches('/').split([' ', '/', '\t']).next().unwrap_or_default();
        if !matches!(
            name.to_ascii_lowercase().as_str(),
            "div" | "span" | "font" | "p" | "section" | "ul" | "table" | "marquee" | "b" | "u" | "i"
        ) {
            continue;
        }
        let end = tag.starts_with('/');
        let opened = loose.iter().rposition(|(n, t)| !t.starts_with('/') && n.eq_ignore_ascii_case(name));
        match opened.filter(|_| end) {
            Some(at) => drop(loose.remove(at)),
            None => loose.push((name, tag)),
        }
    }
    loose.into_iter().fold(String::new(), |out, (_, tag)| out + "<" + tag + ">")
}

/// Whether any of the tags has a style that hides.
fn hides_any(tags: &str) -> bool {
    tags.split('<').any(|tag| {
        let at = tag.to_ascii_lowercase().find("style");
        let value = at.and_then(|a| tag[a + 5..].trim_start().strip_prefix('=')).map(str::trim_start);
        value.is_some_and(|v| css::hiding(v.trim_end_matches('>').trim_matches(['"', '\''])))
    })
}

/// Styles that a script sets when the page loads: on elements by id, or as a style sheet of its own.
pub(super) fn styles(script: &str, sheet: &mut Sheet) {
    if script.len() > SHORT || !script.contains("tyle") {
        return;
    }
    if script.contains("createElement") || script.contains("<style") {
        style_sheets(script, sheet);
    }
    if !script.contains("function") && !script.contains("=>") {
        by_id(script, sheet);
    }
}

/// Literals that look like rules, in a script that makes a style sheet.
fn style_sheets(script: &str, sheet: &mut Sheet) {
    let mut rest = script;
    while let Some(at) = rest.find(['"', '\'', '`']) {
        let Some((text, after)) = literal(&rest[at..]) else {
            rest = &rest[at + 1..];
            continue;
        };
        if text.contains('{') && text.contains(':') {
            let text = text.replace("<style>", "").replace("</style>", "");
            sheet.add(&text);
        }
        rest = after;
    }
}

/// `getElementById("x").style.display = "none"`.
fn by_id(script: &str, sheet: &mut Sheet) {
    for part in script.split("getElementById(").skip(1) {
        let Some((id, rest)) = literal(part.trim_start()) else {
            continue;
        };
        let Some(rest) = rest.trim_start().strip_prefix(')').and_then(|r| r.trim_start().strip_prefix(".style."))
        else {
            continue;
        };
        let Some((property, value)) = rest.split_once('=') else {
            continue;
        };
        let Some((value, _)) = literal(value.trim_start()) else {
            continue;
        };
        let body = if property.trim() == "cssText" { value } else { format!("{}:{value}", dashed(property.trim())) };
        if css::hiding(&body) {
            sheet.add_id(&id, &body);
        }
    }
}

/// `textIndent` as style sheets write it.
fn dashed(property: &str) -> String {
    let mut out = String::with_capacity(property.len() + 2);
    for c in property.chars() {
        if c.is_ascii_uppercase() {
            out.push('-');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_boxes_written_by_scripts_are_put_behind_them() {
        let page = r#"<script>document.write("<div style=\"position:absolute;top:-987px\">");</script>x<script>document.write('</d'+'iv>')</script>y"#;
        let text = pieces(page, &[]).concat();
        assert!(text.contains(r#"</script><div style="position:absolute;top:-987px">x"#), "{text}");
        assert!(text.ends_with("</script></div>y"), "{text}");
    }

    #[test]
    fn encoded_markup_is_decoded() {
        assert_eq!(
            written("(unescape('%3Cdiv style=%22display:none%22%3E'))").as_deref(),
            Some("<div style=\"display:none\">")
        );
    }

    #[test]
    fn scripts_that_hide_nothing_change_nothing() {
        let page = "<script>document.write('<div class=ad>')</script>text<script>document.write('</div>')</script>";
        assert_eq!(pieces(page, &[]).concat(), page);
    }

    #[test]
    fn balanced_markup_is_not_put_in() {
        assert_eq!(loose_tags("<div style='display:none'><a href=x>y</a></div>"), "");
        assert_eq!(loose_tags("</div>"), "</div>");
    }
}
