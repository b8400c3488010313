//! From bytes to clean bytes, and from folder to corpus: `cargo bench --bench clean`.
//!
//! `WEEDOUT_BENCH_MB` sets the size of the folder (default 8).
#![allow(clippy::unwrap_used, missing_docs)]

mod data;

use std::fs;
use std::path::Path;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use weedout::clean::{self, Job, Settings};
use weedout::source::find;

fn main() {
    divan::main();
}

/// One document, in memory; the time a byte takes must not grow with the document.
#[divan::bench(args = [("talk.txt", 16 << 10), ("talk.txt", 256 << 10), ("talk.txt", 4 << 20), ("talk.md", 256 << 10), ("talk.html", 256 << 10), ("talk.srt", 256 << 10)])]
fn document(bencher: Bencher<'_, '_>, (name, size): (&str, usize)) {
    let (model, text) = (data::model(), data::of(name, size));
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        clean::document(Path::new(name), black_box(text.as_bytes()), &Settings::default(), &model).unwrap().words_kept
    });
}

/// A folder of documents of 40 kB in all formats, read, cleaned and written.
#[divan::bench(args = [1, 0], sample_count = 5)]
fn folder(bencher: Bencher<'_, '_>, jobs: usize) {
    let megabytes = std::env::var("WEEDOUT_BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let (model, work) = (data::model(), tempfile::tempdir().unwrap());
    let input = work.path().join("in");
    let size = fill(&input, megabytes << 20);
    let mut runs = 0;
    bencher.counter(BytesCount::new(size)).bench_local(|| {
        runs += 1;
        let mut job =
            Job::new(find(std::slice::from_ref(&input), &[]).unwrap(), work.path().join(format!("out{runs}")));
        job.jobs = jobs;
        clean::run(&job, &model, &|_| {}).unwrap().words_kept
    });
}

/// Writes documents up to `bytes` bytes, and returns how many were written.
fn fill(folder: &Path, bytes: usize) -> usize {
    fs::create_dir_all(folder).unwrap();
    let all = ["talk.txt", "talk.md", "talk.html", "talk.srt"].map(|name| (name, data::of(name, 40 << 10)));
    let mut written = 0;
    for (at, (name, text)) in all.iter().cycle().enumerate() {
        if written >= bytes {
            break;
        }
        fs::write(folder.join(format!("{at:06}-{name}")), text).unwrap();
        written += text.len();
    }
    written
}
