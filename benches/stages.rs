//! Each stage by itself, in bytes a second: `cargo bench --bench stages`.
#![allow(clippy::unwrap_used, missing_docs)]

mod data;

use std::path::Path;

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use weedout::block::{self, Format, Options};
use weedout::signal::{SIGNALS, view};
use weedout::source;
use weedout::verdict::{Judge, Profile};

/// About what a long interview takes, and enough to make a stage's own cost show.
const SIZE: usize = 256 << 10;

fn main() {
    divan::main();
}

#[divan::bench(args = ["UTF-8", "windows-1254", "UTF-16LE"])]
fn decode(bencher: Bencher<'_, '_>, encoding: &str) {
    let text: String = data::text(SIZE).chars().filter(|c| ('\0'..'\u{e00}').contains(c)).collect();
    let bytes = match encoding {
        "UTF-16LE" => source::decode::encode(&format!("\u{feff}{text}"), encoding),
        _ => source::decode::encode(&text, encoding),
    };
    let bytes = bytes.unwrap();
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench(|| source::decode(Path::new("talk.txt"), black_box(&bytes), false).unwrap().text.len());
}

#[divan::bench(args = ["text", "markdown", "html", "srt"])]
fn split(bencher: Bencher<'_, '_>, format: &str) {
    let (format, text) = document(format);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| block::parse(black_box(&text), format, &Options::default()).blocks.len());
}

#[divan::bench]
fn fold_view(bencher: Bencher<'_, '_>) {
    let text = data::text(SIZE);
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| text.lines().map(|line| view::fold(black_box(line)).len()).sum::<usize>());
}

#[divan::bench]
fn score(bencher: Bencher<'_, '_>) {
    let (model, text) = (data::model(), data::text(SIZE));
    let views: Vec<String> = text.lines().map(view::fold).collect();
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| views.iter().map(|view| model.scorer().score(black_box(view)).spam).sum::<f32>());
}

#[divan::bench(args = ["text", "html"])]
fn survey(bencher: Bencher<'_, '_>, format: &str) {
    let (format, text) = document(format);
    let (model, document) = (data::model(), block::parse(&text, format, &Options::default()));
    bencher.counter(BytesCount::of_str(&text)).bench(|| model.survey(black_box(&document)).units.len());
}

#[divan::bench(args = SIGNALS.iter().map(|signal| signal.id))]
fn signal(bencher: Bencher<'_, '_>, id: &str) {
    let (model, text) = (data::model(), data::markdown(SIZE));
    let document = block::parse(&text, Format::Markdown, &Options::default());
    let survey = model.survey(&document);
    let measure = SIGNALS.iter().find(|signal| signal.id == id).unwrap().measure;
    bencher
        .counter(BytesCount::of_str(&text))
        .bench(|| (0..survey.units.len()).map(|i| measure(black_box(&survey), i)).sum::<f32>());
}

#[divan::bench]
fn decode_sequence(bencher: Bencher<'_, '_>) {
    let (model, text) = (data::model(), data::text(SIZE));
    let document = block::parse(&text, Format::Text, &Options::default());
    let survey = model.survey(&document);
    bencher.counter(BytesCount::of_str(&text)).bench(|| model.marginals(black_box(&survey)).len());
}

#[divan::bench(args = ["text", "markdown", "html", "srt"])]
fn judge(bencher: Bencher<'_, '_>, format: &str) {
    let (format, text) = document(format);
    let (model, document) = (data::model(), block::parse(&text, format, &Options::default()));
    bencher.counter(BytesCount::of_str(&text)).bench(|| model.judge(black_box(&document), Profile::Balanced).len());
}

#[divan::bench]
fn load_model() -> usize {
    data::model().id().len()
}

fn document(format: &str) -> (Format, String) {
    match format {
        "markdown" => (Format::Markdown, data::markdown(SIZE)),
        "html" => (Format::Html, data::html(SIZE)),
        "srt" => (Format::Srt, data::srt(SIZE)),
        _ => (Format::Text, data::text(SIZE)),
    }
}
