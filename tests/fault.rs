//! Everything that can go wrong with files, names, folders, encodings, models and time. What is asked each time: that document
//! is a `failed` record with the reason, everything else is done, exit 2, no partial output.
//!
//! What needs mounts, injected errors of the system or minutes of time is in `.ci/fault`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use sha2::{Digest, Sha256};
use weedout::block::Document;
use weedout::clean::{self, Cleaned, Event, Job, Settings};
use weedout::source::Input;
use weedout::source::decode::encode;
use weedout::verdict::{Judge, Label, Model, Profile, Verdict};

/// Lines no judge may touch.
const TALK: &str = "Interviewer: How did the harvest go this year?\n\
Farmer: Better than we feared. The rain came late, but it came, and the apples were small and sweet.\n\
Interviewer: And your neighbours, did they help?\n\
Farmer: Yes. We share the tractor and the cider press, and in October everybody works for everybody.\n";

const BINARY: &str = env!("CARGO_BIN_EXE_weedout");

struct Bench {
    root: tempfile::TempDir,
}

impl Bench {
    /// A folder with a folder `in` that holds one good document, `talk.txt`.
    fn new() -> Self {
        let bench = Self { root: tempfile::tempdir().unwrap() };
        bench.put("in/talk.txt", TALK);
        bench
    }

    fn at(&self, name: impl AsRef<OsStr>) -> PathBuf {
        self.root.path().join(Path::new(name.as_ref()))
    }

