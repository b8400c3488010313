//! Sentences of a long block, so that one spam sentence can go and its paragraph stay.

use std::ops::Range;

/// Sentences shorter than this many bytes are joined to the one before: "Yes." alone says nothing.
const SHORT: usize = 24;

/// Byte ranges of the sentences of `text`, in order, white space between them belonging to the sentence before.
/// They tile the trimmed text. Abbreviations split too eagerly do no harm: neighbours pull them together again.
pub fn split(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if !is_end(c) {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some(&(_, next)) = chars.peek().filter(|(_, next)| is_end(*next) || is_close(*next)) {
            end += next.len_utf8();
            chars.next();
        }
        let rest = &text[end..];
        let gap = rest.len() - rest.trim_start().len();
        if gap == 0 && !is_wide_end(c) {
            continue;
        }
        if rest.trim_start().chars().next().is_some_and(char::is_lowercase) {
            continue;
        }
        push(&mut found, start..end + gap);
        start = end + gap;
    }
    if start < text.len() {
        push(&mut found, start..text.len());
    }
    found
}

fn push(found: &mut Vec<Range<usize>>, range: Range<usize>) {
    match found.last_mut() {
        Some(last) if last.len() < SHORT => last.end = range.end,
        Some(last) if range.len() < SHORT => last.end = range.end,
        _ => found.push(range),
    }
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
    fn short_answers_stay_with_their_neighbour() {
        assert_eq!(parts("Yes. No. I think that is what happened there.").len(), 1);
        assert_eq!(parts("").len(), 0);
    }
}
