//! What the fuzz targets start from: the fixtures, cut small, and a tiny model made here.

use std::fs;
use std::path::Path;

/// A seed, by its name.
pub type Seed = (String, Vec<u8>);

/// The targets that have seeds.
pub const TARGETS: [&str; 6] = ["html", "lines", "markdown", "model", "records", "round"];

/// Seeds of a target, in the order of their names; `fixtures` is the folder of that name.
pub fn seeds(target: &str, fixtures: &Path) -> Vec<Seed> {
    match target {
        "model" => vec![("tiny.bin".into(), model()), ("weights.json".into(), WEIGHTS.into())],
        "records" => vec![("three.jsonl".into(), RECORDS.into())],
        _ => cases(fixtures)
            .into_iter()
            .filter_map(|(name, text)| Some((name.clone(), seed(target, &name, text)?)))
            .collect(),
    }
}

/// What a target makes of a fixture; `None` where it is of another format.
fn seed(target: &str, name: &str, text: Vec<u8>) -> Option<Vec<u8>> {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match (target, ending) {
        ("html", "html") | ("markdown", "md") => Some(first(text, 2500)),
        ("lines", "srt") => Some(kind(1, first(text, 2500))),
        ("lines", "vtt") => Some(kind(2, first(text, 2500))),
        ("lines", "txt") => Some(kind(0, first(text, 1200))),
        ("round", _) => {
            let number = ["", "txt", "md", "srt", "vtt"].iter().position(|known| *known == ending).unwrap_or(0);
            Some(kind(number as u8, first(text, 1500)))
        }
        _ => None,
    }
}

fn first(mut text: Vec<u8>, bytes: usize) -> Vec<u8> {
    text.truncate(bytes);
    text
}

/// Targets of several formats learn from the first byte which it is.
fn kind(number: u8, mut text: Vec<u8>) -> Vec<u8> {
    text.insert(0, number);
    text
}

/// Fixtures of up to 6 kB, with the word by which the judge of the targets knows spam.
fn cases(fixtures: &Path) -> Vec<Seed> {
    let mut all: Vec<Seed> = fs::read_dir(fixtures.join("cases"))
        .expect("the fixtures are there")
        .map(|entry| entry.expect("a folder can be read").path())
        .map(|path| {
            (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), fs::read(path).expect("a fixture"))
        })
        .filter(|(_, text)| text.len() < 6000)
        .collect();
    all.sort();
    all.iter_mut().for_each(|(_, text)| *text = replaced(&replaced(text, b"casino"), b"bahis"));
    all
}

fn replaced(text: &[u8], word: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((byte, after)) = rest.split_first() {
        if let Some(after) = rest.strip_prefix(word) {
            out.extend(b"SPAM");
            rest = after;
        } else {
            out.push(*byte);
            rest = after;
        }
    }
    out
}

/// A supervised fastText model of two words, two labels, two columns and four rows for n-grams.
fn model() -> Vec<u8> {
    let mut bytes = Vec::new();
    let ints = |numbers: &[i32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let longs = |numbers: &[i64]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    let floats = |numbers: &[f32]| numbers.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>();
    bytes.extend(ints(&[793_712_314, 12]));
    bytes.extend(ints(&[2, 5, 1, 1, 1, 1, 3, 3, 4, 2, 3, 100]));
    bytes.extend(1e-4_f64.to_le_bytes());
    bytes.extend(ints(&[4, 2, 2]));
    bytes.extend(longs(&[9, -1]));
    for (text, kind) in [("</s>", 0), ("casino", 0), ("__label__genuine", 1), ("__label__spam", 1)] {
        bytes.extend(text.as_bytes());
        bytes.push(0);
        bytes.extend(longs(&[3]));
        bytes.push(kind);
    }
    bytes.push(0);
    bytes.extend(longs(&[6, 2]));
    bytes.extend(floats(&std::array::from_fn::<f32, 12, _>(|n| n as f32 / 7.0)));
    bytes.push(0);
    bytes.extend(longs(&[2, 2]));
    bytes.extend(floats(&[0.5, -0.5, -0.25, 0.75]));
    bytes
}

const WEIGHTS: &str = r#"{"version":1,"scorer":"","signals":[{"id":"size","knots":[0.0,1.0],"spam":[[0.0,1.0]],"furniture":[[0.0,1.0]]}],"start":[0.0,0.0,0.0],"transitions":[],"thresholds":{}}"#;

const RECORDS: &str = "{\"id\":1,\"text\":\"We met.\\nSPAM\\nIt rained.\"}\n{\"html\":\"<p>a<p>SPAM\",\"z\":[1,{\"a\":null}]}\n\nnot json\n{\"text\":7}\n";
