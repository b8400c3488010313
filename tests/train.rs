//! `train` and `eval`: adapting a model to labels of one's own, and measuring one.
#![allow(clippy::unwrap_used, missing_docs)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Runs weedout in `folder`.
fn weedout(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_weedout")).args(arguments).current_dir(folder).output().unwrap()
}

#[track_caller]
fn fine(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn records(path: &Path) -> Vec<Value> {
    fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn write(path: &Path, records: &[Value]) {
    fs::write(path, records.iter().map(|record| format!("{record}\n")).collect::<String>()).unwrap();
}

/// Every file of a corpus with its text.
fn corpus(folder: &Path) -> BTreeMap<PathBuf, String> {
    let inputs = weedout::source::find(&[folder.to_owned()], &[]).unwrap();
    let read = |path: &Path| String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned();
    inputs.iter().map(|input| (input.path.strip_prefix(folder).unwrap().to_owned(), read(&input.path))).collect()
}

fn clean(root: &Path, out: &str, model: Option<&str>) {
    let fixtures = fixtures();
    let fixtures = fixtures.to_str().unwrap();
    let mut arguments = vec!["--quiet", "clean", fixtures, "docs", "--exclude", "labels.jsonl", "--out", out];
    arguments.extend(model.iter().flat_map(|model| ["--model", *model]));
    fine(&weedout(root, &arguments));
}

#[test]
fn a_flipped_label_brings_the_block_back_and_changes_nothing_else() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    // One line of one document that stands nowhere else.
    let mine = root.join("docs/mine.txt");
    let baker = fs::read_to_string(fixtures().join("clippings/night-baker.txt")).unwrap();
    fs::create_dir(root.join("docs")).unwrap();
    fs::write(&mine, baker.replace("lorabet giriş", "zorvabet giriş")).unwrap();
    clean(root, "before", None);
    let mut removed = records(&root.join("before-audit/removed.jsonl"));
    let is_mine = |record: &Value| record["text"].as_str().unwrap().trim() == "zorvabet giriş";
    assert_eq!(removed.iter().filter(|record| is_mine(record)).count(), 1);
    removed.iter_mut().filter(|record| is_mine(record)).for_each(|record| record["label"] = json!("genuine"));
    write(&root.join("removed.jsonl"), &removed);

    fine(&weedout(root, &["train", "--adapt", "removed.jsonl", "--out", "mine"]));
    clean(root, "after", Some("mine/weedout.bin"));
    let name = |record: &Value| (record["path"].to_string(), record["text"].as_str().unwrap().trim().to_owned());
    let still: BTreeSet<_> = records(&root.join("after-audit/removed.jsonl")).iter().map(name).collect();
    let rest: BTreeSet<_> = removed.iter().filter(|record| !is_mine(record)).map(name).collect();
    assert_eq!(still, rest);
    let (before, after) = (corpus(&root.join("before")), corpus(&root.join("after")));
    let changed: Vec<_> = after.keys().filter(|name| before.get(*name) != after.get(*name)).collect();
    assert!(before.len() == after.len() && changed.len() == 1, "{changed:?}");
    assert!(after[changed[0]].contains("zorvabet giriş"));
}

#[test]
fn labels_of_ones_own_are_learnt_without_the_original_data() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let prose =
        "Our friendly team writes your term paper overnight, original and on time, at a price students can pay.";
    let notice =
        "Poker night at the parish hall on Friday, bring your own chips; casino games for the new church roof.";
    let row = |label: &str, text: &str| json!({"label": label, "text": text});
    write(&root.join("mine.jsonl"), &[row("spam", prose), row("genuine", notice)]);
    let model = "mine/weedout.bin";
    fine(&weedout(root, &["train", "--adapt", "mine.jsonl", "--out", "mine"]));
    fine(&weedout(root, &["eval", "mine.jsonl", "--model", model, "--kept", "100", "--dropped", "100"]));

    let talk = "We sat in the kitchen until two and talked about the harvest, the roads and the price of diesel.";
    fs::write(root.join("talk.txt"), format!("{talk}\n\n{prose}\n\n{notice}\n\nNobody wanted to go home.\n")).unwrap();
    fine(&weedout(root, &["--quiet", "clean", "talk.txt", "--model", model, "--out", "out"]));
    let text = fs::read_to_string(root.join("out/talk.txt")).unwrap();
    assert!(text.contains(talk) && text.contains(notice) && !text.contains(prose), "{text}");

    let shown = fine(&weedout(root, &["explain", "talk.txt:3", "--model", model]));
    assert!(shown.contains("labelled spam when the model was adapted"), "{shown}");
    fine(&weedout(root, &["train", "--adapt", "mine.jsonl", "--model", model, "--out", "twice"]));
}

