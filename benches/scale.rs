//! How cost grows, in seconds of processor time: `cargo bench --bench scale -- [flat|linear|nasty|cores|start|memory]`.
//!
//! Each prints a table and judges nothing. `WEEDOUT_BENCH_MB` sets the size of the corpus of `cores` (default 200). Linux only,
//! as processor time is read from `/proc`.
#![allow(clippy::unwrap_used, missing_docs)]

mod data;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use weedout::clean::{self, Job, Settings};
use weedout::source::find;
use weedout::verdict::Model;

/// A table by its name, and what measures and prints it.
type Table = (&'static str, fn(&Model));

fn main() {
    let tables: &[Table] =
        &[("flat", flat), ("linear", linear), ("nasty", nasty), ("cores", cores), ("start", start), ("memory", memory)];
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with("--")).collect();
    let model = data::model();
    for (name, table) in tables.iter().filter(|(name, _)| asked.is_empty() || asked.iter().any(|own| own == name)) {
        println!("== {name}");
        table(&model);
    }
}

/// Seconds this process has spent on its processors, in steps of a hundredth.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11..13].iter().map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}

/// The most memory this process has held, in MB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() / 1024.0
}

/// Seconds a call takes, repeated until they can be told.
fn seconds(mut work: impl FnMut()) -> f64 {
    let (start, mut n) = (cpu(), 0);
    loop {
        work();
        n += 1;
        let spent = cpu() - start;
        if spent > 0.5 {
            return spent / f64::from(n);
        }
    }
}

fn document(name: &str, text: &str, model: &Model) {
    clean::document(Path::new(name), text.as_bytes(), &Settings::default(), model).unwrap();
}

/// The cost of a document as the number of documents grows.
fn flat(model: &Model) {
    let work = tempfile::tempdir().unwrap();
    for documents in [100, 1_000, 10_000] {
        let input = work.path().join(documents.to_string());
        fill(&input, documents, 4 << 10);
        let start = cpu();
        run(&input, &work.path().join(format!("out{documents}")), 1, model);
        println!("{documents:>6} documents of 4 kB: {:.3} ms each", (cpu() - start) * 1e3 / documents as f64);
    }
}

/// The cost of a byte as one document grows.
fn linear(model: &Model) {
    for name in ["a.txt", "a.md", "a.html"] {
        for megabytes in [1, 10, 30] {
            let text = data::of(name, megabytes << 20);
            let start = cpu();
            document(name, &text, model);
            let spent = cpu() - start;
            println!("{name:<7} {megabytes:>4} MB: {:>6.0} ns a byte", spent * 1e9 / text.len() as f64);
        }
    }
}

/// Input that is quadratic for others, a byte's cost against that of an ordinary page.
fn nasty(model: &Model) {
    let page = data::html(1 << 20);
    let ordinary = seconds(|| document("a.html", &page, model)) / page.len() as f64;
    println!("{:<28} {:>9} bytes {:>7.0} ns a byte", "ordinary page", page.len(), ordinary * 1e9);
    for (title, name, text) in inputs() {
        let each = seconds(|| document(name, &text, model)) / text.len() as f64;
        println!("{title:<28} {:>9} bytes {:>7.0} ns a byte, {:.2} x", text.len(), each * 1e9, each / ordinary);
    }
}

