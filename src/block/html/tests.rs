use super::*;
use crate::block::{Block, Hidden, Kind};

fn blocks(html: &str) -> Vec<Block<'static>> {
    let source: &'static str = Box::leak(html.to_owned().into_boxed_str());
    parse(source, &Options::default()).blocks
}

fn texts(html: &str) -> Vec<String> {
    blocks(html).into_iter().map(|b| b.text.into_owned()).collect()
}

#[test]
fn smoke() {
    assert_eq!(texts("<p>One  two\n three</p>loose <b>text</b><p>four"), ["One two three", "loose text", "four"]);
}
