//! Lines of a stream, none larger than allowed.

use std::io::{self, BufRead, Read};

use super::limit::Limits;
use super::record::{Place, Raw};

/// What became of reading a line.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// The stream is at its end.
    End,
    /// The line is in the buffer, with its line end if it has one.
    Whole,
    /// The line had so many bytes, more than allowed; it was passed over.
    TooLong(u64),
}

/// Reads the next line into `line`, which is emptied first. Never more than `limit` bytes are held, however long the line.
///
/// # Errors
/// Those of `input`; what `line` holds then was cut off.
pub fn read_line(input: &mut impl BufRead, limit: usize, line: &mut Vec<u8>) -> io::Result<Line> {
    line.clear();
    let read = input.by_ref().take(limit as u64 + 1).read_until(b'\n', line)?;
    if read <= limit || line.ends_with(b"\n") {
        return Ok(if read == 0 { Line::End } else { Line::Whole });
    }
    let mut size = read as u64;
    *line = Vec::new();
    loop {
        let buffer = input.fill_buf()?;
        let end = memchr::memchr(b'\n', buffer);
        let length = end.map_or(buffer.len(), |at| at + 1);
        if length == 0 {
            return Ok(Line::TooLong(size));
        }
        input.consume(length);
        size += length as u64;
        if end.is_some() {
            return Ok(Line::TooLong(size));
        }
    }
}

/// The records of JSON Lines: lines that are not blank.
pub struct Lines<R> {
    input: R,
    limits: Limits,
    place: Place,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `input`.
    pub fn new(input: R, limits: Limits) -> Self {
        Self { input, limits, place: Place::default() }
    }

    /// The stream again.
    pub fn into_inner(self) -> R {
        self.input
    }

    /// Where the record being read, or the next one, stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The next line that is not blank; `None` at the end.
    ///
    /// # Errors
    /// Those of the stream; the line at [`Lines::place`] was cut off.
    pub fn read(&mut self) -> io::Result<Option<Raw<Vec<u8>>>> {
        loop {
            let mut line = Vec::new();
            let (size, content) = match read_line(&mut self.input, self.limits.record, &mut line)? {
                Line::End => return Ok(None),
                Line::Whole => (line.len() as u64, Ok(line)),
                Line::TooLong(size) => (size, Err(self.limits.too_large())),
            };
            let place = self.place;
            self.place = Place { number: place.number + 1, offset: place.offset + size };
            if !content.as_ref().is_ok_and(|line| line.trim_ascii().is_empty()) {
                return Ok(Some(Raw { place, content }));
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_passed_over_and_places_are_kept() {
        let limits = Limits { record: 4, ..Limits::default() };
        let mut lines = Lines::new(&b"abc\n\nabcdefgh\nabcd\nx"[..], limits);
        let mut found = Vec::new();
        while let Some(raw) = lines.read().unwrap() {
            found.push((raw.place.number, raw.place.offset, raw.content.ok()));
        }
        let some = |text: &str| Some(text.as_bytes().to_vec());
        assert_eq!(found, [(1, 0, some("abc\n")), (3, 5, None), (4, 14, some("abcd\n")), (5, 19, some("x"))]);
    }

    #[test]
    fn a_line_without_end_is_held_no_further_than_allowed() {
        let mut line = Vec::new();
        let mut input = std::io::BufReader::new(std::io::repeat(b'x').take(1 << 20));
        assert_eq!(read_line(&mut input, 1000, &mut line).unwrap(), Line::TooLong(1 << 20));
        assert!(line.capacity() < 4096);
    }
}
