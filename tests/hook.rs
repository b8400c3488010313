//! The binary as a hook, a job and an editor call it, with the built-in model.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

const CLEAN: &str = "# Orchard talk\n\nWe talked about the harvest for an hour in her kitchen, and the rain did not stop once.\n\n\
The apples were small this year, she said, but sweeter than any she remembered from before the drought.\n";

const SPAM: &str = "\n- [casino online free spins](https://casino-spins.example)\n- [buy cheap viagra online](https://pills-shop.example)\n\
- [casibom giris bahis](https://casibom-giris.example)\n- [slot gacor maxwin](https://slot-gacor.example)\n\
- [online casino bonus](https://casino-bonus.example)\n- [sports betting bonus code](https://bet-bonus.example)\n";

struct Bench {
    root: tempfile::TempDir,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { root: tempfile::tempdir().unwrap() };
        bench.put("clean.md", CLEAN);
        bench.put("dirty.md", &format!("{CLEAN}{SPAM}"));
        bench
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn put(&self, name: &str, text: &str) {
        fs::write(self.at(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.at(name)).unwrap()
    }

    #[track_caller]
    fn run(&self, arguments: &[&str], code: i32) -> (String, String) {
        self.pipe(arguments, "", code)
    }

    #[track_caller]
    fn pipe(&self, arguments: &[&str], input: &str, code: i32) -> (String, String) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weedout"));
        command.args(arguments).current_dir(self.root.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let Output { status, stdout, stderr } = child.wait_with_output().unwrap();
        let (out, err) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
        assert_eq!(status.code(), Some(code), "{arguments:?}\nstdout: {out}\nstderr: {err}");
        (out, err)
    }
}

#[test]
fn a_clean_file_passes_in_silence_and_a_polluted_one_is_pointed_at() {
    let bench = Bench::new();
    assert_eq!(bench.run(&["check", "clean.md"], 0).0, "");
    let (out, err) = bench.run(&["check", "clean.md", "dirty.md"], 1);
    assert!(out.starts_with("spam[link-spam]: run of ") && out.contains("--> dirty.md:7:1"), "{out}");
    assert!(out.contains("= help: `weedout check --fix dirty.md` cuts it; `weedout explain dirty.md:7` shows why"));
    assert!(err.contains("2 documents · 1 with spam · 1 found"), "{err}");
    let (out, _) = bench.run(&["check", "dirty.md", "--output-format", "concise"], 1);
    assert!(out.starts_with("dirty.md:7:1: link-spam [run of 6 anchors] \"casino online free spins\", "), "{out}");
    assert_eq!(bench.read("dirty.md"), format!("{CLEAN}{SPAM}"));
}

#[test]
fn machines_own_standard_output() {
    let bench = Bench::new();
    bench.put("tool.txt", "\x7fELF\0");
    for format in ["json", "sarif", "gitlab"] {
        let (out, err) = bench.run(&["check", ".", "--output-format", format], 2);
        assert!(serde_json::from_str::<serde_json::Value>(&out).is_ok(), "{format}: {out}");
        assert!(err.contains("looks binary"));
    }
    let (out, _) = bench.run(&["check", ".", "--output-format", "jsonl", "--quiet"], 2);
    assert!(out.lines().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()));
    let (out, _) = bench.run(&["check", "clean.md", "--output-format", "github"], 0);
    assert_eq!(out, "");
}

#[test]
fn a_fix_leaves_what_was_genuine() {
    let bench = Bench::new();
    let (diff, _) = bench.run(&["check", "dirty.md", "--diff"], 1);
    assert!(diff.starts_with("--- a/dirty.md\n+++ b/dirty.md\n") && diff.contains("\n-- [casino online"), "{diff}");
    let (out, err) = bench.run(&["check", "--fix", "dirty.md"], 0);
    assert!(out.is_empty() && err.contains("cut run of 6 anchors (lines 7-12)"), "{err}");
    assert_eq!(bench.read("dirty.md"), format!("{CLEAN}\n"));
    bench.run(&["check", "dirty.md"], 0);
    let (out, _) = bench.pipe(&["check", "--fix", "-", "--stdin-filename", "x.md"], &format!("{CLEAN}{SPAM}"), 0);
    assert_eq!(out, format!("{CLEAN}\n"));
}

#[test]
fn a_baseline_silences_what_is_known_and_nothing_new() {
    let bench = Bench::new();
    let (_, err) = bench.run(&["check", ".", "--write-baseline", "known"], 0);
    assert!(err.contains("wrote 6 contents to known"), "{err}");
    let (_, err) = bench.run(&["check", ".", "--baseline", "known"], 0);
    assert!(err.contains("6 silenced") || err.contains("1 silenced"), "{err}");
    let (out, _) = bench.run(&["check", ".", "--baseline", "known", "--show-silenced"], 0);
    assert!(out.contains("silenced[link-spam]") && out.contains("silenced by: baseline: dirty.md:7"), "{out}");
    bench.put("dirty.md", CLEAN);
    let (out, _) = bench.run(&["check", ".", "--baseline", "known"], 0);
    assert!(out.contains("warning[unused-allowance]") && out.contains("--> known:3:1"), "{out}");
    // A hook sees only some files, and cannot know what is unused.
    assert_eq!(bench.run(&["check", "clean.md", "--baseline", "known"], 0).0, "");
}

#[test]
fn configuration_reaches_check_and_clean() {
    let bench = Bench::new();
    bench.put("weedout.toml", "exclude = [\"dirty.md\"]\n");
    bench.run(&["check", "dirty.md"], 3);
    bench.run(&["check", "clean.md", "dirty.md"], 0);
    bench.run(&["check", "clean.md", "dirty.md", "--no-config"], 1);
    bench.put("weedout.toml", "allow-phrases = [\"casino\", \"bonus code\", \"viagra\", \"gacor\", \"bahis\"]\n");
    bench.run(&["check", "dirty.md"], 0);
    bench.run(&["clean", "dirty.md", "--out", "corpus"], 0);
    assert_eq!(bench.read("corpus/dirty.md"), format!("{CLEAN}{SPAM}"));
}

#[test]
fn pages_are_reported_by_clean_and_by_report() {
    let bench = Bench::new();
    let (_, err) = bench.run(&["clean", "clean.md", "dirty.md", "--out", "corpus", "--report"], 0);
    assert!(err.contains("report: corpus-audit/report.html"), "{err}");
    let page = bench.read("corpus-audit/report.html");
    assert!(page.contains("kept before") && page.contains("casino-spins.example"));
    let (out, _) = bench.run(&["report", "corpus-audit", "--out", "-"], 0);
    assert_eq!(out, page);
}
