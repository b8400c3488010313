//! The page in a stored HTTP response.

use std::borrow::Cow;
use std::io::Read;

use encoding_rs::Encoding;

use super::limit::Limits;

/// What a stored response says of its content.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    /// The status, such as 200.
    pub status: u16,
    /// The media type without parameters, in lower case.
    pub media: Option<String>,
    /// The encoding that the header declares.
    pub charset: Option<&'static Encoding>,
    coding: Option<String>,
    chunked: bool,
}

/// Splits a stored response into what its header says and its body, as it stands; `None` when it is no response.
pub fn split(bytes: &[u8]) -> Option<(Head, &[u8])> {
    let (end, body) = [&b"\r\n\r\n"[..], b"\n\n"]
        .into_iter()
        .filter_map(|end| memchr::memmem::find(bytes, end).map(|at| (at, at + end.len())))
        .min()
        .unwrap_or((bytes.len(), bytes.len()));
    let text = String::from_utf8_lossy(&bytes[..end]);
    let mut lines = text.lines();
    let status = lines.next().filter(|line| line.starts_with("HTTP/"))?.split_whitespace().nth(1)?.parse().ok()?;
    let mut head = Head { status, ..Head::default() };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        head.set(&name.trim().to_ascii_lowercase(), &value.trim().to_ascii_lowercase());
    }
    Some((head, &bytes[body..]))
}

impl Head {
    fn set(&mut self, name: &str, value: &str) {
        match name {
            "content-type" => {
                let (media, parameters) = value.split_once(';').unwrap_or((value, ""));
                self.media = Some(media.trim().to_owned()).filter(|media| !media.is_empty());
                self.charset = parameters
                    .split(';')
                    .find_map(|part| part.trim().strip_prefix("charset="))
                    .and_then(|label| Encoding::for_label(label.trim_matches(['"', '\'']).as_bytes()));
            }
            "content-encoding" => self.coding = Some(value.to_owned()).filter(|value| value != "identity"),
            "transfer-encoding" => self.chunked = value.contains("chunked"),
            _ => {}
        }
    }

    /// The body without chunks and compression. Crawlers often store bodies decoded but headers as they came, so both are
    /// undone only where they show in the bytes.
    ///
    /// # Errors
    /// What is wrong with the compressed body, or that its compression is not known.
    pub fn decode<'a>(&self, body: &'a [u8], limits: Limits) -> Result<Cow<'a, [u8]>, String> {
        let body = match self.chunked.then(|| joined(body)).flatten() {
            Some(joined) => Cow::Owned(joined),
            None => Cow::Borrowed(body),
        };
        let Some(coding) = &self.coding else { return Ok(body) };
        let inflated = match coding.as_str() {
            "gzip" | "x-gzip" if body.starts_with(b"\x1f\x8b") => {
                inflate(flate2::read::MultiGzDecoder::new(&*body), limits)
            }
            "deflate" if body.len() > 1 && body[0] & 15 == 8 && u16::from_be_bytes([body[0], body[1]]) % 31 == 0 => {
                inflate(flate2::read::ZlibDecoder::new(&*body), limits)
            }
            // What starts with a tag is text already, whatever the header says.
            "br" | "zstd" if !body.trim_ascii_start().starts_with(b"<") => {
                Err(format!("its Content-Encoding `{coding}` cannot be decoded"))
            }
            _ => return Ok(body),
        };
        inflated.map(Cow::Owned)
    }
}

fn inflate(decoder: impl Read, limits: Limits) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    match decoder.take(limits.record as u64 + 1).read_to_end(&mut bytes) {
        Err(error) => Err(format!("its compressed body is damaged: {error}")),
        Ok(_) if bytes.len() > limits.record => Err(limits.too_large()),
        Ok(_) => Ok(bytes),
    }
}

/// The content of a chunked body; `None` when it is not made of chunks.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::with_capacity(rest.len());
    loop {
        let end = memchr::memchr(b'\n', rest)?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.split(';').next()?.trim();
        let size = usize::from_str_radix(size, 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(content);
        }
        content.extend_from_slice(rest.get(..size)?);
        rest = rest[size..].strip_prefix(b"\r\n").or_else(|| rest[size..].strip_prefix(b"\n"))?;
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::io::Write;

    fn body(response: &[u8]) -> Result<String, String> {
        let (head, body) = split(response).unwrap();
        head.decode(body, Limits { record: 100, ..Limits::default() })
            .map(|b| String::from_utf8(b.into_owned()).unwrap())
    }

    #[test]
    fn the_header_is_read_whatever_its_case() {
        let (head, body) =
            split(b"HTTP/1.1 200 OK\r\ncontent-TYPE: Text/HTML; Charset=\"windows-1254\"\r\n\r\nx\r\n\r\ny").unwrap();
        assert_eq!((head.status, head.media.as_deref(), body), (200, Some("text/html"), &b"x\r\n\r\ny"[..]));
        assert_eq!(head.charset.map(Encoding::name), Some("windows-1254"));
        assert!(split(b"GET / HTTP/1.1\r\n\r\n").is_none());
    }

    #[test]
    fn chunks_and_compression_are_undone_only_where_they_are() {
        let chunked = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n";
        assert_eq!(body(format!("{chunked}3\r\nabc\r\n2;x\r\nde\r\n0\r\n\r\n").as_bytes()).unwrap(), "abcde");
        assert_eq!(body(format!("{chunked}<p>stored decoded</p>").as_bytes()).unwrap(), "<p>stored decoded</p>");
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(b"<p>packed</p>").unwrap();
        let packed = encoder.finish().unwrap();
        let head = &b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..];
        assert_eq!(body(&[head, &packed].concat()).unwrap(), "<p>packed</p>");
        assert_eq!(body(&[head, b"<p>stored decoded</p>"].concat()).unwrap(), "<p>stored decoded</p>");
        assert!(body(&[head, &packed[..packed.len() - 9]].concat()).unwrap_err().contains("damaged"));
        assert!(body(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n\x8b\x03").unwrap_err().contains("br"));
    }

    #[test]
    fn a_body_that_grows_too_large_is_refused() {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&[b'x'; 101]).unwrap();
        let response = [&b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"[..], &encoder.finish().unwrap()].concat();
        assert!(body(&response).unwrap_err().contains("larger"));
    }
}
