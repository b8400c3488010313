//! A linear look at a page before it is parsed: html5ever's tree builder takes quadratic time and memory on some input.
//!
//! Counted are open elements, as far as the tree builder would keep them open, open formatting elements, which it opens again
//! in every paragraph, and attributes. What is counted may be too high, never too low.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;
use memchr::{memchr, memmem};

use super::script;

/// Open elements. 5 000 nested `<div>` take 0.1 s, 100 000 take 73 s; real pages stay below 100.
const DEPTH: u32 = 512;
/// Open formatting elements. 3 000 `<font><p>` in 59 KB take 759 MB; real pages stay below 10.
const FORMATTING: u32 = 64;
/// Attributes of a tag; the tokenizer compares each with all before it. Those beyond are cut off.
const ATTRIBUTES: u32 = 256;
/// `data:` addresses from this length on are cut: they are images, and no part of the text.
const DATA: usize = 1024;

/// What a page has too much of to be parsed into a tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// More than 512 elements open at once.
    Depth,
    /// More than 64 formatting elements open at once.
    Formatting,
}

/// What the scan found.
#[derive(Debug, Default)]
pub(super) struct Shape {
    pub(super) limit: Option<Limit>,
    /// Parts to leave out but for their line ends: further attributes, large `data:` addresses, scripts. Ascending and disjoint.
    pub(super) cuts: Vec<Range<usize>>,
}

/// Which limit a page exceeds, so that its blocks come from tokens rather than the tree.
pub fn exceeded(source: &str) -> Option<Limit> {
    measure(source).limit
}

/// Scans a page.
pub(super) fn measure(source: &str) -> Shape {
    let mut scan =
        Scan { bytes: source.as_bytes(), at: 0, open: Open::default(), endless: Vec::new(), shape: Shape::default() };
    while scan.shape.limit.is_none() && scan.step() {}
    let mut cuts = std::mem::take(&mut scan.shape.cuts);
    addresses(source.as_bytes(), &mut cuts);
    Shape { limit: scan.shape.limit, cuts: disjoint(cuts) }
}

/// Finds large base64 `data:` addresses.
fn addresses(bytes: &[u8], cuts: &mut Vec<Range<usize>>) {
    let mut at = 0;
    while let Some(found) = memmem::find(&bytes[at..], b"data:") {
        let start = at + found + 5;
        let length = bytes[start..].iter().position(|b| !(b.is_ascii_alphanumeric() || b"+/=%;,:.-_".contains(b)));
        let end = length.map_or(bytes.len(), |l| start + l);
        let quoted = start >= 6 && b"\"'(=".contains(&bytes[start - 6]);
        if quoted && end - start >= DATA {
            cuts.push(start..end);
        }
        at = end.max(start);
    }
}

fn disjoint(mut cuts: Vec<Range<usize>>) -> Vec<Range<usize>> {
    cuts.sort_unstable_by_key(|c| (c.start, c.end));
    let mut end = 0;
    cuts.retain(|c| {
        let keep = c.start >= end;
        end = if keep { c.end } else { end };
        keep
    });
    cuts
}

struct Scan<'s> {
    bytes: &'s [u8],
    at: usize,
    open: Open,
    /// Names of scripts or sheets that have no end tag.
    endless: Vec<Vec<u8>>,
    shape: Shape,
}

