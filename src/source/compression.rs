//! Compressed files, read as a stream: bounded, hashed and with an error where the data is cut off or damaged.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use sha2::{Digest, Sha256};

use super::limit::{Limits, WINDOW};
use crate::{Error, Result};

/// Compressed bytes read at once; the ratio is not known more exactly than by so many.
const CHUNK: usize = 64 << 10;
/// Decompressed bytes kept ready.
const READY: usize = 256 << 10;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// One gzip member or many.
    Gzip,
    /// One Zstandard frame or many.
    Zstd,
}

impl Compression {
    /// By the last extension of a name: `gz`, `zst`, `zstd`; anything else is not compressed.
    pub fn by_name(path: &Path) -> Self {
        match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("gz" | "gzip") => Self::Gzip,
            Some("zst" | "zstd") => Self::Zstd,
            _ => Self::None,
        }
    }

    /// The extension that tells it, with its dot.
    pub fn extension(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Gzip => ".gz",
            Self::Zstd => ".zst",
        }
    }
}

/// The decompressed content of a file.
pub struct Stream {
    content: BufReader<Guard>,
    tap: Arc<Tap>,
}

/// What passed from the file so far.
#[derive(Default)]
struct Tap {
    bytes: AtomicU64,
    hash: Mutex<Sha256>,
}

struct Tapped {
    file: File,
    tap: Arc<Tap>,
}

impl Read for Tapped {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.tap.hash.lock().unwrap_or_else(PoisonError::into_inner).update(&buffer[..read]);
        self.tap.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

impl Stream {
    /// Opens the regular file at `path`.
    ///
    /// # Errors
    /// [`Error::Read`] when it is missing, unreadable or no regular file.
    pub fn open(path: &Path, compression: Compression, limits: Limits) -> Result<Self> {
        let file = regular(path).map_err(|e| Error::read(path, e))?;
        let tap = Arc::new(Tap::default());
        let mut raw = BufReader::with_capacity(CHUNK, Tapped { file, tap: Arc::clone(&tap) });
        // Nothing, compressed by nobody, is nothing.
        let empty = raw.fill_buf().map_err(|e| Error::read(path, e))?.is_empty();
        let compression = if empty { Compression::None } else { compression };
        let (inner, ratio): (Box<dyn Read + Send>, _) = match compression {
            Compression::None => (Box::new(raw), 0),
            Compression::Gzip => (Box::new(Members::new(raw)), limits.ratio),
            Compression::Zstd => (Box::new(Frames::new(raw)), limits.ratio),
        };
        let guard = Guard { inner, ratio, tap: Arc::clone(&tap), out: 0, mark: 0 };
        Ok(Self { content: BufReader::with_capacity(READY, guard), tap })
    }

    /// SHA-256 and size of the file itself, to its end, even when not all of it could be decompressed.
    ///
    /// # Errors
    /// [`Error::Read`], naming `path`.
    pub fn finish(self, path: &Path) -> Result<(String, u64)> {
        let Self { content, tap } = self;
        let read = tap.bytes.load(Ordering::Relaxed);
        drop(content);
        let mut file = File::open(path).map_err(|e| Error::read(path, e))?;
        io::Seek::seek(&mut file, io::SeekFrom::Start(read)).map_err(|e| Error::read(path, e))?;
        let mut rest = Tapped { file, tap: Arc::clone(&tap) };
        io::copy(&mut rest, &mut io::sink()).map_err(|e| Error::read(path, e))?;
        let hash = tap.hash.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Ok((crate::verdict::model::hex(&hash.finalize()), tap.bytes.load(Ordering::Relaxed)))
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.content.read(buffer)
    }
}

impl BufRead for Stream {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.content.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.content.consume(amount);
    }
}

fn regular(path: &Path) -> io::Result<File> {
    // Asked before opening: a pipe would block, a device may act.
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    File::open(path)
}

/// SHA-256 and size of the file at `path`, in constant memory.
///
/// # Errors
/// [`Error::Read`].
pub fn digest(path: &Path) -> Result<(String, u64)> {
    Stream::open(path, Compression::None, Limits::default())?.finish(path)
}

/// Ends a stream that grows too much out of too little.
struct Guard {
    inner: Box<dyn Read + Send>,
    ratio: u64,
    tap: Arc<Tap>,
    /// Bytes that came out since the mark.
    out: u64,
    /// Bytes that had gone in at the mark.
    mark: u64,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.out += read as u64;
        if self.ratio > 0 && self.out >= WINDOW {
            let now = self.tap.bytes.load(Ordering::Relaxed);
            if self.out > self.ratio * (now - self.mark + CHUNK as u64) {
                return Err(io::Error::other(format!(
                    "it grows more than {} times when decompressed, which looks like a decompression bomb; allow more with --max-ratio",
                    self.ratio
                )));
            }
            (self.out, self.mark) = (0, now);
        }
        Ok(read)
    }
}

/// The members of a gzip file, one after the other.
struct Members<R: BufRead>(MultiGzDecoder<R>);