    fn put(&self, name: impl AsRef<OsStr>, bytes: impl AsRef<[u8]>) {
        let path = self.at(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.command(Command::new(BINARY).args(arguments))
    }

    fn command(&self, command: &mut Command) -> Ran {
        Ran(command.current_dir(self.root.path()).stdin(Stdio::null()).output().unwrap())
    }

    /// Runs a line of shell with `$W` the binary.
    fn shell(&self, line: &str) -> Ran {
        self.command(Command::new("sh").args(["-c", line]).env("W", BINARY))
    }

    /// Runs as a user that permissions hold for.
    fn as_nobody(&self, arguments: &[&str]) -> Ran {
        let root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
        if !root {
            return self.run(arguments);
        }
        fs::set_permissions(self.root.path(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::copy(BINARY, self.at("weedout")).unwrap();
        let binary = self.at("weedout");
        let user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        self.command(Command::new("setpriv").args(user).arg(binary).args(arguments))
    }

    fn mode(&self, name: &str, mode: u32) {
        fs::set_permissions(self.at(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// The record of the document whose path ends with `name`.
    #[track_caller]
    fn row(&self, name: &str) -> Value {
        let manifest = fs::read_to_string(self.at("out-audit/manifest.jsonl")).unwrap();
        let rows = manifest.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let mut found = rows.filter(|row| row["path"].as_str().unwrap().ends_with(name));
        let row = found.next().unwrap_or_else(|| panic!("no record of {name} in {manifest}"));
        assert!(found.next().is_none(), "{name} has two records");
        row
    }

    /// Checks that `name` is a failed record for `reason`, and that the good document was done all the same.
    #[track_caller]
    fn failed(&self, name: &str, reason: &str) {
        let row = self.row(name);
        assert_eq!((&row["status"], &row["output"]), (&Value::from("failed"), &Value::Null), "{row}");
        assert!(row["error"].as_str().unwrap().contains(reason), "{row}");
        assert_eq!(self.tree("out"), BTreeMap::from([("talk.txt".into(), TALK.into())]));
    }

    /// All files under a folder with their bytes.
    fn tree(&self, name: &str) -> BTreeMap<PathBuf, Vec<u8>> {
        let (root, mut found) = (self.at(name), BTreeMap::new());
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                match entry.path() {
                    path if path.is_dir() => folders.push(path),
                    path => drop(found.insert(path.strip_prefix(&root).unwrap().into(), fs::read(&path).unwrap())),
                }
            }
        }
        found
    }
}

struct Ran(Output);

impl Ran {
    fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    #[track_caller]
    fn ends(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.0.status.code(), Some(code), "{:?}", self.0);
        for word in words {
            assert!(self.err().contains(word), "no `{word}` in: {}", self.err());
        }
        self
    }
}

/// Blocks with SPAM in them are spam.
struct Marked;

impl Judge for Marked {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        let label = |text: &str| if text.contains("SPAM") { Label::Spam } else { Label::Genuine };
        let verdict =
            |text: &str| Verdict { label: label(text), probability: 0.5, reasons: Vec::new(), cuts: Vec::new() };
        document.blocks.iter().map(|block| verdict(&block.text)).collect()
    }

    fn id(&self) -> String {
        "marked".into()
    }
}

fn cleaned(name: &str, bytes: &[u8]) -> Cleaned {
    clean::document(Path::new(name), bytes, &Settings::default(), &Marked).unwrap()
}

// Permissions and places.

#[test]
fn what_may_not_be_read_fails_alone() {
    let bench = Bench::new();
    bench.put("in/secret.md", TALK);
    bench.put("in/closed/a.md", TALK);
    bench.mode("in/secret.md", 0);
    bench.mode("in/closed", 0);
    fs::create_dir(bench.at("out")).unwrap();
    fs::create_dir(bench.at("out-audit")).unwrap();
    bench.mode("out", 0o777);
    bench.mode("out-audit", 0o777);
    let ran = bench.as_nobody(&["clean", "in", "--out", "out"]);
    bench.mode("in/closed", 0o755);
    ran.ends(2, &["secret.md", "closed", "Permission denied", "2 failed"]);
    bench.failed("secret.md", "Permission denied");
    bench.failed("closed", "Permission denied");
}

#[test]
fn an_output_that_may_not_be_written_is_refused_before_any_work() {
    let bench = Bench::new();
    fs::create_dir(bench.at("out")).unwrap();
    fs::create_dir(bench.at("out-audit")).unwrap();
    bench.mode("out", 0o555);
    bench.mode("out-audit", 0o777);
    let ran = bench.as_nobody(&["clean", "in", "--out", "out"]).ends(2, &["cannot write `out`", "Permission denied"]);
    assert_eq!(ran.err().lines().count(), 1, "{}", ran.err());
    bench.mode("out", 0o777);
    bench.mode("out-audit", 0o555);
    bench.as_nobody(&["clean", "in", "--out", "out"]).ends(2, &["cannot write", "out-audit", "Permission denied"]);
    assert!(bench.tree("out").is_empty());
}

#[test]
fn a_link_in_the_place_of_an_output_is_replaced_not_followed() {
    let bench = Bench::new();
    bench.put("victim", "precious");
    fs::create_dir(bench.at("out")).unwrap();
    symlink(bench.at("victim"), bench.at("out/talk.txt")).unwrap();
    let hash = Sha256::digest(b"out/talk.txt");
    let hash: String = hash[..8].iter().map(|byte| format!("{byte:02x}")).collect();
    symlink(bench.at("victim"), bench.at(format!("out/.weedout-{hash}.tmp"))).unwrap();
    bench.run(&["clean", "in", "--out", "out"]).ends(0, &[]);
    assert_eq!(fs::read(bench.at("victim")).unwrap(), b"precious");
    assert_eq!(bench.tree("out"), BTreeMap::from([("talk.txt".into(), TALK.into())]));
    assert!(bench.at("out/talk.txt").symlink_metadata().unwrap().is_file());
}

#[test]
fn no_name_leads_out_of_the_output() {
    let bench = Bench::new();
    for name in ["../../evil.txt", "/tmp/../evil.txt", ".."] {
        bench.shell(&format!("printf 'Good morning.' | $W clean - --stdin-filename {name} --out x/y/out"));
    }
    let files: Vec<PathBuf> = bench.tree(".").into_keys().collect();
    let stray = |path: &&PathBuf| !path.starts_with("x/y/out") && !path.starts_with("x/y/out-audit");
    assert_eq!(files.iter().filter(stray).collect::<Vec<_>>(), [Path::new("in/talk.txt")]);

    bench.run(&["clean", "in", "--out", "out"]).ends(0, &[]);
    for (from, to) in [("talk.txt\"", "../../evil.txt\""), ("talk.txt\"", "/evil.txt\""), ("in/talk", "../talk")] {
        let manifest = fs::read_to_string(bench.at("out-audit/manifest.jsonl")).unwrap();
        bench.put("bad-audit/manifest.jsonl", manifest.replace(from, to));
        bench.put("bad-audit/removed.jsonl", "");
        bench.run(&["restore", "bad-audit", "--corpus", "out", "--out", "back/deep"]);
        let files = bench.tree(".");
        let outside = |path: &&PathBuf| !path.starts_with("x/y/out") && !path.starts_with("back/deep");
        let mut evil =
            files.keys().filter(outside).filter(|path| path.ends_with("evil.txt") || path.starts_with("back"));
        assert_eq!(evil.next(), None);
    }
}

// Files that are none.

#[test]
fn pipes_and_links_that_lead_nowhere_fail_alone() {
    let bench = Bench::new();
    bench.command(Command::new("mkfifo").arg("pipe.txt")).ends(0, &[]);
    symlink("self.txt", bench.at("self.txt")).unwrap();
    symlink("gone.txt", bench.at("dangling.txt")).unwrap();
    symlink(".", bench.at("in/loop")).unwrap();
    let inputs = ["clean", "in", "pipe.txt", "self.txt", "dangling.txt", "never.txt", "/dev/null", "--out", "out"];
    bench.run(&inputs).ends(2, &["pipe.txt", "self.txt", "5 failed"]);
    bench.failed("pipe.txt", "not a regular file");
    bench.failed("/dev/null", "not a regular file");
    bench.failed("self.txt", "cannot read");
    bench.failed("dangling.txt", "No such file");
    bench.failed("never.txt", "No such file");
}

#[test]
fn an_empty_file_is_recorded_and_has_no_output() {
    let bench = Bench::new();
    bench.put("in/empty.md", "");
    bench.run(&["clean", "in", "--out", "out"]).ends(0, &["1 empty"]);
    assert_eq!(bench.row("empty.md")["status"], "empty");
    assert_eq!(bench.tree("out").len(), 1);
}

#[test]
fn a_file_over_the_limit_is_not_read() {
    let bench = Bench::new();
    File::create(bench.at("in/huge.txt")).unwrap().set_len(5 << 30).unwrap();
    // Reading it would need more memory than the run may have.
    bench.shell("ulimit -v 2000000; exec $W clean in --out out").ends(2, &["huge.txt", "1 failed"]);
    bench.failed("huge.txt", "larger than 1024 MiB");
}

/// Whether a run meets the writer while it reads is the scheduler's to say, so it is run until it does: each run before is of a file
/// that stood still, and cleans it.
#[test]
fn a_file_that_changes_while_it_is_read_fails_alone() {
    let bench = Bench::new();
    bench.put("in/log.txt", TALK.repeat(40_000));
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut file = OpenOptions::new().append(true).open(bench.at("in/log.txt")).unwrap();
            while !stop.load(Ordering::Relaxed) {
                file.write_all(b"x").unwrap();
            }
        });
        let run = |_| {
            for folder in ["out", "out-audit"] {
                let _ = fs::remove_dir_all(bench.at(folder));
            }
            bench.run(&["clean", "in", "--out", "out"])
        };
        let met = (0..100).map(run).find(|ran| ran.0.status.code() != Some(0));
        stop.store(true, Ordering::Relaxed);
        met.expect("of a hundred runs one meets the writer").ends(2, &["log.txt", "1 failed"]);
    });
    bench.failed("log.txt", "changed while it was being read");
}

