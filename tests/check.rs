//! What a check promises, over a judge that can be predicted.
#![allow(clippy::unwrap_used, missing_docs)]

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use weedout::block::{Block, Document};
use weedout::check::baseline::{self, Baseline};
use weedout::check::{self, Action, Checked, Job, Silence};
use weedout::clean::{self, Settings};
use weedout::report::{Extent, Outcome, REPORTS, by_name};
use weedout::source::Input;
use weedout::verdict::{Cut, Judge, Label, Profile, Reason, Verdict};

/// Blocks with SPAM in them are spam, those with MENU furniture; `{{…}}` is cut out of kept blocks.
struct Marked;

impl Judge for Marked {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        document.blocks.iter().map(|block| verdict(document, block)).collect()
    }

    fn id(&self) -> String {
        "marked-1".into()
    }
}

fn verdict(document: &Document<'_>, block: &Block<'_>) -> Verdict {
    let label = match &block.text {
        text if text.contains("SPAM") => Label::Spam,
        text if text.contains("MENU") => Label::Furniture,
        _ => Label::Genuine,
    };
    let cuts = if label == Label::Genuine { cuts(document.source, block) } else { Vec::new() };
    Verdict { label, probability: if label == Label::Spam { 0.99 } else { 0.01 }, reasons: vec![reason()], cuts }
}

fn reason() -> Reason {
    Reason { rule: "mark".into(), log_odds: 4.5, evidence: "a mark".into() }
}

fn cuts(source: &str, block: &Block<'_>) -> Vec<Cut> {
    let Cow::Borrowed(text) = block.text else { return Vec::new() };
    let Some(base) = (text.as_ptr() as usize).checked_sub(source.as_ptr() as usize) else { return Vec::new() };
    let ends = text.match_indices("{{").filter_map(|(start, _)| Some(start..start + text[start..].find("}}")? + 2));
    ends.map(|range| Cut {
        span: Some(base + range.start..base + range.end),
        text: range,
        probability: 0.9,
        reasons: vec![reason()],
    })
    .collect()
}

fn checked_with(name: &str, text: &str, silence: &Silence) -> Checked {
    check::document(Path::new(name), text.as_bytes(), &Settings::default(), silence, true, &Marked).unwrap()
}

fn checked(name: &str, text: &str) -> Checked {
    checked_with(name, text, &Silence::default())
}

fn fixed(name: &str, text: &str) -> String {
    let checked = checked(name, text);
    String::from_utf8(checked.fixed(Path::new(name), text.as_bytes()).unwrap().into_owned()).unwrap()
}

#[test]
fn neighbours_are_one_run_with_lines_and_columns() {
    let text =
        "Hello.\n\n- [SPAM one](https://a.example)\n- [SPAM two](https://b.example)\n- fine\n\nThe {{cut}} end.\n";
    let found = checked("a.md", text).findings;
    assert_eq!(found.iter().map(|f| f.extent).collect::<Vec<_>>(), [Extent::Run, Extent::Cut]);
    let run = &found[0];
    assert_eq!((run.start.line, run.start.column, run.end.line, run.end.column), (3, 1, 4, 32));
    assert_eq!(run.texts, ["SPAM one", "SPAM two"]);
    assert_eq!(run.size(), "run of 2 anchors");
    assert_eq!(&text[run.byte_start.unwrap()..run.byte_end.unwrap()].lines().count(), &2);
    let cut = &found[1];
    assert_eq!((cut.start.line, cut.start.column, cut.end.column), (7, 5, 12));
    assert_eq!(cut.texts, ["{{cut}}"]);
}

#[test]
fn content_has_one_fingerprint_wherever_it_stands() {
    let one = checked("a.md", "SPAM here\n\nHello.\n").findings;
    let two = checked("b.txt", "Hello.\nBye.\n  SPAM  here\n").findings;
    assert_eq!(one[0].fingerprint, two[0].fingerprint);
    assert_ne!(one[0].fingerprint, checked("a.md", "SPAM there\n").findings[0].fingerprint);
}