impl<R: BufRead> Members<R> {
    fn new(source: R) -> Self {
        Self(MultiGzDecoder::new(source))
    }
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => io::Error::new(error.kind(), "the gzip data is cut off"),
            _ => io::Error::new(error.kind(), format!("the gzip data is damaged: {error}")),
        })
    }
}

/// A last block without content, and room for the checksum of a frame that has one.
const LAST_BLOCK: &[u8] = &[1, 0, 0, 0, 0, 0, 0];

/// The frames of a Zstandard file, one after the other.
struct Frames<R: BufRead> {
    source: R,
    decoder: FrameDecoder,
    inside: bool,
    /// What ended the stream, to be told after what came before it.
    fault: Option<io::Error>,
}

impl<R: BufRead> Frames<R> {
    fn new(source: R) -> Self {
        Self { source, decoder: FrameDecoder::new(), inside: false, fault: None }
    }

    /// Enters the next frame; false at the end.
    fn enter(&mut self) -> io::Result<bool> {
        use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.init(&mut self.source) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut (&mut self.source).take(length.into()), &mut io::sink())?;
                    if skipped < length.into() {
                        return Err(damaged(&"a frame to be skipped is cut off"));
                    }
                }
                Err(error) => return Err(damaged(&error)),
            }
        }
        Ok(false)
    }

    /// Decodes the next block. The decoder holds back a window of what it has until the frame ends; where the file is cut
    /// off, the frame is ended for it, so that all whole blocks come out.
    fn decode(&mut self) -> io::Result<()> {
        let decoded = self.decoder.decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1));
        let Err(error) = decoded else { return Ok(()) };
        let error = damaged(&error);
        let cut_off = self.source.fill_buf()?.is_empty();
        if cut_off && self.decoder.decode_blocks(LAST_BLOCK, BlockDecodingStrategy::All).is_ok() {
            self.fault = Some(error);
            return Ok(());
        }
        Err(error)
    }

    fn leave(&mut self) -> io::Result<()> {
        self.inside = false;
        if let Some(fault) = self.fault.take() {
            return Err(fault);
        }
        match (self.decoder.get_checksum_from_data(), self.decoder.get_calculated_checksum()) {
            (Some(stated), Some(found)) if stated != found => Err(damaged(&"its checksum is another")),
            _ => Ok(()),
        }
    }
}

fn damaged(error: &dyn std::fmt::Display) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("the zstd data is cut off or damaged: {error}"))
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.inside && self.decoder.can_collect() > 0 {
                return self.decoder.read(buffer);
            }
            if self.inside && self.decoder.is_finished() {
                self.leave()?;
            }
            if !self.inside {
                self.inside = self.enter()?;
                if !self.inside {
                    return Ok(0);
                }
            }
            self.decode()?;
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    /// What comes out of a file with `bytes`, and how it ends.
    fn read(bytes: &[u8], compression: Compression) -> (Vec<u8>, Option<String>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        let mut stream = Stream::open(file.path(), compression, Limits::default()).unwrap();
        let mut content = Vec::new();
        let error = stream.read_to_end(&mut content).err().map(|error| error.to_string());
        let (sha256, size) = stream.finish(file.path()).unwrap();
        assert_eq!((sha256, size), (crate::clean::record::sha256(bytes), bytes.len() as u64));
        (content, error)
    }

    #[test]
    fn members_and_frames_follow_one_another() {
        let skip = [&0x184D_2A50_u32.to_le_bytes()[..], &3_u32.to_le_bytes(), b"xyz"].concat();
        assert_eq!(
            read(&[gzip(b"one "), gzip(b""), gzip(b"two")].concat(), Compression::Gzip),
            (b"one two".into(), None)
        );
        assert_eq!(
            read(&[zstd(b"one "), skip, zstd(b""), zstd(b"two")].concat(), Compression::Zstd),
            (b"one two".into(), None)
        );
        assert_eq!(read(b"", Compression::Zstd), (Vec::new(), None));
    }

    #[test]
    fn what_is_whole_comes_out_before_the_error() {
        let text: Vec<u8> = (0..200_000_u32).flat_map(|n| n.to_string().into_bytes()).collect();
        for (compression, whole) in [(Compression::Gzip, gzip(&text)), (Compression::Zstd, zstd(&text))] {
            let (content, error) = read(&whole[..whole.len() / 2], compression);
            assert!(content.len() > 100_000 && text.starts_with(&content), "{compression:?}: {}", content.len());
            assert!(error.unwrap().contains("cut off"));
            let (content, error) = read(&[&whole[..], b"trailing garbage"].concat(), compression);
            assert!(content == text && error.unwrap().contains("damaged"));
        }
    }

    #[test]
    fn a_bomb_ends_early() {
        let (content, error) = read(&gzip(&vec![0; 256 << 20]), Compression::Gzip);
        assert!(content.len() < 128 << 20 && error.unwrap().contains("bomb"));
    }
}