// Names.

#[test]
fn names_of_every_kind_come_out_and_back() {
    let bench = Bench::new();
    let long = "n".repeat(251) + ".txt";
    let names: [&[u8]; 12] = [
        b"in/\xff\xfe.txt",
        b"in/line\nbreak.txt",
        b"in/-rf.txt",
        b"in/ lead and trail .txt",
        "in/\u{202e}txt.md".as_bytes(),
        "in/caf\u{e9}.txt".as_bytes(),
        "in/cafe\u{301}.txt".as_bytes(),
        b"in/A.txt",
        b"in/a.txt",
        b"in/CON.txt",
        b"in/esc\x1b[31m.txt",
        long.as_bytes(),
    ];
    for name in &names[..11] {
        bench.put(OsStr::from_bytes(name), TALK);
    }
    bench.put(OsStr::from_bytes(&[b"in/", names[11]].concat()), TALK);
    let ran = bench.run(&["clean", "in", "--out", "out"]).ends(0, &["13 documents"]);
    assert!(!ran.err().contains(['\u{1b}', '\u{202e}']), "{:?}", ran.err());
    assert_eq!(bench.tree("out"), bench.tree("in"));
    bench.run(&["restore", "out-audit", "--out", "back"]).ends(0, &["13 documents restored"]);
    assert_eq!(bench.tree("back"), bench.tree("in"));
}

