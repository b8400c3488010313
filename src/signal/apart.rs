//! Letters set apart: `c.a.s.i.n.o`, or `c a s i n o` with wider gaps between words.

use super::letter;
use super::mask::TOKENS;

/// `text` with its words closed up, where several are set apart, or all of a short text, and most of its letters stand so.
pub(super) fn closed(text: &str) -> Option<String> {
    let wide = text.contains("  ");
    if !wide && signs(text) < LONG - 1 {
        return None;
    }
    let tokens: Vec<Token<'_>> =
        text.split(if wide { "  " } else { " " }).map(|token| Token::of(token, wide)).collect();
    let long = tokens.iter().filter(|token| token.letters() >= LONG);
    let worn = long.clone().filter(|token| token.apart.is_some()).count();
    let apart: usize = tokens.iter().filter(|token| token.apart.is_some()).map(Token::letters).sum();
    let all: usize = tokens.iter().map(Token::letters).sum();
    if worn == 0 || worn < TOKENS.min(long.count()) || apart * 2 < all {
        return None;
    }
    Some(tokens.iter().map(Token::close).collect::<Vec<_>>().join(" "))
}

/// At least as many as there are signs that may set letters apart.
fn signs(text: &str) -> usize {
    // Three signs are beyond ASCII; these are the first bytes of their characters.
    let may = |byte: u8| matches!(byte, b'.' | b'-' | b'_' | b'*' | b'/' | b'|' | 0xc2 | 0xe2);
    text.bytes().filter(|&byte| may(byte)).count()
}

/// Words of fewer letters are not counted: initials stand apart, too.
const LONG: usize = 4;

/// What stands between two spaces, or between two wide gaps.
struct Token<'a> {
    text: &'a str,
    /// How many letters it has, each but the last with the same sign after it, and what ends it.
    apart: Option<(usize, &'a str)>,
}

impl<'a> Token<'a> {
    fn of(text: &'a str, wide: bool) -> Self {
        let text = text.trim_matches(|c| wide && c == ' ');
        Self { text, apart: apart(text, wide) }
    }

    fn letters(&self) -> usize {
        self.text.chars().filter(|&c| letter::is_alphanumeric(c)).count()
    }

    fn close(&self) -> String {
        let Some((count, end)) = self.apart else { return self.text.to_owned() };
        self.text.chars().step_by(2).take(count).chain(end.chars()).collect()
    }
}

fn apart(text: &str, wide: bool) -> Option<(usize, &str)> {
    if !text.contains(letter::is_alphabetic) {
        return None;
    }
    let (mut chars, mut count, mut sign) = (text.chars(), 0, None);
    loop {
        chars.next().filter(|&c| letter::is_alphanumeric(c))?;
        count += 1;
        let rest = chars.as_str();
        let next = chars.next();
        let same = next.filter(|&c| is_sign(c, wide) && sign.is_none_or(|sign| sign == c));
        // A full stop may be either; after the last letter it ends a sentence.
        if ends(rest) {
            let end = if same.is_some() && rest.len() > 1 { chars.as_str() } else { rest };
            return (count >= 2).then_some((count, end));
        }
        sign = Some(same?);
    }
}

/// Whether nothing but punctuation is left.
fn ends(rest: &str) -> bool {
    rest.trim_start_matches([' ', '·', '\u{a0}']).chars().all(|c| c.is_ascii_punctuation())
}

fn is_sign(c: char, wide: bool) -> bool {
    if wide { c == ' ' } else { matches!(c, '.' | '-' | '_' | '*' | '·' | '/' | '|' | '\u{a0}' | '\u{2009}') }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_closed_up_with_what_ends_them() {
        assert_eq!(closed("b-u-y t-h-e b-e-s-t p-i-l-l-s, t-o-d-a-y!").as_deref(), Some("buy the best pills, today!"));
        assert_eq!(closed("b-u-y-, t-h-e-s-e p-i-l-l-s-!").as_deref(), Some("buy, these pills!"));
        assert_eq!(closed("b e s t ,  c a s i n o  o f  t o w n .").as_deref(), Some("best, casino of town."));
        assert_eq!(closed("b e s t  c a s i n o  o f  t o w n.").as_deref(), Some("best casino of town."));
    }

    #[test]
    fn initials_and_lists_stay() {
        for text in [
            "the U.S.S.R. and N.A.T.O. met us",
            "A B C D E F",
            "a.b.c",
            "a, b, c, d",
            "one-two three-four five-six",
            "at 1.1.1.1 8.8.8.8 9.9.9.9",
            "",
            "J. R. R. Tolkien  wrote",
        ] {
            assert_eq!(closed(text), None, "{text}");
        }
    }
}
