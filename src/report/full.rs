//! Findings with the source around them, for a person at a terminal.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};

use super::{Finding, Notice, Outcome, Report, escape::safe};

const SPAM: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();
const MARGIN: Style = AnsiColor::Blue.on_default();

pub(super) struct Full;

impl Report for Full {
    fn render(&self, outcome: &Outcome) -> String {
        let mut text = String::new();
        for finding in outcome.findings.iter().chain(&outcome.silenced) {
            // Writing to a string cannot fail.
            let _ = show(&mut text, finding);
        }
        for notice in &outcome.notices {
            let _ = remark(&mut text, notice);
        }
        text
    }

    fn is_styled(&self) -> bool {
        true
    }
}

fn show(text: &mut String, finding: &Finding) -> std::fmt::Result {
    let (style, word) = if finding.silenced.is_some() { (WARNING, "silenced") } else { (SPAM, "spam") };
    let width = finding.end.line.max(finding.start.line).to_string().len();
    let (rule, size) = (finding.rule, finding.size());
    writeln!(text, "{style}{word}[{rule}]{style:#}{STRONG}: {size} (spam {:.3}){STRONG:#}", finding.spam_probability)?;
    let (path, start, end) = (safe(&finding.path), finding.start, finding.end);
    let until = if start.line == end.line { String::new() } else { format!(", to line {}", end.line) };
    writeln!(text, "{:width$}{MARGIN}-->{MARGIN:#} {path}:{}:{}{until}", "", start.line, start.column)?;
    excerpt(text, finding, width)?;
    let note = |text: &mut String, name: &str, what: &str| {
        writeln!(text, "{:width$} {MARGIN}={MARGIN:#} {STRONG}{name}:{STRONG:#} {what}", "")
    };
    if let Some(silenced) = &finding.silenced {
        return note(text, "silenced by", &format!("{}: {}\n", silenced.by, safe(&silenced.reason)));
    }
    if !finding.why().is_empty() {
        note(text, "why", &finding.why())?;
    }
    note(text, "help", &format!("{}\n", finding.help()))
}

fn excerpt(text: &mut String, finding: &Finding, width: usize) -> std::fmt::Result {
    let excerpt = &finding.excerpt;
    writeln!(text, "{:width$} {MARGIN}|{MARGIN:#}", "")?;
    for (number, line) in &excerpt.head {
        writeln!(text, "{MARGIN}{number:width$} |{MARGIN:#} {}", safe(line))?;
    }
    if excerpt.omitted > 0 {
        let lines = if excerpt.omitted == 1 { "line" } else { "lines" };
        writeln!(text, "{MARGIN}{:width$} |{MARGIN:#} … {} {lines} …", "", excerpt.omitted)?;
    }
    if let Some((number, line)) = &excerpt.tail {
        writeln!(text, "{MARGIN}{number:width$} |{MARGIN:#} {}", safe(line))?;
    }
    writeln!(text, "{:width$} {MARGIN}|{MARGIN:#}", "")
}

fn remark(text: &mut String, notice: &Notice) -> std::fmt::Result {
    let (rule, message) = (notice.rule, safe(&notice.message));
    writeln!(text, "{WARNING}warning[{rule}]{WARNING:#}{STRONG}: {message}{STRONG:#}")?;
    let (path, at) = (safe(&notice.path), notice.start);
    writeln!(text, " {MARGIN}-->{MARGIN:#} {path}:{}:{}\n", at.line, at.column)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample;

    #[test]
    fn a_finding_shows_its_source_and_the_next_command() {
        let styled = Full.render(&sample::outcome());
        let text = anstream::adapter::strip_str(&styled).to_string();
        assert_eq!(
            text,
            r#"spam[link-spam]: run of 4 anchors (spam 0.998)
  --> seeds/new.md:14:1, to line 20
   |
14 | [lucky\u{1b}[31m spins](https://a.example)
15 | [buy](https://b.example)
   | … 4 lines …
20 | [the \u{202e}last](https://d.example)
   |
   = why: words +8.2 (2.00: "lucky"), links +1.0 (1.00)
   = help: `weedout check --fix seeds/new.md` cuts it; `weedout explain seeds/new.md:14` shows why

spam[link-spam]: block (spam 0.910)
 --> pages/a, b.html:3:1
  |
3 | <p>cheap pills</p>
  |
  = why: words +2.5 ()
  = help: `weedout clean 'pages/a, b.html' --out DIR` writes the text without it; `weedout explain 'pages/a, b.html:3'` shows why

silenced[link-spam]: cut (spam 0.870)
 --> seeds/old.md:9:7
  |
9 | Hello. Visit our casino.
  |
  = silenced by: comment: quoted on purpose

warning[unused-ignore]: silences nothing; take it out
 --> seeds/old.md:2:1

"#
        );
    }
}
