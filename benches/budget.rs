//! One stage on fixed input, to have its instructions counted: `.ci/budget`. Without arguments it names the stages.
//!
//! Only what runs inside [`measured`] is counted. The inputs are generated and always the same.
#![allow(clippy::unwrap_used, missing_docs)]

mod data;

use std::hint::black_box;
use std::path::Path;

use weedout::block::{self, Format, Options};
use weedout::clean::{self, Settings};
use weedout::signal::{Survey, tongue, view};
use weedout::source;
use weedout::verdict::{Judge, Profile};

/// Enough for a stage to outweigh what it is called with, little enough for valgrind.
const SIZE: usize = 48 << 10;

type Stage = (&'static str, fn() -> usize);

const STAGES: &[Stage] = &[
    ("load", || measured(|| data::model().scorer().score("word").known as usize)),
    ("decode", || {
        measured_on(&data::text(SIZE), |text| {
            source::decode(Path::new("a.txt"), text.as_bytes(), false).unwrap().text.len()
        })
    }),
    ("decode-legacy", decode_legacy),
    ("split-text", || split(Format::Text, &data::text(SIZE))),
    ("split-markdown", || split(Format::Markdown, &data::markdown(SIZE))),
    ("split-subtitles", || split(Format::Srt, &data::srt(SIZE))),
    ("split-html", || split(Format::Html, &data::html(SIZE))),
    ("view", || measured_on(&data::text(SIZE), |text| text.lines().map(|line| view::fold(line).len()).sum())),
    ("view-disguised", || measured_on(&disguised(), |text| text.lines().map(|line| view::fold(line).len()).sum())),
    ("language", || measured_on(&data::text(SIZE), |text| text.lines().filter_map(tongue::detect).count())),
    ("score", || score(&data::text(SIZE))),
    ("score-unknown", || score(&data::unknown(SIZE))),
    ("survey-text", || survey(Format::Text, &data::text(SIZE))),
    ("survey-html", || survey(Format::Html, &data::html(SIZE))),
    ("judge-text", || judge(Format::Text, &data::text(SIZE))),
    ("judge-html", || judge(Format::Html, &data::html(SIZE))),
    ("clean-text", || document("a.txt", &data::text(SIZE))),
    ("clean-markdown", || document("a.md", &data::markdown(SIZE))),
    ("clean-subtitles", || document("a.srt", &data::srt(SIZE))),
    ("clean-html", || document("a.html", &data::html(SIZE))),
];

fn main() {
    let name = std::env::args().skip(1).find(|argument| !argument.starts_with("--"));
    match name {
        None => STAGES.iter().for_each(|(name, _)| println!("{name}")),
        Some(name) => {
            let (_, stage) = STAGES.iter().find(|(own, _)| *own == name).unwrap();
            black_box(stage());
        }
    }
}

/// What valgrind is told to count.
#[inline(never)]
fn measured<T>(work: impl FnOnce() -> T) -> T {
    black_box(work())
}

fn measured_on(text: &str, work: impl FnOnce(&str) -> usize) -> usize {
    measured(|| work(black_box(text)))
}

fn decode_legacy() -> usize {
    let text: String = data::text(SIZE).chars().filter(|c| ('\0'..'\u{e00}').contains(c)).collect();
    let bytes = source::decode::encode(&text, "windows-1254").unwrap();
    measured(|| source::decode(Path::new("a.txt"), black_box(&bytes), false).unwrap().text.len())
}

fn disguised() -> String {
    data::text(SIZE).replace('e', "е").replace("and", "a\u{200b}nd").replace("the", "ｔｈｅ")
}

fn split(format: Format, text: &str) -> usize {
    measured_on(text, |text| block::parse(text, format, &Options::default()).blocks.len())
}

fn score(text: &str) -> usize {
    let (model, views) = (data::model(), text.lines().map(view::fold).collect::<Vec<_>>());
    measured(|| views.iter().map(|view| model.scorer().score(view).spam).sum::<f32>() as usize)
}

fn survey(format: Format, text: &str) -> usize {
    let (model, document) = (data::model(), block::parse(text, format, &Options::default()));
    measured(|| Survey::new(black_box(&document), model.scorer()).units.len())
}

fn judge(format: Format, text: &str) -> usize {
    let (model, document) = (data::model(), block::parse(text, format, &Options::default()));
    measured(|| model.judge(black_box(&document), Profile::Balanced).len())
}

fn document(name: &str, text: &str) -> usize {
    let model = data::model();
    measured(|| {
        clean::document(Path::new(name), black_box(text.as_bytes()), &Settings::default(), &model).unwrap().words_kept
    })
}
