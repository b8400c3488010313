//! Records of WARC files (ISO 28500), WET among them.
//!
//! Our own, because a crate would cost more code around it than it saves: places, a cap on size, lengths that lie and streams
//! that end early all have to come out as records of their own.

use std::io::{self, BufRead, Read};

use super::jsonl::{Line, read_line};
use super::limit::Limits;
use super::record::{Place, Raw};

/// The largest header taken, in bytes. Real ones have about one thousand.
const HEADER: usize = 64 << 10;
/// What is set aside for content before it is there, whatever length is stated.
const ADVANCE: usize = 1 << 20;
/// The end of a record: two line ends that its length does not count.
const END: &[u8] = b"\r\n\r\n";

/// A record: header and content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// `WARC-Type`, in lower case.
    pub kind: String,
    /// `WARC-Record-ID`, without angle brackets.
    pub id: Option<String>,
    /// `WARC-Target-URI`.
    pub url: Option<String>,
    /// `WARC-Date`.
    pub date: Option<String>,
    /// `Content-Type`.
    pub media: Option<String>,
    /// `WARC-Identified-Payload-Type`: what the crawler found the content to be.
    pub payload: Option<String>,
    /// The content.
    pub body: Vec<u8>,
}

/// The records of a stream.
pub struct Warc<R> {
    input: Ahead<R>,
    limits: Limits,
    place: Place,
    /// The last record did not end where it said: the next is to be looked for.
    lost: bool,
}

impl<R: BufRead> Warc<R> {
    /// The records of `input`.
    pub fn new(input: R, limits: Limits) -> Self {
        let input = Ahead { inner: input, again: Vec::new(), at: 0, passed: 0 };
        Self { input, limits, place: Place::default(), lost: false }
    }

    /// The stream again.
    pub fn into_inner(self) -> R {
        self.input.inner
    }

    /// Where the record being read, or the next one, stands.
    pub fn place(&self) -> Place {
        self.place
    }

    /// The next record; `None` at the end.
    ///
    /// # Errors
    /// Those of the stream, or that it ends inside a record; what stands at [`Warc::place`] was cut off.
    pub fn read(&mut self) -> io::Result<Option<Raw<Record>>> {
        let Some(start) = self.start()? else { return Ok(None) };
        let content = match start {
            Ok(()) => self.record()?,
            Err(reason) => Err(reason),
        };
        self.lost = content.is_err();
        let place = self.place;
        self.place.number += 1;
        Ok(Some(Raw { place, content }))
    }

    /// Goes to the next record and past its first line; `None` at the end of the stream. Anything else that stands there is
    /// a bad record of its own, unless the last one was bad: then it belongs to that.
    fn start(&mut self) -> io::Result<Option<Result<(), String>>> {
        let mut line = Vec::new();
        loop {
            self.place.offset = self.input.passed;
            match read_line(&mut self.input, HEADER, &mut line)? {
                Line::End => return Ok(None),
                Line::Whole if is_version(&line) => return Ok(Some(Ok(()))),
                Line::Whole if line.trim_ascii().is_empty() || self.lost => {}
                Line::TooLong(_) if self.lost => {}
                _ => return Ok(Some(Err("no WARC record starts here".into()))),
            }
        }
    }

    /// Reads header and content.
    fn record(&mut self) -> io::Result<Result<Record, String>> {
        let (mut record, length) = match self.header()? {
            Ok(header) => header,
            Err(reason) => return Ok(Err(reason)),
        };
        if length > self.limits.record as u64 {
            self.input.skip(length)?;
            return Ok(Err(self.limits.too_large()));
        }
        record.body.reserve((length as usize).min(ADVANCE));
        let read = self.input.by_ref().take(length).read_to_end(&mut record.body)? as u64;
        let mut end = Vec::with_capacity(END.len());
        self.input.by_ref().take(END.len() as u64).read_to_end(&mut end)?;
        if read == length && (end == END || end.is_empty()) {
            return Ok(Ok(record));
        }
        self.mend(record, end)
    }

    /// A record that does not end where it says. If another starts within what was taken for its content, reading goes on
    /// there; if the stream ends first, it was cut off.
    fn mend(&mut self, record: Record, end: Vec<u8>) -> io::Result<Result<Record, String>> {
        let taken = [record.body, end].concat();
        let next = memchr::memmem::find_iter(&taken, b"\nWARC/").map(|at| at + 1).find(|at| is_version(&taken[*at..]));
        match next {
            None if self.input.fill_buf()?.is_empty() => Err(cut_off()),
            _ => {
                // What stands after the last line end may be the start of the next record's first line.
                let line = memchr::memrchr(b'\n', &taken).map_or(taken.len(), |at| at + 1);
                let from = next.unwrap_or(line);
                self.input.back(&taken[from..]);
                Ok(Err("its Content-Length does not lead to its end".into()))
            }
        }
    }

