//! The seeds of the fuzz targets, and inputs that once made trouble, run through the targets without a fuzzer.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub)]

#[path = "../fuzz/src/lib.rs"]
mod fuzz;
#[path = "../fuzz/src/seed.rs"]
mod seed;

use std::fs;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What fuzzing found worth keeping, one file an input; none for a target it found nothing for.
fn found(name: &str) -> Vec<seed::Seed> {
    let entries = fs::read_dir(root().join("fuzz/corpus").join(name)).into_iter().flatten();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), fs::read(path).unwrap())).collect()
}

#[track_caller]
fn replay(name: &str, target: fn(&[u8]), least: usize) {
    let seeds = seed::seeds(name, &root().join("fixtures"));
    assert!(seeds.len() >= least, "{name} has {} seeds", seeds.len());
    for (file, bytes) in seeds.into_iter().chain(found(name)) {
        // Shown when the target fails.
        println!("{file}");
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

/// Writes the seeds where the fuzzer looks for them: `fuzz/seed` runs this.
#[test]
#[ignore = "writes files"]
fn write() {
    for target in seed::TARGETS {
        let folder = root().join("fuzz/seeds").join(target);
        fs::create_dir_all(&folder).unwrap();
        for (name, bytes) in seed::seeds(target, &root().join("fixtures")) {
            fs::write(folder.join(name), bytes).unwrap();
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
