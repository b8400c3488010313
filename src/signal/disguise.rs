//! Text as spammers disguise it: look-alike letters, invisible characters, letters spaced out.

use std::borrow::Cow;

use super::letter;

/// Characters that draw nothing: zero-width, joiners, soft hyphens, bidi controls, tags, variation selectors, fillers.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

/// Decimal digits of other scripts.
pub fn is_decimal(c: char) -> bool {
    use unicode_properties::{GeneralCategory, UnicodeGeneralCategory};
    c.general_category() == GeneralCategory::DecimalNumber
}

/// How many signs of disguise `text` shows: tokens of mixed scripts, invisible characters inside words, stacked marks,
/// runs of single letters.
pub fn count(text: &str) -> usize {
    if text.is_ascii() {
        return spaced(text).len();
    }
    let inside = text
        .chars()
        .zip(text.chars().skip(1))
        .filter(|&(a, b)| is_hard_invisible(b) && letter::is_alphabetic(a))
        .count();
    let mixed = || text.split_whitespace().filter(|token| is_mixed(token)).count();
    inside + if may_be_mixed(text) { mixed() } else { 0 } + spaced(text).len()
}

/// Invisible characters no language's spelling uses (joiners, soft hyphens and direction marks have honest uses).
fn is_hard_invisible(c: char) -> bool {
    is_invisible(c)
        && !matches!(c, '\u{ad}' | '\u{200c}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{2066}'..='\u{2069}')
}

/// `text` with look-alike letters of mixed-script tokens replaced by what they look like, and spaced-out words closed up.
pub fn undo(text: &str) -> Cow<'_, str> {
    let mixed = may_be_mixed(text) && text.split_whitespace().any(is_mixed);
    let runs = spaced(text);
    if !mixed && runs.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for run in runs {
        push_latin(&mut out, &text[at..run.start]);
        close(&mut out, &text[run.clone()]);
        at = run.end;
    }
    push_latin(&mut out, &text[at..]);
    Cow::Owned(out)
}

/// Closes up a run of single letters. Where signs set the letters of whole words apart, spaces set words apart.
fn close(out: &mut String, run: &str) {
    let words = run.chars().any(|c| is_gap(c) && c != ' ') && is_words(run);
    out.extend(run.chars().filter(|&c| letter::is_alphanumeric(c) || words && c == ' '));
}

/// Whether what stands between spaces has four letters each, as initials have not.
fn is_words(run: &str) -> bool {
    let letters = run.chars().filter(|&c| letter::is_alphanumeric(c)).count();
    letters >= 4 * run.split(' ').count()
}

fn push_latin(out: &mut String, text: &str) {
    for piece in text.split_inclusive(char::is_whitespace) {
        if is_mixed(piece) {
            out.extend(piece.chars().map(|c| latin(c).unwrap_or(c)));
        } else {
            out.push_str(piece);
        }
    }
}

/// Whether `text` has letters of Latin and others that may pass for them: false for most text, in one quick pass.
fn may_be_mixed(text: &str) -> bool {
    // The first bytes of what `latin` knows; of those that other letters have, too, the second are looked at.
    let is_twin = |bytes: &[u8]| match *bytes {
        [0xC9..=0xD6, ..] => true,
        [0xE1, second, ..] => matches!(second, 0xB4 | 0xB5),
        [0xE2, second, ..] => second == 0x85,
        [0xEA, second, ..] => second == 0x9C,
        _ => false,
    };
    let bytes = text.as_bytes();
    !text.is_ascii()
        && (0..bytes.len()).any(|at| bytes[at] >= 0xC9 && is_twin(&bytes[at..]))
        && bytes.iter().any(u8::is_ascii_alphabetic)
}

/// A token with letters of Latin and of a look-alike script, every foreign one of which has a Latin twin.
fn is_mixed(token: &str) -> bool {
    let (mut own, mut twins) = (0, 0);
    for c in token.chars() {
        if c.is_ascii_alphabetic() {
            own += 1;
        } else if latin(c).is_some() {
            twins += 1;
        } else if letter::is_alphabetic(c) && !matches!(c, '\u{c0}'..='\u{24f}') {
            return false;
        }
    }
    own > 0 && twins > 0
}