impl Scan<'_> {
    /// Takes in one tag or comment; whether there was one.
    fn step(&mut self) -> bool {
        let Some(found) = memchr(b'<', &self.bytes[self.at..]) else {
            return false;
        };
        let start = self.at + found + 1;
        self.at = start;
        match self.bytes.get(start) {
            Some(b'!') if self.bytes[start..].starts_with(b"!--") => self.comment(start + 3),
            Some(b'/') if self.bytes.get(start + 1).is_some_and(u8::is_ascii_alphabetic) => self.end_tag(start + 1),
            Some(b'!' | b'?' | b'/') => self.skip_past(b'>'),
            Some(b) if b.is_ascii_alphabetic() => self.start_tag(start),
            _ => {}
        }
        true
    }

    fn skip_past(&mut self, sign: u8) {
        self.at = memchr(sign, &self.bytes[self.at..]).map_or(self.bytes.len(), |n| self.at + n + 1);
    }

    /// A comment ends at `-->` or `--!>`, and `<!-->` is one already.
    fn comment(&mut self, start: usize) {
        self.at = start;
        if self.bytes[start..].starts_with(b">") || self.bytes[start..].starts_with(b"->") {
            return self.skip_past(b'>');
        }
        while let Some(found) = memmem::find(&self.bytes[self.at..], b"--") {
            self.at += found + 2;
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b">") || rest.starts_with(b"!>") {
                return self.skip_past(b'>');
            }
            // `--->`: the last two dashes count.
            self.at -= usize::from(rest.starts_with(b"-"));
        }
        self.at = self.bytes.len();
    }

    fn name(&mut self, start: usize) -> Range<usize> {
        let length = self.bytes[start..].iter().position(|b| b.is_ascii_whitespace() || matches!(b, b'/' | b'>'));
        let end = length.map_or(self.bytes.len(), |l| start + l);
        self.at = end;
        start..end
    }

    fn end_tag(&mut self, start: usize) {
        let name = self.name(start);
        self.attributes();
        self.open.close(&lower(&self.bytes[name]));
    }

    fn start_tag(&mut self, start: usize) {
        let range = self.name(start);
        let closed = self.attributes();
        let name = lower(&self.bytes[range.clone()]);
        self.open.open(&name, closed);
        if self.open.depth() > DEPTH {
            self.shape.limit = Some(Limit::Depth);
        } else if self.open.formatting > FORMATTING {
            self.shape.limit = Some(Limit::Formatting);
        }
        if self.open.raw(&name) {
            self.skip_raw(&name, start);
        }
    }

    /// Passes over a script or style sheet whose start tag begins at `tag`.
    fn skip_raw(&mut self, name: &[u8], tag: usize) {
        if self.endless.iter().any(|n| *n == name) {
            return;
        }
        let Some(end) = self.end_of(name) else {
            // Whatever follows is counted as if it were markup, and no other end is looked for.
            self.endless.push(name.to_vec());
            return;
        };
        let body = self.at..end;
        // Linked data is read, and in short scripts styles that they set; a comment may hide an end tag from the parser.
        let read = name == b"style"
            || body.len() <= script::SHORT
            || memmem::find(&self.bytes[tag..body.start], b"ld+").is_some();
        if !read && memmem::find(&self.bytes[body.clone()], b"<!--").is_none() {
            self.shape.cuts.push(body);
        }
        self.at = end;
    }

    /// Where the end tag of a name begins.
    fn end_of(&self, name: &[u8]) -> Option<usize> {
        let mut at = self.at;
        while let Some(found) = memmem::find(&self.bytes[at..], b"</") {
            let start = at + found + 2;
            if self.bytes.get(start..start + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name)) {
                return Some(start - 2);
            }
            at = start;
        }
        None
    }

    /// Passes over the attributes and the end of a tag; whether it closes itself.
    fn attributes(&mut self) -> bool {
        let mut count = 0;
        let mut slash = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'>' => {
                    self.at += 1;
                    return slash;
                }
                b'/' => slash = true,
                b if b.is_ascii_whitespace() => {}
                _ => {
                    slash = false;
                    count += 1;
                    let start = self.at;
                    self.attribute();
                    if count > ATTRIBUTES {
                        self.shape.cuts.push(start..self.at);
                    }
                    continue;
                }
            }
            self.at += 1;
        }
        slash
    }

    /// Passes over one attribute. A quote opens a value only right after `=`.
    fn attribute(&mut self) {
        let rest = &self.bytes[self.at..];
        // The first character belongs to the name, even if it is `=`.
        let name =
            1 + rest[1..].iter().position(|b| b.is_ascii_whitespace() || b"/>=".contains(b)).unwrap_or(rest.len() - 1);
        let space = rest[name..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        self.at += name;
        if rest.get(name + space) != Some(&b'=') {
            return;
        }
        let value = name + space + 1;
        let value = value + rest[value..].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let length = match rest.get(value) {
            Some(&quote @ (b'"' | b'\'')) => memchr(quote, &rest[value + 1..]).map(|n| n + 2),
            Some(_) => rest[value..].iter().position(|b| b.is_ascii_whitespace() || *b == b'>'),
            None => None,
        };
        self.at = self.at - name + length.map_or(rest.len(), |l| value + l);
    }
}

/// A name in lower case, cut to a length that no known name has.
fn lower(name: &[u8]) -> Vec<u8> {
    name[..name.len().min(64)].to_ascii_lowercase()
}

