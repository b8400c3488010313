//! What README shows is what happens. `README=overwrite cargo test --test readme` writes the outputs anew.
#![cfg(unix)]
#![allow(clippy::unwrap_used, missing_docs)]

mod example;

use example::{check, folder, read, root, shell};

#[test]
fn the_examples_print_what_they_show() {
    check("README.md", folder().path(), "README", true);
}

#[test]
fn the_exit_codes_are_those_of_the_help() {
    let help = shell("weedout --help", root());
    let (_, list) = help.split_once("Exit codes:\n").unwrap();
    let codes = list.lines().filter_map(|line| line.trim().split_once(' ')).map(|(code, text)| (code, text.trim()));
    let rows: Vec<String> = codes.map(|(code, text)| format!("| {code} | {text} |")).collect();
    assert!(rows.len() >= 5);
    let readme = read("README.md");
    let (_, table) = readme.split_once("| code | meaning |\n|---|---|\n").unwrap();
    assert_eq!(table.lines().take_while(|line| line.starts_with('|')).collect::<Vec<_>>(), rows);
}
