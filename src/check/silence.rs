//! What is spam to the model and fine to the user: allowed hosts, allowed phrases, a baseline of known content, and what is not
//! probable enough.

use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use super::baseline::Baseline;
use crate::block::{Block, Document, link};
use crate::clean::record::{name, sha256};
use crate::report::finding::UNUSED_ALLOWANCE;
use crate::report::{Notice, Position, Silenced};

/// What a baseline is called where it silences.
pub(super) const BASELINE: &str = "baseline";

/// Everything that silences findings wherever they stand, with a note of what it was used for.
#[derive(Debug, Default)]
pub struct Silence {
    hosts: Vec<Allowance>,
    phrases: Vec<Allowance>,
    baseline: Option<Baseline>,
    threshold: f32,
}

/// An allowed host or phrase.
#[derive(Debug)]
struct Allowance {
    stated: String,
    text: String,
    used: AtomicBool,
}

impl Allowance {
    fn new(stated: &str, text: String) -> Self {
        Self { stated: stated.to_owned(), text, used: AtomicBool::new(false) }
    }

    fn take(&self) -> &str {
        self.used.store(true, Ordering::Relaxed);
        &self.text
    }
}

/// A part of a document that may be silenced.
#[derive(Debug, Clone)]
pub struct Content<'a> {
    /// Its source, or in HTML what a reader gets.
    pub text: &'a str,
    /// The hosts it links to; `None` for links within the site.
    hosts: Vec<Option<String>>,
}

impl<'a> Content<'a> {
    /// A whole block.
    pub fn block(document: &'a Document<'_>, block: &'a Block<'_>) -> Self {
        let text = block.span.clone().map_or(block.text.as_ref(), |span| &document.source[span]);
        Self { text, hosts: block.links.iter().map(crate::block::Link::host).collect() }
    }

    /// A part of a block: `text` is a range of its text, `span` one of the source.
    pub fn part(
        document: &'a Document<'_>,
        block: &'a Block<'_>,
        text: &Range<usize>,
        span: Option<&Range<usize>>,
    ) -> Self {
        if let Some(span) = span {
            let text = &document.source[span.clone()];
            Self { text, hosts: link::find(text).iter().map(crate::block::Link::host).collect() }
        } else {
            let inside = |at: &Range<usize>| text.start <= at.start && at.end <= text.end;
            let links = block.links.iter().filter(|link| inside(&link.span));
            Self { text: &block.text[text.clone()], hosts: links.map(crate::block::Link::host).collect() }
        }
    }
}

impl Silence {
    /// Silence for links to `hosts` and their subdomains, text with one of `phrases` in it (whatever its case and spacing),
    /// and what is in a baseline.
    pub fn new(hosts: &[String], phrases: &[String], baseline: Option<Baseline>) -> Self {
        let hosts = hosts.iter().map(|host| Allowance::new(host, bare(host))).filter(|host| !host.text.is_empty());
        let phrases =
            phrases.iter().map(|phrase| Allowance::new(phrase, folded(phrase))).filter(|p| !p.text.is_empty());
        Self { hosts: hosts.collect(), phrases: phrases.collect(), baseline, threshold: 0.0 }
    }

    /// The same, and silent about everything that is spam with a probability below `threshold`, 0 to 1.
    #[must_use]
    pub fn below(self, threshold: f32) -> Self {
        Self { threshold, ..self }
    }

    /// True when nothing can be silenced.
    pub fn is_empty(&self) -> bool {
        self.hosts.is_empty() && self.phrases.is_empty() && self.baseline.is_none() && self.threshold <= 0.0
    }

    /// What silences `content`, which is spam with `probability`, if anything does. It counts as used from then on.
    pub fn of(&self, content: &Content<'_>, probability: f32) -> Option<Silenced> {
        self.by_text(content.text).or_else(|| self.by_host(&content.hosts)).or_else(|| self.by_threshold(probability))
    }

    /// What silences a text by its words, whatever it was taken for.
    pub(super) fn by_text(&self, text: &str) -> Option<Silenced> {
        self.by_baseline(text).or_else(|| self.by_phrase(text))
    }

    fn by_baseline(&self, text: &str) -> Option<Silenced> {
        let comment = self.baseline.as_ref()?.take(&identity(text))?;
        Some(Silenced { by: BASELINE, reason: comment.to_owned() })
    }

    fn by_phrase(&self, text: &str) -> Option<Silenced> {
        if self.phrases.is_empty() {
            return None;
        }
        let text = folded(text);
        let phrase = self.phrases.iter().find(|phrase| text.contains(&phrase.text))?;
        Some(Silenced { by: "allow-phrase", reason: phrase.take().to_owned() })
    }

    /// A block is fine when it leaves the site, and only for hosts that are allowed.
    fn by_host(&self, hosts: &[Option<String>]) -> Option<Silenced> {
        let of = |host: &String| self.hosts.iter().find(|allowed| is_under(host, &allowed.text));
        let allowed: Option<Vec<&Allowance>> = hosts.iter().flatten().map(of).collect();
        let allowed = allowed.filter(|allowed| !allowed.is_empty())?;
        let first = allowed.iter().map(|allowance| allowance.take()).next()?;
        Some(Silenced { by: "allow-host", reason: first.to_owned() })
    }

