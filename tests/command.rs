//! Commands that need no model, each as a file: what is typed, what is seen, how it ends.
#![allow(missing_docs)]

#[test]
fn commands() {
    trycmd::TestCases::new().case("tests/command/*.toml");
}
