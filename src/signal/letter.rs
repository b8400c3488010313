//! What kind of character a character is, looked up in tables that are filled as they are needed: what the standard library says,
//! which takes it a search of a hundred steps for a letter outside ASCII.

use std::sync::OnceLock;

use unicode_normalization::char::canonical_combining_class;
use unicode_normalization::{IsNormalized, is_nfkc_quick};

use super::{disguise, view};

const ALPHABETIC: u8 = 1;
const NUMERIC: u8 = 2;
const UPPER: u8 = 4;
const LOWER: u8 = 8;
const PLAIN: u8 = 16;
const UNSEEN: u8 = 32;
const TWIN: u8 = 64;
const FOLDED: u8 = 128;

/// Kinds of 256 characters.
type Page = [u8; 256];

/// The planes that letters stand in; the rest is asked for one by one.
static PAGES: [OnceLock<Box<Page>>; 0x200] = [const { OnceLock::new() }; 0x200];

fn kinds(c: char) -> u8 {
    let number = c as usize;
    match PAGES.get(number >> 8) {
        Some(page) => page.get_or_init(|| page_of(c))[number & 0xff],
        None => told(c),
    }
}

fn page_of(c: char) -> Box<Page> {
    let first = c as u32 & !0xff;
    Box::new(std::array::from_fn(|at| char::from_u32(first | at as u32).map_or(0, told)))
}

fn told(c: char) -> u8 {
    // Ideographs and syllables of Hangul: 256 of them are looked up at a time, and there are many.
    if matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') {
        return ALPHABETIC | PLAIN | FOLDED;
    }
    let kind = |is: bool, bit: u8| if is { bit } else { 0 };
    kind(c.is_alphabetic(), ALPHABETIC)
        | kind(c.is_numeric(), NUMERIC)
        | kind(c.is_uppercase(), UPPER)
        | kind(c.is_lowercase(), LOWER)
        | kind(stands_alone(c) && !disguise::is_invisible(c), PLAIN)
        | kind(disguise::is_invisible(c), UNSEEN)
        | kind(may_pass_for_latin(c), TWIN)
        | kind(view::leaves(c), FOLDED)
}

/// Whether normalising does nothing to `c`, whatever stands beside it.
fn stands_alone(c: char) -> bool {
    canonical_combining_class(c) == 0 && is_nfkc_quick(std::iter::once(c)) == IsNormalized::Yes
}

/// The blocks of letters that pass for Latin ones.
fn may_pass_for_latin(c: char) -> bool {
    matches!(c, '\u{250}'..='\u{58f}' | '\u{1d00}'..='\u{1d7f}' | '\u{2100}'..='\u{218f}' | '\u{a720}'..='\u{a7ff}')
}

/// Whether nothing in `text` can be a disguise, as [`disguise::count`] counts them: no character that draws nothing, no letter
/// that could pass for a Latin one beside Latin ones, no two letters set apart. False proves nothing.
pub(crate) fn is_undisguised(text: &str) -> bool {
    let (mut latin, mut twin, mut apart) = (false, false, 0);
    // Whether the last character was one that could set letters apart, and the one before it.
    let (mut last, mut before) = (false, false);
    for c in text.chars() {
        let kinds = kinds(c);
        if kinds & UNSEEN != 0 {
            return false;
        }
        latin |= c.is_ascii_alphabetic();
        twin |= kinds & TWIN != 0;
        let gap = kinds & (ALPHABETIC | NUMERIC) == 0 && !matches!(c, '\'' | '’');
        apart += usize::from(before && !last && gap);
        (before, last) = (last, gap);
    }
    !(latin && twin) && apart < 2
}

/// Visible, and the same after normalising.
pub(crate) fn is_plain(c: char) -> bool {
    kinds(c) & PLAIN != 0
}

/// [`view::leaves`].
pub(super) fn is_folded(c: char) -> bool {
    kinds(c) & FOLDED != 0
}

/// [`char::is_alphabetic`].
pub(crate) fn is_alphabetic(c: char) -> bool {
    kinds(c) & ALPHABETIC != 0
}

/// [`char::is_alphanumeric`].
pub(crate) fn is_alphanumeric(c: char) -> bool {
    kinds(c) & (ALPHABETIC | NUMERIC) != 0
}

/// [`char::is_numeric`].
pub(crate) fn is_numeric(c: char) -> bool {
    kinds(c) & NUMERIC != 0
}

/// [`char::is_uppercase`].
pub(crate) fn is_uppercase(c: char) -> bool {
    kinds(c) & UPPER != 0
}

/// [`char::is_lowercase`].
pub(crate) fn is_lowercase(c: char) -> bool {
    kinds(c) & LOWER != 0
}

