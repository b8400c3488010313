//! Markdown with and without front matter.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weedout::block::Format;
use weedout_fuzz::parse;

fuzz_target!(|text: &str| parse(text, Format::Markdown, false));