/// What is open, by name.
#[derive(Default)]
struct Open {
    counts: HashMap<Vec<u8>, u32, RandomState>,
    depth: u32,
    formatting: u32,
    items: u32,
    terms: u32,
    /// Ruby texts open, and how many were when the last `<ruby>` began.
    ruby: (u32, u32),
    /// In a drawing, where tags may close themselves; 0 once HTML has broken out of it.
    drawing: u32,
    /// Elements in which markup is read otherwise, so that scripts are not passed over.
    strange: u32,
}

/// How a tag counts.
enum Class {
    Ignored,
    Item,
    Term,
    RubyText,
    Formatting,
    Deep,
}

fn class(name: &[u8]) -> Class {
    match name {
        b"area" | b"base" | b"br" | b"col" | b"embed" | b"hr" | b"img" | b"input" | b"link" | b"meta" | b"param"
        | b"source" | b"track" | b"wbr" | b"basefont" | b"bgsound" | b"frame" | b"keygen" => Class::Ignored,
        // Closed by the next of their kind, or kept apart by elements that are counted.
        b"p" | b"a" | b"option" | b"optgroup" | b"tr" | b"td" | b"th" | b"tbody" | b"thead" | b"tfoot"
        | b"colgroup" | b"caption" | b"html" | b"head" | b"body" | b"h1" | b"h2" | b"h3" | b"h4" | b"h5" | b"h6" => {
            Class::Ignored
        }
        b"li" => Class::Item,
        b"dt" | b"dd" => Class::Term,
        b"rt" | b"rp" | b"rb" | b"rtc" => Class::RubyText,
        b"b" | b"big" | b"code" | b"em" | b"font" | b"i" | b"nobr" | b"s" | b"small" | b"strike" | b"strong"
        | b"tt" | b"u" => Class::Formatting,
        _ => Class::Deep,
    }
}

impl Open {
    /// Items and terms close their own kind only, so alternating ones go deep.
    fn depth(&self) -> u32 {
        self.depth + self.formatting + self.ruby.0 + 2 * self.items.min(self.terms)
    }

    fn open(&mut self, name: &[u8], closed: bool) {
        if self.drawing > 0 && breaks_out(name) {
            self.drawing = 0;
        }
        match class(name) {
            Class::Ignored => {}
            Class::Item => self.items += 1,
            Class::Term => self.terms += 1,
            Class::RubyText => self.ruby.0 += 1,
            Class::Formatting => self.add(name, true),
            Class::Deep
                if closed
                    && self.drawing > 0
                    && self.count(b"foreignobject") + self.count(b"desc") + self.count(b"title") == 0 => {}
            Class::Deep => self.add(name, false),
        }
        match name {
            b"svg" if !closed => (self.drawing, self.strange) = (self.drawing + 1, self.strange + 1),
            b"math" | b"select" | b"frameset" => self.strange += 1,
            b"ruby" => self.ruby.1 = self.ruby.0,
            _ => {}
        }
    }

    fn close(&mut self, name: &[u8]) {
        match class(name) {
            Class::Ignored => {}
            Class::Item => self.items = self.items.saturating_sub(1),
            Class::Term => self.terms = self.terms.saturating_sub(1),
            Class::RubyText => self.ruby.0 = self.ruby.0.saturating_sub(1),
            Class::Formatting => self.remove(name, true),
            Class::Deep => self.remove(name, false),
        }
        match name {
            b"svg" => (self.drawing, self.strange) = (self.drawing.saturating_sub(1), self.strange.saturating_sub(1)),
            b"math" | b"select" | b"frameset" => self.strange = self.strange.saturating_sub(1),
            b"ruby" => self.ruby.0 = self.ruby.0.min(self.ruby.1),
            _ => {}
        }
    }

    fn count(&self, name: &[u8]) -> u32 {
        self.counts.get(name).copied().unwrap_or(0)
    }

    fn add(&mut self, name: &[u8], formatting: bool) {
        match self.counts.get_mut(name) {
            Some(count) => *count += 1,
            None => drop(self.counts.insert(name.to_vec(), 1)),
        }
        *(if formatting { &mut self.formatting } else { &mut self.depth }) += 1;
    }

