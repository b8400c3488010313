//! How much of an input is taken before it is taken for an attack or an accident.

/// Bounds for one file of records. Beyond them a record is rejected, or reading ends, and both are recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Limits {
    /// The largest record, in bytes after decompression. Crawls cut pages off at 1 to 5 MiB.
    pub record: usize,
    /// The highest ratio of decompressed to compressed bytes over any [`WINDOW`]; 0 for no limit. Pages and text come to 3 to
    /// 10; gzip can reach 1032 and zstd far more, on runs of one byte.
    pub ratio: u64,
}

/// Decompressed bytes over which the ratio is taken.
pub const WINDOW: u64 = 32 << 20;

impl Default for Limits {
    fn default() -> Self {
        Self { record: 64 << 20, ratio: 200 }
    }
}

impl Limits {
    /// Why a record of more than [`Limits::record`] bytes is rejected.
    pub(crate) fn too_large(self) -> String {
        format!("the record is larger than {} MiB; allow more with --max-record", self.record >> 20)
    }
}
