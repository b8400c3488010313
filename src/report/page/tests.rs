//! The page over audits written by cleaning hostile documents.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::block::Document;
use crate::clean::{self, Job};
use crate::source::find;
use crate::verdict::{Judge, Label, Profile, Reason, Verdict};

struct Marked;

impl Judge for Marked {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        let one = |text: &str| {
            let label = if text.contains("SPAM") { Label::Spam } else { Label::Genuine };
            let evidence = "2.00: evil.example, \"<b>bold</b>\"".into();
            let reasons = vec![Reason { rule: "links-foreign".into(), log_odds: 4.0, evidence }];
            let probability = if text.contains("MAYBE") { 0.6 } else { 0.98 };
            Verdict { label, probability, reasons, cuts: Vec::new() }
        };
        document.blocks.iter().map(|block| one(&block.text)).collect()
    }

    fn id(&self) -> String {
        "marked-1".into()
    }
}

fn page(files: &[(&str, &str)]) -> String {
    let root = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("in")).unwrap();
    files.iter().for_each(|(name, text)| std::fs::write(root.path().join("in").join(name), text).unwrap());
    let inputs = find(&[root.path().join("in")], &[]).unwrap();
    let job = Job::new(inputs, root.path().join("out"));
    clean::run(&job, &Marked, &|_| {}).unwrap();
    render(&job.audit).unwrap()
}

fn sample() -> String {
    page(&[
        (
            "a.md",
            "Kept before.\n\nSPAM <script>alert(1)</script> [x](https://bad.example/?a=1&b=2)\n\nSPAM same text\n\nKept after.\n",
        ),
        ("b.md", "SPAM same text\n\nHello \u{202e}there, how are you.\n"),
        ("c.html", "<p>Hello you.</p><p>SPAM &lt;img src=x onerror=alert(1)&gt; text</p>"),
        ("d.txt", "All is well here.\n"),
        ("e.txt", "\x7fELF<i>\0"),
    ])
}

#[test]
fn what_documents_say_is_text() {
    let page = sample();
    let tree = scraper::Html::parse_document(&page);
    let count = |selector: &str| tree.select(&scraper::Selector::parse(selector).unwrap()).count();
    assert_eq!(count("script"), 1);
    assert_eq!(count("img, iframe, object, embed, form, b b, i"), 0);
    assert_eq!(count("a:not([href^='#'])") + count("link:not([rel=icon])") + count("[src]"), 0);
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains('\u{202e}'));
}

#[test]
fn it_needs_nothing_from_outside() {
    let page = sample();
    let bodies = page.replace("https://bad.example/", "");
    assert!(!bodies.contains("http://") && !bodies.contains("https://") && !bodies.contains("url("));
    assert!(page.contains(&hash::source(SCRIPT)) && page.contains("default-src 'none'"));
}

#[test]
fn removals_stand_between_what_was_kept() {
    let page = sample();
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("no {text}"));
    assert!(at("kept before</small> Kept before.") < at("&lt;script&gt;alert(1)"));
    assert!(at("&lt;script&gt;alert(1)") < at("kept after</small> Kept after."));
    assert!(page.contains("spam, run of 2 blocks, lines 3–5"));
    assert!(page.contains("<b>+4.0</b> links-foreign"));
}

#[test]
fn a_long_run_is_cut_at_a_line_and_says_what_is_left() {
    let page = page(&[("a.md", &format!("Kept.\n\n{}", "SPAM and more of it\n\n".repeat(200)))]);
    assert!(page.contains("SPAM and more of it</pre>") && page.contains("more characters are in the audit"));
    assert_eq!(cut(&"x".repeat(MOST_TEXT + 5)), ("x".repeat(MOST_TEXT).as_str(), 5));
}

#[test]
fn campaigns_join_documents() {
    let page = sample();
    let hosts = &page[page.find("id=\"hosts\"").unwrap()..page.find("id=\"texts\"").unwrap()];
    assert!(hosts.contains("bad.example") && hosts.contains("evil.example"));
    let texts = &page[page.find("id=\"texts\"").unwrap()..page.find("id=\"removed\"").unwrap()];
    assert!(texts.contains("SPAM same text") && !texts.contains("alert"));
}

#[test]
fn documents_that_kept_next_to_nothing_are_flagged() {
    assert_eq!(sample().matches("class=\"flag\">review").count(), 3);
    assert!(sample().contains("looks binary"));
}

#[test]
fn doubtful_removals_are_marked_and_counted() {
    let page = page(&[("a.md", "Kept before.\n\nSPAM MAYBE one\n\nKept between.\n\nSPAM two\n")]);
    assert_eq!(page.matches("data-row=\"removal spam doubtful\"").count(), 1);
    assert_eq!(page.matches("data-row=\"removal spam\"").count(), 1);
    let certainty = &page[page.find("id=\"certainty\"").unwrap()..page.find("id=\"documents\"").unwrap()];
    let row = |name: &str| certainty.lines().find(|line| line.contains(name)).unwrap().ends_with(" 1</td></tr>");
    assert!(row("0.5 to 0.7") && row("0.9 to 0.99") && !row("below 0.5"), "{certainty}");
}

#[test]
fn rules_that_are_named_are_explained() {
    let page = sample();
    let rules = &page[page.find("id=\"rules\"").unwrap()..];
    assert!(rules.contains("<dt>links-foreign</dt><dd>links to other hosts</dd>"), "{rules}");
    assert_eq!(rules.matches("<dt>").count(), 1);
}

#[test]
fn an_empty_audit_is_a_page_and_none_is_an_error() {
    assert!(page(&[]).contains("<p>None.</p>"));
    let error = render(Path::new("no-such-audit")).unwrap_err().to_string();
    assert!(error.contains("no-such-audit"), "{error}");
}
