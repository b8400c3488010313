//! Front matter: the metadata a clipping starts with. It is copied, never cut, and read only for hints.

use super::{Block, Document, Format, Kind, Metadata, line, link};

/// Front matter longer than this is body text that happens to start with a rule.
/// Real clippings stay below 4 kB; 64 kB is what the YAML budget of the design allows.
const LIMIT: usize = 64 * 1024;

/// The byte after the front matter of `source`, or 0 when there is none. A byte order mark may stand before it.
///
/// Front matter is a `---` line at the very start, up to the next `---` or `...` line, with at least one `key:` line
/// in it, and no more lines that have no place there than keys. Whether it is valid YAML does not matter; but what is
/// front matter is never cut, so a key alone must not make it of a text.
pub fn end(source: &str) -> usize {
    let start = if source.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = source[start..].split_inclusive('\n');
    let Some(first) = lines.next().filter(|line| line.trim_end() == "---") else { return 0 };
    let (mut at, mut keys, mut loose) = (start + first.len(), 0, 0);
    for line in lines {
        at += line.len();
        match line.trim_end() {
            "---" | "..." => return if keys > 0 && loose <= keys { at } else { 0 },
            text if is_key(text) => keys += 1,
            text => loose += usize::from(!text.is_empty() && !text.starts_with([' ', '\t', '-', '#', ']', '}'])),
        }
        if at > LIMIT {
            return 0;
        }
    }
    0
}

fn is_key(line: &str) -> bool {
    line.split_once(':').is_some_and(|(key, rest)| {
        !key.trim().is_empty()
            && !key.trim().contains(char::is_whitespace)
            && (rest.is_empty() || rest.starts_with([' ', '\t', '"', '\'']))
    })
}

/// Hints from front matter: `title`, `author`, `published`, `source` (or `url`), `lang`, `description`, each the scalar after its key.
pub fn metadata(front: &str) -> Metadata {
    let scalar = |key: &str| front.lines().find_map(|line| value(line, key));
    Metadata {
        title: scalar("title"),
        author: scalar("author"),
        description: scalar("description"),
        about: String::new(),
        published: scalar("published").or_else(|| scalar("date")),
        site: scalar("site"),
        url: scalar("source").or_else(|| scalar("url")),
        language: scalar("lang").or_else(|| scalar("language")),
    }
}

/// The values in the front matter of `source`, a block a line, to be judged by themselves: text after a key or the mark of an item,
/// and the further lines of a longer value. What is less than two words is left out: a tag may be any word, an address is none.
pub fn fields(source: &str) -> Document<'_> {
    let end = end(source);
    let mut blocks = Vec::new();
    for line in line::lines(&source[..end], 0) {
        let text = text_of(line.text);
        if text.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count() >= 2 {
            let mut block = Block::new(Kind::Field, text, line::range_in(source, text), (line.number, line.number));
            block.links = link::find(text);
            blocks.push(block);
        }
    }
    Document { format: Format::Text, source, blocks, metadata: metadata(&source[..end]) }
}

/// A line of front matter without key and marks.
fn text_of(line: &str) -> &str {
    let line = line.trim_start_matches(['-', '#', ' ', '\t']);
    let text = if is_key(line) { line.split_once(':').map_or(line, |(_, text)| text) } else { line };
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']' | '|' | '>'))
}

fn value(line: &str, key: &str) -> Option<String> {
    let rest = line.strip_prefix(key)?.trim_start().strip_prefix(':')?.trim();
    let rest = rest.trim_matches(['"', '\'']);
    (!rest.is_empty()).then(|| rest.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_ends_after_its_closing_rule() {
        let source = "---\ntitle: \"A talk\"\ntags:\n  - x\n---\nBody";
        assert_eq!(&source[end(source)..], "Body");
        assert_eq!(metadata(&source[..end(source)]).title.as_deref(), Some("A talk"));
    }

    #[test]
    fn invalid_yaml_is_still_front_matter() {
        let source = "---\r\ntitle: a: b: \"c\r\nauthor: @desk\r\n---\r\nBody";
        assert_eq!(&source[end(source)..], "Body");
    }

    #[test]
    fn fields_are_what_the_lines_say() {
        let source = "\u{feff}---\r\ntitle: \"The mill: a talk\"\r\nsource: https://a.example/x y\r\ndate: 2024-01-01 10:00\r\ntags: [rain, 'old mills']\r\n\
            list:\r\n  - one\r\n  - the second one\r\nabout: >\r\n  It rained on us.\r\n---\r\nBody of it";
        let fields = fields(source);
        let texts: Vec<&str> = fields.blocks.iter().map(|field| field.text.as_ref()).collect();
        assert_eq!(
            texts,
            ["The mill: a talk", "https://a.example/x y", "rain, 'old mills", "the second one", "It rained on us."]
        );
        for field in &fields.blocks {
            assert_eq!(source[field.span.clone().unwrap_or_default()], *field.text);
        }
        assert_eq!(fields.blocks[0].lines, (2, 2));
        assert!(super::fields("No front matter: none").blocks.is_empty());
    }

    #[test]
    fn a_rule_without_keys_is_body() {
        assert_eq!(end("---\nJust a line under a rule.\n---\n"), 0);
        assert_eq!(end("---\ntitle: never closed\n"), 0);
        assert_eq!(end("---\ntitle: a cloak\nOne line.\nAnother.\n---\n"), 0);
        assert!(end("---\ntitle: \"a title\nin two lines\"\ntags:\n- a\n- b\n# note\n---\n") > 0);
        assert_eq!(end(""), 0);
    }
}
