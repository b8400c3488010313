//! What kind of character a character is, looked up in tables that are filled as they are needed: what the standard library says,
//! which takes it a search of a hundred steps for a letter outside ASCII.

use std::sync::OnceLock;

const ALPHABETIC: u8 = 1;
const NUMERIC: u8 = 2;
const UPPER: u8 = 4;
const LOWER: u8 = 8;

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
    let kind = |is: bool, bit: u8| if is { bit } else { 0 };
    kind(c.is_alphabetic(), ALPHABETIC)
        | kind(c.is_numeric(), NUMERIC)
        | kind(c.is_uppercase(), UPPER)
        | kind(c.is_lowercase(), LOWER)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_is_what_the_standard_library_says() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphabetic(c), c.is_alphabetic(), "{c:?}");
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
            assert_eq!(is_numeric(c), c.is_numeric(), "{c:?}");
            assert_eq!(is_uppercase(c), c.is_uppercase(), "{c:?}");
            assert_eq!(is_lowercase(c), c.is_lowercase(), "{c:?}");
        }
    }
}
