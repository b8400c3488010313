//! `SubRip` and `WebVTT`: one block a cue, removed whole with its number and times.

use super::{Block, Document, Format, Kind, Metadata, line, line::Line, link};

/// Splits subtitles into cues. The `WEBVTT` header, `NOTE`, `STYLE` and `REGION` blocks belong to no block.
pub fn parse(source: &str, format: Format) -> Document<'_> {
    let lines = line::lines(source, 0);
    let mut blocks = Vec::new();
    for paragraph in lines.split(Line::is_blank).filter(|p| !p.is_empty()) {
        if let Some(block) = cue(source, paragraph) {
            blocks.push(block);
        }
    }
    absorb_blank_lines(&mut blocks, &lines);
    Document { format, source, blocks, metadata: Metadata::default() }
}

/// A paragraph of lines as a cue; text without times is a block of its own, so that nothing escapes judgement.
fn cue<'a>(source: &'a str, paragraph: &[Line<'a>]) -> Option<Block<'a>> {
    let (first, last) = (paragraph.first()?, paragraph.last()?);
    let times = paragraph.iter().take(2).position(|line| line.text.contains("-->"));
    if times.is_none() && ["WEBVTT", "NOTE", "STYLE", "REGION"].iter().any(|word| first.text.starts_with(word)) {
        return None;
    }
    let text = &paragraph[times.map_or(0, |at| at + 1)..];
    let (from, to) = (text.first()?, text.last()?);
    let inner = line::range_in(source, from.text).start..line::range_in(source, to.text).end;
    let mut block = Block::new(Kind::Cue, &source[inner], first.start..last.end, (first.number, last.number));
    if let std::borrow::Cow::Borrowed(text) = block.text {
        block.links = link::find(text);
    }
    Some(block)
}

fn absorb_blank_lines(blocks: &mut [Block<'_>], lines: &[Line<'_>]) {
    for span in blocks.iter_mut().filter_map(|block| block.span.as_mut()) {
        let next = lines.partition_point(|line| line.start < span.end);
        span.end = lines[next..].iter().take_while(|line| line.is_blank()).last().map_or(span.end, |line| line.end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cues_carry_number_times_and_text() {
        let source = "1\r\n00:00:01,000 --> 00:00:02,000\r\nSarah: Hello\r\nthere.\r\n\r\n2\r\n00:00:03,000 --> 00:00:04,000\r\nYeah.\r\n";
        let document = parse(source, Format::Srt);
        assert_eq!(document.blocks.len(), 2);
        assert_eq!(document.blocks[0].text, "Sarah: Hello\r\nthere.");
        assert!(source[document.blocks[0].span.clone().unwrap_or_default()].starts_with("1\r\n"));
        assert!(source[document.blocks[0].span.clone().unwrap_or_default()].ends_with("\r\n\r\n"));
    }

    #[test]
    fn notes_and_styles_are_not_cues() {
        let source = "WEBVTT\n\nNOTE made by hand\n\nSTYLE\n::cue {}\n\nintro\n00:01.000 --> 00:02.000\n<v Ann>Hi.\n\nloose text";
        let document = parse(source, Format::Vtt);
        assert_eq!(document.blocks.iter().map(|b| b.text.as_ref()).collect::<Vec<_>>(), ["<v Ann>Hi.", "loose text"]);
    }
}
