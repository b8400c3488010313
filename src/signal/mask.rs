//! Masks that a whole text wears: every letter stacked with marks, squared, in small capitals, in digits, turned around.
//!
//! A single odd token proves nothing (`Bet365`, `B2B`, flags, phonetic script), and honest text must be judged as it is. So a
//! mask comes off only where several tokens wear it, or where no language writes so.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// So many tokens must wear a mask before it is one.
const TOKENS: usize = 3;

/// `text` without its masks.
pub fn off(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return spelled(Cow::Borrowed(text));
    }
    let mut seen = Cow::Borrowed(text);
    for step in [turned, boxed, stacked, posed] {
        if let Some(plain) = step(&seen) {
            seen = Cow::Owned(plain);
        }
    }
    spelled(seen)
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
    let is_flag = |c| matches!(c, '\u{1f1e6}'..='\u{1f1ff}');
    let is_square = |c| matches!(c, '\u{1f150}'..='\u{1f169}' | '\u{1f170}'..='\u{1f189}');
    let flags = runs(is_flag).iter().filter(|&&n| n >= 3 && n % 2 == 1).count() >= 2;
    let squares = runs(is_square).iter().any(|&n| n >= 3);
    let letter = |c: char| match c {
        c if flags && is_flag(c) => nth(c, 0x1f1e6),
        '\u{1f150}'..='\u{1f169}' if squares => nth(c, 0x1f150),
        '\u{1f170}'..='\u{1f189}' if squares => nth(c, 0x1f170),
        c => c,
    };
    (flags || squares).then(|| text.chars().map(letter).collect())
}

fn nth(c: char, first: u32) -> char {
    char::from(b'a' + (u32::from(c) - first).min(25) as u8)
}

/// Marks stacked on letters that no spelling stacks them on.
fn stacked(text: &str) -> Option<String> {
    // The first bytes of the marks; what is marked by composed letters alone is mended word by word.
    memchr::memchr2(0xcc, 0xcd, text.as_bytes())?;
    (text.split_whitespace().filter(|token| is_stacked(token)).count() >= TOKENS)
        .then(|| text.nfkd().filter(|c| !is_latin_mark(*c)).collect())
}

/// Most letters carry marks. In Vietnamese two on a vowel are common, but consonants carry none, so that words of four
/// letters and more never have three quarters of them marked.
fn is_stacked(token: &str) -> bool {
    let (mut letters, mut marked, mut bare) = (0, 0, true);
    for c in token.nfkd() {
        if is_latin_mark(c) {
            marked += usize::from(bare);
            bare = false;
        } else if c.is_ascii_alphabetic() {
            letters += 1;
            bare = true;
        } else if c.is_alphabetic() {
            return false;
        }
    }
    letters >= 4 && marked * 4 >= letters * 3
}

fn is_latin_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}') && is_combining_mark(c)
}

/// Words of letters that pass for Latin ones: in small capitals, or mixed of scripts.
fn posed(text: &str) -> Option<String> {
    // One letter that passes for none speaks for a text of its script.
    if text.chars().any(|c| is_foreign(c) && twin(c).is_none()) {
        return None;
    }
    let posing = text.split_whitespace().filter(|token| poses(token)).count();
    (posing >= TOKENS).then(|| text.chars().map(|c| twin(c).unwrap_or(c)).collect())
}

/// Two scripts in a word, or small capitals.
fn poses(token: &str) -> bool {
    let latin = token.chars().any(|c| c.is_ascii_alphabetic());
    let twins = token.chars().filter(|&c| is_foreign(c) && twin(c).is_some()).count();
    let caps = token.chars().filter(|&c| matches!(c, '\u{1d00}'..='\u{1d25}' | '\u{a730}' | '\u{a731}')).count();
    let armenian = token.chars().any(|c| matches!(c, '\u{530}'..='\u{58f}'));
    let cyrillic = token.chars().any(|c| matches!(c, '\u{400}'..='\u{52f}'));
    twins > 0 && latin || caps > 0 || armenian && cyrillic
}

fn is_foreign(c: char) -> bool {
    matches!(c, '\u{250}'..='\u{2af}' | '\u{370}'..='\u{58f}' | '\u{1d00}'..='\u{1d7f}' | '\u{a730}' | '\u{a731}')
        && c.is_alphabetic()
}

