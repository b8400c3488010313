//! Words that are no words until letters are mended: doubled, swapped, with marks of another language.
//!
//! Mending asks which words a model knows, so that `çaşınö` is mended and `kaşına` is not. One such word in a text is a slip or
//! a name; a text in which every third word is one was written so that no filter reads it.

use unicode_normalization::UnicodeNormalization;

/// Longest word, in bytes, in which letters are exchanged.
const LONGEST: usize = 24;
/// Shortest word that is mended, in bytes: shorter ones turn into each other by chance.
const SHORTEST: usize = 4;
/// So many words must have been mended before the text counts as disguised.
const WORDS: usize = 3;

/// So many words without one that can be mended, and there will be none.
const TRIED: usize = 3;

/// `view` (folded text) with words mended that `knows` then knows; `None` for text that is not disguised so.
pub(super) fn mend(view: &str, knows: impl Fn(&str) -> bool) -> Option<String> {
    let is_long = |word: &str| word.len() >= SHORTEST;
    let total = view.split(' ').filter(|word| is_long(word)).count();
    let unknown = |word: &str| is_long(word) && !knows(word);
    if total < WORDS || view.split(' ').filter(|word| unknown(word)).count() * 3 < total {
        return None;
    }
    let (mut out, mut tried, mut mended) = (String::with_capacity(view.len()), 0, 0);
    for word in view.split(' ') {
        let better = if unknown(word) { mended_word(word, &knows) } else { None };
        tried += usize::from(unknown(word));
        mended += usize::from(better.is_some());
        if tried == TRIED && mended == 0 {
            return None;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(better.as_deref().unwrap_or(word));
    }
    (mended >= WORDS && mended * 3 >= total).then_some(out)
}

/// What `word` may have been: punctuation aside, without marks, without repeats, with two letters swapped back.
fn mended_word(word: &str, knows: &impl Fn(&str) -> bool) -> Option<String> {
    let bare = word.trim_matches(|c: char| c.is_ascii_punctuation());
    let plain = unmarked(bare);
    let simple = [bare.to_owned(), plain.clone(), single(bare, 1), single(bare, 2), single(&plain, 1)];
    let known = simple.into_iter().find(|variant| variant.len() >= SHORTEST && knows(variant));
    known.or_else(|| swapped(bare, knows))
}

/// Letters without their marks; the dotless i is one as well.
fn unmarked(word: &str) -> String {
    word.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

/// Runs of a letter cut to `most`.
fn single(word: &str, most: usize) -> String {
    let (mut before, mut run) = ('\0', 0);
    word.chars()
        .filter(|&c| {
            run = if c == before { run + 1 } else { 1 };
            before = c;
            run <= most
        })
        .collect()
}

/// `word` with two neighbouring letters exchanged, where that makes a word.
fn swapped(word: &str, knows: &impl Fn(&str) -> bool) -> Option<String> {
    if !word.is_ascii() || word.len() > LONGEST {
        return None;
    }
    let mut letters = word.to_owned().into_bytes();
    for at in 1..letters.len() {
        letters.swap(at - 1, at);
        if let Some(found) = std::str::from_utf8(&letters).ok().filter(|variant| knows(variant)) {
            return Some(found.to_owned());
        }
        letters.swap(at - 1, at);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knows(word: &str) -> bool {
        ["best", "online", "casino", "bonus", "free", "spins", "with", "rained"].contains(&word)
    }

    #[test]
    fn disguised_words_are_mended() {
        for text in ["bbestt oonlinee cassinoo bonuss", "bset olnine caisno bouns", "beşt önlıne çaşınö bönüş"]
        {
            assert_eq!(mend(text, knows).as_deref(), Some("best online casino bonus"), "{text}");
        }
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [
            "best online casino bonus",
            "kaşına gözüne sürdü",
            "we went to olnine and it rained with friends over there",
            "",
            "çaşınö",
        ] {
            assert_eq!(mend(text, knows), None, "{text}");
        }
    }
}
