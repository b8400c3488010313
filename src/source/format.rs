//! Telling how a document is written: by its name, and failing that by its content.

use std::path::Path;

use crate::block::{Format, front};

/// Extensions taken when a folder is walked.
const EXTENSIONS: [(&str, Format); 10] = [
    ("html", Format::Html),
    ("htm", Format::Html),
    ("xhtml", Format::Html),
    ("md", Format::Markdown),
    ("markdown", Format::Markdown),
    ("txt", Format::Text),
    ("text", Format::Text),
    ("transcript", Format::Text),
    ("srt", Format::Srt),
    ("vtt", Format::Vtt),
];

/// How far into a text its format is looked for, in bytes. Marks of a format are at its head or nowhere.
const SAMPLE: usize = 8 * 1024;

/// The format a file name stands for; `None` for an extension that says nothing.
pub fn by_name(path: &Path) -> Option<Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    EXTENSIONS.iter().find(|(known, _)| *known == extension).map(|(_, format)| *format)
}

/// The format a text looks like; plain text when nothing shows.
pub fn by_content(text: &str) -> Format {
    let sample = &text[..floor(text, SAMPLE)];
    let head = sample.trim_start_matches('\u{feff}').trim_start();
    if head.starts_with("WEBVTT") {
        Format::Vtt
    } else if is_srt(head) {
        Format::Srt
    } else if is_html(head.as_bytes()) {
        Format::Html
    } else if front::end(text) > 0 || is_markdown(sample) {
        Format::Markdown
    } else {
        Format::Text
    }
}

/// True when bytes, of whatever encoding, start like a page or are thick with tags.
pub fn is_html(bytes: &[u8]) -> bool {
    let head = bytes[..bytes.len().min(SAMPLE)].trim_ascii_start().to_ascii_lowercase();
    let starts = [&b"<!doctype html"[..], b"<html", b"<head", b"<body"].iter().any(|mark| head.starts_with(mark));
    // Markdown quotes a tag or two; a fragment of a page starts with one and closes several.
    let closes = || memchr::memmem::find_iter(&head, b"</").take(4).count() >= 4;
    starts || memchr::memmem::find(&head, b"<html").is_some() || (head.first() == Some(&b'<') && closes())
}

fn is_srt(head: &str) -> bool {
    let mut lines = head.lines();
    let index =
        lines.next().is_some_and(|line| !line.trim().is_empty() && line.trim().bytes().all(|b| b.is_ascii_digit()));
    index && lines.next().is_some_and(|line| line.contains("-->"))
}

/// Two marks are asked for: one `# ` or `- ` alone stands in many a plain text.
fn is_markdown(sample: &str) -> bool {
    let marks = sample.lines().filter(|line| {
        let line = line.trim_start();
        let heading = line.trim_start_matches('#');
        (heading.len() < line.len() && line.len() - heading.len() <= 6 && heading.starts_with(' '))
            || line.starts_with("```")
            || line.contains("](http")
            || line.contains("](/")
    });
    marks.take(2).count() == 2
}

/// The last character boundary of `text` at or before byte `at`.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    let at = at.min(text.len());
    (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_speak_first() {
        assert_eq!(by_name(Path::new("a/B.HTM")), Some(Format::Html));
        assert_eq!(by_name(Path::new("talk.transcript")), Some(Format::Text));
        assert_eq!(by_name(Path::new("notes")), None);
        assert_eq!(by_name(Path::new("run.log")), None);
    }

    #[test]
    fn content_speaks_where_names_do_not() {
        for (text, format) in [
            ("\u{feff}WEBVTT\n\n00:01.000 --> 00:02.000\nHi", Format::Vtt),
            ("1\n00:00:01,000 --> 00:00:02,000\nHi", Format::Srt),
            ("  <!DOCTYPE html><title>x", Format::Html),
            ("<div><p>a</p><p>b</p><p>c</p></div>", Format::Html),
            ("---\ntitle: x\n---\nBody", Format::Markdown),
            ("# One\n\ntext\n\n## Two\n", Format::Markdown),
            ("Ann: Hello.\nBob: Hi.\n", Format::Text),
            ("3 < 4 and </p> is a tag", Format::Text),
            ("", Format::Text),
        ] {
            assert_eq!(by_content(text), format, "{text:?}");
        }
    }
}
