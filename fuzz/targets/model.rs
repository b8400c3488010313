//! [`weedout_fuzz::model`] on what the fuzzer makes.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| weedout_fuzz::model(bytes));
