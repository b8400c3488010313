//! What a check found, in the formats people and machines read; one a file. Nothing here knows how findings are made.

mod concise;
pub mod escape;
pub mod finding;
mod full;
mod github;
mod gitlab;
mod json;
mod jsonl;
mod junit;
mod markdown;
pub mod page;
mod sarif;

#[cfg(test)]
mod sample;

pub use finding::{Excerpt, Extent, Failure, Finding, Notice, Outcome, Position, Silenced, Summary};

/// A format of reports.
pub trait Report: Sync {
    /// The whole report, newline at its end included. Empty when the format has nothing to say.
    fn render(&self, outcome: &Outcome) -> String;

    /// True when the report is text for people: it may hold ANSI styles, which the caller takes out where unwanted.
    fn is_styled(&self) -> bool {
        false
    }
}

/// Every format by its name, the default first.
pub const REPORTS: [(&str, &dyn Report); 9] = [
    ("full", &full::Full),
    ("concise", &concise::Concise),
    ("json", &json::Json),
    ("jsonl", &jsonl::JsonLines),
    ("sarif", &sarif::Sarif),
    ("github", &github::Github),
    ("gitlab", &gitlab::Gitlab),
    ("junit", &junit::Junit),
    ("markdown", &markdown::Markdown),
];

/// The format called `name`.
pub fn by_name(name: &str) -> Option<&'static dyn Report> {
    REPORTS.iter().find(|(known, _)| *known == name).map(|(_, report)| *report)
}
