//! weedout removes injected link spam from scraped documents and keeps the genuine text byte for byte.
//!
//! The folders are the stages, in the order the data flows:
//!
//! | module | does |
//! |---|---|
//! | [`source`] | finds inputs and decodes their bytes |
//! | [`block`] | splits a document into blocks, each a byte span with links and visibility |
//! | [`signal`] | measures blocks and their neighbours; knows nothing of weights |
//! | [`verdict`] | weighs the signals, decodes the sequence, labels each block |
//! | [`clean`] | cuts spans, writes corpus and audit, restores |
//! | [`check`] | finds spam in place, silences what is known, cuts it out of files |
//! | [`report`] | renders findings, one format a file |
//! | [`config`] | reads `weedout.toml` |
//! | [`sketch`] | what a crawl says of runs and linked hosts |
//! | [`train`], [`eval`] | make a model from labelled text; measure one |
//! | [`cli`] | is the command line; the only one of them that prints and reads the environment |
#![deny(missing_docs)]

pub mod block;
pub mod check;
pub mod clean;
pub mod cli;
pub mod config;
pub mod error;
pub mod eval;
pub mod report;
pub mod signal;
pub mod sketch;
pub mod source;
pub mod train;
pub mod verdict;

pub use error::{Error, Result};

// The command line names the library as any other program does; the Python package runs it from here.
extern crate self as weedout;

/// The examples of the front page are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
