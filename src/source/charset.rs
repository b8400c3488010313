//! Which encoding bytes that are not UTF-8 are written in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252, X_USER_DEFINED};

/// How far into a page browsers look for a declared encoding, in bytes (HTML standard, "prescan a byte stream").
const PRESCAN: usize = 1024;

/// The encoding an HTML page declares in its first 1024 bytes, through `<meta charset>` or `http-equiv`, or in its XML
/// declaration. UTF-16 labels mean UTF-8, as in browsers: a page whose declaration can be read as ASCII is not UTF-16.
pub fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(PRESCAN)].to_ascii_lowercase();
    let found = attribute(&head, b"<meta", b"charset").or_else(|| attribute(&head, b"<?xml", b"encoding"))?;
    Some(match found {
        e if e == UTF_16LE || e == UTF_16BE => UTF_8,
        e if e == X_USER_DEFINED => WINDOWS_1252,
        e => e,
    })
}

fn attribute(head: &[u8], tag: &[u8], name: &[u8]) -> Option<&'static Encoding> {
    memchr::memmem::find_iter(head, tag).find_map(|at| {
        let inside = &head[at..];
        let inside = &inside[..memchr::memchr(b'>', inside).unwrap_or(inside.len())];
        let rest = &inside[memchr::memmem::find(inside, name)? + name.len()..];
        let rest = rest.trim_ascii_start().strip_prefix(b"=")?.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
        let end = rest.iter().position(|b| matches!(b, b'"' | b'\'' | b';' | b' ' | b'/' | b'?')).unwrap_or(rest.len());
        Encoding::for_label(&rest[..end])
    })
}

/// The likeliest legacy encoding of `bytes`.
pub fn guessed(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// True when bytes that are not valid UTF-8 are UTF-8 all the same, with a few damaged places: multi-byte sequences come
/// out valid by chance in hardly one of ten places of a legacy text, so four valid ones to a broken one settle it.
pub fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut valid, mut broken) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    valid >= 4 * broken
}

/// The UTF-16 flavour of bytes without a byte order mark, told by where their zero bytes stand: ASCII characters (spaces
/// and line ends in any script) have one zero byte, always on the same side.
pub fn utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(64 * 1024)];
    let mut zeros = [0usize; 2];
    for (at, _) in sample.iter().enumerate().filter(|(_, byte)| **byte == 0) {
        zeros[at % 2] += 1;
    }
    // One zero byte alone tells nothing. A twentieth of the characters is below the share of spaces in any script that writes them; a few zeros on the other
    // side are characters such as the ideographic space.
    let side = |zero: usize, other: usize| zero > 1 && zero * 40 >= sample.len() && other * 10 <= zero;
    if side(zeros[1], zeros[0]) { Some(UTF_16LE) } else { side(zeros[0], zeros[1]).then_some(UTF_16BE) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_found_in_each_spelling() {
        let name = |page: &str| declared(page.as_bytes()).map(Encoding::name);
        assert_eq!(name("<META CharSet=windows-1254>"), Some("windows-1254"));
        assert_eq!(name("<meta http-equiv=x content='text/html; charset=windows-874'>"), Some("windows-874"));
        assert_eq!(name("<?xml version='1.0' encoding='shift_jis'?>"), Some("Shift_JIS"));
        assert_eq!(name("<meta charset=utf-16>"), Some("UTF-8"));
        assert_eq!(name("<meta name=charset-notes><p>charset=big5"), None);
    }

    #[test]
    fn zero_bytes_tell_utf16_from_binary() {
        assert_eq!(utf16(b"H\0i\0 \0").map(Encoding::name), Some("UTF-16LE"));
        assert_eq!(utf16(b"\0H\0i\0 ").map(Encoding::name), Some("UTF-16BE"));
        assert_eq!(utf16(b"\x7fELF\0\0\0\0"), None);
        assert_eq!(utf16(b"\x7fELF\0"), None);
    }
}
