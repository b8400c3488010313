//! JSON Lines: every line comes out as an object or is rejected, and nothing else happens.
#![no_main]

use std::io::BufReader;

use libfuzzer_sys::fuzz_target;
use weedout::clean::filter::{Options, filter};
use weedout_fuzz::Marked;

fuzz_target!(|bytes: &[u8]| {
    let (mut out, mut rejected) = (Vec::new(), 0);
    let options = Options { id_field: Some("id".into()), ..Options::default() };
    let totals = filter(&mut BufReader::new(bytes), &mut out, &options, &Marked, &mut |_| rejected += 1).expect("no stream fails");
    let lines = bytes.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
    assert_eq!((totals.records + totals.rejected, totals.rejected), (lines, rejected));
    assert_eq!(out.iter().filter(|&&byte| byte == b'\n').count(), totals.records);
});