#[test]
fn a_page_whose_output_would_have_too_long_a_name_fails_alone() {
    let bench = Bench::new();
    let name = "n".repeat(250) + ".html";
    bench.put(format!("in/{name}"), format!("<p>{TALK}"));
    bench.run(&["clean", "in", "--out", "out"]).ends(2, &["File name too long", "1 failed"]);
    bench.failed(&name, "File name too long");
}

#[test]
fn names_cannot_forge_messages() {
    let bench = Bench::new();
    bench.put("in/a\nerror: all is lost\u{1b}[2J.txt", b"\x7fELF\0\0\0");
    let ran = bench.run(&["clean", "in", "--out", "out"]).ends(2, &["looks binary"]);
    assert!(!ran.err().contains("\nerror: all is lost") && !ran.err().contains('\u{1b}'), "{:?}", ran.err());
}

// Sizes and shapes.

#[test]
fn deep_nesting_costs_no_text_and_little_memory() {
    let bench = Bench::new();
    let page = "<div>".repeat(100_000) + "<p>We went to the harbour and talked about boats.</p>";
    bench.put("in/deep.html", page);
    bench.put("in/font.html", "<font><p>We went to the harbour.".repeat(3000));
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=b")).collect();
    bench.put("in/wide.html", format!("<p{attributes}>We went to the harbour and talked about boats.</p>"));
    bench.put("in/quote.md", "> ".repeat(50_000) + "We went to the harbour and talked about boats.");
    bench.put("in/list.md", "- ".repeat(20_000) + "We went to the harbour and talked about boats.");
    bench.put("in/yaml.md", format!("---\na: {}\n---\n{TALK}", "{a: ".repeat(100_000)));
    bench.shell("ulimit -v 1500000; exec $W clean in --out out --time-limit 600").ends(0, &["0 failed"]);
    let tree = bench.tree("out");
    for name in ["deep.html.txt", "wide.html.txt", "quote.md", "list.md", "yaml.md"] {
        let text = String::from_utf8_lossy(&tree[Path::new(name)]).into_owned();
        assert!(text.contains("talked about boats") || text.contains("cider press"), "{name}");
    }
}

#[test]
fn a_node_of_megabytes_is_done_in_bounded_memory() {
    let bench = Bench::new();
    let text = "We went to the harbour and talked about boats. ".repeat(60_000);
    bench.put("in/node.html", format!("<p>{text}"));
    bench.put("in/line.txt", &text);
    bench.put("in/word.txt", format!("{TALK}{}", "x".repeat(3_000_000)));
    bench.shell("ulimit -v 1500000; exec $W clean in --out out").ends(0, &["0 failed"]);
    assert_eq!(bench.tree("out")[Path::new("line.txt")], text.as_bytes());
}