    fn remove(&mut self, name: &[u8], formatting: bool) {
        if let Some(count) = self.counts.get_mut(name).filter(|c| **c > 0) {
            *count -= 1;
            *(if formatting { &mut self.formatting } else { &mut self.depth }) -= 1;
        }
    }

    /// Whether what follows the tag is no markup.
    fn raw(&self, name: &[u8]) -> bool {
        self.strange == 0 && matches!(name, b"script" | b"style")
    }
}

/// HTML tags that end a drawing.
fn breaks_out(name: &[u8]) -> bool {
    matches!(
        name,
        b"b" | b"big"
            | b"blockquote"
            | b"body"
            | b"br"
            | b"center"
            | b"code"
            | b"dd"
            | b"div"
            | b"dl"
            | b"dt"
            | b"em"
            | b"embed"
            | b"h1"
            | b"h2"
            | b"h3"
            | b"h4"
            | b"h5"
            | b"h6"
            | b"head"
            | b"hr"
            | b"i"
            | b"img"
            | b"li"
            | b"listing"
            | b"menu"
            | b"meta"
            | b"nobr"
            | b"ol"
            | b"p"
            | b"pre"
            | b"ruby"
            | b"s"
            | b"small"
            | b"span"
            | b"strong"
            | b"strike"
            | b"sub"
            | b"sup"
            | b"table"
            | b"tt"
            | b"u"
            | b"ul"
            | b"var"
            | b"font"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deep_nesting_is_found_and_long_lists_are_not_deep() {
        assert_eq!(exceeded(&"<div>".repeat(600)), Some(Limit::Depth));
        assert_eq!(exceeded(&"<div></x>".repeat(600)), Some(Limit::Depth));
        assert_eq!(exceeded(&"<li><dd>".repeat(600)), Some(Limit::Depth));
        assert_eq!(exceeded(&"<rt>".repeat(600)), Some(Limit::Depth));
        assert_eq!(exceeded(&"<div></div>".repeat(600)), None);
        assert_eq!(exceeded(&format!("<ul>{}</ul>", "<li>x<p>y".repeat(6000))), None);
        assert_eq!(exceeded(&"<ruby>a<rt>b</ruby>".repeat(6000)), None);
    }

    #[test]
    fn formatting_left_open_is_found() {
        assert_eq!(exceeded(&"<font size=1>x<p>".repeat(100)), Some(Limit::Formatting));
        assert_eq!(exceeded(&"<b>x</b>".repeat(100)), None);
    }

    #[test]
    fn comments_scripts_and_quoted_values_are_no_markup() {
        let deep = "<div>".repeat(600);
        assert_eq!(exceeded(&format!("<!--{deep}-->")), None);
        assert_eq!(exceeded(&format!("<script>{deep}</script>")), None);
        assert_eq!(exceeded(&format!("<p title='{deep}'>")), None);
        assert_eq!(exceeded(&format!("<!-->{deep}-->")), Some(Limit::Depth));
        assert_eq!(exceeded(&format!("<svg><style>{deep}</style>")), Some(Limit::Depth));
        assert_eq!(exceeded(&format!("<p \" >{deep}<p \">")), Some(Limit::Depth));
    }

    #[test]
    fn long_scripts_are_cut_but_not_linked_data() {
        let cuts = |tag: &str, body: &str| measure(&format!("<{tag}>{}</script>", body.repeat(500))).cuts.len();
        assert_eq!(
            (cuts("script", "a();"), cuts("script type=application/ld+json", "[1],"), cuts("script", "<!--")),
            (1, 0, 0)
        );
    }

    #[test]
    fn drawings_may_close_their_own_tags() {
        assert_eq!(exceeded(&format!("<svg>{}</svg>", "<path d='M0 0'/>".repeat(600))), None);
        assert_eq!(exceeded(&format!("<svg><p>{}", "<path/>".repeat(600))), Some(Limit::Depth));
    }

    #[test]
    fn attributes_beyond_the_limit_and_large_data_are_cut() {
        let many: String = (0..300).fold(String::new(), |all, i| all + &format!(" a{i}=\"x\""));
        assert_eq!(measure(&format!("<p{many}>text")).cuts.len(), 44);
        let image = format!("<img src=\"data:image/png;base64,{}\"> data:short", "A".repeat(5000));
        let cuts = measure(&image).cuts;
        assert_eq!(cuts.len(), 1);
        assert!(cuts[0].len() >= 5000);
    }
}
