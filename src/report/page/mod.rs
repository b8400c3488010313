//! The report of a corpus: one HTML file that needs nothing else, made from an audit.
//!
//! What it shows was written by spammers: every text goes through [`markup`], no address becomes a link, nothing is loaded,
//! and the page's own policy allows no script but its own.

use std::fmt::Write;
use std::path::Path;

use super::escape::{json, markup};
use crate::Result;
use crate::clean::record::Status;

mod audit;
mod campaign;
mod certainty;
mod hash;
mod legend;
mod neighbour;
mod run;

use audit::{Audit, Entry};
use campaign::Campaign;
use certainty::DOUBTFUL;
use run::Run;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("filter.js");

/// A document that keeps fewer words than this though something was removed is flagged: below a paragraph, there may have
/// been more to keep.
const FEW_WORDS: usize = 40;
/// Runs written in full, over all documents; a page of more is too heavy for a telephone. The audit has all of them.
const MOST_RUNS: usize = 5_000;
/// Characters of a run's text that are shown.
const MOST_TEXT: usize = 2_000;
/// Lines of a text that are seen without scrolling; as many as the style's height has.
const SCROLLED: usize = 14;
/// Characters of a line on a narrow telephone.
const NARROW: usize = 30;
/// Documents and campaigns listed.
const MOST_ROWS: usize = 1_000;

/// The report of the audit in a folder.
///
/// # Errors
/// [`crate::Error::Read`] when the audit is not there, [`crate::Error::Record`] when it is malformed.
pub fn render(folder: &Path) -> Result<String> {
    let audit = audit::read(folder)?;
    let mut page = String::new();
    // Writing to a string cannot fail.
    let _ = write(&mut page, &audit);
    Ok(page)
}

fn write(page: &mut String, audit: &Audit) -> std::fmt::Result {
    head(page, audit)?;
    totals(page, audit)?;
    certainty::write(page, audit)?;
    documents(page, audit)?;
    campaigns(page, "Linked hosts", "host", &campaign::hosts(audit))?;
    campaigns(page, "Repeated text", "text", &campaign::texts(audit))?;
    removed(page, audit)?;
    legend::write(page, audit)?;
    writeln!(page, "</main>\n<script>{SCRIPT}</script>\n</body>\n</html>")
}

fn head(page: &mut String, audit: &Audit) -> std::fmt::Result {
    let (style, script) = (hash::source(STYLE), hash::source(SCRIPT));
    let model = audit.entries.first().map(|entry| entry.row.model.as_str()).unwrap_or_default();
    write!(
        page,
        r##"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '{style}'; script-src '{script}'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="format-detection" content="telephone=no, email=no, address=no, date=no">
<link rel="icon" href="data:,">
<title>weedout report</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>What weedout removed</h1>
<p>weedout {}, model {}</p>
<nav aria-label="Sections"><a href="#certainty">Certainty</a> <a href="#documents">Documents</a> <a href="#hosts">Hosts</a> <a href="#texts">Repeated</a> <a href="#removed">Removed</a> <a href="#rules">Rules</a></nav>
</header>
<div class="search" role="search"><label>Filter <input id="filter" type="search" autocomplete="off" spellcheck="false" placeholder="path, text, host or rule"></label>
<label>Show <select id="only"><option value="">everything</option><option value="removal spam">spam</option><option value="removal doubtful">doubtful spam</option><option value="removal furniture">page furniture</option><option value="document review">documents to review</option></select></label>
<output id="shown" for="filter only" aria-live="polite"></output></div>
<main>
"##,
        env!("CARGO_PKG_VERSION"),
        markup(model)
    )
}

