//! Compressing an output as its input was.

use std::io::{self, Write};

use flate2::write::GzEncoder;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use super::output::Output;
use crate::source::compression::Compression;

/// Bytes in a Zstandard frame. The encoder takes whole frames; a file of many is as good.
const FRAME: usize = 4 << 20;

/// A compressed file being written. What it holds depends on the bytes written, not on how they were cut.
pub(super) enum Packer {
    Plain(Output),
    Gzip(Box<GzEncoder<Output>>),
    Zstd { output: Output, frame: Vec<u8> },
}

impl Packer {
    pub(super) fn new(output: Output, compression: Compression) -> Self {
        match compression {
            Compression::None => Self::Plain(output),
            Compression::Gzip => Self::Gzip(Box::new(GzEncoder::new(output, flate2::Compression::default()))),
            Compression::Zstd => Self::Zstd { output, frame: Vec::with_capacity(FRAME) },
        }
    }

    /// The file, with all that was written in it.
    pub(super) fn finish(self) -> io::Result<Output> {
        match self {
            Self::Plain(output) => Ok(output),
            Self::Gzip(encoder) => encoder.finish(),
            Self::Zstd { mut output, frame } => {
                pack(&mut output, &frame)?;
                Ok(output)
            }
        }
    }

    pub(super) fn output(&self) -> &Output {
        match self {
            Self::Plain(output) | Self::Zstd { output, .. } => output,
            Self::Gzip(encoder) => encoder.get_ref(),
        }
    }
}

fn pack(output: &mut Output, frame: &[u8]) -> io::Result<()> {
    if frame.is_empty() { Ok(()) } else { output.write_all(&compress_to_vec(frame, CompressionLevel::Fastest)) }
}

impl Write for Packer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(output) => output.write(bytes),
            Self::Gzip(encoder) => encoder.write(bytes),
            Self::Zstd { output, frame } => {
                let taken = bytes.len().min(FRAME - frame.len());
                frame.extend_from_slice(&bytes[..taken]);
                if frame.len() == FRAME {
                    pack(output, frame)?;
                    frame.clear();
                }
                Ok(taken)
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
