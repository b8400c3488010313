//! A progress bar on terminals, nothing elsewhere.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::terminal::Terminal;

/// Shows how far a run is.
pub(crate) struct Progress {
    bar: ProgressBar,
    bytes: AtomicUsize,
    removed: AtomicUsize,
}

impl Progress {
    /// A bar if someone is watching.
    pub(crate) fn new(terminal: &Terminal) -> Self {
        let target = if terminal.is_watched() { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(None, target);
        let style = ProgressStyle::with_template("  {bar:24} {pos}/{len} documents  {msg}  {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, bytes: AtomicUsize::new(0), removed: AtomicUsize::new(0) }
    }

    /// The number of documents to do.
    pub(crate) fn start(&self, documents: usize) {
        self.bar.set_length(documents as u64);
        self.bar.enable_steady_tick(Duration::from_millis(250));
    }

    /// One more document of so many bytes is done.
    pub(crate) fn worked(&self, bytes: u64) {
        let bytes = self.bytes.fetch_add(bytes as usize, Ordering::Relaxed) + bytes as usize;
        let seconds = self.bar.elapsed().as_secs_f64().max(0.001);
        let removed = self.removed.load(Ordering::Relaxed);
        self.bar.set_message(format!("{:.1} MB/s  {removed} blocks removed", bytes as f64 / 1e6 / seconds));
        self.bar.inc(1);
    }

    /// So many blocks more were removed.
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
