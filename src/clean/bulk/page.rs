//! A record of a web archive: the page or text in it, cleaned, as a line of JSON.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use serde::Serialize;

use super::outcome::{Outcome, changed};
use crate::block::{Format, host_of};
use crate::clean::mark::format_of;
use crate::clean::note::Note;
use crate::clean::row::{Options, Source, text_of};
use crate::clean::{Cleaned, Status};
use crate::source::warc::Record;
use crate::source::{decode, format, http};
use crate::verdict::Judge;

/// A line of output.
#[derive(Serialize)]
struct Line<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    html: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Cow<'a, str>>,
    weedout: Note,
}

/// What is in a record: its text and how that is written.
struct Content<'a> {
    text: Cow<'a, str>,
    format: Format,
}

/// Cleans the document in a record.
pub(super) fn outcome(record: &Record, options: &Options, judge: &dyn Judge) -> Outcome {
    let bad = |error| Outcome::Bad { id: record.id.clone().or_else(|| record.url.clone()), error };
    let content = match content(record, options) {
        Ok(Some(content)) => content,
        Ok(None) => return Outcome::Passed,
        Err(error) => return bad(error),
    };
    let name = record.url.as_deref().unwrap_or("record");
    let format = options.settings.format.unwrap_or(content.format);
    match text_of(name, &content.text, format, &options.settings, judge) {
        Err(error) => bad(error),
        Ok(cleaned) => match cleaned.status {
            Status::Empty => Outcome::Empty,
            Status::Rejected if !options.annotate => Outcome::Dropped { bytes: content.text.len() },
            status => Outcome::Kept {
                line: line(record, &content.text, &cleaned, options, judge),
                cleaned: changed(status),
                bytes: content.text.len(),
            },
        },
    }
}

fn line(record: &Record, text: &str, cleaned: &Cleaned, options: &Options, judge: &dyn Judge) -> String {
    let page = options.annotate && cleaned.format == Format::Html;
    let out = match (options.annotate, page) {
        (_, true) => None,
        (true, _) => Some(Cow::Borrowed(text)),
        _ => Some(cleaned.output.as_deref().map(String::from_utf8_lossy).unwrap_or_default()),
    };
    crate::clean::record::line(&Line {
        id: record.id.as_deref(),
        url: record.url.as_deref(),
        date: record.date.as_deref(),
        title: cleaned.metadata.title.as_deref(),
        language: cleaned.language,
        html: page.then_some(text),
        text: out,
        weedout: Note::new(text, cleaned, judge.id(), true),
    })
}

/// The document in a record, to be judged; `None` when it is none or cannot be read.
pub(super) fn text(record: &Record, options: &Options) -> Option<Source> {
    let content = content(record, options).ok()??;
    let host = record.url.as_deref().and_then(host_of);
    Some(Source { text: content.text.into_owned(), format: content.format, host })
}

/// The text of a record; `None` when it is no document.
fn content<'a>(record: &'a Record, options: &Options) -> Result<Option<Content<'a>>, String> {
    match record.kind.as_str() {
        "conversion" => Ok(Some(plain(&record.body))),
        "resource" => Ok(read(Cow::Borrowed(&record.body), media(record.media.as_deref()), None)),
        "response" if record.media.as_deref().is_none_or(|media| media.contains("http")) => {
            let (head, body) = http::split(&record.body).ok_or("it holds no HTTP response")?;
            if !(200..300).contains(&head.status) {
                return Ok(None);
            }
            let stated = head.media.as_deref().or(record.payload.as_deref());
            if stated.is_some_and(|stated| kind(stated).is_none()) {
                return Ok(None);
            }
            Ok(read(head.decode(body, options.limits)?, stated.map(str::to_owned), head.charset))
        }
        _ => Ok(None),
    }
}

/// WET: text that was made from a page.
fn plain(body: &[u8]) -> Content<'_> {
    let text = String::from_utf8_lossy(body);
    Content { format: format_of("text", &text), text }
}

fn media(stated: Option<&str>) -> Option<String> {
    stated.map(|stated| stated.split(';').next().unwrap_or(stated).trim().to_ascii_lowercase())
}

/// True for a page, false for text, `None` for what is neither.
fn kind(media: &str) -> Option<bool> {
    match media {
        "text/html" | "application/xhtml+xml" | "application/xhtml" => Some(true),
        "text/plain" | "text/markdown" | "text/x-markdown" | "text/vtt" => Some(false),
        _ => None,
    }
}

/// A body as text; `None` when it is of another kind, or binary whatever it says it is.
fn read<'a>(body: Cow<'a, [u8]>, media: Option<String>, charset: Option<&'static Encoding>) -> Option<Content<'a>> {
    let page = match media {
        Some(media) => kind(&media)?,
        None if format::is_html(&body) => true,
        None => return None,
    };
    let text = match body {
        Cow::Borrowed(bytes) => decoded(bytes, charset, page)?,
        Cow::Owned(bytes) => Cow::Owned(decoded(&bytes, charset, page)?.into_owned()),
    };
    let format = if page { Format::Html } else { format_of("text", &text) };
    Some(Content { text, format })
}

/// Decodes as a browser would: byte order mark, then what the header declares, then what the page does. Only bytes that
/// are valid UTF-8 are never taken for anything else.
fn decoded<'a>(bytes: &'a [u8], charset: Option<&'static Encoding>, page: bool) -> Option<Cow<'a, str>> {
    match charset {
        Some(charset)
            if charset != UTF_8 && Encoding::for_bom(bytes).is_none() && std::str::from_utf8(bytes).is_err() =>
        {
            Some(charset.decode_without_bom_handling(bytes).0)
        }
        _ => decode(Path::new("record"), bytes, page).ok().map(|decoded| decoded.text),
    }
}