/// Letters of other scripts by the Latin letter they pass for (after UTS #39's confusables).
const TWINS: &[(&str, char)] = &[
    ("аАαΑᴀ", 'a'),
    ("вВΒʙ", 'b'),
    ("сСϲⅽᴄ", 'c'),
    ("ԁᴅ", 'd'),
    ("еЕΕᴇ", 'e'),
    ("ғꜰ", 'f'),
    ("ԍɢ", 'g'),
    ("һНΗʜ", 'h'),
    ("іІιΙɪ", 'i'),
    ("јЈᴊ", 'j'),
    ("кКκΚᴋ", 'k'),
    ("ӏʟ", 'l'),
    ("мМΜᴍ", 'm'),
    ("ոΝɴ", 'n'),
    ("оОοΟօᴏ", 'o'),
    ("рРρΡᴘ", 'p'),
    ("ԛ", 'q'),
    ("гʀ", 'r'),
    ("ѕЅꜱ", 's'),
    ("тТτΤᴛ", 't'),
    ("υսᴜ", 'u'),
    ("ѵνᴠ", 'v'),
    ("ԝωᴡ", 'w'),
    ("хХχΧ", 'x'),
    ("уУγΥʏ", 'y'),
    ("Ζᴢ", 'z'),
];

/// The Latin letter that a Cyrillic, Greek, Armenian or small-capital letter passes for.
pub(super) fn latin(c: char) -> Option<char> {
    match c {
        '\u{250}'..='\u{58f}' => Some(char::from(LOW_TWINS[c as usize - 0x250])).filter(|&twin| twin != '\0'),
        '\u{1d00}'..='\u{1d7f}' | '\u{217d}' | '\u{a730}'..='\u{a731}' => search(c),
        _ => None,
    }
}

fn search(c: char) -> Option<char> {
    TWINS.iter().find(|(from, _)| from.contains(c)).map(|&(_, to)| to)
}

/// The twins of the characters from U+0250 to U+058F, all of which have two bytes; 0 for those without.
const LOW_TWINS: [u8; 0x340] = {
    let mut table = [0; 0x340];
    let mut row = 0;
    while row < TWINS.len() {
        let (from, to) = (TWINS[row].0.as_bytes(), TWINS[row].1);
        let mut at = 0;
        while at < from.len() {
            if from[at] >= 0xC9 && from[at] <= 0xD6 {
                let number = (from[at] as usize & 0x1F) << 6 | from[at + 1] as usize & 0x3F;
                table[number - 0x250] = to as u8;
            }
            at += 1;
        }
        row += 1;
    }
    table
};

/// Runs of four or more single letters set apart by one space, dot, dash or the like.
fn spaced(text: &str) -> Vec<std::ops::Range<usize>> {
    if may_be_spaced(text) { runs(text) } else { Vec::new() }
}

fn runs(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let mut run: Option<(usize, usize, usize)> = None;
    let mut before: Option<char> = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let single = letter::is_alphanumeric(c)
            && before.is_none_or(is_gap)
            && chars.peek().is_none_or(|&(_, next)| is_gap(next));
        run = match run {
            Some((start, _, n)) if single => Some((start, at + c.len_utf8(), n + 1)),
            None if single && letter::is_alphabetic(c) => Some((at, at + c.len_utf8(), 1)),
            Some(run) if is_gap(c) && before.is_some_and(letter::is_alphanumeric) => Some(run),
            Some((start, end, n)) => {
                if n >= 4 {
                    found.push(start..end);
                }
                None
            }
            None => None,
        };
        before = Some(c);
    }
    found.extend(run.filter(|&(_, _, n)| n >= 4).map(|(start, end, _)| start..end));
    found
}

