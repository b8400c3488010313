//! Reading the records of a file in batches, on a thread of its own.

use std::io;
use std::sync::mpsc::SyncSender;

use super::outcome::Outcome;
use super::page;
use crate::Result;
use crate::clean::row::{self, Options, Source};
use crate::source::compression::{Compression, Stream};
use crate::source::jsonl::Lines;
use crate::source::record::{Place, Raw};
use crate::source::warc::{self, Warc};
use crate::source::{Container, Input, Limits};
use crate::verdict::Judge;

/// A batch holds about so many bytes of records. One is read and one written while one is cleaned, and one waits on
/// either side.
const BATCH: usize = 4 << 20;

/// A record as it came.
pub(super) enum Item {
    Line(Vec<u8>),
    Page(Box<warc::Record>),
}

impl Item {
    fn size(&self) -> usize {
        match self {
            Self::Line(line) => line.len(),
            Self::Page(record) => record.body.len(),
        }
    }

    pub(super) fn clean(&self, options: &Options, judge: &dyn Judge) -> Outcome {
        match self {
            Self::Line(line) => Outcome::of_line(line, options, judge),
            Self::Page(record) => page::outcome(record, options, judge),
        }
    }

    /// The document in it; `None` when it is none or cannot be read.
    pub(super) fn text(&self, options: &Options) -> Option<Source> {
        match self {
            Self::Line(line) => row::text(line, options),
            Self::Page(record) => page::text(record, options),
        }
    }
}

/// What the reading thread hands on.
pub(super) enum Message {
    Batch(Vec<Raw<Item>>),
    /// The file is cut off or damaged: where, and what is wrong.
    Damaged(Place, String),
}

/// The records of a stream, whatever they are kept in.
pub(super) enum Records {
    Lines(Lines<Stream>),
    Pages(Box<Warc<Stream>>),
}

impl Records {
    /// Opens a file of records.
    pub(super) fn open(input: &Input, container: Container, limits: Limits) -> Result<Self> {
        let stream = Stream::open(&input.path, Compression::by_name(&input.relative), limits)?;
        Ok(match container {
            Container::Warc => Self::Pages(Box::new(Warc::new(stream, limits))),
            _ => Self::Lines(Lines::new(stream, limits)),
        })
    }

    fn read(&mut self) -> io::Result<Option<Raw<Item>>> {
        Ok(match self {
            Self::Lines(lines) => lines.read()?.map(|raw| with(raw, Item::Line)),
            Self::Pages(pages) => pages.read()?.map(|raw| with(raw, |record| Item::Page(Box::new(record)))),
        })
    }

    fn place(&self) -> Place {
        match self {
            Self::Lines(lines) => lines.place(),
            Self::Pages(pages) => pages.place(),
        }
    }

    fn into_stream(self) -> Stream {
        match self {
            Self::Lines(lines) => lines.into_inner(),
            Self::Pages(pages) => pages.into_inner(),
        }
    }
}

fn with<T, U>(raw: Raw<T>, change: impl FnOnce(T) -> U) -> Raw<U> {
    Raw { place: raw.place, content: raw.content.map(change) }
}

/// Reads records in batches and gives the stream back at its end; `None` when nobody listens any more.
pub(super) fn read(mut records: Records, to_clean: &SyncSender<Message>) -> Option<Stream> {
    loop {
        let (batch, end) = batch(&mut records);
        if !batch.is_empty() && to_clean.send(Message::Batch(batch)).is_err() {
            return None;
        }
        match end {
            None => {}
            Some(Ok(())) => break,
            Some(Err(error)) => {
                to_clean.send(Message::Damaged(records.place(), error.to_string())).ok()?;
                break;
            }
        }
    }
    Some(records.into_stream())
}

/// The next records, and how the stream ended if it did.
fn batch(records: &mut Records) -> (Vec<Raw<Item>>, Option<io::Result<()>>) {
    let (mut batch, mut size) = (Vec::new(), 0);
    while size < BATCH {
        match records.read() {
            Ok(Some(raw)) => {
                // Small records and rejected ones cost something too.
                size += 256 + raw.content.as_ref().map_or(0, Item::size);
                batch.push(raw);
            }
            Ok(None) => return (batch, Some(Ok(()))),
            Err(error) => return (batch, Some(Err(error))),
        }
    }
    (batch, None)
}
