//! Ways to get in touch, as adverts give them.

use std::sync::LazyLock;

use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, StartKind};

use super::Signal;

const CHANNELS: &[&str] = &[
    "whatsapp",
    "wa.me",
    "telegram",
    "t.me/",
    "viber",
    "wechat",
    "line.me",
    "line id",
    "skype",
    "вотсап",
    "телеграм",
    "ватсап",
    "واتساب",
    "واتس",
    "تلگرام",
    "微信",
    "加微",
    "라인",
    "카톡",
    "텔레그램",
    "zalo",
    "bit.ly",
    "tinyurl",
];

/// Telephone numbers, messengers, mail addresses and shortened links in the unit.
pub(crate) const SIGNAL: Signal = Signal {
    id: "contact",
    html: false,
    about: "telephone numbers, messengers, mail addresses",
    measure: |s, i| {
        let text = &*s.units[i].text;
        if text.is_ascii() {
            return (phones(text) + signs(text)) as f32;
        }
        let signs = if may_have_capitals(text) { signs(&text.to_lowercase()) } else { signs(text) };
        (phones(text) + signs) as f32
    },
    knots: &[0.0, 1.0, 3.0],
};

/// Finds all channels in one pass, capitals of ASCII being no others; `None` cannot be, as the patterns are fixed.
static FINDER: LazyLock<Option<DFA>> = LazyLock::new(|| {
    DFA::builder().ascii_case_insensitive(true).start_kind(StartKind::Unanchored).prefilter(false).build(CHANNELS).ok()
});

/// Whether `text` may hold capitals that matter beside those of ASCII: Cyrillic ones, which begin with one of two bytes, and the
/// sign for kelvin, whose lower case is `k`. The other scripts of [`CHANNELS`] have no case.
fn may_have_capitals(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr2_iter(0xD0, 0xE2, bytes)
        .any(|at| matches!(bytes[at..], [0xD0, 0x80..=0xAF, ..] | [0xE2, 0x84, 0xAA, ..]))
}

/// At signs, and channels that occur at all.
fn signs(lower: &str) -> usize {
    let mut seen = 0_u32;
    if let Some((finder, mut state)) = FINDER.as_ref().and_then(|f| Some((f, f.start_state(Anchored::No).ok()?))) {
        for &byte in lower.as_bytes() {
            state = finder.next_state(Anchored::No, state, byte);
            if finder.is_match(state) {
                let found = (0..finder.match_len(state)).map(|at| finder.match_pattern(state, at));
                found.for_each(|pattern| seen |= 1 << pattern.as_u32());
            }
        }
    }
    memchr::memchr_iter(b'@', lower.as_bytes()).count() + seen.count_ones() as usize
}

/// Runs of nine to fifteen digits with spaces, dashes, dots, brackets or a plus between them.
fn phones(text: &str) -> usize {
    if text.bytes().filter(u8::is_ascii_digit).count() < 9 {
        return 0;
    }
    let (mut found, mut digits) = (0, 0);
    for c in text.chars().chain(std::iter::once('\n')) {
        match c {
            '0'..='9' => digits += 1,
            ' ' | '-' | '.' | '(' | ')' | '+' if digits > 0 => {}
            _ => {
                found += usize::from((9..=15).contains(&digits));
                digits = 0;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_channel_counts_once_and_each_at_sign() {
        assert_eq!(signs("telegram t.me/a and t.me/b, a@b.c"), 3);
        assert_eq!(signs("WhatsApp or VIBER"), 2);
        assert_eq!(signs(&"ТЕЛЕГРАМ 微信".to_lowercase()), 2);
        assert_eq!(CHANNELS.iter().map(|channel| signs(channel)).min(), Some(1));
    }

    #[test]
    fn capitals_of_channels_are_known() {
        let letters: String = CHANNELS.concat();
        for c in ('\u{80}'..=char::MAX).filter(|&c| !c.to_lowercase().eq([c])) {
            // What follows the dot over the `i` of `İ` in lower case is the dot, and no channel goes on with that or ends before it.
            let matters = c != 'İ' && c.to_lowercase().any(|lower| letters.contains(lower));
            assert!(!matters || may_have_capitals(&c.to_string()), "{c}");
        }
        assert!(!CHANNELS.iter().any(|channel| channel.ends_with('i')));
    }

    #[test]
    fn numbers_of_nine_digits_and_more_are_phones() {
        assert_eq!(phones("+90 (532) 123-45-67, 12 34"), 1);
        assert_eq!(phones("1999, 2000, 2001"), 0);
    }
}
