//! Every fixture, cleaned with the model in the binary: what is labelled genuine stays, what is labelled spam goes.
//!
//! `fixtures/labels.jsonl` has one row a document. A label's `text` is how a stretch begins; the stretch goes on to the next
//! label, and at most to the next blank line (in HTML, to the end of the block). What stands before the first block of a
//! text format, such as front matter, must stay.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;
use weedout::block::{self, Format};
use weedout::clean::record::Removed;
use weedout::clean::{self, Cleaned, Job, Part, Settings, Status};
use weedout::source::{Decoded, decode, find};
use weedout::verdict::{Label, Model};

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::embedded().unwrap());

#[derive(Deserialize)]
struct Row {
    path: String,
    blocks: Vec<Labelled>,
}

#[derive(Deserialize)]
struct Labelled {
    label: Label,
    text: String,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn rows() -> Vec<Row> {
    let labels = fs::read_to_string(folder().join("labels.jsonl")).unwrap();
    labels.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The text that labels speak of, where its blocks are, and what cleaning took of it.
struct View {
    text: String,
    blocks: Vec<Range<usize>>,
    gone: Vec<Range<usize>>,
}

impl View {
    fn of(cleaned: &Cleaned, decoded: &Decoded<'_>) -> Self {
        let document = block::parse(&decoded.text, cleaned.format, &block::Options::default());
        if cleaned.format == Format::Html {
            return Self::page(cleaned, &document);
        }
        Self {
            text: decoded.text.to_string(),
            blocks: document.blocks.iter().filter_map(|block| block.span.clone()).collect(),
            gone: cleaned.removed.iter().filter_map(|removal| removal.span.clone()).collect(),
        }
    }

    /// The blocks of a page, one a line.
    fn page(cleaned: &Cleaned, document: &block::Document<'_>) -> Self {
        let mut view = Self { text: String::new(), blocks: Vec::new(), gone: Vec::new() };
        for block in &document.blocks {
            let start = view.text.len();
            view.text.push_str(&block.text.replace('\n', " "));
            view.blocks.push(start..view.text.len());
            view.text.push('\n');
        }
        for removal in &cleaned.removed {
            let (start, block) = (view.blocks[removal.block].start, &document.blocks[removal.block]);
            let range = match removal.part {
                Part::Block(_) => 0..block.text.len(),
                _ => block.text.find(&removal.text).map(|at| at..at + removal.text.len()).unwrap(),
            };
            view.gone.push(start + range.start..start + range.end);
        }
        view
    }

    fn is_gone(&self, at: usize) -> bool {
        self.gone.iter().any(|range| range.contains(&at))
    }

    /// Share of the letters in `range` (bytes of the text) that are gone.
    fn share(&self, range: &Range<usize>, place: &dyn Fn(usize) -> usize) -> f64 {
        let letters = self.text[range.clone()].char_indices().filter(|(_, c)| !c.is_whitespace());
        let places: Vec<bool> = letters.map(|(at, _)| self.is_gone(place(range.start + at))).collect();
        places.iter().filter(|gone| **gone).count() as f64 / places.len().max(1) as f64
    }
}

/// The stretches of labels in `text`, in order.
fn stretches(row: &Row, text: &str, page: bool) -> Result<Vec<Range<usize>>, String> {
    let (mut starts, mut from) = (Vec::new(), 0);
    for labelled in &row.blocks {
        let at = text[from..].find(&labelled.text).ok_or_else(|| format!("no `{}` in order", labelled.text))?;
        starts.push(from + at);
        from += at + labelled.text.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let breaks: &[&str] = if page { &["\n"] } else { &["\n\n", "\r\n\r\n", "\r\r"] };
    let stretch = |(start, end): (usize, usize)| {
        let stop = breaks.iter().filter_map(|mark| text[start..end].find(mark)).min();
        start..stop.map_or(end, |stop| start + stop)
    };
    Ok(starts.iter().copied().zip(ends).map(stretch).collect())
}

/// What is wrong with the cleaning of one fixture.
fn faults(row: &Row) -> Vec<String> {
    let path = folder().join(&row.path);
    let bytes = fs::read(&path).unwrap();
    let cleaned = clean::document(&path, &bytes, &Settings::default(), &*MODEL).unwrap();
    let page = cleaned.format == Format::Html;
    let decoded = decode(&path, &bytes, page).unwrap();
    let view = View::of(&cleaned, &decoded);
    let stretches = match stretches(row, &view.text, page) {
        Ok(stretches) => stretches,
        Err(fault) => return vec![format!("{}: {fault}", row.path)],
    };
    let place = |at: usize| if page { at } else { decoded.map.range(&(at..at + 1)).start };
    let mut found = Vec::new();
    let mut fault = |text: String| found.push(format!("{}: {text}", row.path));
    for (labelled, range) in row.blocks.iter().zip(&stretches) {
        let share = view.share(range, &place);
        match labelled.label {
            Label::Genuine if share > 0.0 => fault(format!("lost {:.0} % of `{}`", share * 100.0, labelled.text)),
            Label::Spam if share < 1.0 => fault(format!("kept {:.0} % of `{}`", (1.0 - share) * 100.0, labelled.text)),
            Label::Furniture if page && share < 1.0 => fault(format!("kept furniture `{}`", labelled.text)),
            _ => {}
        }
    }
    let labelled =
        |block: &Range<usize>| stretches.iter().any(|range| range.start < block.end && block.start < range.end);
    for block in view.blocks.iter().filter(|block| !labelled(block)) {
        fault(format!("no label for the block `{}`", view.text[block.clone()].trim()));
    }
    let head = view.blocks.first().map_or(0..0, |first| 0..first.start);
    if !page && cleaned.status != Status::Rejected && view.share(&head, &place) > 0.0 {
        fault("lost something before the first block".into());
    }
    if let Some(text) = wrong_bytes(&cleaned, &bytes) {
        fault(text);
    }
    found
}

/// What is wrong with the bytes that came out, or with cleaning them again.
fn wrong_bytes(cleaned: &Cleaned, bytes: &[u8]) -> Option<String> {
    let output = cleaned.output.as_deref()?;
    if cleaned.format == Format::Html {
        return None;
    }
    let gone = |at: &usize| cleaned.removed.iter().any(|r| r.span.as_ref().is_some_and(|span| span.contains(at)));
    let kept: Vec<u8> = (0..bytes.len()).filter(|at| !gone(at)).map(|at| bytes[at]).collect();
    if kept != output {
        return Some("what is kept is not byte for byte what came in".into());
    }
    let settings = Settings { format: Some(cleaned.format), ..Settings::default() };
    let again = clean::document(Path::new("again"), output, &settings, &*MODEL).unwrap();
    (again.output.as_deref() != Some(output)).then(|| "cleaning it again changes it".into())
}

#[test]
fn genuine_blocks_stay_and_spam_goes() {
    let found: Vec<String> = rows().iter().flat_map(faults).collect();
    assert!(found.is_empty(), "{} faults\n{}", found.len(), found.join("\n"));
}

#[test]
fn a_document_without_anything_genuine_has_no_output() {
    for row in rows() {
        let path = folder().join(&row.path);
        let cleaned = clean::document(&path, &fs::read(&path).unwrap(), &Settings::default(), &*MODEL).unwrap();
        let genuine = row.blocks.iter().any(|labelled| labelled.label == Label::Genuine);
        let status = [Status::Rejected, Status::Empty];
        assert_eq!(cleaned.output.is_some(), genuine, "{}: {:?}", row.path, cleaned.status);
        assert_eq!(!status.contains(&cleaned.status), genuine, "{}: {:?}", row.path, cleaned.status);
    }
}

#[test]
fn the_inputs_come_back_byte_for_byte() {
    let work = tempfile::tempdir().unwrap();
    let (out, back) = (work.path().join("corpus"), work.path().join("back"));
    let mut job = Job::new(find(&[folder()], &["labels.jsonl".into()]).unwrap(), out.clone());
    job.folders = vec![folder()];
    let summary = clean::run(&job, &*MODEL, &|_| {}).unwrap();
    assert_eq!((summary.documents, summary.failed), (rows().len(), 0));
    let restored = clean::restore(&job.audit, &out, &back, &mut |error| panic!("{error}")).unwrap();
    assert_eq!(restored.documents + restored.pages, rows().len());
    for row in rows().iter().filter(|row| !is_page(&row.path)) {
        assert_eq!(
            fs::read(back.join(&row.path)).unwrap(),
            fs::read(folder().join(&row.path)).unwrap(),
            "{}",
            row.path
        );
    }
    let audit = fs::read_to_string(job.audit.join("removed.jsonl")).unwrap();
    let removed: Vec<Removed> = audit.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for row in rows().iter().filter(|row| is_page(&row.path)) {
        let own = removed.iter().filter(|record| record.path.ends_with(&row.path));
        let mut texts: Vec<String> = own.map(|record| record.text.replace('\n', " ")).collect();
        texts.push(fs::read_to_string(out.join(format!("{}.txt", row.path))).unwrap_or_default());
        for labelled in &row.blocks {
            assert!(texts.iter().any(|text| text.contains(&labelled.text)), "{}: {}", row.path, labelled.text);
        }
    }
}

fn is_page(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "html")
}

#[test]
fn every_fixture_is_labelled() {
    let labelled: BTreeSet<PathBuf> = rows().iter().map(|row| folder().join(&row.path)).collect();
    let found = find(&[folder()], &["labels.jsonl".into()]).unwrap();
    assert_eq!(labelled, found.into_iter().map(|input| input.path).collect());
}
