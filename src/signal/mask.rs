//! Masks that a text wears so that no filter reads it: every letter stacked with marks, squared, in small capitals, set apart,
//! in digits, in random case, turned around.
//!
//! A single odd token proves nothing (`Bet365`, `B2B`, flags, phonetic script), and honest text must be judged as it is. So a
//! mask comes off only where several tokens wear it, or all of a short text. What is kept is the text as it came.

use std::iter::once;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::letter::{is_alphabetic, is_word_byte, pairs, triples};
use super::{apart, disguise, view};

/// So many tokens must wear a mask before it is one; in a text of fewer words, all of them.
pub(super) const TOKENS: usize = 3;

/// `text` without its masks; `None` when it wears none.
pub(super) fn off(text: &str) -> Option<String> {
    let hints = Hints::of(text.as_bytes());
    if hints.is_empty() {
        return None;
    }
    let mut seen = Seen { text: None, bare: false };
    if hints.hidden {
        seen.put(text, turned);
    }
    seen.put(text, apart::closed);
    if hints.hidden {
        // What hides a mask from sight is no mask by itself: the view goes without it in any case.
        let plain: String = view::visible(seen.of(text)).nfkc().collect();
        seen.put_hidden(plain);
    }
    seen.put(text, labels);
    if !text.is_ascii() {
        [boxed, stacked, posed].into_iter().for_each(|step| seen.put(text, step));
    }
    seen.put(text, spelled);
    seen.put(text, cased);
    seen.text.filter(|_| seen.bare)
}

/// A text on its way out of its masks.
struct Seen {
    /// What it looks like now, when that is not how it came.
    text: Option<String>,
    /// Whether a mask came off.
    bare: bool,
}

impl Seen {
    fn of<'a>(&'a self, text: &'a str) -> &'a str {
        self.text.as_deref().unwrap_or(text)
    }

    fn put(&mut self, text: &str, step: fn(&str) -> Option<String>) {
        if let Some(plain) = step(self.of(text)) {
            (self.text, self.bare) = (Some(plain), true);
        }
    }

    fn put_hidden(&mut self, plain: String) {
        self.text = Some(plain);
    }
}

/// What one quick look over the bytes tells; nearly all text has nothing of it.
#[derive(Default)]
struct Hints {
    /// A small letter before a digit that reads as one, or one after it.
    digits: usize,
    /// A small letter before a capital one.
    cases: usize,
    /// A letter with signs or spaces on both sides.
    singles: usize,
    /// fastText's prefix of labels.
    label: bool,
    /// Characters that draw nothing or turn what follows, and letters in other forms: full width, mathematical, circled,
    /// squared, flags.
    hidden: bool,
    /// Marks, many letters with a mark of their own, or letters that pass for Latin ones.
    odd: bool,
}

impl Hints {
    fn of(bytes: &[u8]) -> Self {
        let digit = |byte: u8| byte.wrapping_sub(b'0') < 10;
        let reads = |byte: u8| digit(byte) & (byte != b'2') & (byte != b'6') & (byte < b'8');
        let small = |byte: u8| byte.wrapping_sub(b'a') < 26;
        let capital = |byte: u8| byte.wrapping_sub(b'A') < 26;
        let mut hints = Self {
            digits: pairs(bytes, |a, b| (small(a) & reads(b)) | (digit(a) & small(b))),
            cases: pairs(bytes, |a, b| small(a) & capital(b)),
            singles: singles(bytes),
            label: pairs(bytes, |a, b| (a == b'_') & (b == b'_')) > 0,
            ..Self::default()
        };
        if !bytes.is_ascii() {
            hints.look_beyond_ascii(bytes);
        }
        hints
    }

    /// The first byte of a character tells where it stands, with the second nearly all.
    fn look_beyond_ascii(&mut self, bytes: &[u8]) {
        let mut marked = 0;
        for at in 0..bytes.len() {
            if bytes[at] < 0xc2 {
                continue;
            }
            match bytes[at..] {
                [0xe2, 0x80, 0x8b..=0x8f | 0xaa..=0xae, ..] | [0xe2, 0x81, 0xa0..=0xaf, ..] => self.hidden = true,
                [0xc2, 0xad, ..] | [0xe1, 0x85 | 0x9e | 0xa0, ..] | [0xe3, 0x85, ..] => self.hidden = true,
                [0xef, 0xb8 | 0xbb..=0xbe, ..] | [0xe2, 0x91..=0x93, ..] | [0xf0 | 0xf3, ..] => self.hidden = true,
                [0xcd, second, ..] => {
                    self.odd = true;
                    self.hidden |= second == 0x8f;
                }
                [0xc9..=0xd6, ..] | [0xe1, 0xb4 | 0xb5, ..] | [0xea, 0x9c, ..] => self.odd = true,
                [0xc2, 0xa0 | 0xb7, ..] => self.singles += 1,
                [0xc3..=0xc8, ..] | [0xe1, 0xb8..=0xbb, ..] => marked += 1,
                _ => {}
            }
        }
        self.odd |= marked * 3 >= bytes.len().max(3);
    }

