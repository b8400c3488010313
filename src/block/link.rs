//! Links in running text: bare addresses and Markdown links left in plain files.

use std::borrow::Cow;

use super::Link;

/// Bare `http(s)://` and `www.` addresses and inline Markdown links in `text`, in order.
pub fn find(text: &str) -> Vec<Link<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = next(text, at) {
        let end = start + address(&text[start..]);
        found.push(Link {
            span: anchor(text, start).unwrap_or(start..end),
            href: Cow::Borrowed(&text[start..end]),
            nofollow: false,
        });
        at = end.max(start + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
    }
    found
}

/// Where the next address at or after `at` starts.
fn next(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut from = at;
    loop {
        let dot = from + memchr::memchr2(b':', b'.', bytes.get(from..)?)?;
        if bytes[dot] == b':' && bytes[dot..].starts_with(b"://") {
            let scheme = ["https", "http"].into_iter().find(|s| ends_with_ignore_case(&bytes[at..dot], s.as_bytes()));
            if let Some(scheme) = scheme {
                return Some(dot - scheme.len());
            }
        } else if bytes[dot] == b'.'
            && ends_with_ignore_case(&bytes[at..dot], b"www")
            && bytes.get(dot + 1).is_some_and(u8::is_ascii_alphanumeric)
            && (dot < 4 || !bytes[dot - 4].is_ascii_alphanumeric())
        {
            return Some(dot - 3);
        }
        from = dot + 1;
    }
}

fn ends_with_ignore_case(bytes: &[u8], end: &[u8]) -> bool {
    bytes.len() >= end.len() && bytes[bytes.len() - end.len()..].eq_ignore_ascii_case(end)
}

/// Length in bytes of the address at the start of `text`, without trailing punctuation.
fn address(text: &str) -> usize {
    let end = text
        .find(|c: char| {
            c.is_whitespace() || matches!(c, '<' | '>' | '"' | ')' | ']' | '|' | '`' | '「' | '」' | '，' | '。')
        })
        .unwrap_or(text.len());
    text[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', '*', '_']).len()
}

/// The anchor text of an inline Markdown link whose address starts at `start`.
fn anchor(text: &str, start: usize) -> Option<std::ops::Range<usize>> {
    let before = text[..start].strip_suffix("](").or_else(|| text[..start].strip_suffix("](<"))?;
    let open = before.rfind('[')?;
    Some(open + 1..before.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_bare_and_markdown_addresses() {
        let text = "See https://A.example/b_(c), www.d.example. and [the notes](http://e.example/f) — HTTP://g.example";
        let hosts: Vec<_> = find(text).iter().map(|l| l.href.to_string()).collect();
        assert_eq!(hosts, ["https://A.example/b_(c", "www.d.example", "http://e.example/f", "HTTP://g.example"]);
        assert_eq!(&text[find(text)[2].span.clone()], "the notes");
    }

    #[test]
    fn words_are_not_addresses() {
        assert!(find("Node.js: it :// www. awww.x").is_empty());
    }
}
