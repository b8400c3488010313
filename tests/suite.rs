//! Other people's test suites as input: nothing panics, nothing hangs, and what cleaning promises holds.
//!
//! `WEEDOUT_SUITES=DIR cargo test --release --test suite -- --ignored` runs it over a folder with any of `html5lib-tree`, `commonmark`,
//! `yaml`, `naughty`, `utf8` and `warc`; see docs/reliability.md for where they come from.
#![allow(clippy::unwrap_used, missing_docs)]

#[path = "../fuzz/src/lib.rs"]
#[allow(dead_code, unreachable_pub)]
mod fuzz;

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use weedout::block::{Document, Format};
use weedout::clean::{self, Job, Settings, Status};
use weedout::source::Input;
use weedout::verdict::{Judge, Label, Model, Profile, Verdict};

use fuzz::woven;

/// No case may take longer for each part of it that is begun. All but a few are smaller than one part.
const HANG: Duration = Duration::from_secs(1);
const HANG_BYTES: usize = 256 << 10;

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::embedded().unwrap());

/// Takes about every other block of anything.
struct Eager;

impl Judge for Eager {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        let label = |text: &str| if text.contains(['a', '1', ':']) { Label::Spam } else { Label::Genuine };
        let verdict =
            |text: &str| Verdict { label: label(text), probability: 0.5, reasons: Vec::new(), cuts: Vec::new() };
        document.blocks.iter().map(|block| verdict(&block.text)).collect()
    }

    fn id(&self) -> String {
        "eager".into()
    }
}

/// The folder of a suite; `None` when it is not there.
fn suite(name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WEEDOUT_SUITES").expect("WEEDOUT_SUITES names the folder of the suites");
    let folder = Path::new(&root).join(name);
    assert!(Path::new(&root).is_dir(), "{} is no folder", Path::new(&root).display());
    if !folder.is_dir() {
        eprintln!("{name}: not there, nothing was tried");
    }
    folder.is_dir().then_some(folder)
}

/// All files under `folder`, sorted.
fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { walk(&path, files) } else { files.push(path) }
    }
}

/// Checks every case as every one of `formats`, and says how many there were.
fn all(name: &str, cases: &[Vec<u8>], formats: &[&str]) {
    assert!(!cases.is_empty(), "{name} has no cases");
    for (number, case) in cases.iter().enumerate() {
        for extension in formats {
            let path = format!("{name}-{number}.{extension}");
            one(&path, case, &*MODEL);
            one(&path, case, &Eager);
        }
    }
    eprintln!("{name}: {} cases as {}: 0 failures", cases.len(), formats.join(", "));
}

fn one(path: &str, bytes: &[u8], judge: &dyn Judge) {
    // A busy machine may stop anything for a while; a hang is there each time.
    let mut tries = (0..3).map(|_| {
        let started = Instant::now();
        (clean::document(Path::new(path), bytes, &Settings::default(), judge), started.elapsed())
    });
    let limit = HANG * (1 + bytes.len() / HANG_BYTES) as u32;
    let done = tries.find(|(_, taken)| *taken < limit).unwrap_or_else(|| panic!("{path} takes over {limit:?}"));
    let Ok(done) = done.0 else { return };
    if done.format == Format::Html {
        assert!(String::from_utf8(done.output.unwrap_or_default()).is_ok(), "{path}");
        return;
    }
    assert_eq!(woven(&done), bytes, "{path}: kept and removed parts do not tile it");
    let Some(output) = done.output else { return };
    let again = clean::document(Path::new(path), &output, &Settings::default(), judge).unwrap();
    assert_eq!((again.status, again.output), (Status::Untouched, Some(output)), "{path} changes when cleaned again");
}

/// Cleans all cases in one run and restores them from its audit.
fn round(cases: &[Vec<u8>], extension: &str) {
    let root = tempfile::tempdir().unwrap();
    let inputs = cases.iter().enumerate().map(|(number, case)| Input {
        bytes: Some(case.clone()),
        ..Input::file(format!("{number}.{extension}"), format!("{number}.{extension}"))
    });
    let out = root.path().join("out");
    let job = Job::new(inputs.collect(), out.clone());
    let audit = job.audit.clone();
    clean::run(&job, &Eager, &|_| {}).unwrap();
    let (mut told, back) = (Vec::new(), root.path().join("back"));
    let restored = clean::restore(&audit, &out, &back, &mut |error| told.push(error.to_string())).unwrap();
    let binary = told.iter().filter(|error| error.contains("failed when it was cleaned")).count();
    assert_eq!(restored.documents + binary, cases.len(), "{told:?}");
    for (number, case) in cases.iter().enumerate() {
        if let Ok(bytes) = fs::read(back.join(format!("{number}.{extension}"))) {
            assert_eq!(bytes, *case);
        }
    }
}

