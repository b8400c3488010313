//! Files of records: CPU seconds to read them, and to clean them with the model in the binary: `cargo bench --bench records`.
//!
//! `WEEDOUT_BENCH_MB` sets the size of each file's text (default 16), `WEEDOUT_BENCH_DIR` keeps the files there, so that
//! `benches/peers/fastwarc_read.py` can read the same ones, and with `WEEDOUT_BENCH_READ` they are read and not cleaned. Costs are CPU seconds of all threads, which do not grow with
//! what else the machine does; they are read from `/proc`, so this runs on Linux.
#![allow(clippy::unwrap_used, missing_docs)]

mod data;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use weedout::clean::bulk::{Job, run};
use weedout::source::compression::{Compression, Stream};
use weedout::source::jsonl::Lines;
use weedout::source::warc::Warc;
use weedout::source::{Container, Input, Limits};

/// Reading takes hundredths of a second, in which the clock counts; the mean of so many is taken.
const READS: u32 = 10;

fn main() {
    let megabytes = std::env::var("WEEDOUT_BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(16);
    let scratch = tempfile::tempdir().unwrap();
    let folder = std::env::var_os("WEEDOUT_BENCH_DIR").map_or_else(|| scratch.path().to_path_buf(), PathBuf::from);
    fs::create_dir_all(&folder).unwrap();
    let files = made(&folder, megabytes << 20);
    println!(
        "{:<16} {:>9} {:>11} {:>9} {:>9} {:>9} {:>9}",
        "file", "MB", "content MB", "read s", "MB/s", "clean s", "MB/s"
    );
    let model = data::model();
    for path in files {
        let size = fs::metadata(&path).unwrap().len() as f64 / 1e6;
        let before = cpu();
        let content = (0..READS).map(|_| read(&path)).sum::<usize>() as f64 / 1e6 / f64::from(READS);
        let reading = (cpu() - before) / f64::from(READS);
        let input = Input::file(&path, path.file_name().unwrap());
        if std::env::var_os("WEEDOUT_BENCH_READ").is_some() {
            println!("{} read at {:.0} MB/s", path.display(), content / reading);
            continue;
        }
        let before = cpu();
        let summary = run(&Job::new(vec![input], scratch.path().join("out")), &model, &mut |_, _| {}).unwrap();
        let cleaning = cpu() - before;
        assert!(summary.is_clean() && summary.counts.kept > 0);
        let rate = summary.counts.text_bytes as f64 / 1e6 / cleaning;
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        println!(
            "{name:<16} {size:>9.1} {content:>11.1} {reading:>9.3} {:>9.0} {cleaning:>9.2} {rate:>9.2}",
            content / reading
        );
    }
}

/// CPU seconds of this process, in hundredths.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit_once(')').unwrap().1.split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// Reads every record and returns the bytes of their content.
fn read(path: &Path) -> usize {
    let stream = Stream::open(path, Compression::by_name(path), Limits { ratio: 0, ..Limits::default() }).unwrap();
    let mut total = 0;
    if Container::by_name(path) == Some(Container::Warc) {
        let mut records = Warc::new(stream, Limits::default());
        while let Some(raw) = records.read().unwrap() {
            total += raw.content.unwrap().body.len();
        }
    } else {
        let mut lines = Lines::new(stream, Limits::default());
        while let Some(raw) = lines.read().unwrap() {
            total += raw.content.unwrap().len();
        }
    }
    total
}

/// The same documents in every kind of file; those that are there already are taken.
fn made(folder: &Path, bytes: usize) -> Vec<PathBuf> {
    let texts = split(&data::text(bytes));
    let pages: Vec<String> = texts.iter().map(|text| page(text)).collect();
    let lines: String = texts
        .iter()
        .map(|text| format!("{}\n", serde_json::json!({"url": "https://a.example/", "text": text})))
        .collect();
    let archive = |kind: &str, media: &str, head: &str, texts: &[String]| -> Vec<Vec<u8>> {
        let record = |(at, text): (usize, &String)| {
            let length = head.len() + text.len();
            format!("WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{at:032x}>\r\nWARC-Target-URI: https://a.example/{at}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\nContent-Type: {media}\r\nContent-Length: {length}\r\n\r\n{head}{text}\r\n\r\n").into_bytes()
        };
        texts.iter().enumerate().map(record).collect()
    };
    let http = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n";
    let warc = archive("response", "application/http; msgtype=response", http, &pages);
    let wet = archive("conversion", "text/plain", "", &texts);
    let gzip_each = |records: &[Vec<u8>]| records.iter().flat_map(|record| gzip(record)).collect::<Vec<u8>>();
    let zstd = || ruzstd::encoding::compress_to_vec(lines.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let kinds: [(&str, &dyn Fn() -> Vec<u8>); 5] = [
        ("talks.jsonl", &|| lines.clone().into_bytes()),
        ("talks.jsonl.gz", &|| gzip(lines.as_bytes())),
        ("talks.jsonl.zst", &zstd),
        ("talks.wet.gz", &|| gzip_each(&wet)),
        ("talks.warc.gz", &|| gzip_each(&warc)),
    ];
    let write = |(name, content): &(&str, &dyn Fn() -> Vec<u8>)| {
        let path = folder.join(name);
        if !path.exists() {
            fs::write(&path, content()).unwrap();
        }
        path
    };
    kinds.iter().map(write).collect()
}

/// Documents of about 4 kB.
fn split(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    for line in text.split_inclusive('\n') {
        if found[found.len() - 1].len() > 4000 {
            found.push(String::new());
        }
        let last = found.len() - 1;
        found[last].push_str(line);
    }
    found
}

fn page(text: &str) -> String {
    let body: String =
        text.lines().filter(|line| !line.is_empty()).map(|line| format!("<p class=\"line\">{line}</p>\n")).collect();
    format!(
        "<!DOCTYPE html><html><head><title>A talk</title></head><body><nav><a href=\"/\">Home</a></nav><main>\n{body}</main></body></html>\n"
    )
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
