//! What cleaning promises, over generated documents and a judge that can be predicted.
#![allow(clippy::unwrap_used, missing_docs)]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use weedout::block::{Block, Document};
use weedout::clean::record::{Manifest, Removed};
use weedout::clean::{self, Cleaned, Job, Part, Settings, Status};
use weedout::source::Input;
use weedout::source::decode::encode;
use weedout::verdict::{Cut, Judge, Label, Profile, Reason, Verdict};

/// Blocks with SPAM in them are spam; FOLLOW is spam unless a GUARD stands before it; `{{…}}` is cut out of kept blocks.
struct Marked;

impl Judge for Marked {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        let texts: Vec<&str> = document.blocks.iter().map(|block| block.text.as_ref()).collect();
        assert!(!texts.iter().any(|text| text.contains("PANIC")), "the judge met its match");
        let guarded = |at: usize| at > 0 && texts[at - 1].contains("GUARD");
        let verdict = |(at, block): (usize, &Block<'_>)| {
            let spam = texts[at].contains("SPAM") || (texts[at].contains("FOLLOW") && !guarded(at));
            let label = if spam { Label::Spam } else { Label::Genuine };
            let cuts = if spam { Vec::new() } else { cuts(document.source, block) };
            Verdict { label, probability: if spam { 0.99 } else { 0.01 }, reasons: vec![reason()], cuts }
        };
        document.blocks.iter().enumerate().map(verdict).collect()
    }

    fn id(&self) -> String {
        "marked-1".into()
    }
}

fn reason() -> Reason {
    Reason { rule: "mark".into(), log_odds: 4.5, evidence: "a mark".into() }
}

/// In pages by the text alone, in text formats where the text is that of the source.
fn cuts(source: &str, block: &Block<'_>) -> Vec<Cut> {
    let base = match (&block.text, &block.span) {
        (_, None) => None,
        (Cow::Borrowed(text), Some(_)) => Some(text.as_ptr() as usize - source.as_ptr() as usize),
        (Cow::Owned(_), Some(_)) => return Vec::new(),
    };
    let text = block.text.as_ref();
    let found = text.match_indices("{{").filter_map(|(start, _)| Some(start..start + text[start..].find("}}")? + 2));
    let cut = |text: Range<usize>| Cut {
        span: base.map(|base| base + text.start..base + text.end),
        text,
        probability: 0.9,
        reasons: vec![reason()],
    };
    found.map(cut).collect()
}

fn cleaned(name: &str, bytes: &[u8]) -> Cleaned {
    clean::document(Path::new(name), bytes, &Settings::default(), &Marked).unwrap()
}

fn kept(name: &str, text: &str) -> String {
    String::from_utf8(cleaned(name, text.as_bytes()).output.unwrap_or_default()).unwrap()
}

#[test]
fn spam_lines_go_and_the_rest_keeps_its_bytes() {
    let text = "Ann: Hello.\r\n\r\nSPAM bahis\r\n\r\n  Bob:\tHi.  \r\nno end";
    assert_eq!(kept("talk.txt", text), "Ann: Hello.\r\n\r\n  Bob:\tHi.  \r\nno end");
}

#[test]
fn front_matter_is_never_touched() {
    let text = "---\ntitle: SPAM: not \"yaml\ntags: [SPAM\n---\nSPAM\n\nA talk.\n";
    for name in ["a.md", "a.txt"] {
        assert_eq!(kept(name, text), "---\ntitle: SPAM: not \"yaml\ntags: [SPAM\n---\nA talk.\n");
    }
}

#[test]
fn spam_in_front_matter_stays_and_is_told() {
    let text = "---\ntitle: SPAM of the day\nsource: https://a.example/\n---\nIt rained.\n\nGUARD SPAM\n";
    let done = cleaned("a.md", text.as_bytes());
    assert_eq!(done.suspects.len(), 1);
    let suspect = &done.suspects[0];
    assert_eq!((suspect.text.as_str(), suspect.lines), ("SPAM of the day", (2, 2)));
    assert_eq!(&text[suspect.span.clone().unwrap()], "SPAM of the day");
    assert!(String::from_utf8(done.output.unwrap()).unwrap().contains("title: SPAM of the day"));
    assert!(cleaned("b.md", b"---\ntitle: SPAM of the day\n---\nGUARD SPAM\n").suspects.is_empty());
}

