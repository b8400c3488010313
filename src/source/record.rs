//! Records of a file that holds many, and where they stand in it.

/// Where a record stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// 1-based number: the line in JSON Lines (blank ones count), the record in WARC, the row in Parquet.
    pub number: u64,
    /// Byte of the decompressed file at which it starts; 0 in Parquet.
    pub offset: u64,
}

impl Default for Place {
    fn default() -> Self {
        Self { number: 1, offset: 0 }
    }
}

/// A record as it stood in its file, or what is wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw<T> {
    /// Where it stands.
    pub place: Place,
    /// What it is, or why it cannot be taken.
    pub content: Result<T, String>,
}
