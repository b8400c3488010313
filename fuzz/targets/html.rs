//! Pages: parsed, cleaned, rendered as text and as Markdown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weedout::block::Format;
use weedout_fuzz::{cleaned, parse};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(text) = std::str::from_utf8(bytes) {
        parse(text, Format::Html, false);
    }
    for markdown in [false, true] {
        if let Some(done) = cleaned("a.html", bytes, markdown) {
            let output = done.output.unwrap_or_default();
            assert!(std::str::from_utf8(&output).is_ok(), "pages come out as UTF-8");
        }
    }
});