#[test]
fn parts_are_cut_out_of_kept_blocks_and_recorded() {
    let done = cleaned("a.txt", "We met. {{Buy now.}} It rained.\nFine.\n".as_bytes());
    assert_eq!(done.output.as_deref(), Some(&b"We met.  It rained.\nFine.\n"[..]));
    let removal = &done.removed[0];
    assert_eq!((removal.part, removal.text.as_str(), removal.lines), (Part::Sentence, "{{Buy now.}}", (1, 1)));
    assert_eq!((done.blocks_removed(), done.status), (0, Status::Cleaned));
}

#[test]
fn what_a_cut_uncovers_goes_as_well_with_its_place_in_the_source() {
    let text = "Start.\nGUARD SPAM\nFOLLOW 1\nEnd.\n";
    let done = cleaned("a.txt", text.as_bytes());
    assert_eq!(done.output.as_deref(), Some(&b"Start.\nEnd.\n"[..]));
    let places: Vec<_> = done.removed.iter().map(|r| (r.block, r.span.clone().unwrap(), r.lines)).collect();
    assert_eq!(places, [(1, 7..18, (2, 2)), (2, 18..27, (3, 3))]);
}

#[test]
fn nothing_genuine_left_is_rejected_and_nothing_at_all_is_empty() {
    let done = cleaned("a.md", b"---\ntitle: x\n---\nSPAM\n\n---\n");
    assert_eq!((done.status, done.output, done.words_kept), (Status::Rejected, None, 0));
    assert_eq!(cleaned("a.txt", b"").status, Status::Empty);
    assert_eq!(cleaned("a.txt", b" \r\n\n").status, Status::Empty);
    assert_eq!(cleaned("a.md", b"---\ntitle: x\n---\n").status, Status::Untouched);
    assert_eq!(cleaned("a.txt", "👍\n".as_bytes()).status, Status::Untouched);
}

#[test]
fn a_broken_byte_is_kept_where_it_was_and_recorded_raw() {
    let done = cleaned("a.txt", b"caf\xc3\xa9 \xc3\xa9\xc3\xa9 fine \xc3\xa0 \xc3\xa8\xc3\xa0 \xc3\xa8\xc3\xa0 \xc3\xa8\xc3\xb6\xc3\xbc\xc3\xbc \xff\nSPAM \xff\xfe\nend");
    assert!(done.output.unwrap().ends_with(b"\xff\nend"));
    assert_eq!(done.removed[0].raw.as_deref(), Some(&b"SPAM \xff\xfe\n"[..]));
}

/// How a generated document is written to bytes.
#[derive(Debug, Clone, Copy)]
enum Writing {
    Utf8,
    Utf8Mark,
    Windows1254,
    Utf16Le,
    Utf16Be,
    Broken(usize),
}

fn write(text: &str, writing: Writing) -> Vec<u8> {
    match writing {
        Writing::Utf8 => text.as_bytes().to_vec(),
        Writing::Utf8Mark => format!("\u{feff}{text}").into_bytes(),
        Writing::Windows1254 => encode(text, "windows-1254").unwrap(),
        Writing::Utf16Le => encode(&format!("\u{feff}{text}"), "UTF-16LE").unwrap(),
        Writing::Utf16Be => encode(&format!("\u{feff}{text}"), "UTF-16BE").unwrap(),
        Writing::Broken(at) => {
            let mut bytes = text.as_bytes().to_vec();
            bytes.insert(at % (bytes.len() + 1), 0xff);
            bytes
        }
    }
}

fn writing() -> impl Strategy<Value = Writing> {
    prop_oneof![
        Just(Writing::Utf8),
        Just(Writing::Utf8Mark),
        Just(Writing::Windows1254),
        Just(Writing::Utf16Le),
        Just(Writing::Utf16Be),
        any::<usize>().prop_map(Writing::Broken),
    ]
}