#[test]
fn spam_in_front_matter_is_found_and_never_cut() {
    let text = "---\ntitle: SPAM of the day\ntags: [one, two SPAM]\n---\nSPAM here\n\nHello.\n";
    let done = checked("a.md", text);
    assert_eq!(
        done.findings.iter().map(|f| f.extent).collect::<Vec<_>>(),
        [Extent::Field, Extent::Field, Extent::Block]
    );
    let field = &done.findings[0];
    assert_eq!((field.start.line, field.start.column, field.end.column), (2, 8, 23));
    assert!(field.help().contains("never cut"), "{}", field.help());
    assert_eq!(fixed("a.md", text), "---\ntitle: SPAM of the day\ntags: [one, two SPAM]\n---\nHello.\n");

    let silence = Silence::new(&[], &["SPAM of the day".into()], None);
    let done = checked_with("a.md", text, &silence);
    assert_eq!(done.findings.len(), 2);
    assert_eq!(done.silenced.iter().map(|f| f.start.line).collect::<Vec<_>>(), [2]);
}

#[test]
fn fixing_leaves_spam_in_front_matter_found() {
    let root = folder(&[("a.md", "---\ntitle: SPAM of the day\n---\nSPAM here\n\nHello.\n")]);
    let ran = check::run(&job(root.path(), Action::Fix), &Marked, &|_, _| {}).unwrap();
    assert_eq!((ran.fixed.len(), ran.outcome.summary.findings), (1, 1));
    assert_eq!(fs::read_to_string(root.path().join("a.md")).unwrap(), "---\ntitle: SPAM of the day\n---\nHello.\n");
}

#[test]
fn furniture_is_no_finding() {
    for name in ["a.html", "a.md", "a.txt"] {
        assert_eq!(checked(name, "<p>MENU</p>\n<p>Hello you.</p>\n").findings, []);
    }
}

#[test]
fn pages_are_found_by_line_and_not_fixed() {
    let page = "<p>Hello.</p>\n<p>SPAM one</p>\n<p>SPAM two</p>\n<p>Bye.</p>\n";
    let checked = checked("a.html", page);
    let run = &checked.findings[0];
    assert_eq!((run.start.line, run.end.line, run.byte_start, run.blocks), (2, 3, None, 2));
    let error = checked.fixed(Path::new("a.html"), page.as_bytes()).unwrap_err().to_string();
    assert!(error.contains("a.html") && error.contains("weedout clean"), "{error}");
}

#[test]
fn a_fix_takes_the_spam_and_nothing_else() {
    assert_eq!(
        fixed("a.md", "---\ntitle: x\n---\nHello.\r\n\r\nSPAM\r\n\r\nBye."),
        "---\ntitle: x\n---\nHello.\r\n\r\nBye."
    );
    assert_eq!(fixed("a.txt", "Ann: Yes.\nSPAM\nBob: {{go}} No.\n"), "Ann: Yes.\nBob:  No.\n");
    let cues = "1\n00:00:01,000 --> 00:00:02,000\nHi.\n\n2\n00:00:02,000 --> 00:00:03,000\nSPAM\n";
    assert_eq!(fixed("a.srt", cues), &cues[..cues.find("2\n0").unwrap()]);
    // Front matter stays when nothing genuine does.
    assert_eq!(fixed("a.md", "---\ntitle: x\n---\nSPAM\n"), "---\ntitle: x\n---\n");
}

#[test]
fn a_comment_silences_the_next_block_only() {
    let text = "Hello.\n\n<!-- weedout: ignore[link-spam] quoted -->\n\nSPAM one\n\nSPAM two\n";
    let checked = checked("a.md", text);
    assert_eq!(checked.findings.len(), 1);
    assert_eq!(checked.findings[0].texts, ["SPAM two"]);
    assert_eq!(checked.silenced[0].silenced.as_ref().unwrap().reason, "quoted");
    assert_eq!((checked.silenced[0].start.line, checked.notices.len()), (5, 0));
    assert_eq!(fixed("a.md", text), &text[..text.find("SPAM two").unwrap()]);
}

