//! The seeds of the fuzz targets, and inputs that once made trouble, run through the targets without a fuzzer.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;

use std::fs;
use std::path::Path;

#[track_caller]
fn replay(name: &str, target: fn(&[u8]), least: usize) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut paths: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= least, "{} has {} seeds", folder.display(), paths.len());
    for path in paths {
        let bytes = fs::read(&path).unwrap();
        // Shown when the target fails.
        println!("{}", path.display());
        target(&bytes);
        // As the fuzzer would: cut short, and with a byte changed.
        for part in 1..8 {
            let at = bytes.len() * part / 8;
            target(&bytes[..at]);
            let mut changed = bytes.clone();
            changed.get_mut(at).into_iter().for_each(|byte| *byte ^= 0x55);
            target(&changed);
        }
    }
}

#[test]
fn pages() {
    replay("html", fuzz::html, 10);
}

#[test]
fn markdown() {
    replay("markdown", fuzz::markdown, 10);
}

#[test]
fn lines() {
    replay("lines", fuzz::lines, 10);
}

#[test]
fn model() {
    replay("model", fuzz::model, 2);
}

#[test]
fn records() {
    replay("records", fuzz::records, 1);
}

#[test]
fn round() {
    replay("round", fuzz::round, 10);
}