/// Puts `text` at the end of `out` in lower case, as [`str::to_lowercase`] does.
pub(crate) fn push_lower(out: &mut String, text: &str) {
    // What a capital sigma becomes depends on where it stands.
    if memchr::memmem::find(text.as_bytes(), "Σ".as_bytes()).is_some() {
        return out.push_str(&text.to_lowercase());
    }
    out.reserve(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else if is_folded(c) {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
    }
}

/// The words of a text: its longest runs of letters and digits.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = run(text, at, false);
        at = run(text, start, true);
        (start < at).then(|| &text[start..at])
    })
}

/// Where the run of characters that are of words, or are not, ends which begins at a byte.
fn run(text: &str, mut at: usize, of_words: bool) -> usize {
    let bytes = text.as_bytes();
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii() {
            if OF_WORDS[usize::from(byte)] != of_words {
                break;
            }
            at += 1;
        } else {
            let Some(c) = text[at..].chars().next().filter(|&c| is_alphanumeric(c) == of_words) else { break };
            at += c.len_utf8();
        }
    }
    at
}

/// A letter or digit of ASCII; without a branch, so that many can be looked at at once.
pub(super) fn is_word_byte(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10)
}

/// How many bytes with the next `are` so, in sums of bytes, so that the compiler can look at many at once.
pub(super) fn pairs(bytes: &[u8], are: impl Fn(u8, u8) -> bool) -> usize {
    let next = bytes.get(1..).unwrap_or_default();
    let count = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(&a, &b)| u8::from(are(a, b))).sum::<u8>();
    bytes.chunks(255).zip(next.chunks(255)).map(|(a, b)| usize::from(count(a, b))).sum()
}

/// As [`pairs`], with the next two.
pub(super) fn triples(bytes: &[u8], are: impl Fn(u8, u8, u8) -> bool) -> usize {
    let (Some(next), Some(last)) = (bytes.get(1..), bytes.get(2..)) else { return 0 };
    let count =
        |a: &[u8], b: &[u8], c: &[u8]| a.iter().zip(b).zip(c).map(|((&a, &b), &c)| u8::from(are(a, b, c))).sum::<u8>();
    let chunks = bytes.chunks(255).zip(next.chunks(255)).zip(last.chunks(255));
    chunks.map(|((a, b), c)| usize::from(count(a, b, c))).sum()
}

/// Letters and digits of ASCII.
const OF_WORDS: [bool; 128] = {
    let mut table = [false; 128];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn words_are_what_splitting_gives(text in "[a-z0-9 .,'éßжΣ字ก“–\u{301}😀½]{0,40}|\\PC{0,30}") {
            let split: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
            prop_assert_eq!(words(&text).collect::<Vec<_>>(), split);
        }
    }

    proptest! {
        #[test]
        fn neighbours_are_counted_across_chunks(bytes in proptest::collection::vec(0_u8..4, 0..600)) {
            prop_assert_eq!(pairs(&bytes, |a, b| a == b), bytes.windows(2).filter(|w| w[0] == w[1]).count());
            prop_assert_eq!(triples(&bytes, |a, b, c| a <= b && b < c), bytes.windows(3).filter(|w| w[0] <= w[1] && w[1] < w[2]).count());
        }
    }

    proptest! {
        #[test]
        fn nothing_disguised_is_called_undisguised(
            text in "[a-c аеоαο .·*_/|'’-]{0,24}|[a-z ]{0,9}[\u{200b}\u{2060}\u{34f}\u{ad}сᴀⅽꜱé]{0,2}[a-z. ]{0,9}|\\PC{0,30}",
        ) {
            prop_assert!(!is_undisguised(&text) || disguise::count(&text) == 0);
        }
    }

    proptest! {
        #[test]
        fn lower_case_is_that_of_the_standard_library(text in "[a-zA-ZΣσςÉéİßǅЖж字 .]{0,20}|\\PC{0,30}") {
            let mut lower = String::new();
            push_lower(&mut lower, &text);
            prop_assert_eq!(lower, text.to_lowercase());
        }
    }

    #[test]
    fn every_character_is_what_the_standard_library_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphabetic(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_numeric(c), c.is_numeric(), "{c:?}");
            assert_eq!(is_uppercase(c), c.is_uppercase(), "{c:?}");
            assert_eq!(is_lowercase(c), c.is_lowercase(), "{c:?}");
            assert_eq!(is_plain(c), stands_alone(c) && !disguise::is_invisible(c), "{c:?}");
            assert_eq!(is_folded(c), view::leaves(c), "{c:?}");
            assert_eq!(kinds(c) & (UNSEEN | TWIN) == 0, !disguise::is_invisible(c) && !may_pass_for_latin(c), "{c:?}");
        }
    }
}
