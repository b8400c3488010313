//! The binary: exit codes, messages, and what is left behind when things go wrong.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Ten lines no judge may touch.
const TALK: &str = "Interviewer: How did the harvest go this year?\n\
Farmer: Better than we feared. The rain came late, but it came, and the apples were small and sweet.\n\
Interviewer: And your neighbours, did they help?\n\
Farmer: Yes. We share the tractor and the cider press, and in October everybody works for everybody.\n";

struct Bench {
    root: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { root: tempfile::tempdir().unwrap() };
        fs::create_dir(bench.at("in")).unwrap();
        bench
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.at(name), bytes).unwrap();
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        self.pipe(arguments, b"")
    }

    fn pipe(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weedout"));
        command.args(arguments).current_dir(self.root.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input);
        Ran(child.wait_with_output().unwrap())
    }
}

struct Ran(Output);

impl Ran {
    fn out(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    fn err(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }

    /// Checks the exit code, and that every one of `words` is in the messages.
    #[track_caller]
    fn ends(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.0.status.code(), Some(code), "stdout: {}\nstderr: {}", self.out(), self.err());
        for word in words {
            assert!(self.err().contains(word), "no `{word}` in: {}", self.err());
        }
        self
    }
}

fn read(path: impl AsRef<Path>) -> Vec<u8> {
    fs::read(path).unwrap()
}

#[test]
fn a_genuine_document_comes_out_as_it_went_in() {
    let bench = Bench::new();
    bench.put("in/talk.txt", TALK);
    let ran =
        bench.run(&["clean", "in", "--out", "corpus"]).ends(0, &["1 document", "1 untouched", "audit: corpus-audit/"]);
    assert_eq!(ran.out(), "");
    assert_eq!(read(bench.at("corpus/talk.txt")), TALK.as_bytes());
    bench.run(&["restore", "corpus-audit", "--out", "back"]).ends(0, &["1 document restored"]);
    assert_eq!(read(bench.at("back/talk.txt")), TALK.as_bytes());
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let bench = Bench::new();
    bench.put("in/talk.txt", TALK);
    let ran = bench.run(&["clean", "in", "--out", "corpus", "--quiet"]).ends(0, &[]);
    assert_eq!(ran.err(), "");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let bench = Bench::new();
    let ran = bench.pipe(&["clean", "-", "--stdin-filename", "talk.md"], TALK.as_bytes()).ends(0, &[]);
    assert_eq!(ran.out(), TALK);
    bench.pipe(&["clean", "-", "--stdin-filename", "talk.md", "--out", "corpus"], TALK.as_bytes()).ends(0, &[]);
    assert_eq!(read(bench.at("corpus/talk.md")), TALK.as_bytes());
}

#[test]
fn failed_documents_are_named_and_the_others_done() {
    let bench = Bench::new();
    bench.put("in/talk.txt", TALK);
    bench.put("in/tool.txt", b"\x7fELF\x02\x01\0\0\0\0");
    bench
        .run(&["clean", "in", "gone.md", "--out", "corpus"])
        .ends(2, &["gone.md", "in/tool.txt", "looks binary", "2 failed"]);
    assert_eq!(read(bench.at("corpus/talk.txt")), TALK.as_bytes());
    let manifest = fs::read_to_string(bench.at("corpus-audit/manifest.jsonl")).unwrap();
    assert_eq!(manifest.matches("\"status\":\"failed\"").count(), 2);
}

#[test]
fn legacy_bytes_stay_legacy_bytes() {
    let bench = Bench::new();
    let talk = "Bug\u{fc}n \u{e7}ok g\u{fc}zel bir g\u{fc}n, karde\u{15f}im de geldi ve birlikte \u{e7}ar\u{15f}\u{131}ya gittik.\r\n";
    let bytes = weedout::source::decode::encode(talk, "windows-1254").unwrap();
    bench.put("in/tr.txt", &bytes);
    bench.run(&["clean", "in", "--out", "corpus"]).ends(0, &[]);
    assert_eq!(read(bench.at("corpus/tr.txt")), bytes);
}