#[test]
fn many_lines_are_done_in_bounded_memory() {
    let bench = Bench::new();
    let text = TALK.repeat(10_000);
    bench.put("in/lines.txt", &text);
    bench.shell("ulimit -v 1000000; exec $W clean in --out out --jobs 1").ends(0, &["0 failed"]);
    assert_eq!(bench.tree("out")[Path::new("lines.txt")], text.as_bytes());
}

#[test]
fn a_list_of_nothing_but_spam_is_done_in_bounded_memory() {
    let bench = Bench::new();
    let lines = ["online casino bonus", "slot gacor maxwin", "deneme bonusu veren siteler", "buy cheap viagra online"];
    let list: String = (0..40_000).map(|n| format!("{} {n}\n", lines[n % 4])).collect();
    bench.put("in/list.txt", &list);
    bench.shell("ulimit -v 1000000; exec $W clean in --out out --jobs 1").ends(0, &["0 failed"]);
    assert_eq!(bench.row("list.txt")["status"], "rejected");
    // All of it is recorded, in records that stay in proportion, and each sum is that of its probability.
    let removed = fs::read_to_string(bench.at("out-audit/removed.jsonl")).unwrap();
    assert!(removed.len() < 40 * list.len(), "{} bytes of records for {}", removed.len(), list.len());
    let last: Value = serde_json::from_str(removed.lines().last().unwrap()).unwrap();
    let reasons = last["reasons"].as_array().unwrap();
    let sum: f64 = reasons.iter().map(|reason| reason["log_odds"].as_f64().unwrap()).sum();
    let p = last["spam_probability"].as_f64().unwrap().clamp(1e-7, 1.0 - 1e-7);
    assert!((sum - (p / (1.0 - p)).ln()).abs() < 0.01, "{sum}: {last}");
    assert_eq!(reasons.len(), 5, "{last}");
    bench.run(&["restore", "out-audit", "--corpus", "out", "--out", "back"]).ends(0, &[]);
    assert_eq!(bench.tree("back")[Path::new("list.txt")], list.as_bytes());
}

// Encodings.

#[test]
fn every_encoding_keeps_its_bytes_and_is_read() {
    let cases = [
        ("windows-1254", "Bugün çarşıya gittik, kardeşim de geldi, güneş batıyordu ve öğretmenimiz bizi bekliyordu.\n"),
        ("windows-874", "วันนี้เราไปที่ตลาดกับน้องชายและพูดคุยเรื่องเรือที่ท่าเรือ\n"),
        ("Shift_JIS", "今日は港へ行って、船の話をしました。雨が降りましたが、りんごは甘かったです。\n"),
        ("gb18030", "今天我们去了港口，谈到了船和收成。虽然下雨了，但是苹果又小又甜。\n"),
        ("Big5", "今天我們去了港口，談到了船和收成。雖然下雨了，但是蘋果又小又甜。\n"),
        ("EUC-KR", "오늘 우리는 항구에 가서 배에 대해 이야기했다. 비가 늦게 왔지만 사과는 달았다.\n"),
        ("KOI8-R", "Сегодня мы ходили в гавань и говорили о лодках. Дождь пришёл поздно, но яблоки были сладкие.\n"),
        ("UTF-16LE", "We went to the harbour, and it rained. 雨。\n"),
        ("UTF-16BE", "We went to the harbour, and it rained. 雨。\n"),
    ];
    for (encoding, line) in cases {
        let text = format!("{line}SPAM\n{line}");
        for mark in ["", "\u{feff}"].iter().take(if encoding.starts_with("UTF") { 2 } else { 1 }) {
            let write = |text: &str| encode(&format!("{mark}{text}"), encoding).unwrap();
            let done = cleaned("a.txt", &write(&text));
            assert_eq!(done.output.as_deref(), Some(write(&line.repeat(2)).as_slice()), "{encoding}");
            assert_eq!(done.removed[0].text, "SPAM\n", "{encoding} was read as {}", done.encoding);
        }
    }
}

