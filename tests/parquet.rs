//! Parquet in, Parquet out: `.ci/parquet`.
#![allow(clippy::unwrap_used, missing_docs)]

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::Int64Type;
use arrow_array::{Array, ArrayRef, Int64Array, LargeStringArray, RecordBatch, StringArray, StringViewArray};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use weedout::clean::bulk::{Counts, Job, Manifest, Status, run};
use weedout::source::Input;

mod judge;
use judge::Marked;

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
        let rejects = fs::read_to_string(root.path().join("out-audit/a.parquet.rejects.jsonl")).unwrap();
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
    let bytes = fs::read(root.path().join("a.parquet")).unwrap();
    fs::write(root.path().join("a.parquet"), &bytes[..bytes.len() / 2]).unwrap();
    let manifest = clean(root.path(), Some("body"));
    assert_eq!((manifest.status, manifest.output), (Status::Failed, None));
    assert!(!root.path().join("out/a.parquet").exists());
}

#[test]
fn a_byte_that_is_wrong_ends_no_run() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("a.parquet");
    put(&path, "text", Arc::new(texts().into_iter().take(40).collect::<StringArray>()));
    let whole = fs::read(&path).unwrap();
    let before = clean(root.path(), None).counts;
    let mut told = Vec::new();
    for at in (0..whole.len()).step_by(11) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x55;
        fs::write(&path, bytes).unwrap();
        let manifest = clean(root.path(), None);
        let Counts { records, kept, dropped, empty, passed, bad, .. } = manifest.counts;
        assert_eq!(records, kept + dropped + empty + passed + bad, "byte {at}");
        assert_eq!(manifest.status == Status::Done, manifest.error.is_none(), "byte {at}");
        assert_eq!(root.path().join("out/a.parquet").exists(), manifest.output.is_some(), "byte {at}");
        told.push((manifest.status, manifest.counts == before));
    }
    assert!(told.contains(&(Status::Failed, false)) && told.contains(&(Status::Done, true)), "{told:?}");
}

#[test]
fn pages_become_their_text_and_annotated_ones_stay() {
    let page = |text: &str| format!("<html><body><p>{text}</p><p>SPAM and more</p></body></html>");
    let texts = || [Some(page("We met at the harbour.")), None].into_iter().collect::<StringArray>();
    let root = tempfile::tempdir().unwrap();
    put(&root.path().join("a.parquet"), "html", Arc::new(texts()));
    let column = |annotate: bool| {
        let mut job = Job::new(vec![Input::file(root.path().join("a.parquet"), "a.parquet")], root.path().join("out"));
        job.options.annotate = annotate;
        assert!(run(&job, &Marked, &mut |_, _| {}).unwrap().is_clean());
        let file = File::open(root.path().join("out/a.parquet")).unwrap();
        let batch = ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap().next().unwrap().unwrap();
        let notes = batch.column(2).as_string::<i32>();
        assert!(notes.value(0).contains("\"label\":\"mixed\"") && notes.is_null(1), "{notes:?}");
        batch.column(1).as_string::<i32>().clone()
    };
    assert_eq!(column(false), StringArray::from(vec![Some("We met at the harbour.\n"), None]));
    assert_eq!(column(true), texts());
}