    fn is_empty(&self) -> bool {
        let few = self.digits < 2 && self.cases < TOKENS && self.singles < 2 * TOKENS;
        few && !(self.label || self.hidden || self.odd)
    }
}

/// How many letters and digits of ASCII have something else before them and a sign or a space after them.
fn singles(bytes: &[u8]) -> usize {
    let single = |a: u8, b: u8, c: u8| !is_word_byte(a) & is_word_byte(b) & disguise::is_gap_byte(c);
    let Some(&last) = bytes.last() else { return 0 };
    let before_last = bytes.len().checked_sub(2).map_or(b' ', |at| bytes[at]);
    let first = bytes.get(1).is_some_and(|&second| single(b' ', bytes[0], second));
    usize::from(single(before_last, last, b' ')) + usize::from(first) + triples(bytes, single)
}

/// Longest word that is spelled with digits, in bytes; what is longer are keys and identifiers.
const LONGEST: usize = 20;

/// Whether so many of the words of a text wear a mask that it is one.
fn enough(worn: usize, words: usize) -> bool {
    worn > 0 && worn >= TOKENS.min(words)
}

/// Tokens that are words: two letters at least.
fn words(text: &str) -> usize {
    text.split_whitespace().filter(|token| token.chars().filter(|&c| is_alphabetic(c)).count() > 1).count()
}

/// Turns back what stands after a right-to-left override, unless it is in a script that runs that way.
fn turned(text: &str) -> Option<String> {
    const OVERRIDE: char = '\u{202e}';
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut found = false;
    while let Some((before, after)) = rest.split_once(OVERRIDE) {
        let end = after.find(['\u{202c}', '\u{202d}', OVERRIDE, '\n']).unwrap_or(after.len());
        let (turned, left) = after.split_at(end);
        out.push_str(before);
        if turned.chars().any(|c| matches!(c, '\u{590}'..='\u{8ff}')) {
            out.push_str(turned);
        } else {
            out.extend(turned.chars().rev());
            found = true;
        }
        rest = left;
    }
    out.push_str(rest);
    found.then_some(out)
}

/// Words that begin as fastText's labels do: what they have in common goes.
fn labels(text: &str) -> Option<String> {
    const LABEL: &str = "__label__";
    memchr::memmem::find(text.as_bytes(), LABEL.as_bytes())?;
    let worn: Vec<&str> = text.split_whitespace().filter(|token| token.starts_with(LABEL)).collect();
    let first = worn.first().filter(|_| worn.len() >= TOKENS)?;
    let common = |token: &&str| first.bytes().zip(token.bytes()).take_while(|(a, b)| a == b).count();
    let mut length = worn.iter().map(common).min().unwrap_or(0);
    // What is a whole word is no part of others.
    if worn.iter().any(|token| token.len() == length) || !first.is_char_boundary(length) {
        length = LABEL.len();
    }
    let undo = |token: &str| if token.starts_with(LABEL) { token[length..].to_owned() } else { token.to_owned() };
    Some(text.split_inclusive(char::is_whitespace).map(undo).collect())
}