    fn by_threshold(&self, probability: f32) -> Option<Silenced> {
        (probability < self.threshold).then(|| Silenced { by: "threshold", reason: self.threshold.to_string() })
    }

    /// Identifies what is silenced, for records; `None` when nothing can be.
    pub fn id(&self) -> Option<String> {
        let texts = self.hosts.iter().chain(&self.phrases).map(|allowance| allowance.text.as_str());
        let known = self.baseline.iter().flat_map(Baseline::identities);
        let threshold = (self.threshold > 0.0).then(|| self.threshold.to_string());
        let all: Vec<&str> = texts.chain(known).chain(threshold.as_deref()).collect();
        (!all.is_empty()).then(|| sha256(all.join("\0").as_bytes())[..6].to_owned())
    }

    /// Hosts and phrases that silenced nothing. Only a check of everything can tell that; after one of a few files it means
    /// nothing.
    pub fn unused(&self) -> Vec<Unused<'_>> {
        let hosts = self.hosts.iter().map(|allowance| ("host", allowance));
        let all = hosts.chain(self.phrases.iter().map(|allowance| ("phrase", allowance)));
        let idle = all.filter(|(_, allowance)| !allowance.used.load(Ordering::Relaxed));
        idle.map(|(what, allowance)| Unused { what, text: &allowance.stated }).collect()
    }

    /// Entries of the baseline that silenced nothing, as [`Silence::unused`].
    pub fn outdated(&self) -> Vec<Notice> {
        self.baseline.iter().flat_map(Baseline::unused).collect()
    }
}

/// An allowed host or phrase that silenced nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unused<'a> {
    /// `host` or `phrase`.
    pub what: &'static str,
    /// It, as it was stated.
    pub text: &'a str,
}

impl Unused<'_> {
    /// What to do about it.
    pub fn message(&self) -> String {
        format!("allowed {} `{}` silences nothing; take it out", self.what, self.text)
    }

    /// The same at a line of the file that states it.
    pub fn notice(&self, file: &Path, line: u32) -> Notice {
        notice(name(file), line, self.message())
    }
}

pub(super) fn notice(path: String, line: u32, message: String) -> Notice {
    Notice { rule: UNUSED_ALLOWANCE, path, start: Position { line, column: 1 }, message }
}

/// Identifies content wherever it stands: 16 hexadecimal digits of the SHA-256 of its words.
pub fn identity(text: &str) -> String {
    sha256(text.split_whitespace().collect::<Vec<_>>().join(" ").as_bytes())[..16].to_owned()
}

fn is_under(host: &str, allowed: &str) -> bool {
    host.strip_suffix(allowed).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// A host as people write it: maybe with scheme, `www.`, a path or `*.`.
fn bare(host: &str) -> String {
    let host = host.trim().trim_start_matches("*.");
    let address = if host.contains("//") { host.to_owned() } else { format!("//{host}") };
    crate::block::host_of(&address).unwrap_or_default()
}

fn folded(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::block::{Format, Options, parse};

    fn silenced(silence: &Silence, source: &str) -> Option<Silenced> {
        let document = parse(source, Format::Markdown, &Options::default());
        silence.of(&Content::block(&document, &document.blocks[0]), 0.9)
    }

    #[test]
    fn a_block_is_fine_when_all_its_links_are() {
        let silence = Silence::new(&["https://www.Friend.example/".into()], &[], None);
        let by = |source| silenced(&silence, source).map(|s| s.by);
        assert_eq!(by("[a](https://friend.example/x) [b](http://shop.friend.example) [c](/own)"), Some("allow-host"));
        assert_eq!(by("[a](https://friend.example) [b](https://foe.example)"), None);
        assert_eq!(by("[a](https://notfriend.example)"), None);
        assert_eq!(by("No links, [own](/page)"), None);
    }

    #[test]
    fn phrases_are_found_whatever_their_case_and_spacing() {
        let silence = Silence::new(&[], &["Our  Sponsor".into()], None);
        assert_eq!(silenced(&silence, "Thanks to OUR\nsponsor, a casino.").unwrap().reason, "our sponsor");
        assert_eq!(silenced(&silence, "Thanks to nobody."), None);
    }

    #[test]
    fn what_is_not_probable_enough_is_silenced() {
        let silence = |threshold| silenced(&Silence::default().below(threshold), "Any text.");
        assert_eq!(silence(0.95).map(|s| (s.by, s.reason)), Some(("threshold", "0.95".into())));
        assert_eq!((silence(0.9), silence(0.0)), (None, None));
        assert_ne!(Silence::default().below(0.95).id(), Silence::default().id());
    }

    #[test]
    fn what_silences_nothing_is_told() {
        let silence = Silence::new(&["a.example".into(), "b.example".into()], &["x y".into()], None);
        silenced(&silence, "[a](https://a.example)");
        let unused: Vec<String> = silence.unused().iter().map(Unused::message).collect();
        assert_eq!(
            unused,
            [
                "allowed host `b.example` silences nothing; take it out",
                "allowed phrase `x y` silences nothing; take it out"
            ]
        );
    }

    #[test]
    fn content_is_known_by_its_words() {
        assert_eq!(identity(" a\r\nb\n\n"), identity("a b"));
        assert_ne!(identity("ab"), identity("a b"));
    }
}