/// Characters stay within windows-1254.
fn line() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "Ann: Well, that was the winter we moved.",
        "Şimdi çarşıya gidelim, güneş batıyor.",
        "Yeah.",
        "SPAM bahis giriş",
        "SPAM [casino](https://x.example/a) ığüşö",
        "GUARD SPAM",
        "GUARD",
        "FOLLOW the link",
        "He said so. {{SP AM inside}} And left.",
        "{{all of it}}",
        "# Heading",
        "- item one",
        "> quoted words",
        "| a | b |",
        "```",
        "---",
        "title: x",
        "7",
        "00:00:01,000 --> 00:00:02,000",
        "WEBVTT",
        "",
        "",
        "  \t",
    ])
}

fn document() -> impl Strategy<Value = (String, Vec<u8>)> {
    let names = prop::sample::select(vec!["a.txt", "a.md", "a.srt", "a.vtt", "a.transcript", "a"]);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    (names, prop::collection::vec(line(), 0..14), ends, any::<bool>(), any::<bool>(), writing()).prop_map(
        |(name, lines, end, last, front, writing)| {
            let head = if front { format!("---{end}title: a \"talk{end}---{end}") } else { String::new() };
            let text = head + &lines.join(end) + if last { end } else { "" };
            (name.to_owned(), write(&text, writing))
        },
    )
}

/// Kept and removed parts in the order of the source.
fn woven(done: &Cleaned) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut left = done.output.clone().unwrap_or_default();
    for removal in &done.removed {
        let span = removal.span.clone().unwrap();
        assert!(span.start >= bytes.len(), "removals overlap");
        bytes.extend(left.drain(..span.start - bytes.len()));
        bytes.extend(removal.raw.clone().unwrap_or_else(|| encode(&removal.text, done.encoding).unwrap()));
        assert_eq!(bytes.len(), span.end);
    }
    bytes.extend(left);
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn kept_and_removed_tile_the_source((name, bytes) in document()) {
        let done = cleaned(&name, &bytes);
        prop_assert_eq!(woven(&done), bytes);
    }

    #[test]
    fn cleaning_the_cleaned_changes_nothing((name, bytes) in document()) {
        let once = cleaned(&name, &bytes);
        if let Some(output) = once.output {
            let twice = cleaned(&name, &output);
            prop_assert_eq!((twice.status, twice.output), (Status::Untouched, Some(output)));
        }
    }

    #[test]
    fn removals_name_blocks_and_lines_of_the_source((name, bytes) in document()) {
        let done = cleaned(&name, &bytes);
        for removal in done.removed.iter().filter(|removal| removal.part != Part::Rest) {
            prop_assert!(removal.block < done.blocks);
            prop_assert!(removal.lines.0 >= 1 && removal.lines.0 <= removal.lines.1);
        }
        prop_assert!(done.blocks_removed() <= done.blocks && done.words_kept <= done.words_in);
    }
}

/// A folder with the files given, and a job over it.
struct Bench {
    root: tempfile::TempDir,
}

impl Bench {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let root = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = root.path().join("in").join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        Self { root }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn job(&self, out: &str) -> Job {
        let inputs = weedout::source::find(&[self.at("in")], &[]).unwrap();
        Job { folders: vec![self.at("in")], ..Job::new(inputs, self.at(out)) }
    }

    fn run(&self, out: &str) -> clean::Summary {
        clean::run(&self.job(out), &Marked, &|_| {}).unwrap()
    }

