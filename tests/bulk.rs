//! Files of records: what comes out of good ones, and what is said of bad ones.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use weedout::Error;
use weedout::clean::bulk::{Job, Manifest, Reject, Status, Summary, run};
use weedout::source::shard::Shard;
use weedout::source::{Limits, find};

mod judge;
use judge::Marked;

struct Bench {
    root: tempfile::TempDir,
    limits: Limits,
}

impl Bench {
    fn new() -> Self {
        let bench = Self { root: tempfile::tempdir().unwrap(), limits: Limits::default() };
        fs::create_dir(bench.at("in")).unwrap();
        bench
    }

    fn at(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    fn put(&self, name: &str, bytes: impl AsRef<[u8]>) {
        fs::write(self.at("in").join(name), bytes).unwrap();
    }

    fn job(&self, out: &str) -> Job {
        let files: Vec<PathBuf> = fs::read_dir(self.at("in")).unwrap().map(|entry| entry.unwrap().path()).collect();
        let mut job = Job::new(find(&files, &[]).unwrap(), self.at(out));
        job.options.id_field = Some("id".into());
        job.options.limits = self.limits;
        job
    }

    fn run(&self, out: &str) -> (Summary, Vec<(Manifest, bool)>) {
        go(&self.job(out))
    }

    /// Cleans one file and returns its manifest, its output and its rejects.
    fn one(&self, name: &str, bytes: &[u8]) -> (Manifest, String, Vec<Reject>) {
        self.put(name, bytes);
        let (_, told) = self.run("out");
        let manifest = told.into_iter().map(|(manifest, _)| manifest).find(|m| m.relative == name).unwrap();
        let output = manifest.output.as_ref().map(|output| unpacked(&self.at("out").join(output))).unwrap_or_default();
        let rejects =
            manifest.rejects.as_ref().map(|rejects| fs::read_to_string(self.at("out-audit").join(rejects)).unwrap());
        let rejects: Vec<Reject> =
            rejects.unwrap_or_default().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(rejects.len() as u64, manifest.counts.bad);
        let stored = fs::read_to_string(self.at("out-audit").join(format!("{name}.manifest.json"))).unwrap();
        assert_eq!(serde_json::from_str::<Manifest>(&stored).unwrap(), manifest);
        (manifest, output, rejects)
    }
}

/// Runs a job, and checks that what became of its records adds up.
fn go(job: &Job) -> (Summary, Vec<(Manifest, bool)>) {
    let mut told = Vec::new();
    let summary = run(job, &Marked, &mut |manifest, resumed| told.push((manifest.clone(), resumed))).unwrap();
    for (manifest, _) in &told {
        let counts = manifest.counts;
        let sum = counts.kept + counts.dropped + counts.empty + counts.passed + counts.bad;
        assert_eq!(counts.records, sum, "{manifest:?}");
    }
    (summary, told)
}

/// Every file under a folder with its bytes.
fn tree(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.strip_prefix(root).unwrap().to_path_buf(), fs::read(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

fn unpacked(path: &Path) -> String {
    let bytes = fs::read(path).unwrap();
    let mut text = String::new();
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("gz") => drop(flate2::read::MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap()),
        Some("zst") => {
            let stream = weedout::source::compression::Stream::open(
                path,
                weedout::source::compression::Compression::Zstd,
                Limits::default(),
            );
            stream.unwrap().read_to_string(&mut text).unwrap();
        }
        _ => text = String::from_utf8(bytes).unwrap(),
    }
    text
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// `count` records, every fifth with spam in it, every eleventh nothing else.
fn lines(count: usize) -> String {
    let text = |n: usize| match n {
        n if n % 11 == 10 => format!("SPAM {n}\nSPAM again"),
        n if n % 5 == 4 => format!("Line {n}, and the harbour.\nSPAM {n}\nThe end of {n}."),
        n => format!("Line {n}, and the harbour.\nThe end of {n}."),
    };
    (0..count).map(|n| format!("{}\n", json!({"id": n, "text": text(n), "score": 0.5}))).collect()
}

fn warc(kind: &str, url: &str, media: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:{url}>\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-01-02T03:04:05Z\r\nContent-Type: {media}\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body, b"\r\n\r\n"].concat()
}

fn response(url: &str, head: &str, body: &[u8]) -> Vec<u8> {
    let http = [format!("HTTP/1.1 {head}\r\n\r\n").as_bytes(), body].concat();
    warc("response", url, "application/http; msgtype=response", &http)
}

const PAGE: &str = "<!doctype html><title>Boats</title><body><main><p>We met at the harbour and talked about boats.</p><p>SPAM casino</p></main>";

#[test]
fn json_lines_come_out_in_order_with_their_other_fields() {
    let bench = Bench::new();
    let (manifest, output, _) = bench.one("a.jsonl", lines(100).as_bytes());
    let ids: Vec<u64> =
        output.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..100).filter(|n| n % 11 != 10).collect::<Vec<_>>());
    let first = r#"{"id":0,"score":0.5,"text":"Line 0, and the harbour.\nThe end of 0.","weedout":{"label":"genuine","#;
    assert!(output.starts_with(first), "{output}");
    assert!(!output.contains("SPAM 4\\n") && output.contains(r#""label":"mixed""#));
    let counts = manifest.counts;
    assert_eq!((counts.records, counts.kept, counts.dropped, counts.cleaned), (100, 91, 9, 19));
    assert_eq!((manifest.status, manifest.rejects), (Status::Done, None));
    assert_eq!(manifest.sha256_out.unwrap(), weedout::clean::record::sha256(output.as_bytes()));
}

#[test]
fn compression_is_kept_and_changes_nothing_else() {
    let bench = Bench::new();
    let text = lines(3000);
    let (_, plain, _) = bench.one("a.jsonl", text.as_bytes());
    let (first, second) = text.as_bytes().split_at(text.len() / 3);
    for (name, bytes) in [
        ("b.jsonl.gz", [gzip(first), gzip(b""), gzip(second)].concat()),
        ("c.jsonl.zst", [zstd(first), zstd(second)].concat()),
        ("d.ndjson.gz", gzip(text.as_bytes())),
    ] {
        let (manifest, output, _) = bench.one(name, &bytes);
        assert_eq!((manifest.output.as_deref(), manifest.bytes_in), (Some(name), bytes.len() as u64));
        assert!(output == plain, "{name}");
    }
}

#[test]
fn annotating_keeps_every_record_and_its_text() {
    let bench = Bench::new();
    bench.put("a.jsonl", lines(30));
    let mut job = bench.job("out");
    job.options.annotate = true;
    let (summary, _) = go(&job);
    assert_eq!((summary.counts.kept, summary.counts.dropped), (30, 0));
    let output = unpacked(&bench.at("out/a.jsonl"));
    for (before, after) in lines(30).lines().zip(output.lines()) {
        assert!(after.starts_with(&before[..before.len() - 1]), "{after}");
    }
}

#[test]
fn bad_records_go_to_the_rejects_with_their_place() {
    let bench = Bench::new();
    let good = "{\"id\":\"g\",\"text\":\"Good morning.\"}\n";
    let bad: [(&[u8], &str); 7] = [
        (b"not json\n", "not a JSON object"),
        (b"{\"id\":\"t\",\"text\":7}\n", "no string"),
        (b"{\"id\":\"d\",\"text\":\"a\",\"text\":\"b\"}\n", "twice"),
        (b"{\"id\":\"p\",\"text\":\"PANIC\"}\n", "the judge met its match"),
        (b"{\"id\":\"u\",\"text\":\"caf\xe9\"}\n", "not a JSON object"),
        (b"{\"id\":\"n\",\"title\":\"x\"}\n", "neither"),
        (b"{\"id\":\"s\",\"text\":\"\\ud800\"}\n", "no string"),
    ];
    let mut bytes = good.as_bytes().to_vec();
    let mut places = Vec::new();
    for (line, _) in bad {
        places.push(bytes.len() as u64);
        bytes.extend(line);
        bytes.extend(good.as_bytes());
    }
    let (manifest, output, rejects) = bench.one("a.jsonl", &bytes);
    assert_eq!((output.lines().count(), manifest.counts.kept, manifest.counts.bad), (8, 8, 7));
    assert_eq!(manifest.status, Status::Done);
    for (at, (reject, (_, words))) in rejects.iter().zip(bad).enumerate() {
        assert_eq!((reject.record, reject.offset), (2 * at as u64 + 2, places[at]));
        assert!(reject.error.contains(words), "{reject:?}");
    }
    assert_eq!(rejects[1].id.as_deref(), Some("t"));
}

#[test]
fn what_stands_before_damage_is_kept_and_the_damage_is_told() {
    let bench = Bench::new();
    let text = lines(20_000);
    let whole = gzip(text.as_bytes());
    let (_, expected, _) = bench.one("whole.jsonl.gz", &whole);
    let packed = zstd(text.as_bytes());
    for (name, bytes, least) in [
        ("cut.jsonl.gz", whole[..whole.len() / 2].to_vec(), 5000),
        ("tail.jsonl.gz", [&whole[..], b"trailing garbage"].concat(), 20_000),
        ("cut.jsonl.zst", packed[..packed.len() / 2].to_vec(), 5000),
    ] {
        let (manifest, output, rejects) = bench.one(name, &bytes);
        assert_eq!((manifest.status, rejects.len()), (Status::Damaged, 1), "{name}");
        assert!(manifest.counts.records >= least, "{name}: {:?}", manifest.counts);
        assert!(expected.starts_with(&output) && output.ends_with('\n'), "{name}");
        assert_eq!(manifest.sha256_in.unwrap(), weedout::clean::record::sha256(&bytes));
        let last = rejects.last().unwrap();
        assert!(last.record >= least && last.error.contains("damaged") || last.error.contains("cut off"), "{last:?}");
    }
}

#[test]
fn a_bomb_and_a_giant_record_end_in_the_rejects() {
    let mut bench = Bench::new();
    let (manifest, output, rejects) = bench.one("bomb.jsonl.gz", &gzip(&vec![0; 256 << 20]));
    assert_eq!((manifest.status, output.as_str(), rejects.len()), (Status::Damaged, "", 1));
    assert!(rejects[0].error.contains("bomb"), "{rejects:?}");

    bench.limits = Limits { record: 10_000, ratio: 0 };
    let giant = format!("{{\"text\":\"{}\"}}\n", "x".repeat(50_000_000));
    let around = [lines(1).as_bytes(), giant.as_bytes(), lines(1).as_bytes()].concat();
    let (manifest, output, rejects) = bench.one("giant.jsonl.gz", &gzip(&around));
    assert_eq!((manifest.counts.kept, output.lines().count(), rejects[0].record), (2, 2, 2));
    assert!(rejects[0].error.contains("larger than"));
}

#[test]
fn empty_and_blank_files_give_empty_files() {
    let bench = Bench::new();
    for (name, bytes) in [
        ("a.jsonl", Vec::new()),
        ("b.jsonl", b"\n \n\n".to_vec()),
        ("c.jsonl.gz", gzip(b"")),
        ("d.warc.gz", Vec::new()),
        ("e.jsonl.zst", Vec::new()),
    ] {
        let (manifest, output, _) = bench.one(name, &bytes);
        assert_eq!((manifest.status, manifest.counts.records, output.as_str()), (Status::Done, 0, ""), "{name}");
    }
}

#[test]
fn pages_of_a_web_archive_become_json_lines() {
    let bench = Bench::new();
    let turkish = weedout::source::decode::encode(
        "<title>Şehir</title><p>Bugün çarşıya gittik, güneş batıyordu ve sokaklar ışıl ışıldı.</p>",
        "windows-1254",
    )
    .unwrap();
    let members = [
        warc("warcinfo", "", "application/warc-fields", b"software: none"),
        warc("request", "http://a.example/", "application/http; msgtype=request", b"GET / HTTP/1.1\r\n\r\n"),
        response("http://a.example/", "200 OK\r\nContent-Type: text/html; charset=utf-8", PAGE.as_bytes()),
        response("http://b.example/", "404 Not Found\r\nContent-Type: text/html", PAGE.as_bytes()),
        response("http://c.example/x.png", "200 OK\r\nContent-Type: image/png", b"\x89PNG\0\0"),
        response("http://d.example/", "200 OK\r\nContent-Type: text/html", b"%PDF-1.4 says html"),
        response("http://e.example/", "200 OK\r\nContent-Type: text/html; charset=windows-1254", &turkish),
        response(
            "http://f.example/",
            "200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip",
            &gzip(PAGE.as_bytes()),
        ),
        response("http://g.example/", "200 OK\r\nContent-Type: text/html", b"<p>SPAM</p>"),
        response("http://h.example/", "200 OK\r\nContent-Type: text/html", b"<body></body>"),
        warc("response", "http://i.example/", "application/http", b"no http"),
    ];
    let (manifest, output, rejects) =
        bench.one("CC-1.warc.gz", &members.iter().flat_map(|member| gzip(member)).collect::<Vec<_>>());
    assert_eq!(manifest.output.as_deref(), Some("CC-1.warc.jsonl.gz"));
    let counts = manifest.counts;
    assert_eq!(
        (counts.records, counts.kept, counts.dropped, counts.empty, counts.passed, counts.bad),
        (11, 3, 1, 1, 5, 1)
    );
    assert_eq!((rejects[0].record, rejects[0].id.as_deref()), (11, Some("urn:uuid:http://i.example/")));
    let pages: Vec<Value> = output.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let page = &pages[0];
    assert_eq!(
        (&page["url"], &page["date"], &page["title"]),
        (&json!("http://a.example/"), &json!("2026-01-02T03:04:05Z"), &json!("Boats"))
    );
    assert_eq!(page["text"].as_str().unwrap().trim(), "We met at the harbour and talked about boats.");
    assert_eq!(page["weedout"]["removed"], json!([["SPAM casino", 0.75, "mark"]]));
    assert!(pages[1]["text"].as_str().unwrap().contains("güneş batıyordu"), "{}", pages[1]);
    assert_eq!(pages[2]["text"], page["text"]);
}

#[test]
fn texts_of_wet_files_come_out_as_they_were() {
    let bench = Bench::new();
    let bytes = [
        warc("conversion", "http://a.example/", "text/plain", "Boats\nWe met at the harbour.\nSPAM\nŞimdi.".as_bytes()),
        warc("conversion", "http://b.example/", "text/plain", b"caf\xe9 au lait was served at the harbour"),
    ];
    let (manifest, output, _) =
        bench.one("CC-1.warc.wet.gz", &bytes.iter().flat_map(|member| gzip(member)).collect::<Vec<_>>());
    assert_eq!((manifest.counts.kept, manifest.output.as_deref()), (2, Some("CC-1.warc.wet.jsonl.gz")));
    let first: Value = serde_json::from_str(output.lines().next().unwrap()).unwrap();
    assert_eq!(first["text"], "Boats\nWe met at the harbour.\nŞimdi.");
    assert_eq!(first["weedout"]["removed"], json!([[29, 34, 0.75, "mark"]]));
}

#[test]
fn a_length_that_lies_costs_its_record_only() {
    let bench = Bench::new();
    let good = response("http://a.example/", "200 OK\r\nContent-Type: text/html", PAGE.as_bytes());
    let text = String::from_utf8(good.clone()).unwrap();
    let length = PAGE.len() + "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n".len();
    for lie in [length - 30, length + 30, length + 300] {
        let bad = text.replace(&format!("Content-Length: {length}"), &format!("Content-Length: {lie}"));
        let bytes = [&good[..], bad.as_bytes(), &good, &good].concat();
        let (manifest, output, rejects) = bench.one("a.warc", &bytes);
        assert_eq!((manifest.counts.kept, output.lines().count()), (3, 3), "{lie}");
        assert_eq!((rejects[0].record, rejects[0].offset), (2, good.len() as u64));
    }
}

/// Files of several kinds, one of them damaged.
fn crawl() -> Bench {
    let bench = Bench::new();
    for n in 0..6 {
        bench.put(&format!("{n}.jsonl.gz"), gzip(lines(200 + n).as_bytes()));
        let wet = warc("conversion", "http://a.example/", "text/plain", format!("Text {n}\nSPAM").as_bytes());
        bench.put(&format!("{n}.wet.gz"), gzip(&wet));
    }
    let whole = gzip(lines(2000).as_bytes());
    bench.put("damaged.jsonl.gz", &whole[..whole.len() / 2]);
    bench
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let bench = crawl();
    let mut job = bench.job("one");
    job.jobs = 1;
    go(&job);
    let mut job = bench.job("four");
    job.jobs = 4;
    go(&job);
    assert!(tree(&bench.at("one")) == tree(&bench.at("four")));
    assert!(tree(&bench.at("one-audit")) == tree(&bench.at("four-audit")));
    assert_eq!(tree(&bench.at("one")).len(), 13);
}

#[test]
fn shares_in_any_order_make_up_the_whole() {
    let bench = crawl();
    let (whole, _) = bench.run("whole");
    let mut sum = 0;
    for share in ["2/3", "0/3", "1/3"] {
        let mut job = bench.job("parts");
        job.inputs = share.parse::<Shard>().unwrap().take(job.inputs);
        sum += go(&job).0.counts.records;
    }
    assert_eq!(sum, whole.counts.records);
    assert!(tree(&bench.at("whole")) == tree(&bench.at("parts")));
    assert!(tree(&bench.at("whole-audit")) == tree(&bench.at("parts-audit")));
}

#[test]
fn finished_files_are_known_again_and_changed_ones_are_done_again() {
    let bench = crawl();
    let (first, _) = bench.run("out");
    let before = tree(&bench.at("out"));
    let resume = |change: &dyn Fn(&mut Job)| {
        let mut job = bench.job("out");
        job.resume = true;
        change(&mut job);
        go(&job).0
    };
    let again = resume(&|_| {});
    assert_eq!((again.resumed, again.counts, again.damaged), (13, first.counts, 1));
    assert!(!again.is_clean());
    bench.put("0.jsonl.gz", gzip(lines(7).as_bytes()));
    fs::write(bench.at("out/1.jsonl.gz"), "torn").unwrap();
    fs::remove_file(bench.at("out-audit/2.jsonl.gz.manifest.json")).unwrap();
    fs::write(bench.at("out/.weedout-0123456789abcdef.tmp"), "left by a killed run").unwrap();
    let third = resume(&|_| {});
    assert_eq!((third.files, third.resumed), (13, 10));
    fs::remove_file(bench.at("out/.weedout-0123456789abcdef.tmp")).unwrap();
    let after = tree(&bench.at("out"));
    assert!(before[1..] == after[1..] && before[0] != after[0]);
    assert_eq!(resume(&|job| job.options.annotate = true).resumed, 0);
}

#[test]
fn a_run_that_is_ended_leaves_whole_files_and_none_else() {
    let bench = crawl();
    let job = bench.job("out");
    let mut told = 0;
    let summary = run(&job, &Marked, &mut |_, _| {
        told += 1;
        job.stop.store(told == 3, std::sync::atomic::Ordering::Relaxed);
    });
    assert_eq!((summary.unwrap().interrupted, told), (true, 3));
    assert_eq!((tree(&bench.at("out")).len(), tree(&bench.at("out-audit")).len()), (3, 3));
}

#[test]
fn files_that_cannot_be_read_fail_by_name_and_the_others_are_done() {
    let bench = Bench::new();
    bench.put("a.jsonl", lines(3));
    let mut job = bench.job("out");
    job.inputs.push(weedout::source::Input::file(bench.at("in/gone.jsonl"), "gone.jsonl"));
    job.inputs.push(weedout::source::Input::file(bench.at("in/a.jsonl"), "odd.name"));
    let (summary, told) = go(&job);
    assert_eq!((summary.files, summary.failed, summary.counts.kept), (3, 2, 3));
    assert!(told[1].0.error.as_ref().unwrap().contains("gone.jsonl"));
    assert!(told[2].0.error.as_ref().unwrap().contains("--format"));
    assert!(bench.at("out-audit/gone.jsonl.manifest.json").exists());
}

#[test]
fn two_files_for_one_place_are_refused_before_anything_is_written() {
    let bench = Bench::new();
    bench.put("a.warc.jsonl", lines(1));
    bench.put("a.warc", warc("conversion", "http://a.example/", "text/plain", b"Text"));
    let error = run(&bench.job("out"), &Marked, &mut |_, _| {}).unwrap_err();
    assert!(matches!(&error, Error::Usage(text) if text.contains("a.warc.jsonl")), "{error}");
    assert!(!bench.at("out").exists());
}

#[test]
fn two_runs_can_write_to_one_folder_but_not_beside_a_run_over_documents() {
    let bench = crawl();
    let job = bench.job("out");
    let half = job.inputs.len() / 2;
    let (mut one, mut two) = (job.clone(), job);
    two.inputs = one.inputs.split_off(half);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| go(&one));
        go(&two);
        first.join().unwrap();
    });
    assert_eq!(tree(&bench.at("out")).len(), 13);
    let _audit = weedout::clean::audit::Audit::open(&bench.at("out-audit"), &bench.at("out"), false).unwrap();
    assert!(matches!(run(&bench.job("out"), &Marked, &mut |_, _| {}), Err(Error::Locked { .. })));
}