/// The Latin letter that `c` poses as, in a text that is all pose.
fn twin(c: char) -> Option<char> {
    super::disguise::latin(c).or(match c {
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
fn spelled(text: Cow<'_, str>) -> Cow<'_, str> {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return text;
    }
    let words =
        text.split_whitespace().filter(|token| token.bytes().filter(u8::is_ascii_alphabetic).count() > 1).count();
    let spelled = text.split_whitespace().filter(|token| is_spelled(token)).count();
    if spelled < TOKENS || spelled * 3 < words {
        return text;
    }
    let letter = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        c => c,
    };
    let word = |token: &str| token.bytes().any(|byte| byte.is_ascii_alphabetic());
    let undo = |token: &str| if word(token) { token.chars().map(letter).collect() } else { token.to_owned() };
    Cow::Owned(text.split_inclusive(char::is_whitespace).map(undo).collect())
}

/// A digit that reads as a letter stands between two letters. Numbers at an end (`Bet365`, `mp3`), codes of many digits and
/// words with other characters inside are something else.
fn is_spelled(token: &str) -> bool {
    let token = token.trim_matches(|c: char| c.is_ascii_punctuation()).as_bytes();
    let letters = token.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let lower = token.iter().filter(|byte| byte.is_ascii_lowercase()).count();
    let between = token.windows(3).any(|w| {
        w[0].is_ascii_alphabetic()
            && matches!(w[1], b'0' | b'1' | b'3' | b'4' | b'5' | b'7')
            && w[2].is_ascii_alphabetic()
    });
    between
        && token.len() >= 4
        && letters * 2 >= token.len()
        && lower * 2 >= letters
        && token.iter().all(u8::is_ascii_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_come_off() {
        for text in [
            "b̶̂e̊s̱̃t̶ o̵ǹ̶l̊ì̂n̶é c̱̊åś̃ḭñ̊o̤ ḇốn̈ụ̵s̵ ẘìt̶̀h̀ f̀řḛe̊ s̈p̣ịn̈s̈",
            "ʙᴇꜱᴛ ᴏɴʟɪɴᴇ ᴄᴀꜱɪɴᴏ ʙᴏɴᴜꜱ ᴡɪᴛʜ ꜰʀᴇᴇ ꜱᴘɪɴꜱ",
            "🅱🅴🆂🆃 🅾🅽🅻🅸🅽🅴 🅲🅰🆂🅸🅽🅾 🅱🅾🅽🆄🆂 🆆🅸🆃🅷 🅵🆁🅴🅴 🆂🅿🅸🅽🆂",
            "\u{202e}snips eerf htiw sunob onisac enilno tseb\u{202c}",
            "b3st onl1ne c4s1no b0nus w1th fr3e sp1ns",
            "bеsτ οηlιηe саѕιηο bοηυs wιτh frеe ѕριηs",
        ] {
            let plain: String = super::super::view::fold(text);
            assert_eq!(plain, "best online casino bonus with free spins", "{text}");
        }
    }

    #[test]
    fn honest_text_wears_none() {
        for text in [
            "Bet365 bought B2B, mp3s and a w3c page in 2024; see RFC2616 and i18n.",
            "The flags 🇹🇷 🇺🇸 🇬🇧 and 🇹🇷🇺🇸🇬🇧 flew; blood groups 🅰 🅱 🅾 and 🆎.",
            "Những người Việt ở nước ngoài thường nói tiếng mẹ đẻ ướt át.",
            "Он сказал, что там рос старый дуб, а мы ели суп.",
            "Он так рос, а тут нет нас: OK, cмотри, Bоб.",
            "η and ζ are letters; the α-helix, λx, μm",
            "ɪt ɪz ðə ˈhɪstəri əv ɪt",
            "שלום \u{202e}עולם\u{202c} וברכה",
            "a3f5e0 9c1d7e 4b2a1f 77e0aa are hashes; so is d41d8cd98f00b204e9800998ecf8427e",
            "Ça marche déjà très bien, Señor Åström.",
        ] {
            assert!(matches!(off(text), Cow::Borrowed(_)), "{text} became {}", off(text));
        }
    }
}
