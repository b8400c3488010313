//! The JSON Lines filter: one record in, one record out.
#![allow(clippy::unwrap_used, missing_docs)]

use std::io::{self, BufReader, Write};

use serde_json::Value;
use weedout::clean::filter::{Options, Reject, Totals, filter};

mod judge;
use judge::Marked;

fn run(input: &str, options: &Options) -> (String, Vec<Reject>, Totals) {
    let (mut output, mut rejects) = (Vec::new(), Vec::new());
    let reader = &mut BufReader::new(input.as_bytes());
    let totals = filter(reader, &mut output, options, &Marked, &mut |reject| rejects.push(reject.clone())).unwrap();
    (String::from_utf8(output).unwrap(), rejects, totals)
}

#[test]
fn the_text_is_cleaned_and_other_fields_pass_as_they_were() {
    let line =
        r#"{"n":1.50e+2,"text":"Güneş.\nSPAM ş\nEnd.","z":{"b":[1, 2],"a":null},"big":123456789012345678901234567890}"#;
    let (out, rejects, totals) = run(&format!("{line}\n"), &Options::default());
    assert!(out.starts_with(r#"{"n":1.50e+2,"text":"Güneş.\nEnd.","z":{"b":[1, 2],"a":null},"big":123456789012345678901234567890,"weedout":{"#), "{out}");
    let note: Value = serde_json::from_str::<Value>(&out).unwrap()["weedout"].take();
    assert_eq!(note["label"], "mixed");
    assert_eq!((note["blocks"].as_u64(), &note["removed"]), (Some(3), &serde_json::json!([[7, 14, 0.75, "mark"]])));
    assert!(rejects.is_empty() && totals.records == 1);
}

#[test]
fn annotating_leaves_the_text_alone() {
    let options = Options { annotate: true, text_field: Some("body".into()), ..Options::default() };
    let (out, ..) = run("{\"body\":\"\\u0041 SPAM\",\"weedout\":\"old\"}\n", &options);
    assert!(out.starts_with("{\"body\":\"\\u0041 SPAM\",\"weedout\":{\"label\":\"spam\""), "{out}");
}

#[test]
fn bad_lines_are_rejected_by_number_and_the_run_goes_on() {
    let input = "{\"text\":\"Fine.\"}\n\nnot json\n[1]\n{\"id\":\"x7\",\"title\":1}\n{\"text\":7}\n{\"text\":\"PANIC\"}\n{\"text\":\"a\",\"text\":\"b\"}\n{\"text\":\"\\ud800\"}\n{\"text\":\"End.\"}";
    let options = Options { id_field: Some("id".into()), ..Options::default() };
    let (out, rejects, totals) = run(input, &options);
    assert_eq!(rejects.iter().map(|reject| reject.line).collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8, 9]);
    assert_eq!(rejects[2].id.as_deref(), Some("x7"));
    assert!(rejects[4].error.contains("the judge met its match"));
    assert_eq!((out.lines().count(), totals.records, totals.rejected), (2, 2, 7));
}

#[test]
fn a_text_is_a_text_whatever_it_starts_with() {
    for text in ["\u{feff}Hello", "%PDF-1.4 is a format", "\u{1b}$B", "zero \u{0} byte"] {
        let line = serde_json::json!({ "text": text }).to_string();
        let (out, rejects, _) = run(&line, &Options::default());
        assert!(rejects.is_empty(), "{rejects:?}");
        assert_eq!(serde_json::from_str::<Value>(&out).unwrap()["text"], text);
    }
}

#[test]
fn a_closed_reader_ends_the_run_quietly() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let reader = &mut BufReader::new(&b"{\"text\":\"a\"}\n"[..]);
    let totals = filter(reader, &mut Closed, &Options::default(), &Marked, &mut |_| {}).unwrap();
    assert!(totals.closed);
}