fn totals(page: &mut String, audit: &Audit) -> std::fmt::Result {
    let count = |status: Status| audit.entries.iter().filter(|entry| entry.row.status == status).count();
    let sum = |of: fn(&Entry) -> usize| audit.entries.iter().map(of).sum::<usize>();
    let (words_in, kept) = (sum(|entry| entry.row.words_in), sum(|entry| entry.row.words_kept));
    let tiles = [
        ("documents", audit.entries.len()),
        ("untouched", count(Status::Untouched)),
        ("cleaned", count(Status::Cleaned)),
        ("rejected", count(Status::Rejected)),
        ("empty", count(Status::Empty)),
        ("failed", count(Status::Failed)),
        ("to review", audit.entries.iter().filter(|entry| entry.is_doubtful(FEW_WORDS)).count()),
        ("blocks removed", sum(|entry| entry.row.removed)),
        ("words kept", kept),
        ("words removed", words_in.saturating_sub(kept)),
    ];
    writeln!(page, "<section aria-label=\"Totals\"><dl class=\"tiles\">")?;
    for (name, value) in tiles {
        writeln!(page, "<div><dt>{name}</dt><dd>{}</dd></div>", grouped(value))?;
    }
    writeln!(page, "</dl></section>")
}

fn documents(page: &mut String, audit: &Audit) -> std::fmt::Result {
    let mut entries: Vec<(usize, &Entry)> = audit.entries.iter().enumerate().collect();
    entries.sort_by(|(i, a), (j, b)| b.share().total_cmp(&a.share()).then(i.cmp(j)));
    table(page, "documents", "Documents by share removed", &["document", "removed", "words kept", "status"])?;
    for (index, entry) in entries.iter().take(MOST_ROWS) {
        let (row, path) = (&entry.row, markup(&entry.row.path));
        let place = if entry.runs.is_empty() { path } else { format!("<a href=\"#d{index}\">{path}</a>") };
        let status = json(&row.status);
        let (kind, flag) = if entry.is_doubtful(FEW_WORDS) {
            ("document review", " <strong class=\"flag\">review</strong>")
        } else {
            ("document", "")
        };
        let error =
            row.error.as_deref().map(|error| format!("<br><small>{}</small>", markup(error))).unwrap_or_default();
        writeln!(
            page,
            "<tr role=\"row\" data-row=\"{kind}\"><th role=\"rowheader\" scope=\"row\"><bdi>{place}</bdi>{error}</th><td role=\"cell\" data-unit=\"removed\">{}</td><td role=\"cell\" data-unit=\"words kept\">{}</td><td role=\"cell\">{}{flag}</td></tr>",
            bar(entry.share()),
            grouped(row.words_kept),
            status.trim_matches('"')
        )?;
    }
    finish(page, entries.len())
}

fn campaigns(page: &mut String, title: &str, noun: &str, found: &[Campaign]) -> std::fmt::Result {
    table(page, &format!("{noun}s"), title, &[noun, "documents", "runs"])?;
    let most = found.iter().map(|campaign| campaign.documents).max().unwrap_or(1);
    for campaign in found.iter().take(MOST_ROWS) {
        let share = campaign.documents as f32 / most as f32;
        writeln!(
            page,
            "<tr role=\"row\" data-row=\"campaign\"><th role=\"rowheader\" scope=\"row\"><bdi>{}</bdi></th><td role=\"cell\">{} {}</td><td role=\"cell\">{}</td></tr>",
            markup(&campaign.name),
            plot(share),
            grouped(campaign.documents),
            grouped(campaign.runs)
        )?;
    }
    finish(page, found.len())
}

fn table(page: &mut String, id: &str, title: &str, columns: &[&str]) -> std::fmt::Result {
    let head: String =
        columns.iter().map(|column| format!("<th role=\"columnheader\" scope=\"col\">{column}</th>")).collect();
    writeln!(
        page,
        "<section id=\"{id}\"><h2>{title}</h2>\n<table role=\"table\"><thead role=\"rowgroup\"><tr role=\"row\">{head}</tr></thead><tbody role=\"rowgroup\">"
    )
}

fn finish(page: &mut String, rows: usize) -> std::fmt::Result {
    writeln!(page, "</tbody></table>")?;
    match rows.saturating_sub(MOST_ROWS) {
        0 if rows == 0 => writeln!(page, "<p>None.</p></section>"),
        0 => writeln!(page, "</section>"),
        more => writeln!(page, "<p>{} more are in the audit.</p></section>", grouped(more)),
    }
}

