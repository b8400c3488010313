//! Sentences of a long block, so that one spam sentence can go and its paragraph stay.

use std::ops::Range;

/// Sentences shorter than this many bytes are joined to the one before: "Yes." alone says nothing. Those that begin a turn are
/// joined to the one after.
const SHORT: usize = 24;

/// Byte ranges of the sentences of `text`, in order, white space between them belonging to the sentence before.
/// They tile the trimmed text. Abbreviations split too eagerly do no harm: neighbours pull them together again.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut at = 0;
    while let Some(c) = next_end(text, &mut at) {
        let mut end = at + c.len_utf8();
        while let Some(next) = text[end..].chars().next().filter(|&next| is_end(next) || is_close(next)) {
            end += next.len_utf8();
        }
        at = end;
        let rest = after_gap(&text[end..]);
        let gap = text.len() - end - rest.len();
        if gap == 0 && !is_wide_end(c) {
            continue;
        }
        if rest.chars().next().is_some_and(char::is_lowercase) {
            continue;
        }
        push(&mut found, text, start..end + gap);
        start = end + gap;
    }
    if start < text.len() {
        push(&mut found, text, start..text.len());
    }
    found
}

/// Space that a sloppy export left as an entity.
pub(crate) const GAPS: [&str; 2] = ["&nbsp;", "&#160;"];

/// What follows white space, that among it which a sloppy export left as an entity.
fn after_gap(text: &str) -> &str {
    let mut rest = text.trim_start();
    while let Some(after) = GAPS.iter().find_map(|entity| rest.strip_prefix(entity)) {
        rest = after.trim_start();
    }
    rest
}

/// The next character at or after `at` that may end a sentence; `at` is moved to it.
fn next_end(text: &str, at: &mut usize) -> Option<char> {
    // The first bytes of what `is_end` names.
    let may = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | b'\n' | 0xD8 | 0xDB | 0xE0..=0xE3 | 0xEF);
    loop {
        *at += text.as_bytes()[*at..].iter().position(may)?;
        let c = text[*at..].chars().next()?;
        if is_end(c) {
            return Some(c);
        }
        *at += c.len_utf8();
    }
}

fn push(found: &mut Vec<Range<usize>>, text: &str, range: Range<usize>) {
    match found.last_mut() {
        Some(last) if last.len() < SHORT => last.end = range.end,
        Some(last) if range.len() < SHORT && !begins_turn(&text[range.clone()]) => last.end = range.end,
        _ => found.push(range),
    }
}

/// A name before a colon, a time in brackets, a dash: somebody begins to speak, and what went before is somebody else's.
fn begins_turn(sentence: &str) -> bool {
    sentence.starts_with(['*', '[', '>', '-', '–', '—']) || sentence.contains(": ") || sentence.contains(":** ")
}

fn is_end(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '\n' | '؟' | '۔' | '।') || is_wide_end(c)
}

/// Ends of scripts that write no space between sentences.
fn is_wide_end(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '။' | '។' | '\n')
}

fn is_close(c: char) -> bool {
    matches!(c, '"' | '\'' | ')' | ']' | '»' | '”' | '’' | '」' | '』' | '*' | '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|r| &text[r]).collect()
    }

    #[test]
    fn sentences_tile_the_text() {
        let text = "We started the company in a garage in 2009. Nobody believed us, e.g. the banks. \"Why would they?\" Indeed! 私はそう思いませんでした。そして彼は笑っていました。";
        assert_eq!(parts(text).concat(), text);
        assert_eq!(parts(text).len(), 4);
    }

    #[test]
    fn every_end_is_found() {
        let all: Vec<char> = ('\0'..=char::MAX).filter(|&c| is_end(c)).collect();
        let text: String = all.iter().flat_map(|&c| ['x', c]).collect();
        let (mut at, mut found) = (0, Vec::new());
        while let Some(c) = next_end(&text, &mut at) {
            found.push(c);
            at += c.len_utf8();
        }
        assert_eq!(found, all);
    }

    #[test]
    fn a_space_written_as_an_entity_parts_sentences_too() {
        let text = "That is the whole adder, bit by bit.&nbsp;&nbsp;What comes next is how many gates we need.";
        assert_eq!(parts(text).len(), 2);
        assert_eq!(parts(text).concat(), text);
    }

    #[test]
    fn a_turn_is_none_of_the_sentence_before() {
        let text = "Daftar slot gacor hari ini sekarang juga. **Abi:** Yeah. Two decades of moving fast.";
        assert_eq!(
            parts(text),
            ["Daftar slot gacor hari ini sekarang juga. ", "**Abi:** Yeah. Two decades of moving fast."]
        );
        let text = "Daftar slot gacor hari ini sekarang juga. Abi: Yeah.";
        assert_eq!(parts(text).len(), 2);
    }

    #[test]
    fn short_answers_stay_with_their_neighbour() {
        assert_eq!(parts("Yes. No. I think that is what happened there.").len(), 1);
        assert_eq!(parts("").len(), 0);
    }
}