fn weedout(bench: &Bench, arguments: &[&str]) -> std::process::Command {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_weedout"));
    command.args(arguments).current_dir(bench.root.path());
    command
}

/// Runs the binary and returns its exit code and messages.
fn ends(bench: &Bench, arguments: &[&str]) -> (i32, String) {
    let output = weedout(bench, arguments).output().unwrap();
    assert!(output.stdout.is_empty());
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_command_does_its_share_of_a_list() {
    let bench = Bench::new();
    for n in 0..4 {
        bench.put(&format!("{n}.jsonl"), lines(5 + n));
    }
    bench.put("talk.txt", "A document.\n");
    fs::write(bench.at("list"), "in/3.jsonl\nin/1.jsonl\n# none\nin/0.jsonl\nin/2.jsonl\n").unwrap();
    let (code, told) = ends(&bench, &["clean", "--files-from", "list", "--out", "whole"]);
    assert!(code == 0 && told.contains("4 files · 26 records = "), "{code} {told}");
    for share in ["1/2", "0/2"] {
        let (code, told) = ends(&bench, &["clean", "--files-from", "list", "--shard", share, "--out", "parts"]);
        assert!(code == 0 && told.contains("2 files"), "{code} {told}");
    }
    assert!(tree(&bench.at("whole")) == tree(&bench.at("parts")));
    assert!(tree(&bench.at("whole-audit")) == tree(&bench.at("parts-audit")));
    // A folder gives its documents, unless records are asked for.
    let (code, told) = ends(&bench, &["clean", "in", "--out", "documents"]);
    assert!(code == 0 && told.contains("1 document "), "{told}");
    let (code, told) = ends(&bench, &["clean", "in", "--format", "jsonl", "--out", "records", "--jobs", "2"]);
    assert!(code == 0 && told.contains("4 files"), "{told}");
    for (arguments, word) in [
        (&["clean", "in/0.jsonl", "in/talk.txt", "--out", "x"][..], "two runs"),
        (&["clean", "in", "--out", "x", "--shard", "0/2"], "for records"),
        (&["clean", "in/0.jsonl", "--out", "x", "--shard", "2/2"], "I/N"),
        (&["clean", "-", "--format", "warc"], "--out DIR"),
    ] {
        let (code, told) = ends(&bench, arguments);
        assert!(code == 2 && told.contains(word), "{arguments:?}: {code} {told}");
    }
}

#[test]
fn bad_records_end_in_exit_2_with_everything_else_done() {
    let bench = Bench::new();
    bench.put("a.jsonl", "{\"text\":\"Good morning to you all.\"}\nbad\n");
    bench.put("b.jsonl", "{\"text\":\"See you in the autumn.\"}\n");
    let (code, told) = ends(&bench, &["clean", "in/a.jsonl", "in/b.jsonl", "--out", "out"]);
    assert!(code == 2 && told.contains("3 records = 2 kept (0 cleaned) + 1 bad"), "{code} {told}");
    assert!(
        fs::read_to_string(bench.at("out-audit/a.jsonl.rejects.jsonl")).unwrap().contains("\"record\":2,\"offset\":36")
    );
}

#[cfg(unix)]
#[test]
fn a_killed_run_that_is_started_again_gives_the_same_bytes() {
    let bench = Bench::new();
    for n in 0..4 {
        bench.put(&format!("{n}.jsonl.gz"), gzip(lines(4000 + n).as_bytes()));
    }
    let arguments = ["clean", "in", "--format", "jsonl", "--jobs", "1", "--out"];
    assert_eq!(ends(&bench, &[&arguments[..], &["whole"]].concat()).0, 0);
    let mut child = weedout(&bench, &[&arguments[..], &["out", "--quiet"]].concat()).spawn().unwrap();
    while !bench.at("out-audit/0.jsonl.gz.manifest.json").exists() {
        assert!(child.try_wait().unwrap().is_none());
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let (code, told) = ends(&bench, &[&arguments[..], &["out", "--resume"]].concat());
    assert!(code == 0 && told.contains("from an earlier run"), "{code} {told}");
    assert!(tree(&bench.at("whole")) == tree(&bench.at("out")));
    assert!(tree(&bench.at("whole-audit")) == tree(&bench.at("out-audit")));
}

#[test]
fn the_filter_rejects_a_giant_line_and_stops_when_nobody_reads() {
    let bench = Bench::new();
    let mut child = weedout(&bench, &["clean", "-", "--format", "jsonl", "--max-record", "1"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        input.write_all(b"{\"text\":\"").unwrap();
        input.write_all(&vec![b'x'; 5 << 20]).unwrap();
        input.write_all(b"\"}\n{\"text\":\"Good morning to you all.\"}\n").unwrap();
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("line 1") && told.contains("larger than 1 MiB"), "{told}");
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);

    let mut child = weedout(&bench, &["clean", "-", "--format", "jsonl"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut input = child.stdin.take().unwrap();
    // Without end, unless the filter goes away.
    while input.write_all(lines(50).as_bytes()).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), &b""[..]));
}

#[test]
fn sketches_do_not_depend_on_how_the_crawl_was_shared_out() {
    let bench = Bench::new();
    let spam = "lorabet giriş\nkaçak iddaa siteleri\ndeneme bonusu veren siteler\nHacklink satın al\n";
    for n in 0..8 {
        let records = (0..3).map(|k| {
            let text = format!("We met at the harbour on day {n} and talked about boats.\n{spam}");
            format!("{}\n", json!({"url": format!("https://site{}.example/{k}", n * 3 + k), "text": text}))
        });
        bench.put(&format!("{n}.jsonl"), records.collect::<String>());
    }
    let sketch = |files: &[&str], out: &str| {
        let (code, told) = ends(&bench, &[&["sketch"], files, &["--out", out]].concat());
        assert!(code == 0, "{told}");
    };
    let all: Vec<String> = (0..8).map(|n| format!("in/{n}.jsonl")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    sketch(&all, "whole.sketch");
    sketch(&all[..3], "a.sketch");
    sketch(&all[3..], "b.sketch");
    sketch(&["--merge", "b.sketch", "a.sketch"], "merged.sketch");
    let whole = fs::read(bench.at("whole.sketch")).unwrap();
    assert!(whole == fs::read(bench.at("merged.sketch")).unwrap());
    assert!(!weedout::sketch::Sketch::from_bytes(&whole).unwrap().is_empty());
    let (code, _) = ends(&bench, &["clean", "in", "--format", "jsonl", "--out", "out", "--sketch", "whole.sketch"]);
    assert_eq!(code, 0);
    let manifest = fs::read_to_string(bench.at("out-audit/0.jsonl.manifest.json")).unwrap();
    assert!(manifest.contains("+sketch-"), "{manifest}");
    let (code, told) = ends(&bench, &["clean", "in", "--format", "jsonl", "--out", "x", "--sketch", "in/0.jsonl"]);
    assert!(code == 2 && told.contains("no sketch"), "{told}");
}

/// A text in which the model finds spam, and which stays without it.
const MIXED: &str = include_str!("../fixtures/clippings/night-baker.txt");

/// Runs the binary on a stream and returns its exit code, its lines and its messages.
fn pipes(bench: &Bench, arguments: &[&str], input: &str) -> (i32, Vec<Value>, String) {
    let mut child = weedout(bench, &[&["clean", "-", "--format", "jsonl"], arguments].concat())
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut stream = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || drop(stream.write_all(input.as_bytes())));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    (output.status.code().unwrap(), lines, String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_command_cleans_the_field_it_is_told() {
    let bench = Bench::new();
    let page = "<nav>Home About</nav><article><h1>Boats</h1><p>We met at the harbour and talked about boats all day long, until it was dark.</p></article>";
    let record = json!({"text": MIXED, "body": MIXED, "page": page, "rawHTML": page, "n": 1});
    let input = format!("{record}\n");
    let pipe = |arguments: &[&str]| {
        let (code, lines, told) = pipes(&bench, arguments, &input);
        assert!(code == 0 && lines.len() == 1, "{arguments:?}: {told}");
        lines[0].clone()
    };
    let changed = |after: &Value| -> Vec<String> {
        let fields = record.as_object().unwrap().iter();
        fields.filter(|(name, value)| after[name.as_str()] != **value).map(|(name, _)| name.clone()).collect()
    };
    for (arguments, field) in [
        (&[][..], "text"),
        (&["--text-field", "body"], "body"),
        (&["--html-field", "page"], "page"),
        // A name that ends so is that of a page.
        (&["--text-field", "rawHTML"], "rawHTML"),
    ] {
        assert_eq!(changed(&pipe(arguments)), [field]);
    }
    assert_eq!(pipe(&["--text-field", "body"])["weedout"]["label"], "mixed");
    // Markup in a text is text.
    assert!(changed(&pipe(&["--text-field", "page"])).is_empty());
    assert!(changed(&pipe(&["--text-field", "body", "--annotate"])).is_empty());
    let page = |arguments: &[&str]| pipe(&[&["--html-field", "page"], arguments].concat())["page"].clone();
    let plain = page(&[]);
    let plain = plain.as_str().unwrap();
    assert!(plain.contains("talked about boats") && !plain.contains('<') && !plain.contains("Home"), "{plain}");
    assert!(page(&["--to", "markdown"]).as_str().unwrap().contains("# Boats"));
    assert!(page(&["--keep-furniture"]).as_str().unwrap().contains("Home"));
    // Files of records take the same options.
    bench.put("a.jsonl", &input);
    let (code, told) = ends(&bench, &["clean", "in/a.jsonl", "--out", "out", "--text-field", "body"]);
    assert!(code == 0, "{told}");
    assert_eq!(
        serde_json::from_str::<Value>(&unpacked(&bench.at("out/a.jsonl"))).unwrap(),
        pipe(&["--text-field", "body"])
    );
    let (code, _, told) = pipes(&bench, &["--text-field", "body", "--html-field", "page"], &input);
    assert!(code == 2 && told.contains("cannot be used with"), "{told}");
}

#[test]
fn the_command_names_records_by_the_field_it_is_told() {
    let bench = Bench::new();
    let input =
        "{\"key\":\"k1\",\"id\":\"i1\",\"text\":\"Good morning to you all.\"}\n{\"key\":\"k2\",\"id\":\"i2\"}\n";
    let (code, lines, told) =
        pipes(&bench, &["--id-field", "key", "--text-field", "text", "--rejects", "bad.jsonl"], input);
    assert!(code == 2 && lines.len() == 1 && told.contains("1 of 2 records"), "{told}");
    let reject: Value = serde_json::from_str(&fs::read_to_string(bench.at("bad.jsonl")).unwrap()).unwrap();
    assert_eq!((&reject["line"], &reject["id"]), (&json!(2), &json!("k2")));
    assert!(reject["error"].as_str().unwrap().contains("no field `text`"), "{reject}");
    // Files are named by `id` unless told otherwise.
    bench.put("a.jsonl", input);
    for (arguments, id) in [(&[][..], "i2"), (&["--id-field", "key"], "k2")] {
        let (code, told) = ends(&bench, &[&["clean", "in/a.jsonl", "--out", "out"], arguments].concat());
        assert!(code == 2, "{told}");
        let rejects = fs::read_to_string(bench.at("out-audit/a.jsonl.rejects.jsonl")).unwrap();
        assert!(rejects.contains(&format!("\"id\":\"{id}\"")), "{rejects}");
    }
}

#[test]
fn sketches_are_made_of_the_fields_they_are_told() {
    let bench = Bench::new();
    let link = "<p><a href=\"https://spam.example/\">casino bonus</a></p>";
    let record = |n: usize| {
        let url = format!("https://site{n}.example/");
        (url.clone(), format!("<link rel=\"canonical\" href=\"{url}\"><p>We met at the harbour.</p>{link}"))
    };
    let write = |name: &str, line: &dyn Fn(usize) -> Value| {
        bench.put(name, (0..5).map(|n| format!("{}\n", line(n))).collect::<String>());
    };
    write("text.jsonl", &|n| json!({"url": record(n).0, "text": MIXED}));
    write("body.jsonl", &|n| json!({"address": record(n).0, "body": MIXED, "text": "Nothing to be counted."}));
    write("html.jsonl", &|n| json!({"url": record(n).0, "html": record(n).1}));
    // A page names its own address.
    write("page.jsonl", &|n| json!({"page": record(n).1}));
    write("nowhere.jsonl", &|_| json!({"text": MIXED}));
    let sketch = |name: &str, arguments: &[&str]| {
        let source = format!("in/{name}.jsonl");
        let (code, told) = ends(&bench, &[&["sketch", &source, "--out", "a.sketch"], arguments].concat());
        assert!(code == 0, "{told}");
        (fs::read(bench.at("a.sketch")).unwrap(), told)
    };
    let (text, _) = sketch("text", &[]);
    assert!(text == sketch("body", &["--text-field", "body", "--url-field", "address"]).0);
    let (html, _) = sketch("html", &[]);
    assert!(html == sketch("page", &["--html-field", "page"]).0 && html != text);
    let (nowhere, told) = sketch("nowhere", &[]);
    assert!(weedout::sketch::Sketch::from_bytes(&nowhere).unwrap().is_empty() && told.contains("5 records"), "{told}");
}

#[test]
fn pages_of_a_web_archive_keep_their_markup_when_annotated() {
    let bench = Bench::new();
    let bytes = response("http://a.example/", "200 OK\r\nContent-Type: text/html", PAGE.as_bytes());
    bench.put("a.warc", bytes);
    let mut job = bench.job("out");
    job.options.annotate = true;
    assert_eq!(go(&job).0.counts.kept, 1);
    let line: Value = serde_json::from_str(&unpacked(&bench.at("out/a.warc.jsonl"))).unwrap();
    assert_eq!((line["html"].as_str(), line.get("text")), (Some(PAGE), None));
    assert_eq!(line["weedout"]["removed"], json!([["SPAM casino", 0.75, "mark"]]));
}

#[test]
fn the_command_bounds_how_much_a_file_may_grow() {
    let bench = Bench::new();
    bench.put("a.jsonl.gz", gzip(&vec![b'\n'; 64 << 20]));
    let (code, told) = ends(&bench, &["clean", "in/a.jsonl.gz", "--out", "out"]);
    assert!(code == 2, "{told}");
    let manifest = fs::read_to_string(bench.at("out-audit/a.jsonl.gz.manifest.json")).unwrap();
    assert!(manifest.contains("\"status\":\"damaged\"") && manifest.contains("bomb"), "{manifest}");
    // Blank lines are no records, once it may be read.
    let (code, told) = ends(&bench, &["clean", "in/a.jsonl.gz", "--out", "out", "--max-ratio", "0"]);
    assert!(code == 0 && told.contains("0 records"), "{told}");
}

#[test]
fn two_processes_at_one_file_do_it_once() {
    let bench = Bench::new();
    bench.put("a.jsonl", lines(50));
    let (one, two) = (bench.job("out"), bench.job("out"));
    let told: Vec<(Manifest, bool)> = std::thread::scope(|scope| {
        let first = scope.spawn(|| go(&one).1);
        let mut told = go(&two).1;
        told.extend(first.join().unwrap());
        told
    });
    assert!(told.iter().any(|(manifest, _)| manifest.status == Status::Done));
    for (manifest, _) in told.iter().filter(|(manifest, _)| manifest.status != Status::Done) {
        assert!(manifest.error.as_ref().unwrap().contains("in use"), "{manifest:?}");
    }
    let stored = fs::read_to_string(bench.at("out-audit/a.jsonl.manifest.json")).unwrap();
    assert_eq!(serde_json::from_str::<Manifest>(&stored).unwrap().status, Status::Done);
}
