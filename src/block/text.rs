//! Plain text and transcripts: one block a line that is not blank.

use super::{Block, Document, Format, Kind, front, line, link};

/// Splits plain text. Front matter, if any, belongs to no block.
pub fn parse(source: &str) -> Document<'_> {
    let from = front::end(source);
    let lines = line::lines(source, from);
    let mut blocks: Vec<Block<'_>> = Vec::new();
    for line in lines {
        if line.is_blank() {
            if let Some(span) = blocks.last_mut().and_then(|block| block.span.as_mut()) {
                span.end = line.end;
            }
            continue;
        }
        let mut block = Block::new(Kind::Line, line.text, line.start..line.end, (line.number, line.number));
        block.links = link::find(line.text);
        blocks.push(block);
    }
    Document { format: Format::Text, source, blocks, metadata: front::metadata(&source[..from]) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_disjoint_and_take_the_blank_lines_after_them() {
        let source = "\nYeah.\n\n\nRight, so https://a.example/x is it.\nEnd";
        let document = parse(source);
        let texts: Vec<_> = document.blocks.iter().map(|b| &source[b.span.clone().unwrap_or_default()]).collect();
        assert_eq!(texts, ["Yeah.\n\n\n", "Right, so https://a.example/x is it.\n", "End"]);
        assert_eq!(document.blocks[1].links[0].host().as_deref(), Some("a.example"));
        assert_eq!(document.blocks[2].lines, (6, 6));
    }
}