#[test]
fn folders_in_the_way_are_refused_before_anything_is_written() {
    let bench = Bench::new();
    bench.put("in/talk.txt", TALK);
    bench.put("file", "x");
    for (arguments, words) in [
        (&["clean", "in", "--out", "in/out"][..], &["in/out", "inside the input folder", "`in`"][..]),
        (&["clean", "in/talk.txt", "--out", "in"], &["`in`", "contains the input", "in/talk.txt"]),
        (&["clean", "in", "--out", "out", "--audit", "in/audit"], &["in/audit", "inside the input folder"]),
        (&["clean", "in", "--out", "out", "--audit", "out/audit"], &["out/audit", "inside the output folder"]),
        (&["clean", "in", "--out", "file"], &["`file` is a file"]),
        (&["clean", "in", "--out", "out", "--audit", "file"], &["`file` is a file"]),
        (&["clean", "in"], &["--out DIR"]),
    ] {
        bench.run(arguments).ends(2, words);
    }
    assert!(!bench.at("in/out").exists() && !bench.at("in/audit").exists());
}

#[test]
fn a_folder_in_the_place_of_an_output_fails_that_document_only() {
    let bench = Bench::new();
    bench.put("in/a.txt", TALK);
    bench.put("in/b.txt", TALK);
    fs::create_dir_all(bench.at("corpus/a.txt/x")).unwrap();
    bench.run(&["clean", "in", "--out", "corpus"]).ends(2, &["cannot write", "corpus/a.txt", "1 failed"]);
    assert_eq!(read(bench.at("corpus/b.txt")), TALK.as_bytes());
    assert_eq!(fs::read_dir(bench.at("corpus")).unwrap().count(), 2);
}

#[cfg(unix)]
#[test]
fn pipes_and_devices_are_refused_without_waiting() {
    let bench = Bench::new();
    bench.put("in/talk.txt", TALK);
    bench.run(&["clean", "/dev/zero", "in/talk.txt", "--out", "corpus"]).ends(2, &["/dev/zero", "not a regular file"]);
    assert!(bench.at("corpus/talk.txt").exists());
}

#[test]
fn nothing_to_do_is_an_exit_of_its_own() {
    let bench = Bench::new();
    bench.run(&["clean", "in", "--out", "corpus"]).ends(3, &["no inputs", "`in`"]);
    bench.run(&["clean", "--out", "corpus"]).ends(3, &["no inputs"]);
    bench.put("in/a.txt", TALK);
    bench.run(&["clean", "in/a.txt", "--exclude", "in/", "--out", "corpus"]).ends(3, &["no inputs"]);
    assert!(!bench.at("corpus").exists());
}

#[test]
fn wrong_usage_is_said_and_exits_2() {
    let bench = Bench::new();
    bench.put("in/a.txt", TALK);
    fs::create_dir(bench.at("records")).unwrap();
    bench.put("records/removed.jsonl", "");
    for (arguments, word) in [
        (&["clean", "in", "--out", "c", "--no-such"][..], "--no-such"),
        (&["clean", "in", "--out", "c", "--profile", "lax"], "lax"),
        (&["clean", "in", "--out", "c", "--model", "gone.bin"], "gone.bin"),
        (&["clean", "in", "--out", "c", "--model", "in/a.txt"], "in/a"),
        (&["clean", "in", "--out", "c", "--annotate"], "--format jsonl"),
        (&["clean", "in", "--format", "jsonl"], "standard input"),
        (&["clean", "in", "--out", "c", "--files-from", "gone.list"], "gone.list"),
        (&["explain", "gone.md"], "gone.md"),
        (&["clean", "in/a.txt", "--out", "-"], "--out names a folder"),
        (&["explain", "in/a.txt:99"], "no block at line 99; `weedout explain in/a.txt` shows where they are"),
        (&["explain", "link-span"], "neither a document nor a rule; `weedout rules`"),
        (&["report", "in"], "`in` is no audit folder"),
        (&["restore", "no-audit", "--out", "back"], "no-audit"),
        (&["restore", "records", "--out", "back"], "--corpus"),
        (&["frobnicate"], "frobnicate"),
        (&[], "Usage"),
    ] {
        bench.run(arguments).ends(2, &[word]);
    }
    assert!(!bench.at("c").exists());
}

