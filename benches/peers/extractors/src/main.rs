//! The main text of each page by one of the extractors in Rust.
//!
//! Usage: `extractors PEER OUT < LIST`: the file names of pages, one a line, from standard input; each page's text goes to
//! `OUT/<stem>.txt`. A page without a result leaves an empty file and a line on standard error.
#![forbid(unsafe_code)]

use std::error::Error;
use std::panic::catch_unwind;
use std::path::Path;
use std::{env, fs, io, process, thread};

type Extractor = fn(&str) -> Result<String, Box<dyn Error>>;

const PEERS: [(&str, Extractor); 3] =
    [("rs-trafilatura", rs_trafilatura), ("trafilatura-rs", trafilatura_rs), ("dom_smoothie", dom_smoothie)];

/// Deeply nested pages are walked by recursion in some of them.
const STACK: usize = 512 << 20;

fn rs_trafilatura(page: &str) -> Result<String, Box<dyn Error>> {
    Ok(rs_trafilatura::extract(page)?.content_text)
}

fn trafilatura_rs(page: &str) -> Result<String, Box<dyn Error>> {
    let options = trafilatura::Options::default().with_fallback(true).with_exclude_comments(true);
    Ok(trafilatura::extract(page, &options)?.content_text)
}

/// `Formatted`, for the default text runs the words of neighbouring elements together.
fn dom_smoothie(page: &str) -> Result<String, Box<dyn Error>> {
    let config = dom_smoothie::Config { text_mode: dom_smoothie::TextMode::Formatted, ..Default::default() };
    Ok(dom_smoothie::Readability::new(page, None, Some(config))?.parse()?.text_content.to_string())
}

fn text(extract: Extractor, name: &str) -> Result<String, Box<dyn Error>> {
    let bytes = fs::read(name)?;
    let page = String::from_utf8_lossy(&bytes);
    catch_unwind(|| extract(&page).map_err(|error| error.to_string())).map_err(|_| "it panicked")?.map_err(Into::into)
}

fn work(extract: Extractor, out: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
    for name in io::stdin().lines() {
        let name = name?;
        let found = text(extract, &name).unwrap_or_else(|error| {
            eprintln!("{name}: {error}");
            String::new()
        });
        let stem = Path::new(&name).file_stem().ok_or("a page without a name")?;
        fs::write(out.join(stem).with_extension("txt"), found)?;
    }
    Ok(())
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [peer, out] = arguments.as_slice() else {
        eprintln!("usage: extractors PEER OUT < LIST");
        process::exit(2);
    };
    let Some(&(_, extract)) = PEERS.iter().find(|(name, _)| name == peer) else {
        eprintln!("error: no extractor is called {peer}");
        process::exit(2);
    };
    let out = Path::new(out).to_owned();
    let done =
        thread::Builder::new().stack_size(STACK).spawn(move || work(extract, &out)).map(thread::JoinHandle::join);
    match done {
        Ok(Ok(Ok(()))) => {}
        other => {
            eprintln!("error: {other:?}");
            process::exit(1);
        }
    }
}
