//! Bytes to text, with a way back from every offset of the text to the bytes.

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, ISO_2022_JP, UTF_8, UTF_16BE, UTF_16LE};

use super::charset;
use super::map::{Builder, Map};
use crate::{Error, Result};

/// A document as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'a> {
    /// The text, without a byte order mark; borrowed when the bytes are valid UTF-8.
    pub text: Cow<'a, str>,
    /// The encoding's name, as in the WHATWG Encoding Standard.
    pub encoding: &'static str,
    /// From offsets in `text` to offsets in the bytes.
    pub map: Map,
}

/// Decodes a document: byte order mark, then valid UTF-8, then for HTML the declared encoding, then a guess. Bytes that
/// mean nothing become U+FFFD in the text; the bytes themselves stay what they are.
///
/// `path` is only named in errors. `html` allows the encoding to be declared inside.
///
/// # Errors
/// [`Error::Binary`] when the bytes are not text.
pub fn decode<'a>(path: &Path, bytes: &'a [u8], html: bool) -> Result<Decoded<'a>> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(decode_as(bytes, mark, encoding));
    }
    if let Some(reason) = binary(bytes) {
        return match charset::utf16(bytes) {
            Some(encoding) => Ok(decode_as(bytes, 0, encoding)),
            None => Err(Error::Binary { path: path.to_path_buf(), reason: reason.to_owned() }),
        };
    }
    Ok(decode_as(bytes, 0, choose(bytes, html)))
}

/// A text that needs no decoding, such as a field of a record.
pub fn decoded(text: &str) -> Decoded<'_> {
    Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), map: Map::default() }
}

/// The encoding of bytes without a byte order mark.
fn choose(bytes: &[u8], html: bool) -> &'static Encoding {
    let declared = if html { charset::declared(bytes) } else { None };
    if std::str::from_utf8(bytes).is_ok() {
        let escapes = [&b"\x1b$B"[..], b"\x1b$@"].iter().any(|mark| memchr::memmem::find(bytes, mark).is_some());
        return if escapes { ISO_2022_JP } else { UTF_8 };
    }
    match declared {
        Some(encoding) if encoding != UTF_8 => encoding,
        _ if charset::mostly_utf8(bytes) => UTF_8,
        _ => charset::guessed(bytes),
    }
}

/// What gives bytes away as no text at all.
fn binary(bytes: &[u8]) -> Option<&'static str> {
    let magic = [(&b"%PDF-"[..], "a PDF file"), (b"PK\x03\x04", "a ZIP archive"), (b"\x1f\x8b", "gzip data")];
    if let Some((_, reason)) = magic.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Some(reason);
    }
    if memchr::memchr(0, bytes).is_some() {
        return Some("zero bytes");
    }
    // Without a branch, and with sums of bytes, so that the compiler can do many at once.
    let is_control =
        |b: u8| u8::from(b.wrapping_sub(1) < 6) | u8::from(b.wrapping_sub(14) < 13) | u8::from(b.wrapping_sub(28) < 4);
    let of = |chunk: &[u8]| usize::from(chunk.iter().map(|&b| is_control(b)).sum::<u8>());
    let control: usize = bytes.chunks(255).map(of).sum();
    // Stray control characters occur in scraped text; one in ten bytes does not.
    (control * 10 > bytes.len()).then_some("control characters")
}

fn decode_as<'a>(bytes: &'a [u8], base: usize, encoding: &'static Encoding) -> Decoded<'a> {
    let body = &bytes[base..];
    let (text, map) = if encoding == UTF_8 {
        match std::str::from_utf8(body) {
            Ok(text) => (Cow::Borrowed(text), Map::shifted(base)),
            Err(_) => own(utf8(body, base)),
        }
    } else if encoding == UTF_16LE || encoding == UTF_16BE {
        own(utf16(body, base, encoding))
    } else {
        own(legacy(body, base, encoding))
    };
    Decoded { text, encoding: encoding.name(), map }
}

fn own<'a>((text, map): (String, Map)) -> (Cow<'a, str>, Map) {
    (Cow::Owned(text), map)
}

fn utf8(body: &[u8], base: usize) -> (String, Map) {
    let mut builder = Builder::new(base, body.len());
    for chunk in body.utf8_chunks() {
        builder.push(chunk.valid(), chunk.valid().len());
        if !chunk.invalid().is_empty() {
            builder.push("\u{fffd}", chunk.invalid().len());
        }
    }
    builder.finish()
}

fn utf16(body: &[u8], base: usize, encoding: &'static Encoding) -> (String, Map) {
    let unit = if encoding == UTF_16LE { u16::from_le_bytes } else { u16::from_be_bytes };
    let (pairs, odd) = body.as_chunks::<2>();
    let mut builder = Builder::new(base, body.len());
    let mut buffer = [0; 4];
    for decoded in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        let c = decoded.unwrap_or('\u{fffd}');
        builder.push(c.encode_utf8(&mut buffer), 2 * c.len_utf16());
    }
    if !odd.is_empty() {
        builder.push("\u{fffd}", odd.len());
    }
    builder.finish()
}