#[test]
fn two_inputs_for_one_output_are_named() {
    let bench = Bench::new();
    fs::create_dir(bench.at("other")).unwrap();
    bench.put("in/a.md", TALK);
    bench.put("other/a.md", TALK);
    bench.run(&["clean", "in/a.md", "other/a.md", "--out", "c"]).ends(2, &["in/a.md", "other/a.md", "both"]);
    bench.put("in/p.html", "<p>Hello.");
    bench.put("in/p.html.txt", TALK);
    bench.run(&["clean", "in", "--out", "c"]).ends(2, &["in/p.html", "in/p.html.txt", "both"]);
}

#[test]
fn lists_of_files_and_excludes_choose_inputs() {
    let bench = Bench::new();
    for name in ["in/a.txt", "in/b.txt", "in/c.weird"] {
        bench.put(name, TALK);
    }
    bench
        .pipe(
            &["clean", "--files-from", "-", "--exclude", "b.*", "--out", "c"],
            b"# list\n\nin/a.txt\nin/b.txt\nin/c.weird\n",
        )
        .ends(0, &["2 documents"]);
    assert!(bench.at("c/a.txt").exists() && bench.at("c/c.weird").exists() && !bench.at("c/b.txt").exists());
    bench.run(&["clean", "in/*.weird", "--out", "d"]).ends(0, &["1 document"]);
}

#[test]
fn explain_shows_every_block_with_contributions_that_add_up() {
    let bench = Bench::new();
    bench.put("in/a.txt", TALK);
    let ran = bench.run(&["explain", "in/a.txt", "--format", "jsonl"]).ends(0, &[]);
    let records: Vec<serde_json::Value> = ran.out().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let blocks: Vec<_> = records.iter().filter(|record| record["kind"] == "line").collect();
    assert_eq!(blocks.len(), 4);
    for block in blocks {
        let sum: f64 = block["reasons"].as_array().unwrap().iter().map(|r| r["log_odds"].as_f64().unwrap()).sum();
        let probability = block["spam_probability"].as_f64().unwrap();
        assert!((1.0 / (1.0 + (-sum).exp()) - probability).abs() < 1e-4, "{block}");
        let neighbours = ["own", "pull"].map(|part| block["neighbours"][part].as_f64().unwrap());
        assert!((neighbours.iter().sum::<f64>() - sum).abs() < 1e-3, "{block}");
        let words: f64 = block["ngrams"].as_array().unwrap().iter().map(|n| n["log_odds"].as_f64().unwrap()).sum();
        let told = block["reasons"].as_array().unwrap().iter().find(|reason| reason["rule"] == "words");
        if let Some((value, _)) = told.and_then(|reason| reason["evidence"].as_str()?.split_once(':')) {
            assert!((words - value.parse::<f64>().unwrap()).abs() < 0.01, "{block}");
        }
        assert!(block["decision"].as_str().unwrap().starts_with("kept: its probability of spam"), "{block}");
        assert_eq!(block["v"], 1);
    }
    let shown = bench.run(&["explain", "in/a.txt:3"]).ends(0, &[]).out();
    assert!(shown.contains("in/a.txt:3") && shown.contains("  neighbours: ") && !shown.contains("tractor"), "{shown}");
    assert!(shown.contains("  kept: its probability") && shown.contains("  words: "), "{shown}");
}

#[test]
fn explain_neutralises_what_could_act_on_a_terminal() {
    let bench = Bench::new();
    bench.put("in/a.txt", "Hello \u{1b}[31mthere\u{202e} friend, how are you today?\n");
    let shown = bench.run(&["explain", "in/a.txt"]).ends(0, &[]).out();
    assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "{shown:?}");
}