#[test]
fn mixed_and_lying_encodings_lose_no_byte() {
    let turkish = encode("Güneş çarşıda batıyordu.\n", "windows-1254").unwrap();
    let mixed = ["Güneş çarşıda, ağaç, öğüt.\n".as_bytes(), b"SPAM\n", &turkish].concat();
    let kept = ["Güneş çarşıda, ağaç, öğüt.\n".as_bytes(), &turkish].concat();
    assert_eq!(cleaned("a.txt", &mixed).output, Some(kept));
    for bytes in [
        &b"\xff\xfeH\0i\0\n\0\xd8"[..],
        b"\xef\xbb\xbf\xff\xfe x",
        b"\x1b$B$\"\x1b(B x\x1b$",
        b"a\xe9\x80b\n\xf8\x88\x80\x80\x80",
    ] {
        assert_eq!(cleaned("a.txt", bytes).output.as_deref(), Some(bytes));
    }
    let page = ["<meta charset=utf-16><p>Grüße".as_bytes(), b"\xff</p>"].concat();
    assert!(String::from_utf8(cleaned("a.html", &page).output.unwrap()).unwrap().contains("Gr"));
}

// Models.

#[test]
fn a_model_that_is_none_is_refused_before_any_work() {
    let bench = Bench::new();
    let model = |name: &str| fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(name)).unwrap();
    let (scorer, weights) = (model("weedout.bin"), String::from_utf8(model("weedout.json")).unwrap());
    let mut flipped = scorer.clone();
    flipped[scorer.len() / 2] ^= 1;
    let cases: [(&[u8], &str, &str); 8] = [
        (&scorer[..scorer.len() - 1], &weights, "another fastText file"),
        (&scorer[..0], &weights, "another fastText file"),
        (&flipped, &weights, "another fastText file"),
        (b"\x89PNG\r\n\x1a\n", &weights, "another fastText file"),
        (&scorer, &weights[..weights.len() / 2], "do not parse"),
        (&scorer, "[]", "do not parse"),
        (&scorer, &weights.replacen("\"version\"", "\"verse\"", 1), "do not parse"),
        (
            &scorer,
            &weights.replacen("\"version\": 1", "\"version\": 99", 1).replacen("\"version\":1", "\"version\":99", 1),
            "version",
        ),
    ];
    for (scorer, weights, reason) in cases {
        bench.put("m.bin", scorer);
        bench.put("m.json", weights);
        bench.run(&["clean", "in", "--out", "out", "--model", "m.bin"]).ends(2, &["m.bin", reason]);
        assert!(!bench.at("out").exists());
    }
    fs::remove_file(bench.at("m.json")).unwrap();
    bench.run(&["check", "in", "--model", "m.bin"]).ends(2, &["m.json"]);
}

#[test]
fn a_damaged_model_whose_hash_was_made_to_fit_is_refused_or_used_but_never_more() {
    let scorer = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/weedout.bin")).unwrap();
    let read = |bytes: &[u8]| weedout::signal::fold::Scorer::read(bytes);
    for length in [0, 1, 7, 8, 55, 64, 91, 92, 100, 5000, scorer.len() / 2, scorer.len() - 1] {
        assert!(read(&scorer[..length]).is_err(), "{length} bytes");
    }
    // Every field of the head, and the entries after it, with values that overflow, negate or lie.
    let mut accepted = 0;
    for at in (0..120).step_by(4) {
        for value in [0i32, -1, 1, i32::MAX, i32::MIN, 1 << 24] {
            let mut bytes = scorer.clone();
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
            if let Ok(model) = read(&bytes) {
                accepted += 1;
                assert!(model.score("an ordinary sentence").spam.is_finite());
            }
        }
    }
    // Some fields, such as the number of threads it was trained with, mean nothing here.
    assert!(accepted < 180);
}