    fn rows(&self, audit: &str) -> Vec<Manifest> {
        let text = fs::read_to_string(self.at(audit).join("manifest.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn removed(&self, audit: &str) -> Vec<Removed> {
        let text = fs::read_to_string(self.at(audit).join("removed.jsonl")).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// All files under a folder with their bytes.
fn tree(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => folders.push(path),
                path => drop(found.insert(path.strip_prefix(root).unwrap().to_path_buf(), fs::read(&path).unwrap())),
            }
        }
    }
    found
}

#[test]
fn a_run_writes_the_corpus_and_says_what_it_did() {
    let bench = Bench::new(&[
        ("a.md", b"Hello.\n\nSPAM\n"),
        ("deep/b.txt", b"Fine.\n"),
        ("c.txt", b"SPAM only"),
        ("d.txt", b""),
        ("e.txt", b"\x7fELF\0\0\0"),
        ("f.txt", b"PANIC"),
    ]);
    let summary = bench.run("out");
    let counts = (summary.untouched, summary.cleaned, summary.rejected, summary.empty, summary.failed);
    assert_eq!((summary.documents, counts), (6, (1, 1, 1, 1, 2)));
    let files: Vec<_> = tree(&bench.at("out")).into_keys().collect();
    assert_eq!(files, [PathBuf::from("a.md"), PathBuf::from("deep/b.txt")]);
    let rows = bench.rows("out-audit");
    let names: Vec<_> = rows.iter().map(|row| row.relative.as_str()).collect();
    assert_eq!(names, ["a.md", "c.txt", "d.txt", "deep/b.txt", "e.txt", "f.txt"]);
    assert!(rows[4].error.as_ref().unwrap().contains("looks binary"));
    assert!(rows[5].error.as_ref().unwrap().contains("the judge met its match"));
    let removed = bench.removed("out-audit");
    assert_eq!((removed[0].text.as_str(), removed[0].byte_start, removed[0].line_start), ("SPAM\n", Some(8), 3));
}

#[test]
fn nothing_but_the_audit_is_in_the_audit() {
    let bench = Bench::new(&[("a.md", b"Hello.\n\nSPAM\n")]);
    bench.run("out");
    let files: Vec<_> = tree(&bench.at("out-audit")).into_keys().collect();
    assert_eq!(files, [".lock", "manifest.jsonl", "removed.jsonl"].map(PathBuf::from));
}

#[test]
fn a_later_run_takes_away_what_is_no_longer_genuine() {
    let bench = Bench::new(&[("a.txt", b"Fine.\n")]);
    bench.run("out");
    fs::write(bench.at("in/a.txt"), "SPAM").unwrap();
    bench.run("out");
    assert!(tree(&bench.at("out")).is_empty());
}

#[test]
fn resuming_does_not_do_again_what_is_done_and_ends_the_same() {
    let bench =
        Bench::new(&[("a.md", b"Hi.\n\nSPAM\n"), ("b.txt", b"Yes.\nSPAM\n"), ("c.txt", b"SPAM"), ("d.txt", b"No.\n")]);
    bench.run("whole");
    bench.run("out");
    // As if killed after two documents, in the middle of a line.
    let audit = bench.at("out-audit");
    for stem in ["manifest", "removed"] {
        let text = fs::read_to_string(audit.join(format!("{stem}.jsonl"))).unwrap();
        let at: usize = text.split_inclusive('\n').take(2).map(str::len).sum();
        fs::write(audit.join(format!("{stem}.0000.part")), &text[..text.len().min(at + 20)]).unwrap();
        fs::remove_file(audit.join(format!("{stem}.jsonl"))).unwrap();
    }
    fs::remove_file(bench.at("out/d.txt")).unwrap();
    let job = Job { resume: true, ..bench.job("out") };
    let summary = clean::run(&job, &Marked, &|_| {}).unwrap();
    assert_eq!((summary.documents, summary.resumed), (4, 2));
    assert_eq!(tree(&bench.at("out")), tree(&bench.at("whole")));
    assert_eq!(tree(&audit), tree(&bench.at("whole-audit")));
}

#[test]
fn resuming_does_again_what_changed() {
    let bench = Bench::new(&[("a.txt", b"One.\n"), ("b.txt", b"Two.\n"), ("c.txt", b"Three.\n")]);
    bench.run("out");
    fs::write(bench.at("in/a.txt"), "Changed.\n").unwrap();
    fs::write(bench.at("out/b.txt"), "Tampered.\n").unwrap();
    let summary = clean::run(&Job { resume: true, ..bench.job("out") }, &Marked, &|_| {}).unwrap();
    assert_eq!(summary.resumed, 1);
    assert_eq!(fs::read_to_string(bench.at("out/a.txt")).unwrap(), "Changed.\n");
    assert_eq!(fs::read_to_string(bench.at("out/b.txt")).unwrap(), "Two.\n");
    let profile = Profile::Strict;
    let job = Job { resume: true, settings: Settings { profile, ..Settings::default() }, ..bench.job("out") };
    assert_eq!(clean::run(&job, &Marked, &|_| {}).unwrap().resumed, 0);
}

#[test]
fn a_stopped_run_leaves_parts_that_resume() {
    let bench = Bench::new(&[("a.txt", b"One.\n")]);
    let job = bench.job("out");
    job.stop.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(clean::run(&job, &Marked, &|_| {}).unwrap().interrupted);
    assert!(!bench.at("out-audit/manifest.jsonl").exists());
    let job = Job { resume: true, ..bench.job("out") };
    assert_eq!(clean::run(&job, &Marked, &|_| {}).unwrap().untouched, 1);
    assert!(bench.at("out-audit/manifest.jsonl").exists());
}

#[test]
fn restoring_refuses_what_was_changed_and_does_the_rest() {
    let bench = Bench::new(&[("a.txt", b"One.\nSPAM\n"), ("b.txt", b"Two.\nSPAM\n"), ("c.txt", b"\x7fELF\0\0\0")]);
    bench.run("out");
    fs::write(bench.at("out/a.txt"), "Edited.\n").unwrap();
    let mut told = Vec::new();
    let tell = &mut |error: &weedout::Error| told.push(error.to_string());
    let done = clean::restore(&bench.at("out-audit"), &bench.at("out"), &bench.at("back"), tell).unwrap();
    assert_eq!((done.documents, done.failed), (1, 2));
    assert!(told[0].contains("a.txt") && told[0].contains("changed since"), "{told:?}");
    assert_eq!(fs::read(bench.at("back/b.txt")).unwrap(), b"Two.\nSPAM\n");
}

#[cfg(unix)]
#[test]
fn odd_names_come_back() {
    use std::os::unix::ffi::OsStrExt;
    let bench =
        Bench::new(&[("line\nbreak.txt", b"One.\nSPAM\n"), ("-rf.txt", b"SPAM"), ("\u{202e}txt.md", b"Three.")]);
    let odd = std::ffi::OsStr::from_bytes(b"in/\xff\xfe.txt");
    fs::write(bench.root.path().join(odd), "Four.\nSPAM\n").unwrap();
    bench.run("out");
    let done =
        clean::restore(&bench.at("out-audit"), &bench.at("out"), &bench.at("back"), &mut |e| panic!("{e}")).unwrap();
    assert_eq!(done.documents, 4);
    assert_eq!(tree(&bench.at("back")), tree(&bench.at("in")));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn restore_undoes_clean_and_threads_and_order_do_not_show(
        documents in prop::collection::vec(document(), 1..8),
        seed in any::<u64>(),
    ) {
        let bench = Bench::new(&[]);
        fs::create_dir_all(bench.at("in")).unwrap();
        for (number, (name, bytes)) in documents.iter().enumerate() {
            fs::create_dir_all(bench.at(&format!("in/{number}"))).unwrap();
            fs::write(bench.at(&format!("in/{number}/{name}")), bytes).unwrap();
        }
        let inputs: Vec<Input> = documents.iter().enumerate().map(|(number, (name, _))| {
            let relative = format!("{number}/{name}");
            Input::file(bench.at("in").join(&relative), relative)
        }).collect();
        let run = |out: &str, jobs: usize, inputs: Vec<Input>| {
            let job = Job { jobs, ..Job::new(inputs, bench.at(out)) };
            clean::run(&job, &Marked, &|_| {}).unwrap();
        };
        let mut shuffled = inputs.clone();
        let length = shuffled.len();
        shuffled.rotate_left(seed as usize % length);
        run("one", 1, inputs.clone());
        run("many", 4, inputs);
        run("other", 3, shuffled);
        prop_assert_eq!(tree(&bench.at("one")), tree(&bench.at("many")));
        prop_assert_eq!(tree(&bench.at("one-audit")), tree(&bench.at("many-audit")));
        prop_assert_eq!(tree(&bench.at("one")), tree(&bench.at("other")));
        let done = clean::restore(&bench.at("one-audit"), &bench.at("one"), &bench.at("back"), &mut |e| panic!("{e}")).unwrap();
        prop_assert_eq!(done.documents, documents.len());
        prop_assert_eq!(tree(&bench.at("back")), tree(&bench.at("in")));
    }
}

const PAGE: &str = "<!doctype html><html><head><title>A talk</title></head><body><article>\
<h1>The harvest</h1><p>Ann: Well, that was the winter we moved.</p>\
<p>Then came a guest. <a href='https://spam.example/'>SPAM bahis</a></p><p>GUARD SPAM</p><p>FOLLOW me</p>\
<p>Bob: And we stayed.</p></article></body></html>";

#[test]
fn pages_are_rendered_without_what_goes() {
    let done = cleaned("talk.html", PAGE.as_bytes());
    let text = String::from_utf8(done.output.clone().unwrap()).unwrap();
    for kept in ["The harvest", "winter we moved", "And we stayed."] {
        assert!(text.contains(kept), "{text}");
    }
    assert!(!text.contains("SPAM") && !text.contains("FOLLOW") && !text.contains('<'), "{text}");
    let removed: Vec<&str> = done.removed.iter().map(|removal| removal.text.as_str()).collect();
    assert_eq!(removed, ["Then came a guest. SPAM bahis", "GUARD SPAM", "FOLLOW me"]);
    assert!(done.removed.iter().all(|removal| removal.span.is_none()));
}

#[test]
fn parts_of_a_page_are_cut_and_the_rest_rendered() {
    let page = "<p>We met. {{Buy now.}} It <b>rained</b>.</p>";
    let done = cleaned("a.html", page.as_bytes());
    let text = String::from_utf8(done.output.clone().unwrap()).unwrap();
    assert!(text.contains("We met.") && text.contains("rained") && !text.contains("Buy"), "{text}");
    assert_eq!((done.status, done.blocks_removed()), (Status::Cleaned, 0));
}

#[test]
fn a_paragraph_that_lost_something_keeps_its_other_links_in_markdown() {
    let page = "<p>We met <a href='https://a.example/'>Ann</a>. {{Buy <a href='https://b.example/'>now</a>.}} \
                It <b>rained</b> in <a href='https://c.example/'>the valley</a>.</p>";
    let settings = Settings { markdown: true, ..Settings::default() };
    let done = clean::document(Path::new("a.html"), page.as_bytes(), &settings, &Marked).unwrap();
    let text = String::from_utf8(done.output.unwrap()).unwrap();
    assert!(text.contains("We met [Ann](https://a.example/)."), "{text}");
    assert!(text.contains("in [the valley](https://c.example/)."), "{text}");
    assert!(!text.contains("b.example"), "{text}");
}

#[test]
fn pages_get_names_of_their_own_and_are_not_restored() {
    let bench =
        Bench::new(&[("deep/a.html", PAGE.as_bytes()), ("b.htm", b"<p>SPAM</p>"), ("c.html", b"<title>x</title>")]);
    let summary = bench.run("out");
    assert_eq!((summary.cleaned, summary.rejected, summary.empty), (1, 1, 1));
    assert_eq!(tree(&bench.at("out")).into_keys().collect::<Vec<_>>(), [PathBuf::from("deep/a.html.txt")]);
    let done =
        clean::restore(&bench.at("out-audit"), &bench.at("out"), &bench.at("back"), &mut |e| panic!("{e}")).unwrap();
    assert_eq!((done.documents, done.pages), (0, 3));
    let markdown = Settings { markdown: true, ..Settings::default() };
    clean::run(&Job { settings: markdown, ..bench.job("md") }, &Marked, &|_| {}).unwrap();
    assert!(bench.at("md/deep/a.html.md").exists());
}

#[test]
fn a_page_that_declares_its_encoding_is_read_in_it() {
    let page = encode("<meta charset=windows-1254><p>Güneş batıyordu.</p><p>SPAM</p>", "windows-1254").unwrap();
    let text = String::from_utf8(cleaned("a.html", &page).output.unwrap()).unwrap();
    assert!(text.contains("Güneş batıyordu."), "{text}");
}
