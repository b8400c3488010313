//! What a page says about itself: title, author, date, site, address, language.
//!
//! Linked data (`JSON-LD`) comes first, then `OpenGraph`, then plain `<meta>`, then `<title>`; a saved page's own note on where it
//! was saved from stands in for a canonical address.

use scraper::node::Element;
use serde_json::Value;

use crate::block::Metadata;

/// Objects looked at in linked data; graphs of shops list every product.
const OBJECTS: usize = 1000;

/// Metadata in the order in which sources are believed.
#[derive(Debug, Default)]
pub(super) struct Collector {
    linked: Metadata,
    graph: Metadata,
    plain: Metadata,
    body: Metadata,
    title: Option<String>,
    canonical: Option<String>,
    base: Option<String>,
    saved: Option<String>,
    about: String,
}

/// Bytes of descriptions that are kept for judging.
const ABOUT: usize = 1 << 16;

/// Keeps the first value that says something.
fn keep(slot: &mut Option<String>, value: &str) {
    if slot.is_none() {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        *slot = (!value.is_empty()).then_some(value);
    }
}

impl Collector {
    pub(super) fn title(&mut self, text: &str) {
        keep(&mut self.title, text);
    }

    pub(super) fn language(&mut self, html: &Element) {
        keep(&mut self.plain.language, html.attr("lang").unwrap_or_default());
    }

    pub(super) fn base(&mut self, base: &Element) {
        keep(&mut self.base, base.attr("href").unwrap_or_default());
    }

    pub(super) fn link(&mut self, rel: &str, link: &Element) {
        if rel.split_ascii_whitespace().any(|r| r == "canonical") {
            keep(&mut self.canonical, link.attr("href").unwrap_or_default());
        }
    }

    /// One `<meta>`.
    pub(super) fn meta(&mut self, meta: &Element) {
        let Some(content) = meta.attr("content") else { return };
        let name = ["property", "name", "itemprop"].iter().find_map(|k| meta.attr(k)).unwrap_or_default();
        match name.trim().to_ascii_lowercase().as_str() {
            "og:title" => keep(&mut self.graph.title, content),
            "og:description" => self.describe(content, |all| &mut all.graph),
            "description" | "twitter:description" => self.describe(content, |all| &mut all.plain),
            "og:url" => keep(&mut self.graph.url, content),
            "og:site_name" => keep(&mut self.graph.site, content),
            "og:locale" => keep(&mut self.graph.language, content),
            "article:published_time" | "og:published_time" => keep(&mut self.graph.published, content),
            "article:author" | "og:article:author" if !content.contains("://") => keep(&mut self.graph.author, content),
            "twitter:title" | "dc.title" | "citation_title" | "parsely-title" | "sailthru.title" => {
                keep(&mut self.plain.title, content);
            }
            "author" | "dc.creator" | "citation_author" | "parsely-author" | "sailthru.author" | "byl" => {
                keep(&mut self.plain.author, content);
            }
            "date"
            | "datepublished"
            | "dc.date"
            | "dc.date.issued"
            | "citation_publication_date"
            | "parsely-pub-date"
            | "pubdate"
            | "sailthru.date"
            | "publish-date" => keep(&mut self.plain.published, content),
            "application-name" => keep(&mut self.plain.site, content),
            _ => {}
        }
    }

    fn describe(&mut self, text: &str, source: impl Fn(&mut Self) -> &mut Metadata) {
        keep(&mut source(self).description, text);
        if self.about.len() + text.len() < ABOUT {
            self.about.push_str(text);
            self.about.push('\n');
        }
    }

    /// The notes that `SingleFile` and browsers leave in a saved page.
    pub(super) fn comment(&mut self, comment: &str) {
        if comment.contains("SingleFile") {
            if let Some(line) = comment.lines().find_map(|l| l.trim().strip_prefix("url:")) {
                keep(&mut self.saved, line);
            }
        } else if let Some(rest) = comment.trim_start().strip_prefix("saved from url=(") {
            keep(&mut self.saved, rest.split_once(')').map_or("", |r| r.1));
        }
    }