#[test]
fn the_filter_goes_on_after_a_bad_line_and_exits_2() {
    let bench = Bench::new();
    let ran = bench.pipe(
        &["clean", "-", "--format", "jsonl"],
        b"{\"text\":\"Good morning to you all.\"}\nbad\n{\"text\":\"See you in the autumn.\"}\n",
    );
    let ran = ran.ends(2, &["line 2"]);
    assert_eq!(ran.out().lines().count(), 2);
    let arguments = ["clean", "-", "--format", "jsonl", "--rejects", "bad.jsonl"];
    bench.pipe(&arguments, b"bad\n").ends(2, &["1 of 1"]);
    assert!(String::from_utf8(read(bench.at("bad.jsonl"))).unwrap().contains("\"line\":1"));
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let bench = Bench::new();
    bench.put("in/a.txt", TALK.repeat(2000));
    let mut child = Command::new(env!("CARGO_BIN_EXE_weedout"))
        .args(["explain", "in/a.txt", "--format", "jsonl"])
        .current_dir(bench.root.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn version_help_completions_and_man_go_to_standard_output() {
    let bench = Bench::new();
    let version = bench.run(&["--version", "--verbose"]).ends(0, &[]).out();
    assert!(version.starts_with(concat!("weedout ", env!("CARGO_PKG_VERSION"), "\nmodel ")), "{version}");
    assert!(bench.run(&["--help"]).ends(0, &[]).out().contains("Exit codes"));
    assert!(bench.run(&["completions", "bash"]).ends(0, &[]).out().contains("weedout"));
    assert!(bench.run(&["man"]).ends(0, &[]).out().starts_with(".ie"));
    assert!(bench.run(&["man", "clean"]).ends(0, &[]).out().contains("keep"));
}

/// Every name that a finding, a notice or a reason can have is one that `rules` lists and `explain` explains.
#[test]
fn whatever_is_named_can_be_looked_up() {
    let bench = Bench::new();
    let listed = bench.run(&["rules"]).ends(0, &[]).out();
    for (name, about) in [
        ("link-spam", "injected to place links"),
        ("unused-ignore", "silences nothing"),
        ("unused-allowance", "silences nothing"),
        ("words", "log-odds of the words"),
        ("sequence", "blocks before and after"),
        ("correction", "labelled when"),
        ("others", "weaker rules"),
        ("anchor", "start from"),
    ] {
        assert!(listed.lines().any(|line| line.split_whitespace().next() == Some(name)), "{name} in: {listed}");
        let told = bench.run(&["explain", name]).ends(0, &[]).out();
        assert!(told.starts_with(name) && told.contains(about), "{told}");
    }
}

#[test]
fn colours_follow_the_wish() {
    let bench = Bench::new();
    assert!(!bench.run(&["rules"]).ends(0, &[]).out().contains('\u{1b}'));
    assert!(bench.run(&["rules", "--color", "always"]).ends(0, &[]).out().contains('\u{1b}'));
}

#[test]
fn a_second_run_on_one_corpus_is_told_of_the_first() {
    let bench = Bench::new();
    bench.put("in/a.txt", TALK);
    fs::create_dir_all(bench.at("corpus")).unwrap();
    let audit = weedout::clean::audit::Audit::open(&bench.at("corpus-audit"), &bench.at("corpus"), false).unwrap();
    bench.run(&["clean", "in", "--out", "corpus"]).ends(2, &["in use by another weedout run", "corpus-audit"]);
    drop(audit);
    bench.run(&["clean", "in", "--out", "corpus"]).ends(0, &[]);
}

#[test]
fn what_a_flag_or_a_file_allows_in_vain_is_told_where_it_was_said() {
    let bench = Bench::new();
    bench.put("talk.txt", TALK);
    fs::write(bench.at("weedout.toml"), "profile = \"strict\"\nallow-phrases = [\"our sponsor\"]\n").unwrap();
    let out = bench.run(&["check", ".", "--allow-host", "friend.example"]).ends(0, &["1 warning"]);
    assert!(out.err().contains("warning: allowed host `friend.example` silences nothing"), "{}", out.err());
    assert!(out.out().contains("--> weedout.toml:2:1") && !out.out().contains("friend.example"), "{}", out.out());
}

#[test]
fn faults_are_told_in_words_of_the_user() {
    let bench = Bench::new();
    fs::write(bench.at("talk.srt"), "1\n00:00:01,000 --> 00:00:02,000\nHello.\n").unwrap();
    bench.run(&["explain", "."]).ends(2, &["cannot read `.`: it is a folder; name a file in it"]);
    bench
        .run(&["check", "talk.srt", "--model", "talk.srt"])
        .ends(2, &["cannot use model `talk.srt`: its weights `talk.json`"]);
}