/// Decodes byte by byte, so that every character is known to come from the bytes fed since the one before it.
fn legacy(body: &[u8], base: usize, encoding: &'static Encoding) -> (String, Map) {
    let mut builder = Builder::new(base, body.len());
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let (mut pending, mut buffer) = (0, [0u8; 32]);
    for (at, byte) in body.iter().enumerate() {
        let (_, _, written, _) = decoder.decode_to_utf8(std::slice::from_ref(byte), &mut buffer, false);
        if written > 0 {
            push_group(&mut builder, &String::from_utf8_lossy(&buffer[..written]), &body[pending..=at]);
            pending = at + 1;
        }
    }
    let (_, _, written, _) = decoder.decode_to_utf8(&[], &mut buffer, true);
    if pending < body.len() || written > 0 {
        push_group(&mut builder, &String::from_utf8_lossy(&buffer[..written]), &body[pending..]);
    }
    builder.finish()
}

/// Appends what a group of bytes came out as. A broken sequence gives a replacement and the ASCII byte that broke it, each
/// with its own bytes; where no such split shows, the first character owns the group.
fn push_group(builder: &mut Builder, text: &str, bytes: &[u8]) {
    let mut chars = text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]).peekable();
    let mut left = bytes.len();
    while let Some(c) = chars.next() {
        let after = chars.clone().count();
        let split = after > 0 && text.ends_with(|last: char| last.is_ascii() && bytes.last() == Some(&(last as u8)));
        let length = if split { left.saturating_sub(after) } else { left };
        builder.push(c, length);
        left -= length;
    }
    builder.skip(left);
}

/// The bytes of `text` in the encoding of that name; `None` when it has none for some character.
pub fn encode(text: &str, encoding: &str) -> Option<Vec<u8>> {
    let encoding = Encoding::for_label(encoding.as_bytes())?;
    if encoding == UTF_16LE {
        return Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    if encoding == UTF_16BE {
        return Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
    }
    let (bytes, _, lost) = encoding.encode(text);
    (!lost).then(|| bytes.into_owned())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> (String, &'static str) {
        let decoded = decode(Path::new("x.txt"), bytes, false).unwrap();
        (decoded.text.into_owned(), decoded.encoding)
    }

    #[test]
    fn valid_utf8_is_borrowed_and_its_mark_left_out() {
        let decoded = decode(Path::new("x"), b"\xef\xbb\xbfGood day", false).unwrap();
        assert!(matches!(decoded.text, Cow::Borrowed("Good day")));
        assert_eq!(decoded.map.range(&(0..4)), 3..7);
    }

    #[test]
    fn turkish_in_windows_1254_is_read_and_mapped() {
        let line = "Bu akşam kardeşimle çarşıya gittik, güneş batıyordu ve sokaklar ışıl ışıldı. Öğretmenimiz geldi.";
        let bytes = encode(line, "windows-1254").unwrap();
        let decoded = decode(Path::new("x"), &bytes, false).unwrap();
        assert_eq!((decoded.text.as_ref(), decoded.encoding), (line, "windows-1254"));
        let at = line.find("çarşıya").unwrap();
        let range = decoded.map.range(&(at..at + "çarşıya".len()));
        assert_eq!(encode("çarşıya", "windows-1254").unwrap(), bytes[range]);
    }

    #[test]
    fn utf16_is_read_with_and_without_a_mark() {
        let units: Vec<u8> = "\u{feff}Hé 𝄞\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(text(&units), ("Hé 𝄞\r\n".to_owned(), "UTF-16LE"));
        assert_eq!(text(&units[2..]).1, "UTF-16LE");
        let decoded = decode(Path::new("x"), &units, false).unwrap();
        assert_eq!(decoded.map.source(decoded.text.find('\r').unwrap()), units.len() - 4);
    }

    #[test]
    fn damaged_utf8_stays_utf8() {
        let (text, encoding) = text("größer naïve çok über \u{fffd}".replace('\u{fffd}', "ö").as_bytes());
        assert_eq!((text.contains("größer"), encoding), (true, "UTF-8"));
        let mut bytes = "größer, naïve, çok, über".as_bytes().to_vec();
        bytes.push(0xff);
        assert_eq!(super::decode(Path::new("x"), &bytes, false).unwrap().encoding, "UTF-8");
    }

    #[test]
    fn a_page_may_declare_its_encoding_but_not_lie_about_utf8() {
        let page = encode("<meta charset=windows-874><p>สวัสดี", "windows-874").unwrap();
        assert_eq!(decode(Path::new("x"), &page, true).unwrap().encoding, "windows-874");
        let page = "<meta charset=windows-1254><p>สวัสดี".as_bytes();
        assert_eq!(decode(Path::new("x"), page, true).unwrap().encoding, "UTF-8");
        let page = encode("<meta charset=utf-8><p>Привет, как дела сегодня, друзья мои", "windows-1251").unwrap();
        assert_eq!(decode(Path::new("x"), &page, true).unwrap().encoding, "windows-1251");
    }

    #[test]
    fn binary_is_refused_by_name() {
        for bytes in [&b"\x7fELF\x02\0\0\0\0\0"[..], b"%PDF-1.7 text", b"\x1f\x8b\x08"] {
            let error = decode(Path::new("dir/tool.bin"), bytes, false).unwrap_err();
            assert!(error.to_string().contains("dir/tool.bin"));
        }
    }

    #[test]
    fn every_offset_of_a_broken_double_byte_text_leads_back() {
        let bytes = b"ok \x82\xa0\x81 x\x81";
        let (text, map) = legacy(bytes, 0, encoding_rs::SHIFT_JIS);
        assert!(text.starts_with("ok あ\u{fffd}"));
        assert_eq!(map.source(text.len()), bytes.len());
    }
}