/// Letters in squares, circles and flags. A flag is a pair, so words of flags are told by an odd number in a row.
fn boxed(text: &str) -> Option<String> {
    memchr::memchr(0xf0, text.as_bytes())?;
    let runs = |is: fn(char) -> bool| {
        let mut lengths = vec![0_usize];
        for c in text.chars() {
            match lengths.last_mut() {
                Some(length) if is(c) => *length += 1,
                Some(0) | None => {}
                Some(_) => lengths.push(0),
            }
        }
        lengths
    };
    let is_square = |c: char| matches!(c, '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    let lengths = runs(is_flag);
    let flags = lengths.iter().filter(|&&n| n >= 3 && n % 2 == 1).count() >= 2 || lengths.iter().any(|&n| n >= 9);
    let squares = runs(is_square).iter().any(|&n| n >= 3);
    let letter = |c: char| match c {
        c if flags && is_flag(c) => nth(c, 0x1f1e6),
        '\u{1f150}'..='\u{1f169}' if squares => nth(c, 0x1f150),
        '\u{1f170}'..='\u{1f189}' if squares => nth(c, 0x1f170),
        c => c,
    };
    (flags || squares).then(|| sentence(text.chars().map(letter).collect()))
}

fn nth(c: char, first: u32) -> char {
    char::from(b'a' + (u32::from(c) - first).min(25) as u8)
}

/// `text` in small letters with a capital one at its start, as a sentence is written, where it ends as one.
fn sentence(text: String) -> String {
    if !text.trim_end().ends_with(['.', '!', '?']) {
        return text;
    }
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// Marks stacked on letters that no spelling stacks them on.
fn stacked(text: &str) -> Option<String> {
    if !is_stacked(text) {
        return None;
    }
    // Where every letter has marks put after it, those that came with one of their own (`ü`) keep that.
    let mut pairs = text.chars().zip(text.chars().skip(1).chain([' ']));
    let own = pairs.all(|(c, next)| c.is_ascii() || is_latin_mark(next) || !once(c).nfd().any(is_latin_mark));
    let plain: &mut dyn Iterator<Item = char> = if own { &mut text.chars() } else { &mut text.nfkd() };
    Some(plain.filter(|c| !is_latin_mark(*c)).collect())
}

fn is_stacked(text: &str) -> bool {
    let count = |(worn, words): (usize, usize), is: bool| (worn + usize::from(is), words + 1);
    let (worn, words) = text.split_whitespace().filter_map(stack).fold((0, 0), count);
    enough(worn, words)
}

/// Whether most letters of a word of four and more carry marks; `None` for other tokens. In Vietnamese two on a vowel are
/// common, but consonants carry none, so that three quarters of the letters never have one.
fn stack(token: &str) -> Option<bool> {
    // Letters of Cyrillic stay such, whatever marks they lose.
    if token.bytes().any(|byte| matches!(byte, 0xd0 | 0xd1)) {
        return None;
    }
    if token.is_ascii() {
        return (token.bytes().filter(u8::is_ascii_alphabetic).count() >= 4).then_some(false);
    }
    let (mut letters, mut marked, mut bare) = (0, 0, true);
    for c in token.nfkd() {
        if is_latin_mark(c) {
            marked += usize::from(bare);
            bare = false;
        } else if c.is_ascii_alphabetic() || c == 'ı' {
            letters += 1;
            bare = true;
        } else if is_alphabetic(c) {
            return None;
        }
    }
    (letters >= 4).then_some(marked * 4 >= letters * 3)
}

fn is_latin_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}') && is_combining_mark(c)
}

/// Words of letters that pass for Latin ones: in small capitals, or mixed of scripts.
fn posed(text: &str) -> Option<String> {
    let mut foreign = text.chars().filter(|&c| is_foreign(c)).peekable();
    foreign.peek()?;
    // One letter that passes for none speaks for a text of its script.
    if foreign.any(|c| twin(c).is_none()) {
        return None;
    }
    let posing = text.split_whitespace().filter(|token| poses(token)).count();
    enough(posing, words(text)).then(|| text.chars().map(|c| twin(c).unwrap_or(c)).collect())
}

/// Two scripts in a word, or small capitals: a word of them, as phonetic script has no vowels in that form.
fn poses(token: &str) -> bool {
    let latin = token.chars().any(|c| c.is_ascii_alphabetic());
    let twins = token.chars().filter(|&c| is_foreign(c) && twin(c).is_some()).count();
    let caps = token.chars().filter(|&c| matches!(c, '\u{1d00}'..='\u{1d25}' | '\u{a730}' | '\u{a731}')).count();
    let armenian = token.chars().any(|c| matches!(c, '\u{530}'..='\u{58f}'));
    let cyrillic = token.chars().any(|c| matches!(c, '\u{400}'..='\u{52f}'));
    // One letter beside a number or alone is a sign of mathematics.
    twins > 1 && latin || twins == 1 && token.len() > 4 && latin || caps > 0 || armenian && cyrillic
}

fn is_foreign(c: char) -> bool {
    matches!(c, '\u{250}'..='\u{2af}' | '\u{370}'..='\u{58f}' | '\u{1d00}'..='\u{1d7f}' | '\u{a730}' | '\u{a731}')
        && is_alphabetic(c)
}

