//! Recognising what earlier runs have done, so that it need not be done again.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::audit::{self, MANIFEST, REMOVED};
use super::record::{self, Manifest, Origin, Status};

/// The documents earlier runs are known to have finished, by path.
#[derive(Debug, Default)]
pub struct Previous {
    documents: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    row: Manifest,
    /// The file with the document's removed text, and its bytes there.
    removed: Option<(PathBuf, Range<u64>)>,
}

#[derive(Deserialize)]
struct Named {
    path: String,
}

impl Previous {
    /// Reads the audit at `root` and the parts interrupted runs left in it; the later, the better known. Lines that cannot
    /// be read, such as a torn last one, are as if they were not there: their documents are done again.
    pub fn load(root: &Path) -> Self {
        let mut found = Self::default();
        found.add(&root.join(MANIFEST), &root.join(REMOVED));
        for number in audit::parts(root) {
            let [manifest, removed] = audit::names(root, number);
            found.add(&manifest, &removed);
        }
        found
    }

    fn add(&mut self, manifest: &Path, removed: &Path) {
        let mut places = places(removed);
        for (line, _) in lines(manifest) {
            if let Ok(row) = serde_json::from_slice::<Manifest>(&line) {
                let removed = places.remove(&row.path).map(|range| (removed.to_path_buf(), range));
                self.documents.insert(row.path.clone(), Entry { row, removed });
            }
        }
    }

    /// What is known of a document if it is the one whose bytes hash to `sha256`, done by the same model and configuration,
    /// with its output still in place: its record and the lines of its removed text.
    pub fn find(
        &self,
        path: &Path,
        relative: &Path,
        sha256: &str,
        origin: &Origin,
        corpus: &Path,
    ) -> Option<(Manifest, String)> {
        let entry = self.documents.get(&record::name(path))?;
        let row = &entry.row;
        let same = row.v == record::VERSION
            && row.status != Status::Failed
            && row.sha256_in.as_deref() == Some(sha256)
            && (row.model == origin.model && row.config == origin.config)
            && row.place().as_deref() == Some(relative);
        if !same || !in_place(row, relative, corpus) {
            return None;
        }
        let removed = entry.removed.as_ref().map_or(Some(String::new()), |(file, range)| slice(file, range))?;
        Some((row.clone(), removed))
    }
}

fn in_place(row: &Manifest, relative: &Path, corpus: &Path) -> bool {
    let Some(sha256) = &row.sha256_out else { return row.output.is_none() };
    let output =
        super::pipeline::output_name(relative, row.format, row.output.as_deref().is_some_and(|o| o.ends_with(".md")));
    std::fs::read(corpus.join(output)).is_ok_and(|bytes| record::sha256(&bytes) == *sha256)
}

/// Where each document's removed text stands in a file: its lines follow one another.
fn places(removed: &Path) -> HashMap<String, Range<u64>> {
    let mut found: HashMap<String, Range<u64>> = HashMap::new();
    for (line, range) in lines(removed) {
        if let Ok(Named { path }) = serde_json::from_slice(&line) {
            found.entry(path).and_modify(|known| known.end = range.end).or_insert(range);
        }
    }
    found
}

/// The whole lines of a file with their places.
fn lines(path: &Path) -> impl Iterator<Item = (Vec<u8>, Range<u64>)> {
    let mut reader = File::open(path).ok().map(BufReader::new);
    let mut start = 0;
    std::iter::from_fn(move || {
        let mut line = Vec::new();
        let length = reader.as_mut()?.read_until(b'\n', &mut line).ok()? as u64;
        start += length;
        line.ends_with(b"\n").then(|| (line, start - length..start))
    })
}

fn slice(path: &Path, range: &Range<u64>) -> Option<String> {
    let mut file = File::open(path).ok()?;
    file.seek(SeekFrom::Start(range.start)).ok()?;
    let mut text = String::new();
    file.take(range.end - range.start).read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_torn_last_line_is_not_there() {
        let root = tempfile::tempdir().unwrap();
        let origin = Origin { model: "m".into(), config: "c".into() };
        let row = |name: &str| {
            let mut row = Manifest::failed(Path::new(name), Path::new(name), &origin, String::new());
            (row.status, row.sha256_in) = (Status::Empty, Some("00".into()));
            record::line(&row)
        };
        let torn = row("b.md");
        std::fs::write(root.path().join("manifest.0000.part"), row("a.md") + &torn[..torn.len() - 9]).unwrap();
        let previous = Previous::load(root.path());
        let find = |name: &str, sha: &str| previous.find(Path::new(name), Path::new(name), sha, &origin, root.path());
        assert!(find("a.md", "00").is_some());
        assert!(find("a.md", "11").is_none() && find("b.md", "00").is_none());
    }
}