    /// The header fields and the length of the content.
    fn header(&mut self) -> io::Result<Result<(Record, u64), String>> {
        let (mut record, mut length, mut size) = (Record::default(), None, 0);
        let mut line = Vec::new();
        loop {
            match read_line(&mut self.input, HEADER - size, &mut line)? {
                Line::End => return Err(cut_off()),
                Line::TooLong(_) => return Ok(Err("its header is larger than 64 KiB".into())),
                Line::Whole if line.trim_ascii().is_empty() => break,
                Line::Whole => size += line.len().min(HEADER - size),
            }
            let Some(colon) = memchr::memchr(b':', &line) else { continue };
            let value = String::from_utf8_lossy(line[colon + 1..].trim_ascii()).into_owned();
            if line[..colon].eq_ignore_ascii_case(b"content-length") {
                length = value.parse().ok();
            } else {
                record.set(&line[..colon], value);
            }
        }
        Ok(length.map(|length| (record, length)).ok_or_else(|| "it has no readable Content-Length".into()))
    }
}

impl Record {
    fn set(&mut self, name: &[u8], value: String) {
        match name.to_ascii_lowercase().as_slice() {
            b"warc-type" => self.kind = value.to_ascii_lowercase(),
            b"warc-record-id" => self.id = Some(value.trim_matches(['<', '>']).to_owned()),
            b"warc-target-uri" => self.url = Some(value.trim_matches(['<', '>']).to_owned()),
            b"warc-date" => self.date = Some(value),
            b"content-type" => self.media = Some(value),
            b"warc-identified-payload-type" => self.payload = Some(value),
            _ => {}
        }
    }
}

fn cut_off() -> io::Error {
    io::Error::new(io::ErrorKind::UnexpectedEof, "the file ends inside a record")
}

/// `WARC/1.0` and its like, at the start of a line.
fn is_version(line: &[u8]) -> bool {
    line.strip_prefix(b"WARC/")
        .is_some_and(|rest| rest.len() > 3 && rest[0].is_ascii_digit() && rest[1] == b'.' && rest[2].is_ascii_digit())
}

/// A reader that bytes can be given back to, and that knows how many have passed.
struct Ahead<R> {
    inner: R,
    again: Vec<u8>,
    at: usize,
    passed: u64,
}

impl<R: BufRead> Ahead<R> {
    fn back(&mut self, bytes: &[u8]) {
        self.again = [bytes, &self.again[self.at..]].concat();
        self.at = 0;
        self.passed -= bytes.len() as u64;
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.by_ref().take(length), &mut io::sink())?;
        if skipped < length { Err(cut_off()) } else { Ok(()) }
    }
}

impl<R: BufRead> Read for Ahead<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = if self.at < self.again.len() {
            (&self.again[self.at..]).read(buffer).inspect(|read| self.at += read)?
        } else {
            self.inner.read(buffer)?
        };
        self.passed += read as u64;
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Ahead<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at < self.again.len() { Ok(&self.again[self.at..]) } else { self.inner.fill_buf() }
    }

    fn consume(&mut self, amount: usize) {
        self.passed += amount as u64;
        if self.at < self.again.len() {
            self.at += amount;
        } else {
            self.inner.consume(amount);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn record(kind: &str, length: usize, body: &str) -> String {
        format!(
            "WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:{body}>\r\nContent-Length: {length}\r\n\r\n{body}\r\n\r\n"
        )
    }

    /// The bodies of the records, with the reasons of bad ones, and how the stream ended.
    fn read(text: &str) -> (Vec<String>, bool) {
        let limits = Limits { record: 1000, ..Limits::default() };
        let mut warc = Warc::new(text.as_bytes(), limits);
        let mut found = Vec::new();
        loop {
            match warc.read() {
                Ok(None) => return (found, true),
                Err(_) => return (found, false),
                Ok(Some(raw)) => {
                    let at = raw.place.offset as usize;
                    assert!(raw.content.is_err() || text[at..].starts_with("WARC/"), "{at}");
                    found.push(raw.content.map_or_else(|why| why, |r| String::from_utf8(r.body).unwrap()));
                }
            }
        }
    }

    #[test]
    fn records_follow_one_another() {
        let (found, whole) = read(&[record("response", 3, "one"), record("Conversion", 0, "")].concat());
        assert!(whole && found == ["one", ""]);
    }

    #[test]
    fn a_length_that_lies_costs_no_other_record() {
        let good = record("response", 4, "good");
        for lie in [2, 9, 200] {
            let (found, whole) =
                read(&[good.clone(), record("response", lie, "bad one"), good.clone(), good.clone()].concat());
            assert!(whole, "{lie}");
            assert_eq!(
                (found.len(), &found[0][..], &found[2][..], &found[3][..]),
                (4, "good", "good", "good"),
                "{lie}"
            );
            assert!(found[1].contains("Content-Length"), "{}", found[1]);
        }
    }

    #[test]
    fn large_records_and_noise_are_bad_records_of_their_own() {
        let good = record("response", 4, "good");
        let large = record("response", 5000, &"x".repeat(5000));
        let (found, whole) = read(
            &[&good[..], &large, &good, "noise\r\nmore noise\r\n", &good, "WARC/1.0\r\nNo: length\r\n\r\n", &good]
                .concat(),
        );
        assert!(whole);
        assert_eq!(found.len(), 7, "{found:?}");
        assert!(
            found[1].contains("larger") && found[3].contains("no WARC record") && found[5].contains("Content-Length")
        );
    }

    #[test]
    fn a_stream_that_ends_inside_a_record_says_so() {
        let text = [record("response", 4, "good"), record("response", 4, "good")].concat();
        for cut in [text.len() - 7, text.len() - 20, text.len() - 60] {
            let (found, whole) = read(&text[..cut]);
            assert!(!whole && found == ["good"], "{cut}: {found:?}");
        }
    }
}
