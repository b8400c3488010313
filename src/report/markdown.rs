//! A summary in Markdown, as the page of a job shows it: one table of findings, one of what else there is.
//!
//! Texts of documents stand in code, where neither links nor markup are made of them.

use std::fmt::Write;

use super::{Finding, Outcome, Position, Report, escape};

pub(super) struct Markdown;

/// So many findings are listed; pages of jobs take a megabyte, and nobody reads on.
const LISTED: usize = 200;
/// Characters of a text or message that are shown.
const SHOWN: usize = 160;

impl Report for Markdown {
    fn render(&self, outcome: &Outcome) -> String {
        let mut text = format!("### weedout: {}\n", title(outcome));
        // Writing to a string cannot fail.
        let _ = findings(&mut text, "", &outcome.findings);
        let _ = findings(&mut text, "Silenced", &outcome.silenced);
        let _ = remarks(&mut text, outcome);
        text
    }
}

fn title(outcome: &Outcome) -> String {
    let sum = &outcome.summary;
    let documents = counted(sum.documents, "document");
    let found = match sum.findings {
        0 => format!("no link spam in {documents}"),
        found => format!("{} in {} of {documents}", counted(found, "finding"), sum.polluted),
    };
    let others = [(sum.fixed, "cut"), (sum.silenced, "silenced"), (sum.failed, "failed")];
    let others = others.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}"));
    found + &others.collect::<String>()
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

fn findings(text: &mut String, title: &str, found: &[Finding]) -> std::fmt::Result {
    if found.is_empty() {
        return Ok(());
    }
    if !title.is_empty() {
        writeln!(text, "\n#### {title}")?;
    }
    writeln!(text, "\n| place | what | spam | text |\n|---|---|--:|---|")?;
    for finding in found.iter().take(LISTED) {
        let (place, size) = (place(&finding.path, finding.start), finding.size());
        let why = finding.silenced.as_ref().map(|s| format!("; {}", code(&format!("{}: {}", s.by, s.reason))));
        let (quote, why) = (code(&finding.quote()), why.unwrap_or_default());
        writeln!(text, "| {place} | {size} | {:.3} | {quote}{why} |", finding.spam_probability)?;
    }
    match found.len().saturating_sub(LISTED) {
        0 => Ok(()),
        more => writeln!(text, "\n{more} more are not listed here."),
    }
}

fn remarks(text: &mut String, outcome: &Outcome) -> std::fmt::Result {
    let notices = outcome.notices.iter().map(|notice| (place(&notice.path, notice.start), &notice.message));
    let failures = outcome.failures.iter().map(|failure| (code(&failure.path), &failure.error));
    let rows: Vec<(String, &String)> = failures.chain(notices).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(text, "\n| place | remark |\n|---|---|")?;
    rows.iter().take(LISTED).try_for_each(|(place, message)| writeln!(text, "| {place} | {} |", code(message)))
}

fn place(path: &str, at: Position) -> String {
    code(&format!("{path}:{}:{}", at.line, at.column))
}

/// `text` as code in the cell of a table: longer quotation marks than any within, and no bar that ends the cell.
fn code(text: &str) -> String {
    let text = escape::line(text, SHOWN).replace('|', "\\|");
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let marks = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{marks}{space}{text}{space}{marks}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    use super::*;
    use crate::report::sample;

    #[test]
    fn findings_are_rows() {
        assert_eq!(
            Markdown.render(&sample::outcome()),
            r#"### weedout: 2 findings in 2 of 4 documents, 1 silenced, 1 failed

| place | what | spam | text |
|---|---|--:|---|
| `seeds/new.md:14:1` | run of 4 anchors | 0.998 | `"lucky\u{1b}[31m spins", "buy <links> & more", "win % now", …` |
| `pages/a, b.html:3:1` | block | 0.910 | `"cheap pills"` |

#### Silenced

| place | what | spam | text |
|---|---|--:|---|
| `seeds/old.md:9:7` | cut | 0.870 | `"Visit our casino."`; `comment: quoted on purpose` |

| place | remark |
|---|---|
| `seeds/tool.md` | `` `seeds/tool.md` looks binary `` |
| `seeds/old.md:2:1` | `silences nothing; take it out` |
"#
        );
        let clean =
            Outcome { summary: crate::report::Summary { documents: 1, ..Default::default() }, ..Outcome::default() };
        assert_eq!(Markdown.render(&clean), "### weedout: no link spam in 1 document\n");
    }

    #[test]
    fn documents_make_neither_links_nor_rows() {
        for hostile in [
            "a | b",
            r"a \| b",
            r"a \\| b",
            "``` `",
            "`",
            "<script>x</script>",
            "[a](https://x.example)",
            "https://x.example @you",
        ] {
            let mut outcome = sample::outcome();
            (outcome.silenced, outcome.notices, outcome.failures) = (Vec::new(), Vec::new(), Vec::new());
            outcome.findings.truncate(1);
            outcome.findings[0].path = hostile.into();
            outcome.findings[0].texts = vec![hostile.into()];
            let text = Markdown.render(&outcome);
            let events: Vec<Event<'_>> = Parser::new_ext(&text, Options::ENABLE_TABLES).collect();
            let cells = events.iter().filter(|event| matches!(event, Event::End(TagEnd::TableCell))).count();
            assert_eq!(cells, 8, "{text}");
            let acts = |event: &Event<'_>| {
                matches!(event, Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::Link { .. }))
            };
            assert!(!events.iter().any(acts), "{text}");
            let codes: Vec<String> = events
                .iter()
                .filter_map(|e| if let Event::Code(code) = e { Some(code.to_string()) } else { None })
                .collect();
            assert_eq!(codes.len(), 2, "{text}");
        }
    }
}
