//! Examples in documents: every `console` block is run, in order, in a folder with the fixtures, and its output compared.
#![allow(clippy::unwrap_used, dead_code, missing_docs)]

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn read(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap()
}

/// The insides of the blocks of `text` that are written in `language`.
pub(crate) fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    let opening = format!("```{language}\n");
    text.split(opening.as_str()).skip(1).map(|part| part.split_once("```").unwrap().0).collect()
}

/// Standard output and error of a line of shell, in a folder, with `weedout` on the path.
pub(crate) fn shell(line: &str, folder: &Path) -> String {
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

/// A folder as the examples expect it: with `fixtures`, which are not to be changed.
pub(crate) fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    symlink(root().join("fixtures"), folder.path().join("fixtures")).unwrap();
    folder
}

/// `text` with the outputs of its examples as they are.
fn found(text: &str, folder: &Path) -> String {
    let mut parts = text.split("```console\n");
    let mut found = String::from(parts.next().unwrap());
    for part in parts {
        let (block, rest) = part.split_once("```\n").unwrap();
        let _ = write!(found, "```console\n{}```\n{rest}", rerun(block, folder));
    }
    found
}

/// `line` with a mark for every decimal fraction: a model that was trained anew has others.
fn masked(line: &str) -> String {
    let mut out = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let whole = digits(&rest[at..]);
        let tail = &rest[at + whole..];
        let part = tail.strip_prefix('.').map_or(0, digits);
        out.push_str(&rest[..at]);
        if part > 0 {
            out.push('#');
        } else {
            out.push_str(&rest[at..at + whole]);
        }
        rest = &tail[if part > 0 { part + 1 } else { 0 }..];
    }
    out + rest
}

/// Runs the examples of a document; with the variable `overwrite` set to `overwrite`, writes their outputs anew. Where `exact` is not
/// asked for, fractions may differ.
pub(crate) fn check(document: &str, folder: &Path, overwrite: &str, exact: bool) {
    let shown = read(document);
    let found = found(&shown, folder);
    assert!(!found.contains("\nerror: "), "an example of {document} fails:\n{found}");
    if std::env::var_os(overwrite).is_some_and(|value| value == "overwrite") {
        fs::write(root().join(document), &found).unwrap();
        return;
    }
    let form = |line: &str| if exact { line.to_owned() } else { masked(line) };
    for (at, (one, other)) in shown.lines().zip(found.lines()).enumerate() {
        assert_eq!(
            form(one),
            form(other),
            "{document}, line {}; `{overwrite}=overwrite cargo test` writes it anew",
            at + 1
        );
    }
    assert_eq!(shown.lines().count(), found.lines().count(), "{document}");
}