fn removed(page: &mut String, audit: &Audit) -> std::fmt::Result {
    writeln!(page, "<section id=\"removed\"><h2>Everything removed</h2>")?;
    let mut left = MOST_RUNS;
    for (index, entry) in audit.entries.iter().enumerate().filter(|(_, entry)| !entry.runs.is_empty()) {
        let path = markup(&entry.row.path);
        writeln!(
            page,
            "<details id=\"d{index}\" data-group open><summary><bdi>{path}</bdi> <span class=\"count\">{}</span></summary>",
            entry.runs.len()
        )?;
        entry.runs.iter().take(left).try_for_each(|run| article(page, run))?;
        let more = entry.runs.len().saturating_sub(left);
        left = left.saturating_sub(entry.runs.len());
        if more > 0 {
            writeln!(page, "<p>{} more are in the audit.</p>", grouped(more))?;
        }
        writeln!(page, "</details>")?;
    }
    writeln!(page, "</section>")
}

fn article(page: &mut String, run: &Run) -> std::fmt::Result {
    let (class, name) = if run.is_spam { ("spam", "spam") } else { ("furniture", "page furniture") };
    let (doubt, flag) = if run.is_spam && run.probability < DOUBTFUL {
        (" doubtful", " <strong class=\"flag\">doubtful</strong>")
    } else {
        ("", "")
    };
    let spam = if run.is_spam { format!(" <small>spam {:.3}</small>{flag}", run.probability) } else { String::new() };
    let lines = if run.lines.0 == run.lines.1 {
        format!("line {}", run.lines.0)
    } else {
        format!("lines {}–{}", run.lines.0, run.lines.1)
    };
    writeln!(
        page,
        "<article class=\"{class}\" data-row=\"removal {class}{doubt}\"><h3>{name}, {}, {lines}{spam}</h3>",
        run.size()
    )?;
    neighbour(page, "kept before", &run.before)?;
    let (text, left) = cut(&run.text);
    // What scrolls can be scrolled with the keyboard too.
    let long = if rows(text) > SCROLLED { " tabindex=\"0\" role=\"group\" aria-label=\"removed text\"" } else { "" };
    writeln!(page, "<pre dir=\"auto\"{long}>{}</pre>", markup(text))?;
    if left > 0 {
        writeln!(page, "<p><small>{} more characters are in the audit.</small></p>", grouped(left))?;
    }
    neighbour(page, "kept after", &run.after)?;
    if !run.reasons.is_empty() {
        writeln!(page, "<ul class=\"why\" aria-label=\"Reasons\">")?;
        for (rule, log_odds, evidence) in &run.reasons {
            writeln!(page, "<li><b>{log_odds:+.1}</b> {} <span>{}</span></li>", markup(rule), markup(evidence))?;
        }
        writeln!(page, "</ul>")?;
    }
    writeln!(page, "</article>")
}

/// Lines that a text takes on a telephone.
fn rows(text: &str) -> usize {
    text.lines().map(|line| 1 + line.chars().count() / NARROW).sum()
}

fn neighbour(page: &mut String, what: &str, text: &str) -> std::fmt::Result {
    if text.is_empty() {
        return Ok(());
    }
    writeln!(page, "<p class=\"kept\" dir=\"auto\"><small>{what}</small> {}</p>", markup(text))
}

/// The first lines of a text, and how many characters are left out after them; of a line that is too long by itself, its start.
fn cut(text: &str) -> (&str, usize) {
    let text = text.trim_end();
    let Some((at, _)) = text.char_indices().nth(MOST_TEXT) else { return (text, 0) };
    let shown = text[..at].rfind('\n').map_or(&text[..at], |end| text[..end].trim_end());
    (shown, text[shown.len()..].chars().count())
}

/// A share as a bar with its percentage.
fn bar(share: f32) -> String {
    format!("{} {:.0} %", plot(share), share * 100.0)
}

fn plot(share: f32) -> String {
    let width = (share.clamp(0.0, 1.0) * 100.0).round();
    format!(
        "<svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"100\" height=\"10\"/><rect class=\"on\" width=\"{width}\" height=\"10\"/></svg>"
    )
}

fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join("\u{202f}")
}

#[cfg(test)]
mod tests;