/// The Latin letter that `c` poses as, in a text that is all pose.
fn twin(c: char) -> Option<char> {
    disguise::latin(c).or(match c {
        'η' => Some('n'),
        'ζ' => Some('z'),
        'ε' => Some('e'),
        'Ь' | 'ь' => Some('b'),
        'δ' => Some('d'),
        'λ' => Some('l'),
        'ι' => Some('i'),
        _ => None,
    })
}

/// Words spelled with digits for letters.
fn spelled(text: &str) -> Option<String> {
    let worn = text.split_whitespace().map(|token| spelling(bare(token))).filter(|&parts| parts > 1);
    let (worn, most) = worn.fold((0, 0), |(worn, most), parts| (worn + 1, parts.max(most)));
    if worn == 0 {
        return None;
    }
    let words = words(text).max(worn);
    // In a short text one word must be full of them.
    if !enough(worn, words) || worn < TOKENS && most < 3 || worn * 3 < words {
        return None;
    }
    let undo = |token: &str| {
        let mixed = token.bytes().any(|byte| byte.is_ascii_alphabetic()) || is_word_of_digits(bare(token.trim_end()));
        let odd = token.bytes().any(|byte| matches!(byte, b'2' | b'6' | b'8' | b'9'));
        if mixed && !odd { token.chars().map(letter).collect() } else { token.to_owned() }
    };
    Some(text.split_inclusive(char::is_whitespace).map(undo).collect())
}

/// What `text` may say where digits or flags may stand for letters, for those who can tell words from others.
pub(super) fn guess(text: &str) -> Option<String> {
    let mixed = |token: &str| token.contains(is_alphabetic) && token.contains(reads);
    let flags = text.chars().filter(|&c| is_flag(c)).count() >= 4;
    if !flags && !text.split_whitespace().any(mixed) {
        return None;
    }
    let undo = |token: &str| -> String {
        let word = !token.contains(['2', '6', '8', '9'])
            && (token.contains(is_alphabetic) || is_word_of_digits(bare(token.trim_end())));
        token
            .chars()
            .map(|c| {
                if is_flag(c) {
                    nth(c, 0x1f1e6)
                } else if word {
                    letter(c)
                } else {
                    c
                }
            })
            .collect()
    };
    Some(text.split_inclusive(char::is_whitespace).map(undo).collect())
}

/// Whether `c` is a digit that reads as a letter.
fn reads(c: char) -> bool {
    letter(c) != c
}

/// The letter that a digit reads as.
fn letter(c: char) -> char {
    match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        c => c,
    }
}

