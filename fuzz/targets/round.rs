//! Any bytes, cleaned and put together again: kept and removed parts tile the source, and cleaning twice changes nothing.
#![no_main]

use libfuzzer_sys::fuzz_target;
use weedout::block::Format;
use weedout::clean::Status;
use weedout_fuzz::{cleaned, woven};

fuzz_target!(|input: (u8, &[u8])| {
    let name = ["a", "a.txt", "a.md", "a.srt", "a.vtt", "a.transcript"][usize::from(input.0) % 6];
    let Some(done) = cleaned(name, input.1, false) else { return };
    if done.format == Format::Html {
        return;
    }
    assert_eq!(woven(&done), input.1);
    if let Some(output) = done.output {
        let Some(again) = cleaned(name, &output, false) else { panic!("clean text is no text") };
        assert_eq!((again.status, again.output.as_deref()), (Status::Untouched, Some(output.as_slice())));
    }
});
