//! Parquet in, Parquet out: `cargo test --release --features parquet --test parquet`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{ArrayRef, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use weedout::block::Document;
use weedout::clean::bulk::{Job, Manifest, Status, run};
use weedout::source::Input;
use weedout::verdict::{Judge, Label, Profile, Verdict};

/// Blocks with SPAM in them are spam.
struct Marked;

impl Judge for Marked {
    fn judge(&self, document: &Document<'_>, _: Profile) -> Vec<Verdict> {
        let verdict = |text: &str| {
            assert!(!text.contains("PANIC"), "the judge met its match");
            let label = if text.contains("SPAM") { Label::Spam } else { Label::Genuine };
            Verdict { label, probability: 0.75, reasons: Vec::new(), cuts: Vec::new() }
        };
        document.blocks.iter().map(|block| verdict(&block.text)).collect()
    }

    fn id(&self) -> String {
        "marked-1".into()
    }
}

/// 5000 rows: every fifth with spam in it, every eleventh nothing else, one that cannot be judged, one without text.
fn texts() -> Vec<Option<String>> {
    let text = |n: usize| match n {
        77 => Some("PANIC".to_owned()),
        78 => None,
        n if n % 11 == 10 => Some(format!("SPAM {n}")),
        n if n % 5 == 4 => Some(format!("Line {n}.\nSPAM {n}\nEnd.")),
        n => Some(format!("Line {n}.")),
    };
    (0..5000).map(text).collect()
}

fn put(path: &Path, name: &str, texts: ArrayRef) {
    let ids: ArrayRef = Arc::new((0..texts.len() as i64).collect::<Int64Array>());
    let batch = RecordBatch::try_from_iter([("id", ids), (name, texts)]).unwrap();
    let mut writer = ArrowWriter::try_new(File::create(path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
}

fn clean(root: &Path, text_field: Option<&str>) -> Manifest {
    let mut job = Job::new(vec![Input::file(root.join("a.parquet"), "a.parquet")], root.join("out"));
    job.options.text_field = text_field.map(str::to_owned);
    let mut told = Vec::new();
    run(&job, &Marked, &mut |manifest, _| told.push(manifest.clone())).unwrap();
    told.remove(0)
}

#[test]
fn one_column_is_cleaned_and_the_others_stay() {
    let arrays: [ArrayRef; 3] = [
        Arc::new(texts().into_iter().collect::<StringArray>()),
        Arc::new(texts().into_iter().collect::<LargeStringArray>()),
        Arc::new(texts().into_iter().collect::<StringViewArray>()),
    ];
    for array in arrays {
        let root = tempfile::tempdir().unwrap();
        put(&root.path().join("a.parquet"), "text", Arc::clone(&array));
        let manifest = clean(root.path(), None);
        let counts = manifest.counts;
        assert_eq!((manifest.status, counts.records, counts.bad, counts.dropped), (Status::Done, 5000, 1, 454));
        let file = File::open(root.path().join("out/a.parquet")).unwrap();
        let mut ids = Vec::new();
        for batch in ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap() {
            let batch = batch.unwrap();
            assert_eq!(batch.schema().field(1).data_type(), array.data_type());
            ids.extend(batch.column(0).as_primitive::<Int64Type>().values().iter().copied());
            let notes = batch.column(2).as_string::<i32>();
            for (at, id) in batch.column(0).as_primitive::<Int64Type>().values().iter().enumerate() {
                assert_eq!(notes.iter().nth(at).unwrap().is_none(), *id == 78, "{id}");
            }
        }
        let kept = |n: &i64| *n != 77 && (*n == 78 || n % 11 != 10);
        assert_eq!(ids, (0..5000).filter(kept).collect::<Vec<i64>>());
        assert_eq!(counts.kept as usize, ids.len());
        let rejects = std::fs::read_to_string(root.path().join("out-audit/a.parquet.rejects.jsonl")).unwrap();
        assert!(rejects.contains("\"record\":78,") && rejects.contains("the judge met its match"), "{rejects}");
    }
}

#[test]
fn files_that_are_none_and_columns_that_are_not_there_fail_by_name() {
    let root = tempfile::tempdir().unwrap();
    put(&root.path().join("a.parquet"), "body", Arc::new(texts().into_iter().collect::<StringArray>()));
    assert!(clean(root.path(), None).error.unwrap().contains("--text-field"));
    assert!(clean(root.path(), Some("id")).error.unwrap().contains("not text"));
    assert_eq!(clean(root.path(), Some("body")).status, Status::Done);
    let bytes = std::fs::read(root.path().join("a.parquet")).unwrap();
    std::fs::write(root.path().join("a.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    let manifest = clean(root.path(), Some("body"));
    assert_eq!((manifest.status, manifest.output), (Status::Failed, None));
    assert!(!root.path().join("out/a.parquet").exists());
}
