//! What README shows is what happens: every `console` block is run, in order, in a folder with the fixtures.
//!
//! `README=overwrite cargo test --test readme` writes the outputs anew.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Standard output and error of a line of shell, in a folder, with `weedout` on the path.
fn shell(line: &str, folder: &Path) -> String {
    let line = line.replace("cargo run --release -- ", "weedout ");
    let binaries = Path::new(env!("CARGO_BIN_EXE_weedout")).parent().unwrap().to_owned();
    let paths = std::env::split_paths(&std::env::var_os("PATH").unwrap()).collect::<Vec<PathBuf>>();
    let path = std::env::join_paths(std::iter::once(binaries).chain(paths)).unwrap();
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("{{ {line}\n}} 2>&1")).current_dir(folder);
    let output = command.env("PATH", path).env("LC_ALL", "C").env("NO_COLOR", "1").output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// A `console` block with the outputs of its commands written anew. Spaces at the end of a line do not count.
fn rerun(block: &str, folder: &Path) -> String {
    let mut text = String::new();
    for line in block.lines().filter_map(|line| line.strip_prefix("$ ")) {
        let output = shell(line, folder);
        let _ = writeln!(text, "$ {line}");
        for line in output.trim_end().lines() {
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    text
}

#[test]
fn the_examples_print_what_they_show() {
    let folder = tempfile::tempdir().unwrap();
    symlink(root().join("fixtures"), folder.path().join("fixtures")).unwrap();
    let (shown, mut found) = (readme(), String::new());
    let mut parts = shown.split("```console\n");
    found.push_str(parts.next().unwrap());
    for part in parts {
        let (block, rest) = part.split_once("```\n").unwrap();
        let _ = write!(found, "```console\n{}```\n{rest}", rerun(block, folder.path()));
    }
    assert!(!found.contains("\nerror: "), "an example fails:\n{found}");
    if std::env::var_os("README").is_some_and(|value| value == "overwrite") {
        fs::write(root().join("README.md"), &found).unwrap();
        return;
    }
    for (at, (shown, found)) in shown.lines().zip(found.lines()).enumerate() {
        assert_eq!(
            shown,
            found,
            "README.md, line {}; `README=overwrite cargo test --test readme` writes it anew",
            at + 1
        );
    }
    assert_eq!(shown.lines().count(), found.lines().count());
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = shell("weedout --help", root());
    let (_, list) = help.split_once("Exit codes:\n").unwrap();
    let codes = list.lines().filter_map(|line| line.trim().split_once(' ')).map(|(code, text)| (code, text.trim()));
    let rows: Vec<String> = codes.map(|(code, text)| format!("| {code} | {text} |")).collect();
    assert!(rows.len() >= 5);
    let (_, table) =
        readme().split_once("| code | meaning |\n|---|---|\n").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    assert_eq!(table.lines().take_while(|line| line.starts_with('|')).collect::<Vec<_>>(), rows);
}