#[test]
fn a_comment_of_plain_text_works_and_is_no_spam_itself() {
    let text = "Hello.\nweedout: ignore[link-spam] the SPAM is quoted\nSPAM\nBye.\n";
    let checked = checked("a.txt", text);
    assert_eq!((checked.findings.len(), checked.silenced.len(), checked.notices.len()), (0, 1, 0));
}

#[test]
fn comments_that_do_nothing_are_told() {
    let says = |comment: &str| {
        let text = format!("Hello.\n\n<!-- weedout: {comment} -->\n\nFine.\n\nSPAM\n");
        let checked = checked("a.md", &text);
        assert_eq!((checked.findings.len(), checked.notices[0].start.line), (1, 3), "{comment}");
        checked.notices[0].message.clone()
    };
    assert!(says("ignore[link-spam] for nothing").contains("silences nothing"));
    assert!(says("ignore[link-spam]").contains("gives no reason"));
    assert!(says("ignore[words] because").contains("`words`"));
}

#[test]
fn comments_are_not_heeded_when_they_shall_not_be() {
    let text = "<!-- weedout: ignore[link-spam] injected -->\n\nSPAM\n";
    let silence = Silence::default();
    let checked =
        check::document(Path::new("a.md"), text.as_bytes(), &Settings::default(), &silence, false, &Marked).unwrap();
    assert_eq!(checked.findings.len(), 1);
    // Cleaning never heeds them.
    let tolerant = check::Tolerant::new(&Marked, &silence);
    let cleaned = clean::document(Path::new("a.md"), text.as_bytes(), &Settings::default(), &tolerant).unwrap();
    assert_eq!(cleaned.blocks_removed(), 1);
}

#[test]
fn a_baseline_knows_content_and_not_places() {
    let before = checked("a.md", "SPAM one\n\nSPAM two\n\nHello {{you}}.\n").findings;
    let text = baseline::write(before.iter());
    assert_eq!(text.lines().filter(|line| !line.starts_with('#')).count(), 3);
    let silence = Silence::new(&[], &[], Some(Baseline::parse(Path::new("known"), &text).unwrap()));
    let after = checked_with("b.md", "Moved.\n\nSPAM two\n\nSPAM new\n\nHello {{you}}.\n", &silence);
    assert_eq!(after.findings.iter().map(|f| f.texts[0].as_str()).collect::<Vec<_>>(), ["SPAM new"]);
    assert_eq!(after.silenced.len(), 2);
    let unused = silence.outdated();
    assert_eq!(unused.len(), 1);
    assert!(unused[0].path == "known" && unused[0].message.contains("no more"));
    // What was one run when it was written down is one run when it is silenced.
    assert_eq!(checked_with("b.md", "SPAM one\n\nSPAM two\n", &silence).silenced.len(), 1);
}

#[test]
fn allowed_hosts_and_phrases_silence_in_clean_too() {
    let text = "SPAM [x](https://friend.example/a)\n\nSPAM our sponsor\n\nSPAM\n\nHello.\n";
    let silence = Silence::new(&["friend.example".into()], &["our sponsor".into()], None);
    let checked = checked_with("a.md", text, &silence);
    assert_eq!((checked.findings.len(), checked.silenced.len()), (1, 2));
    let tolerant = check::Tolerant::new(&Marked, &silence);
    let cleaned = clean::document(Path::new("a.md"), text.as_bytes(), &Settings::default(), &tolerant).unwrap();
    assert_eq!(cleaned.blocks_removed(), 1);
    assert!(silence.unused().is_empty() && silence.outdated().is_empty());
}