    /// The text of an `application/ld+json` script.
    pub(super) fn linked_data(&mut self, json: &str) {
        let json = json.trim().trim_start_matches("<!--").trim_end_matches("-->");
        let Ok(value) = serde_json::from_str::<Value>(json) else {
            return;
        };
        let mut pending = vec![&value];
        let mut seen = 0;
        while let Some(value) = pending.pop() {
            seen += 1;
            match value {
                _ if seen > OBJECTS => return,
                Value::Array(values) => pending.extend(values.iter().rev()),
                Value::Object(object) => {
                    pending.extend(object.get("@graph"));
                    let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
                    if object.get("@type").is_some_and(|kind| is(kind, WORKS) || is(kind, SUBJECTS)) {
                        self.describe(text("description"), |all| &mut all.linked);
                        self.describe(text("articleBody"), |all| &mut all.body);
                        self.describe(text("text"), |all| &mut all.body);
                    }
                    if object.get("@type").is_some_and(|kind| is(kind, WORKS)) {
                        self.work(value);
                    }
                    pending.extend(object.get("mainEntity"));
                }
                _ => {}
            }
        }
    }

    /// An article, posting or episode.
    fn work(&mut self, work: &Value) {
        let text = |key: &str| work.get(key).and_then(Value::as_str).unwrap_or_default();
        keep(&mut self.linked.title, text("headline"));
        keep(&mut self.linked.title, text("name"));
        keep(&mut self.linked.published, text("datePublished"));
        keep(&mut self.linked.language, text("inLanguage"));
        keep(&mut self.linked.author, &work.get("author").map(names).unwrap_or_default());
        keep(
            &mut self.linked.site,
            &work.get("publisher").or_else(|| work.get("partOfSeries")).map(names).unwrap_or_default(),
        );
    }

    /// All together.
    pub(super) fn finished(self) -> Metadata {
        let Self { linked, graph, plain, title, canonical, base, saved, about, body: _ } = self;
        let absolute = |url: &String| url.contains("//");
        Metadata {
            title: linked.title.or(graph.title).or(plain.title).or(title),
            author: linked.author.or(plain.author).or(graph.author),
            published: linked.published.or(graph.published).or(plain.published),
            site: graph.site.or(linked.site).or(plain.site),
            url: canonical.filter(absolute).or(graph.url.filter(absolute)).or(saved).or(base.filter(absolute)),
            language: plain.language.or(linked.language).or(graph.language),
            description: linked.description.or(graph.description).or(plain.description),
            about,
        }
    }
}

/// Types of texts and recordings, by how they end.
const WORKS: &[&str] = &["Article", "Posting", "PodcastEpisode", "Report", "Review", "QAPage", "Recipe"];
/// Types of what else a page can be about.
const SUBJECTS: &[&str] = &[
    "Product",
    "Event",
    "Course",
    "Book",
    "Movie",
    "VideoObject",
    "Service",
    "Question",
    "Answer",
    "Place",
    "WebPage",
];

/// Whether a type is, or is among, those that end in one of `endings`.
fn is(kind: &Value, endings: &[&str]) -> bool {
    let one = |kind: &str| endings.iter().any(|ending| kind.ends_with(ending));
    match kind {
        Value::String(kind) => one(kind),
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).any(one),
        _ => false,
    }
}

/// The names of a person, several, or an organisation.
fn names(value: &Value) -> String {
    match value {
        Value::String(name) if !name.contains("://") => name.clone(),
        Value::Object(object) => match object.get("name") {
            Some(Value::Array(all)) => join(all.iter().filter_map(Value::as_str)),
            Some(name) => name.as_str().unwrap_or_default().to_owned(),
            None => String::new(),
        },
        Value::Array(all) => {
            join(all.iter().filter_map(|v| v.as_str().or_else(|| v.get("name").and_then(Value::as_str))))
        }
        _ => String::new(),
    }
}

fn join<'v>(names: impl Iterator<Item = &'v str>) -> String {
    names.take(20).collect::<Vec<_>>().join(", ")
}