#[test]
fn the_model_inside_is_the_one_in_the_repository() {
    let bytes = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("models/weedout.bin")).unwrap();
    let hash: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    let said = Bench::new().run(&["--version", "--verbose"]).ends(0, &[]);
    assert!(String::from_utf8_lossy(&said.0.stdout).contains(&hash), "{:?}", said.0);
    assert_eq!(Model::embedded().unwrap().weights().scorer, hash);
}

// Time.

/// Judges without end while `held`, documents with LOOP in them.
struct Looping {
    held: AtomicBool,
}

impl Judge for Looping {
    fn judge(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
        while document.source.contains("LOOP") && self.held.load(Ordering::Relaxed) {
            std::thread::sleep(Duration::from_millis(1));
        }
        Marked.judge(document, profile)
    }

    fn id(&self) -> String {
        "looping".into()
    }
}

#[test]
fn a_document_without_end_is_given_up_and_the_others_are_done() {
    let bench = Bench::new();
    let names: Vec<String> = (0..8).map(|n| format!("{n}.txt")).collect();
    for (n, name) in names.iter().enumerate() {
        bench.put(format!("in/{name}"), if n % 4 == 1 { "LOOP\n" } else { "Hello.\nSPAM\n" });
    }
    let inputs = names.iter().map(|name| Input::file(bench.at(format!("in/{name}")), name)).collect();
    let job = Job { jobs: 2, limit: Duration::from_secs(5), ..Job::new(inputs, bench.at("out")) };
    let judge = Looping { held: AtomicBool::new(true) };
    let (threads, failed, written) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let summary = clean::run(&job, &judge, &|event| {
        if let Event::Ended { result, stuck } = event {
            // Looked at afterwards: while a thread loops, nothing may fail here.
            failed.store(result.as_ref().map_or(0, |summary| summary.failed), Ordering::Relaxed);
            written.store(bench.at("out-audit/manifest.jsonl").exists(), Ordering::Relaxed);
            threads.store(stuck, Ordering::Relaxed);
            judge.held.store(false, Ordering::Relaxed);
        }
    });
    let summary = summary.unwrap();
    assert_eq!(failed.load(Ordering::Relaxed), 2, "all is told while two threads still loop");
    assert!(written.load(Ordering::Relaxed), "all is written while two threads still loop");
    assert_eq!((summary.documents, summary.cleaned, summary.failed, threads.load(Ordering::Relaxed)), (8, 6, 2, 2));
    assert!(bench.row("1.txt")["error"].as_str().unwrap().contains("time was over"));
    assert_eq!(bench.tree("out").len(), 6, "what comes too late is not written");
}

#[test]
fn the_program_ends_though_a_document_does_not() {
    let bench = Bench::new();
    bench.put("in/long.txt", TALK.repeat(20_000));
    let ran = bench.run(&["clean", "in/long.txt", "--out", "out", "--time-limit", "0"]);
    ran.ends(2, &["long.txt", "its time was over", "1 failed"]);
    assert!(bench.tree("out").is_empty());
    assert_eq!(bench.row("long.txt")["status"], "failed");
}

// Streams.

#[test]
fn a_full_disk_behind_standard_output_is_no_success() {
    let bench = Bench::new();
    bench.run(&["clean", "in", "--out", "out"]).ends(0, &[]);
    for line in [
        "$W explain in/talk.txt",
        "$W explain in/talk.txt --format jsonl",
        "$W clean - --stdin-filename a.txt <in/talk.txt",
        "echo '{\"text\":\"hello\"}' | $W clean - --format jsonl",
        "$W check in --output-format json",
        "$W report out-audit -o -",
        "$W rules",
        "$W config",
        "$W man",
        "$W completions bash",
        "$W --version",
        "$W --help",
        "$W clean --help",
    ] {
        let ran = bench.shell(&format!("{line} >/dev/full"));
        assert_eq!(ran.0.status.code(), Some(2), "{line}: {}", ran.err());
    }
    // Messages that nobody can read change nothing about the run.
    bench.shell("$W clean in --out other 2>/dev/full").ends(0, &[]);
    assert_eq!(bench.tree("other"), bench.tree("out"));
}