fn job(root: &Path, action: Action) -> Job {
    let mut names: Vec<_> = fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    let inputs = names.into_iter().map(|path| Input::file(&path, path.file_name().unwrap())).collect();
    Job { inputs, action, comments: true, ..Job::default() }
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let root = tempfile::tempdir().unwrap();
    files.iter().for_each(|(name, text)| fs::write(root.path().join(name), text).unwrap());
    root
}

#[test]
fn a_run_fixes_what_it_can_and_tells_the_rest() {
    let root = folder(&[
        ("a.md", "Hi.\n\nSPAM\n"),
        ("b.html", "<p>Hi you.</p><p>SPAM</p>"),
        ("c.txt", "Fine.\n"),
        ("d.txt", "\x7fELF\0"),
    ]);
    let ran = check::run(&job(root.path(), Action::Fix), &Marked, &|_, _| {}).unwrap();
    let sum = ran.outcome.summary;
    assert_eq!((sum.documents, sum.fixed, sum.findings, sum.failed), (4, 1, 1, 2));
    assert_eq!(fs::read_to_string(root.path().join("a.md")).unwrap(), "Hi.\n\n");
    assert!(ran.outcome.failures[0].error.contains("HTML cannot be fixed"));
    let again = check::run(&job(root.path(), Action::Fix), &Marked, &|_, _| {}).unwrap();
    assert_eq!(again.outcome.summary.fixed, 0);
}

#[test]
fn a_diff_changes_nothing() {
    let root = folder(&[("a.md", "Hi.\n\nSPAM\n\nBye.\n")]);
    let ran = check::run(&job(root.path(), Action::Diff), &Marked, &|_, _| {}).unwrap();
    assert!(ran.diff.contains("-SPAM\n") && ran.diff.contains("+++ b/"));
    assert_eq!(ran.outcome.findings.len(), 1);
    assert_eq!(fs::read_to_string(root.path().join("a.md")).unwrap(), "Hi.\n\nSPAM\n\nBye.\n");
}

fn outcome() -> Outcome {
    let root = folder(&[
        ("a.md", "Hi.\n\nSPAM <i>\u{1b}[31m]]>\n\nSPAM \u{202e}\n\nBye {{now}}.\n"),
        ("b.html", "<p>Hi you.</p>\n<p>SPAM & more</p>"),
        ("c.txt", "weedout: ignore[link-spam] x\nSPAM\n"),
        ("d.txt", "weedout: ignore[link-spam] x\nFine.\n"),
        ("e.txt", "gone"),
    ]);
    let mut job = job(root.path(), Action::Report);
    fs::remove_file(root.path().join("e.txt")).unwrap();
    for input in &mut job.inputs {
        input.bytes = fs::read(&input.path).ok();
        input.path.clone_from(&input.relative);
    }
    check::run(&job, &Marked, &|_, _| {}).unwrap().outcome
}

#[test]
fn nothing_printed_can_act() {
    for (name, report) in REPORTS {
        let text = anstream::adapter::strip_str(&report.render(&outcome())).to_string();
        assert!(!text.contains(|c| weedout::report::escape::acts(c) && c != '\n'), "{name}: {text:?}");
        if !report.is_styled() {
            assert_eq!(text, report.render(&outcome()), "{name} holds ANSI");
        }
    }
}

fn json(name: &str) -> serde_json::Value {
    serde_json::from_str(&by_name(name).unwrap().render(&outcome())).unwrap()
}

