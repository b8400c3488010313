//! The fastText part of the model: training lines from items, and the training itself.

use std::io::Write;
use std::path::Path;

use fasttext::FastText;
use fasttext::args::Args;

use super::data::{Item, Tag};
use super::random::{Random, stable};
use crate::error::{Error, Result};
use crate::signal::view;

/// Size and course of fastText training. Development cases with half of the sources held out chose them.
#[derive(Debug, Clone, Copy)]
pub struct Shape {
    /// Length of the vectors. After folding it costs nothing; 8 was as good as 16.
    pub dim: i32,
    /// Buckets for character n-grams.
    pub bucket: i32,
    /// Passes over the lines.
    pub epoch: i32,
    /// Learning rate.
    pub rate: f64,
    /// Words rarer than this are known by their n-grams alone.
    pub rare: i32,
}

impl Default for Shape {
    fn default() -> Self {
        Self { dim: 4, bucket: 1 << 18, epoch: 4, rate: 0.1, rare: 6 }
    }
}

/// Trains fastText on `items` and returns the bytes of its `.bin`. `folder` holds the lines while it works.
///
/// One thread and a fixed seed: the same items give the same bytes.
///
/// # Errors
/// [`Error::Write`] for the lines, [`Error::Model`] when training fails.
pub fn train(items: &[&Item], shape: Shape, folder: &Path) -> Result<Vec<u8>> {
    let path = folder.join("lines.txt");
    write(items, &path).map_err(|source| Error::write(&path, source))?;
    let trained = FastText::train(args(&path, shape)).map_err(|error| Error::model(&path, error.to_string()));
    std::fs::remove_file(&path).map_err(|source| Error::write(&path, source))?;
    let mut bytes = Vec::new();
    trained?.save(&mut bytes).map_err(|error| Error::model(&path, error.to_string()))?;
    Ok(bytes)
}

fn args(input: &Path, shape: Shape) -> Args {
    let mut args = Args::default();
    args.apply_supervised_defaults();
    args.input = input.to_path_buf();
    (args.dim, args.bucket, args.epoch, args.lr) = (shape.dim, shape.bucket, shape.epoch, shape.rate);
    (args.minn, args.maxn, args.min_count, args.word_ngrams) = (2, 5, shape.rare, 1);
    (args.thread, args.verbose, args.seed) = (1, 0, 7);
    args
}

/// Writes the lines in an order that mixes labels and languages.
fn write(items: &[&Item], path: &Path) -> std::io::Result<()> {
    let mut lines: Vec<String> = items.iter().flat_map(|item| lines(item)).collect();
    Random::new(20).shuffle(&mut lines);
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    for line in lines {
        writeln!(file, "{line}")?;
    }
    file.flush()
}

/// The lines of one item: itself as often as its kind deserves, and fragments, so that a short honest text is no surprise.
fn lines(item: &Item) -> Vec<String> {
    let view = view::fold(&item.text);
    if view.is_empty() {
        return Vec::new();
    }
    let name = match item.label {
        Tag::Genuine => "genuine",
        Tag::Spam => "spam",
        Tag::Furniture => "furniture",
    };
    let mut random = Random::new(stable(&item.text) ^ 5);
    let mut texts = vec![view.clone(); copies(item)];
    let words: Vec<&str> = view.split(' ').collect();
    let pieces = fragments(item, words.len(), &mut random);
    for length in pieces {
        let start = random.below(words.len() - length.min(words.len()) + 1);
        texts.push(words[start..(start + length).min(words.len())].join(" "));
    }
    texts.into_iter().map(|text| format!("__label__{name} {text}")).collect()
}

/// How often an item is read: real spam is rarer than what the generator makes, and truer.
fn copies(item: &Item) -> usize {
    match (item.label, item.made) {
        (Tag::Spam, false) => {
            if item.weak {
                0
            } else {
                3
            }
        }
        (Tag::Spam | Tag::Furniture, true) => 1,
        (Tag::Genuine, true) => 3,
        (Tag::Genuine | Tag::Furniture, false) => 1,
    }
}

/// Lengths, in words, of the fragments cut from an item.
fn fragments(item: &Item, words: usize, random: &mut Random) -> Vec<usize> {
    match item.label {
        Tag::Genuine if words >= 6 => {
            let mut all = vec![random.between(1, 4)];
            if words >= 14 {
                all.push(random.between(5, 9));
            }
            all
        }
        Tag::Spam if words >= 16 && !item.weak => vec![random.between(8, 14)],
        _ => Vec::new(),
    }
}