#[test]
fn a_disk_that_is_full_leaves_whole_files_and_can_be_resumed() {
    let bench = Bench::new();
    for n in 0..12 {
        bench.put(format!("in/{n}.txt"), TALK);
    }
    bench.put("in/big.txt", TALK.repeat(20));
    bench.run(&["clean", "in", "--out", "whole"]).ends(0, &[]);
    // Files of at most 8 blocks of 512 bytes; writing more fails as on a full disk, or kills, as it would.
    bench.shell("trap '' XFSZ; ulimit -f 8; exec $W clean in --out out --audit big-audit").ends(2, &["File too large"]);
    bench.shell("ulimit -f 8; exec $W -q clean in --out killed");
    let whole = bench.tree("whole");
    for name in ["out", "killed"] {
        for (path, bytes) in bench.tree(name) {
            let torn = whole.get(&path) != Some(&bytes) && path.extension() == Some("txt".as_ref());
            assert!(!torn, "{name}: {} is torn", path.display());
        }
    }
    bench.run(&["clean", "in", "--out", "out", "--audit", "big-audit", "--resume"]).ends(0, &["14 documents"]);
    bench.run(&["clean", "in", "--out", "killed", "--resume"]).ends(0, &["14 documents"]);
    assert_eq!((bench.tree("out"), bench.tree("killed")), (whole.clone(), whole));
    let manifest = |audit: &str| fs::read(bench.at(audit).join("manifest.jsonl")).unwrap();
    assert_eq!(manifest("big-audit"), manifest("whole-audit"));
}

#[test]
fn an_input_that_vanished_takes_no_earlier_output_with_it() {
    let bench = Bench::new();
    bench.run(&["clean", "in", "--out", "out"]).ends(0, &[]);
    fs::remove_file(bench.at("in/talk.txt")).unwrap();
    bench.run(&["clean", "in/talk.txt", "--out", "out"]).ends(2, &["No such file", "1 failed"]);
    bench.failed("talk.txt", "No such file");
}

// Ends.

#[test]
fn ctrl_c_ends_cleanly_and_the_rest_can_be_resumed() {
    let bench = Bench::new();
    for n in 0..400 {
        bench.put(format!("in/{n}.txt"), TALK.repeat(60));
    }
    bench.run(&["-q", "clean", "in", "--out", "whole"]).ends(0, &[]);
    let mut command = Command::new(BINARY);
    command.args(["clean", "in", "--out", "out", "--jobs", "1"]).current_dir(bench.root.path());
    let child = command.stderr(Stdio::piped()).spawn().unwrap();
    let started = Instant::now();
    while fs::read_dir(bench.at("out")).map_or(0, Iterator::count) < 5 {
        assert!(started.elapsed() < Duration::from_mins(2), "it never began");
        std::thread::sleep(Duration::from_millis(1));
    }
    bench.command(Command::new("kill").args(["-INT", &child.id().to_string()])).ends(0, &[]);
    Ran(child.wait_with_output().unwrap()).ends(130, &["interrupted with", "--resume"]);
    let whole = bench.tree("whole");
    assert!(bench.tree("out").iter().all(|(path, bytes)| whole[path] == *bytes), "torn or temporary files");
    bench.run(&["-q", "clean", "in", "--out", "out", "--resume"]).ends(0, &[]);
    assert_eq!(bench.tree("out"), whole);
    assert_eq!(bench.tree("out-audit"), bench.tree("whole-audit"));
}
