//! The pages under `docs/`: what is made from the program is that of the program, and every example is run.
//! `DOCS=overwrite cargo test --test docs` writes them anew.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

mod example;

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::symlink;
use std::time::Instant;

use example::{blocks, check, folder, read, root};
use weedout::config::{Config, KEYS, Kind};
use weedout::signal::SIGNALS;
use weedout::signal::anchor::MEASURES;

fn rules() -> String {
    let mut page = String::from(
        "# Rules\n\n<!-- Made from `src/signal/`; `DOCS=overwrite cargo test --test docs` writes it anew. -->\n\n\
         What each rule measures of a block, or of a sentence of a long one. A measure is turned into log-odds of spam by a\n\
         scale that the model has learnt, one scale for each length of text; between the points given, it is interpolated.\n\
         `sequence`, which is no rule of its own, is what the blocks before and after add. `weedout explain RULE` prints one row.\n\n\
         | rule | measures | points of its scale |\n|---|---|---|\n",
    );
    for signal in SIGNALS {
        let knots = signal.knots.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let _ = writeln!(page, "| `{}` | {} | {knots} |", signal.id, signal.about.replace('|', "\\|"));
    }
    page.push_str(
        "\n## Links in sentences\n\nA link to another site within a longer text that stays is judged by itself. Each measure times its weight \
         adds to the\nlog-odds that it was laid in; `anchor` is what they start from.\n\n| rule | measures |\n|---|---|\n",
    );
    for (id, about) in MEASURES {
        let _ = writeln!(page, "| `{id}` | {about} |");
    }
    page
}

/// The table of keys in the page on configuration.
fn keys() -> String {
    let mut table = String::from("| key | holds | for |\n|---|---|---|\n");
    for key in KEYS {
        let holds = match key.kind {
            Kind::Choice(words) => words.iter().map(|word| format!("`\"{word}\"`")).collect::<Vec<_>>().join(", "),
            Kind::Path => "a path, relative to the file".into(),
            Kind::List => "a list of texts".into(),
            Kind::Flag => "`true`, `false`".into(),
            Kind::Share => "a number from 0 to 1".into(),
        };
        let _ = writeln!(table, "| `{}` | {holds} | {} |", key.name, key.about);
    }
    table
}

/// Compares a page with what it is made from, or writes it.
fn fresh(page: &str, made: &str) {
    let path = root().join(page);
    if std::env::var_os("DOCS").is_some_and(|value| value == "overwrite") {
        fs::write(&path, made).unwrap();
    }
    assert!(fs::read_to_string(path).unwrap() == made, "{page} is stale; DOCS=overwrite writes it anew");
}

#[test]
fn the_page_of_rules_is_that_of_the_program() {
    fresh("docs/rules.md", &rules());
}

#[test]
fn every_rule_has_a_name_of_its_own() {
    let mut names: Vec<&str> = SIGNALS.iter().map(|signal| signal.id).chain(MEASURES.map(|(id, _)| id)).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}

#[test]
fn the_page_of_configuration_has_every_key_and_its_examples_are_run() {
    let page = read("docs/configuration.md");
    let (before, rest) = page.split_once("| key | holds | for |\n").unwrap();
    let after = rest.split_once("\n\n").unwrap().1;
    fresh("docs/configuration.md", &format!("{before}{}\n{after}", keys()));
    check("docs/configuration.md", folder().path(), "DOCS", false);
}

#[test]
fn configurations_that_pages_show_are_taken() {
    let root = folder();
    fs::create_dir(root.path().join("other")).unwrap();
    fs::write(root.path().join("weedout.toml"), "").unwrap();
    let pages: Vec<String> = fs::read_dir(example::root().join("docs"))
        .unwrap()
        .map(|page| fs::read_to_string(page.unwrap().path()).unwrap())
        .collect();
    let shown: Vec<&str> = pages.iter().flat_map(|page| blocks(page, "toml")).collect();
    assert!(!shown.is_empty());
    for text in shown {
        let path = root.path().join("other/weedout.toml");
        fs::write(&path, text).unwrap();
        Config::load(&path).unwrap_or_else(|error| panic!("{error}\n{text}"));
    }
}

/// `with:` of the workflow in the page on checking names inputs that the action has.
#[test]
fn the_workflow_shown_is_one_for_the_action() {
    let (page, action) = (read("docs/check.md"), read("action.yml"));
    let inputs = action.split_once("\ninputs:\n").unwrap().1.split_once("\noutputs:\n").unwrap().0;
    let workflow = blocks(&page, "yaml").into_iter().find(|block| block.contains("uses: ")).unwrap();
    let with = workflow.split_once("with:\n").unwrap().1;
    let names: Vec<&str> = with
        .lines()
        .take_while(|line| line.starts_with("          "))
        .filter(|line| !line.starts_with("           "))
        .map(|line| line.split_once(':').unwrap().0.trim())
        .collect();
    assert!(!names.is_empty());
    for name in names {
        assert!(inputs.contains(&format!("  {name}:\n")), "the action has no input `{name}`");
    }
}

#[test]
fn the_examples_of_checking_print_what_they_show() {
    check("docs/check.md", folder().path(), "DOCS", false);
}

#[test]
fn the_gallery_shows_what_is_removed_and_kept() {
    check("docs/gallery.md", folder().path(), "DOCS", false);
}

#[test]
fn the_examples_of_records_print_what_they_show() {
    check("docs/records.md", folder().path(), "DOCS", false);
}

/// A folder in which training takes seconds: with one lexicon instead of all.
fn ground() -> tempfile::TempDir {
    let folder = folder();
    let lexicon = folder.path().join("models/training/lexicon");
    fs::create_dir_all(&lexicon).unwrap();
    symlink(root().join("models/training/lexicon/no.toml"), lexicon.join("no.toml")).unwrap();
    folder
}

#[test]
fn the_examples_of_training_print_what_they_show() {
    check("docs/training.md", ground().path(), "DOCS", false);
}

/// Ten tasks of a new user. The page says how many commands each takes; that is counted.
#[test]
fn the_ten_tasks_of_a_new_user_can_be_done() {
    let folder = ground();
    let start = Instant::now();
    check("docs/tasks.md", folder.path(), "DOCS", false);
    println!("ten tasks in {:.0} s", start.elapsed().as_secs_f32());
    let page = read("docs/tasks.md");
    let rows: Vec<(&str, usize)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "))
        .filter_map(|(task, rest)| Some((task, rest.split(" | ").next()?.parse().ok()?)))
        .collect();
    let sections: Vec<&str> = page.split("\n## ").skip(1).collect();
    assert_eq!((rows.len(), sections.len()), (10, 10));
    for ((task, count), section) in rows.into_iter().zip(sections) {
        let title = section.lines().next().unwrap();
        let commands = section.lines().filter(|line| line.starts_with("$ ")).count();
        assert_eq!((task, count), (title.split_once(". ").unwrap().1, commands));
    }
}