/// The parts of `text` between a line `start` and a line that `is_end`.
fn sections(text: &str, start: fn(&str) -> bool, is_end: fn(&str) -> bool) -> Vec<Vec<u8>> {
    let (mut found, mut open): (Vec<Vec<u8>>, Option<String>) = (Vec::new(), None);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        match &mut open {
            Some(_) if is_end(bare) => found.extend(open.take().map(String::into_bytes)),
            Some(case) => case.push_str(line),
            None if start(bare) => open = Some(String::new()),
            None => {}
        }
    }
    found
}

#[test]
#[ignore = "needs WEEDOUT_SUITES"]
fn html5lib() {
    let Some(folder) = suite("html5lib-tree") else { return };
    let mut cases = Vec::new();
    let mut files = Vec::new();
    walk(&folder, &mut files);
    for file in files {
        let bytes = fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        cases.extend(sections(&text, |line| line == "#data", |line| line.starts_with("#errors")));
    }
    all("html5lib-tree", &cases, &["html", "md"]);
}

#[test]
#[ignore = "needs WEEDOUT_SUITES"]
fn commonmark() {
    let Some(folder) = suite("commonmark") else { return };
    let spec = fs::read_to_string(folder.join("spec.txt")).unwrap().replace('→', "\t");
    let fence = "````````````````````````````````";
    assert!(spec.contains(fence));
    let cases = sections(
        &spec,
        |line| line.starts_with("```````````````````````````````` example"),
        |line| line == "." || line.starts_with("````````````````````````````````"),
    );
    all("commonmark", &cases, &["md", "txt", "html"]);
    all("commonmark, whole", &[spec.into_bytes()], &["md", "txt"]);
    round(&cases, "md");
}

#[test]
#[ignore = "needs WEEDOUT_SUITES"]
fn yaml() {
    let Some(folder) = suite("yaml") else { return };
    let lines = fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let values = lines.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let talk = "We met at the harbour and talked about boats.\n";
    let cases: Vec<Vec<u8>> =
        values.map(|case| format!("---\n{}\n---\n{talk}", case["yaml"].as_str().unwrap()).into_bytes()).collect();
    all("yaml", &cases, &["md", "txt"]);
    round(&cases, "md");
}

#[test]
#[ignore = "needs WEEDOUT_SUITES"]
fn naughty() {
    let Some(folder) = suite("naughty") else { return };
    let strings: Vec<String> = serde_json::from_slice(&fs::read(folder.join("blns.json")).unwrap()).unwrap();
    let talk = "We met at the harbour and talked about boats.";
    let mut cases: Vec<Vec<u8>> = strings.iter().map(|text| text.clone().into_bytes()).collect();
    cases.extend(
        strings.iter().map(|text| format!("---\ntitle: {text}\n---\n{talk}\n\n{text}\n\n{talk}\n").into_bytes()),
    );
    cases.extend(
        strings
            .iter()
            .map(|text| format!("<title>{text}</title><p>{talk}<p>{text}<p title='{text}'>{talk}").into_bytes()),
    );
    all("naughty", &cases, &["md", "txt", "html", "srt", "vtt"]);
    round(&cases, "txt");
    // As names: what is one file's name comes out under it, the others are refused by name.
    let root = tempfile::tempdir().unwrap();
    let corpus = weedout::clean::corpus::Corpus::open(&root.path().join("out")).unwrap();
    for name in &strings {
        if weedout::clean::corpus::write_whole(&corpus, Path::new(&format!("{name}.txt")), b"x").is_ok() {
            assert!(root.path().join("out").join(format!("{name}.txt")).is_file(), "{name}");
        }
    }
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1, "a name led out of the corpus");
}

#[test]
#[ignore = "needs WEEDOUT_SUITES"]
fn utf8() {
    let Some(folder) = suite("utf8") else { return };
    let bytes = fs::read(folder.join("utf8tests.bin")).unwrap();
    let lines: Vec<Vec<u8>> = bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
    all("utf8", &lines, &["txt", "md", "html"]);
    all("utf8, whole", std::slice::from_ref(&bytes), &["txt", "md"]);
    round(&lines, "txt");
}

#[test]
#[ignore = "needs WEEDOUT_SUITES"]
fn warc() {
    let Some(folder) = suite("warc") else { return };
    let (mut cases, mut files) = (Vec::new(), Vec::new());
    walk(&folder, &mut files);
    for file in files {
        let bytes = fs::read(file).unwrap();
        let mut plain = Vec::new();
        // What can be read of damaged files is a case as well.
        let _ = flate2::read::MultiGzDecoder::new(bytes.as_slice()).take(1 << 20).read_to_end(&mut plain);
        cases.extend([bytes, plain]);
    }
    all("warc", &cases, &["txt", "html"]);
}
