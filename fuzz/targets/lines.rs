//! Text, transcripts and subtitles; the first byte says which.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weedout::block::Format;
use weedout_fuzz::parse;

fuzz_target!(|input: (u8, &str)| {
    let format = [Format::Text, Format::Srt, Format::Vtt][usize::from(input.0) % 3];
    parse(input.1, format, false);
});