#[test]
fn too_little_to_train_on_is_said_and_not_tried() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::create_dir(root.join("none")).unwrap();
    write(
        &root.join("few.jsonl"),
        &[json!({"label": "spam", "text": "buy"}), json!({"label": "genuine", "text": "hello"})],
    );
    let output = weedout(root, &["train", "few.jsonl", "--lexicon", "none", "--out", "model"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--lexicon") && said.contains("--adapt"), "{said}");
}

/// A few labelled blocks of two sources.
fn labelled(root: &Path) {
    let talk = |n: usize| {
        json!({"label": "genuine", "kind": "talk", "lang": "en", "source": "show", "doc": "show/1",
        "text": format!("We talked for {n} hours about the river, the ferry and the people who wait for it.")})
    };
    let shop = |text: &str| json!({"label": "spam", "kind": "casino", "lang": "tr", "source": "shop", "text": text});
    let mut rows: Vec<Value> = (1..=12).map(talk).collect();
    rows.extend(["deneme bonusu veren siteler", "casino giriş adresi", "bahis siteleri 2025"].map(shop));
    write(&root.join("labelled.jsonl"), &rows);
}

#[test]
fn eval_counts_by_group_and_draws_what_it_found() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    labelled(root);
    let text = fine(&weedout(root, &["eval", "labelled.jsonl", "--plot", "curve.svg"]));
    for part in ["keep-more", "calibration error", "kind casino", "language tr", "source show"] {
        assert!(text.contains(part), "no `{part}` in: {text}");
    }
    let json: Value =
        serde_json::from_str(&fine(&weedout(root, &["eval", "labelled.jsonl", "--format", "json"]))).unwrap();
    assert_eq!((&json["v"], &json["all"]["blocks"]), (&json!(1), &json!(15)));
    assert_eq!(json["all"]["found"]["strict"]["kinds"]["talk"]["genuine"], 12);
    assert_eq!(json["reports"][0]["mixed"]["balanced"]["all"]["spam"], 3);
    let svg = fs::read_to_string(root.join("curve.svg")).unwrap();
    let picture = roxmltree::Document::parse(&svg).unwrap();
    let texts: String = picture.descendants().filter_map(|node| node.text()).collect();
    assert!(["strict:", "balanced:", "keep-more:", "15 labelled blocks"].iter().all(|part| texts.contains(part)));
}

#[test]
fn eval_exits_1_below_a_floor_and_says_which() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    labelled(root);
    let floors = |text: &str| {
        fs::write(root.join("floors.toml"), text).unwrap();
        let output = weedout(root, &["eval", "labelled.jsonl", "--floors", "floors.toml"]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    assert_eq!(floors("[[floor]]\ngroup = \"kind talk\"\nkept = 50").0, Some(0));
    let (code, said) = floors("[[floor]]\ngroup = \"kind talk\"\nkept = 100.1");
    assert_eq!(code, Some(1));
    assert!(said.contains("kind talk") && said.contains("floor 100.1"), "{said}");
    assert_eq!(floors("[[floor]]\nkpet = 1").0, Some(2));
}

#[test]
fn a_group_that_is_not_there_is_named() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    labelled(root);
    let output = weedout(root, &["eval", "labelled.jsonl", "--leave-out", "language", "--groups", "xx"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`xx`") && said.contains("en, tr"), "{said}");
}