fn inputs() -> Vec<(&'static str, &'static str, String)> {
    let attributes = (0..100_000).fold(String::from("<p"), |all, n| all + &format!(" a{n}=x")) + ">text";
    let links =
        |n: usize| (0..n).fold(String::new(), |all, n| all + &format!("[word](https://h{n}.example/) and more. "));
    vec![
        ("nested <div>", "a.html", "<div>".repeat(100_000)),
        ("<font><p>", "a.html", "<font size=1>x<p>".repeat(10_000)),
        ("attributes of one tag", "a.html", attributes),
        ("<div><b><i></b></i>", "a.html", "<div><b><i></b></i>".repeat(20_000)),
        ("zero bytes", "a.html", format!("<p>text{}", "a\0".repeat(500_000))),
        ("<", "a.html", "<".repeat(1_000_000)),
        ("unclosed <p>", "a.html", "<p>".repeat(300_000)),
        ("unclosed <li>", "a.html", "<li>x".repeat(100_000)),
        ("&amp;", "a.html", "&amp;".repeat(200_000)),
        ("one text node", "a.html", "word ".repeat(1_000_000)),
        ("comments", "a.html", "<!-- x -->".repeat(100_000)),
        ("hidden blocks", "a.html", "<div hidden>a few hidden words</div>".repeat(20_000)),
        ("one line of words", "a.txt", "one two three ".repeat(70_000)),
        ("one word", "a.txt", "x".repeat(1_000_000)),
        ("one line of new words", "a.txt", data::unknown(1 << 20).replace('\n', " ")),
        ("one paragraph of links", "a.md", links(20_000)),
        ("lines of one letter", "a.txt", "x\n".repeat(200_000)),
        ("lines of signs", "a.txt", "---\n".repeat(200_000)),
        ("the same spam line", "a.txt", "lorabet casino bonus\n".repeat(50_000)),
        ("brackets", "a.md", "[".repeat(200_000)),
        ("quotes", "a.md", ">".repeat(100_000)),
        ("addresses", "a.txt", "www.a.example ".repeat(70_000)),
        ("spaced letters", "a.txt", "c a s i n o ".repeat(80_000)),
        ("look-alike letters", "a.txt", "саsinо ".repeat(80_000)),
        ("stacked marks", "a.txt", "a\u{301}\u{302}".repeat(100_000)),
    ]
}

/// One processor against two, over a corpus of all formats.
fn cores(model: &Model) {
    let megabytes = std::env::var("WEEDOUT_BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    let work = tempfile::tempdir().unwrap();
    let input = work.path().join("in");
    let bytes = fill(&input, megabytes * 25, 40 << 10);
    let most = std::thread::available_parallelism().map_or(1, usize::from);
    for jobs in [1, 2, 4, 8, 16].into_iter().filter(|&jobs| jobs <= most) {
        let (start, clock) = (cpu(), Instant::now());
        run(&input, &work.path().join(format!("out{jobs}")), jobs, model);
        let (spent, wall) = (cpu() - start, clock.elapsed().as_secs_f64());
        let mb = bytes as f64 / 1e6;
        println!("{jobs:>2} jobs: {mb:.0} MB, {:.1} MB a processor second, {:.1} MB a second", mb / spent, mb / wall);
    }
    println!("peak memory {:.0} MB", peak());
}

/// The model, and one clipping of 50 kB.
fn start(model: &Model) {
    println!("model: {:.1} ms", seconds(|| drop(data::model())) * 1e3);
    for name in ["a.md", "a.txt", "a.html"] {
        let text = data::of(name, 50 << 10);
        println!("{name} of 50 kB: {:.1} ms", seconds(|| document(name, &text, model)) * 1e3);
    }
}

/// Memory of a run over many small documents.
fn memory(model: &Model) {
    let work = tempfile::tempdir().unwrap();
    let input = work.path().join("in");
    fill(&input, 100_000, 1 << 10);
    run(&input, &work.path().join("out"), 2, model);
    println!("100000 documents of 1 kB: peak memory {:.0} MB", peak());
}

/// Writes so many documents of all formats, a thousand a folder, and returns their bytes.
fn fill(folder: &Path, documents: usize, size: usize) -> usize {
    let all = ["a.txt", "a.md", "a.html", "a.srt"].map(|name| (name, data::of(name, size)));
    let mut bytes = 0;
    for at in 0..documents {
        let (name, text) = &all[at % all.len()];
        let mut place = folder.join((at / 1000).to_string());
        if at % 1000 == 0 {
            fs::create_dir_all(&place).unwrap();
        }
        let mut file = String::new();
        let _ = write!(file, "{at}-{name}");
        place.push(file);
        fs::write(place, text).unwrap();
        bytes += text.len();
    }
    bytes
}

fn run(input: &PathBuf, out: &Path, jobs: usize, model: &Model) {
    let mut job = Job::new(find(std::slice::from_ref(input), &[]).unwrap(), out.to_path_buf());
    job.jobs = jobs;
    clean::run(&job, model, &|_| {}).unwrap();
}
