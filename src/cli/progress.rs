//! A progress bar on terminals, once a run takes a while; nothing elsewhere.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::{Terminal, grouped};

/// A run that takes less needs no bar.
const PATIENCE: Duration = Duration::from_secs(1);

/// Shows how far a run is.
pub(crate) struct Progress {
    bar: ProgressBar,
    /// What is counted besides documents and bytes.
    noun: &'static str,
    /// Someone is watching, and nothing was shown yet.
    waiting: AtomicBool,
    bytes: AtomicUsize,
    removed: AtomicUsize,
}

impl Progress {
    /// A bar if someone is watching. `noun` is what [`Progress::removed`] counts.
    pub(crate) fn new(terminal: &Terminal, noun: &'static str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("  {bar:24} {pos}/{len} documents  {msg}  {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        let waiting = AtomicBool::new(terminal.is_watched());
        Self { bar, noun, waiting, bytes: AtomicUsize::new(0), removed: AtomicUsize::new(0) }
    }

    /// The number of documents to do.
    pub(crate) fn start(&self, documents: usize) {
        self.bar.set_length(documents as u64);
    }

    /// One more document of so many bytes is done.
    pub(crate) fn worked(&self, bytes: u64) {
        let bytes = self.bytes.fetch_add(bytes as usize, Ordering::Relaxed) + bytes as usize;
        let elapsed = self.bar.elapsed();
        let (speed, removed) =
            (bytes as f64 / 1e6 / elapsed.as_secs_f64().max(0.001), self.removed.load(Ordering::Relaxed));
        self.bar.set_message(format!("{speed:.1} MB/s  {} {}", grouped(removed), self.noun));
        self.bar.inc(1);
        if elapsed >= PATIENCE && self.waiting.swap(false, Ordering::Relaxed) {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(Duration::from_millis(250));
        }
    }

    /// So much more was removed, or found.
    pub(crate) fn removed(&self, blocks: usize) {
        self.removed.fetch_add(blocks, Ordering::Relaxed);
    }

    /// Lets something else be written.
    pub(crate) fn pause<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }

    /// Takes the bar away.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