/// Whether there are two single letters between gaps, as in every run: false for nearly all text, in one quick pass.
fn may_be_spaced(text: &str) -> bool {
    if text.is_ascii() { two_between_gaps_of_ascii(text.as_bytes()) } else { two_between_gaps(text.chars().map(sign)) }
}

fn two_between_gaps_of_ascii(text: &[u8]) -> bool {
    letter::triples(text, |a, b, c| is_gap_byte(a) & letter::is_word_byte(b) & is_gap_byte(c)) >= 2
}

/// [`is_gap`], of a byte of ASCII; without a branch, so that many can be looked at at once.
pub(super) fn is_gap_byte(byte: u8) -> bool {
    let of_three = byte.wrapping_sub(b'-') < 3;
    (byte == b' ') | of_three | (byte == b'_') | (byte == b'*') | (byte == b'|')
}

fn two_between_gaps(signs: impl Iterator<Item = Sign>) -> bool {
    let (mut first, mut second, mut found) = (Sign::Other, Sign::Other, 0);
    for third in signs {
        found += usize::from(first == Sign::Gap && second == Sign::Letter && third == Sign::Gap);
        (first, second) = (second, third);
    }
    found >= 2
}

/// What a character is to [`spaced`].
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    Gap,
    Letter,
    Other,
}

/// The signs of ASCII.
const SIGNS: [Sign; 128] = {
    let mut signs = [Sign::Other; 128];
    let mut byte = 0;
    while byte < 128 {
        signs[byte as usize] = match byte {
            b' ' | b'.' | b'-' | b'_' | b'*' | b'/' | b'|' => Sign::Gap,
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => Sign::Letter,
            _ => Sign::Other,
        };
        byte += 1;
    }
    signs
};

fn sign(c: char) -> Sign {
    if c.is_ascii() {
        SIGNS[c as usize]
    } else if is_gap(c) {
        Sign::Gap
    } else if letter::is_alphanumeric(c) {
        Sign::Letter
    } else {
        Sign::Other
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '.' | '-' | '_' | '*' | '·' | '/' | '\u{a0}' | '\u{2009}' | '|')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn honest_text_shows_no_disguise() {
        for text in [
            "Plain talk about a car.",
            "Привет, это Ubuntu и Linux.",
            "Ω is the resistance, α and β are angles",
            "U.S. policy",
            "می‌خواهم",
            "I. M. Pei",
        ] {
            assert_eq!(count(text), 0, "{text}");
            assert_eq!(undo(text), text);
        }
    }

    #[test]
    fn all_letters_that_pass_for_others_are_looked_up() {
        for (from, to) in TWINS {
            assert!(from.chars().all(|c| latin(c) == Some(*to)), "{from}");
            assert!(from.chars().all(|c| may_be_mixed(&format!("a{c}")) && !may_be_mixed(&format!("7{c}"))), "{from}");
        }
        assert!(('\0'..=char::MAX).all(|c| latin(c) == search(c)));
        assert!(!may_be_mixed("plain “talk” – ça va, 静か"));
    }

    proptest::proptest! {
        #[test]
        fn no_run_is_overlooked(text in "([ab1ж] |[ab ж.·-]|\\. ){0,14}") {
            if !may_be_spaced(&text) {
                proptest::prop_assert!(runs(&text).is_empty());
            }
            if text.is_ascii() {
                proptest::prop_assert_eq!(may_be_spaced(&text), two_between_gaps(text.chars().map(sign)));
            }
            proptest::prop_assert!(text.bytes().filter(u8::is_ascii).all(|b| is_gap(b.into()) == (SIGNS[usize::from(b)] == Sign::Gap)));
        }
    }

    #[test]
    fn mixed_tokens_and_spaced_letters_are_undone() {
        assert_eq!(undo("best саsinо in town"), "best casino in town");
        assert_eq!(undo("play c-a-s-i-n-o now"), "play casino now");
        assert_eq!(undo("play c_a_s_i_n_o s_l_o_t_s now"), "play casino slots now");
        assert!(count("best саsinо") > 0);
    }
}