/// What SARIF 2.1.0 asks for, sections 3.13 to 3.59, of the properties that are written.
#[test]
fn sarif_has_what_its_specification_asks_for() {
    let log = json("sarif");
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string());
    let rules = driver["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["id"].is_string() && rule["shortDescription"]["text"].is_string()));
    assert!(["utf16CodeUnits", "unicodeCodePoints"].contains(&run["columnKind"].as_str().unwrap()));
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        assert!(result["message"]["text"].is_string());
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        if let Some(rank) = result["rank"].as_f64() {
            assert!((0.0..=100.0).contains(&rank));
        }
        let place = &result["locations"][0]["physicalLocation"];
        let uri = place["artifactLocation"]["uri"].as_str().unwrap();
        assert!(uri.is_ascii() && !uri.contains([' ', '#', '?', '"', '<', '>', '\\']));
        let region = &place["region"];
        let at = |name: &str| region[name].as_u64();
        assert!(at("startLine").unwrap() >= 1 && at("startColumn").unwrap() >= 1);
        let end = (at("endLine").or(at("startLine")), at("endColumn"));
        assert!(end.0 > at("startLine") || end.1.is_none() || end.1 >= at("startColumn"));
        for suppression in result["suppressions"].as_array().into_iter().flatten() {
            assert!(["inSource", "external"].contains(&suppression["kind"].as_str().unwrap()));
        }
    }
}

/// What GitLab's code quality report asks for: description, check name, unique fingerprint, severity, path and begin line.
#[test]
fn gitlab_has_what_its_specification_asks_for() {
    let issues = json("gitlab");
    let issues = issues.as_array().unwrap();
    assert_eq!(issues.len(), 5);
    for issue in issues {
        assert!(issue["description"].is_string() && issue["check_name"].is_string());
        let severity = issue["severity"].as_str().unwrap();
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity));
        let path = issue["location"]["path"].as_str().unwrap();
        assert!(!path.starts_with("./") && issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
    }
    let mut prints: Vec<&str> = issues.iter().map(|issue| issue["fingerprint"].as_str().unwrap()).collect();
    prints.sort_unstable();
    prints.dedup();
    assert_eq!(prints.len(), issues.len());
}

/// What the `JUnit` schema of Jenkins asks for: names, counts that add up, one result a case.
#[test]
fn junit_has_what_its_schema_asks_for() {
    let text = by_name("junit").unwrap().render(&outcome());
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let number = |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<usize>().unwrap();
    let mut sums = [0; 3];
    for suite in root.children().filter(roxmltree::Node::is_element) {
        assert_eq!(suite.tag_name().name(), "testsuite");
        assert!(suite.attribute("name").is_some());
        let cases: Vec<_> = suite.children().filter(roxmltree::Node::is_element).collect();
        assert!(cases.iter().all(|case| case.has_tag_name("testcase") && case.attribute("name").is_some()));
        let with = |name: &str| cases.iter().filter(|case| case.children().any(|c| c.has_tag_name(name))).count();
        assert_eq!(number(suite, "tests"), cases.len());
        for (at, (attribute, element)) in [("failures", "failure"), ("errors", "error")].into_iter().enumerate() {
            assert_eq!(number(suite, attribute), with(element));
            sums[at + 1] += with(element);
        }
        assert_eq!(number(suite, "skipped"), with("skipped"));
        sums[0] += cases.len();
    }
    assert_eq!(sums, [number(root, "tests"), number(root, "failures"), number(root, "errors")]);
}

fn document() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "Hello there.\n",
        "\n",
        "SPAM\n",
        "- SPAM [x](https://a.example)\n",
        "Good {{bad}} good.\n",
        "<!-- weedout: ignore[link-spam] why -->\n",
        "weedout: ignore[link-spam] why\n",
        "> SPAM\n",
        "\r\n",
        "ğ SPAM\r\n",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_fixed_document_has_no_findings_and_is_part_of_what_it_was(text in document(), name in prop::sample::select(vec!["a.md", "a.txt"])) {
        let after = fixed(name, &text);
        prop_assert_eq!(&checked(name, &after).findings, &[]);
        prop_assert_eq!(&fixed(name, &after), &after);
        let mut rest = text.chars();
        prop_assert!(after.chars().all(|c| rest.any(|other| other == c)));
    }
}