fn is_flag(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

fn bare(token: &str) -> &str {
    token.trim_matches(|c: char| c.is_ascii_punctuation())
}

/// In how many parts digits that read as letters cut `token`; 0 where they may be something else: hashes, names of
/// products, numbers with a unit.
fn spelling(token: &str) -> usize {
    let bytes = token.as_bytes();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let lower = bytes.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let may_be = (4..=LONGEST).contains(&bytes.len())
        && letters * 3 >= bytes.len()
        && lower * 2 >= letters
        && bytes.iter().all(|byte| byte.is_ascii_alphabetic() || reads(char::from(*byte)))
        && !bytes.iter().all(u8::is_ascii_hexdigit);
    let parts = || token.split(|c: char| c.is_ascii_digit()).filter(|part| !part.is_empty()).count();
    if may_be { parts() } else { 0 }
}

/// A word that had only such letters, among others that are spelled so: five digits and more, and no round number.
fn is_word_of_digits(token: &str) -> bool {
    token.len() >= 5 && token.bytes().all(|byte| byte.is_ascii_digit()) && !token.ends_with("00")
}

/// Words with capitals strewn in.
fn cased(text: &str) -> Option<String> {
    let long = |token: &&str| token.bytes().filter(u8::is_ascii_alphabetic).count() > 2;
    let worn = text.split_whitespace().filter(|token| is_strewn(token)).filter(long).count();
    if worn < TOKENS {
        return None;
    }
    let words = text.split_whitespace().filter(long).count();
    (worn * 5 >= words * 2).then(|| sentence(text.to_lowercase()))
}

/// A capital after a small letter, and pieces between capitals too short for names like `JavaScript`.
fn is_strewn(token: &str) -> bool {
    let bytes = token.as_bytes();
    let pieces = 1 + bytes.iter().skip(1).filter(|byte| byte.is_ascii_uppercase()).count();
    bytes.windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase()) && bytes.len() < 3 * pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_come_off() {
        for text in [
            "b̶̂e̊s̱̃t̶ o̵ǹ̶l̊ì̂n̶é c̱̊åś̃ḭñ̊o̤ ḇốn̈ụ̵s̵ ẘìt̶̀h̀ f̀řḛe̊ s̈p̣ịn̈s̈",
            "ʙᴇꜱᴛ ᴏɴʟɪɴᴇ ᴄᴀꜱɪɴᴏ ʙᴏɴᴜꜱ ᴡɪᴛʜ ꜰʀᴇᴇ ꜱᴘɪɴꜱ",
            "🅱🅴🆂🆃 🅾🅽🅻🅸🅽🅴 🅲🅰🆂🅸🅽🅾 🅱🅾🅽🆄🆂 🆆🅸🆃🅷 🅵🆁🅴🅴 🆂🅿🅸🅽🆂",
            "\u{202e}snips eerf htiw sunob onisac enilno tseb\u{202c}",
            "b3st onl1ne c4s1no b0nus w1th fr3e sp1ns",
            "b357 0nl1n3 c451n0 b0nu5 w17h fr33 5p1n5",
            "b\u{200b}3st onl\u{200b}1ne c4s\u{200b}1no b0nus w1th fr3e sp1ns",
            "ｂ3ｓｔ ｏｎｌ1ｎｅ ｃ4ｓ1ｎｏ ｂ0ｎｕｓ ｗ1ｔｈ ｆｒ3ｅ ｓｐ1ｎｓ",
            "bеsτ οηlιηе саѕιηο bοηυs wιτh frеe ѕριηs",
            "b.e.s.t o.n.l.i.n.e c.a.s.i.n.o b.o.n.u.s w.i.t.h f.r.e.e s.p.i.n.s",
            "b e s t  o n l i n e  c a s i n o  b o n u s  w i t h  f r e e  s p i n s",
            "bEsT OnLinE cAsInO bOnUs wItH fReE sPiNs",
            "__label__xbest __label__xonline __label__xcasino __label__xbonus __label__xwith __label__xfree __label__xspins",
        ] {
            let plain: String = view::fold(text);
            assert_eq!(plain, "best online casino bonus with free spins", "{text}");
            assert_eq!(off(text).map(|bare| view::fold(&bare)), Some(plain), "{text}");
        }
        for short in ["c4s1n0", "ᴄᴀꜱɪɴᴏ", "c̱̊åś̃ḭñ̊o̤"] {
            assert_eq!(off(short).as_deref(), Some("casino"), "{short}");
        }
    }

    #[test]
    fn honest_text_wears_none() {
        for text in [
            "Bet365 bought B2B, mp3s and a w3c page in 2024; see RFC2616 and i18n.",
            "The flags 🇹🇷 🇺🇸 🇬🇧 and 🇹🇷🇺🇸🇬🇧 flew; blood groups 🅰 🅱 🅾 and 🆎.",
            "Những người Việt ở nước ngoài thường nói tiếng mẹ đẻ ướt át.",
            "Hôm nay chúng tôi đi chợ với bà ngoại.",
            "Он сказал, что там рос старый дуб, а мы ели суп.",
            "Он так рос, а тут нет нас: OK, cмотри, Bоб.",
            "η and ζ are letters; the α-helix, λx, μm",
            "sin α = 2 sin β cos β, and 3ν + 2κ = ρ0",
            "ɪt ɪz ðə ˈhɪstəri əv ɪt",
            "שלום \u{202e}עולם\u{202c} וברכה",
            "a3f5e0 9c1d7e 4b2a1f 77e0aa are hashes; so is d41d8cd98f00b204e9800998ecf8427e",
            "Ça marche déjà très bien, Señor Åström.",
            "getElementById addEventListener innerHTML setTimeout iPhone GitHub",
            "mp3s",
            "h4ck3r_joe and an i386",
            "JavaScript and TypeScript run on GitHub and in YouTube's player, says a long sentence of many words.",
            "She said it slowly: n e v e r. Then N.A.T.O. and the U.S. met Mr. J. R. R. Tolkien.",
            "می‌خواهم فردا به کتاب‌خانه بروم",
            "The Donau\u{ad}dampf\u{ad}schiff\u{ad}fahrt, ＮＨＫ and 5\u{a0}km \u{1f600} ok",
            "a - b - c - d - e - f - g",
            "x_1, y_2 and z_3",
            "1 2 3 4 5 6 7 8 9",
            "A B C D E F G",
        ] {
            assert_eq!(off(text), None, "{text}");
        }
    }
}
