//! Style sheets inside a page: which of their rules apply to an element.
//!
//! A rule is filed under the last part of its selector (id, class or tag), so that an element looks at the few rules that
//! could be meant for it; a selector is parsed only when one does. Sheets that hide nothing are dropped whole.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::HashMap;

use foldhash::fast::RandomState;
use scraper::{ElementRef, Selector};

use super::bloom::Demand;
use super::colour::Paint;
use super::element::Tag;
use super::style::{Declaration, Display, declarations};

/// Matches of selectors that need the tree, a page. Real pages stay below 100 000; beyond, only a hostile page has reason to.
const BUDGET: u32 = 400_000;
/// Rules looked at for elements, a page; at 25 ns each.
const LOOKS: u32 = 20_000_000;
/// Simple rules for one key, and declarations of a rule, that are kept. Further ones say the same again.
const SAME: usize = 64;
/// Rules a page; the largest frameworks have 10 000.
const RULES: usize = 100_000;

/// A rule for one selector.
#[derive(Debug)]
struct Rule {
    selector: Box<str>,
    demand: Demand,
    parsed: OnceCell<Option<Selector>>,
    /// Ids, classes and tags in it.
    weight: (u16, u16, u16),
    block: u32,
}

/// The rules under one key.
#[derive(Debug, Default)]
struct Filed {
    /// Those that are nothing but the key; of very many only the last can matter.
    simple: Vec<u32>,
    other: Vec<u32>,
}

/// The rules of a page's style sheets that matter to visibility.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
    blocks: Vec<Box<[(Declaration, bool)]>>,
    keys: HashMap<Box<str>, Filed, RandomState>,
    any: Filed,
    hides: bool,
    spent: Cell<u32>,
    looked: Cell<u32>,
    /// Whether the page asks for style sheets of which nothing is known here.
    pub(super) foreign: bool,
}

impl Sheet {
    /// Adds the text of a `<style>` element.
    pub(super) fn add(&mut self, css: &str) {
        let css = without_comments(css);
        let mut reader = Reader { css: &css, at: 0 };
        while let Some((prelude, body)) = reader.next_rule() {
            let Some(body) = body else {
                self.foreign |= prelude.trim_start().to_ascii_lowercase().starts_with("@import");
                continue;
            };
            if self.rules.len() < RULES {
                self.add_rule(prelude, body);
            }
        }
    }

    /// Adds declarations for the element with an id, as a script sets them.
    pub(super) fn add_id(&mut self, id: &str, body: &str) {
        if let Some(block) = self.add_block(body) {
            self.file(&format!("#{id}"), block);
        }
    }

    fn add_rule(&mut self, prelude: &str, body: &str) {
        let Some(block) = self.add_block(body) else { return };
        for selector in selectors(prelude) {
            self.file(selector.trim(), block);
        }
    }

    /// Keeps the declarations of a rule if any matters.
    fn add_block(&mut self, body: &str) -> Option<u32> {
        let body = unescaped(body);
        let mut block = Vec::new();
        declarations(&body, |declaration, important| block.push((declaration, important)));
        if block.is_empty() {
            return None;
        }
        block.drain(..block.len().saturating_sub(SAME));
        self.hides |= block.iter().any(|(d, _)| d.hides()) || camouflage(&block);
        self.blocks.push(block.into());
        Some(self.blocks.len() as u32 - 1)
    }

    fn file(&mut self, selector: &str, block: u32) {
        // Siblings and positions cost time in the length of a list per element, `:has` in the size of the subtree.
        if selector.is_empty() || selector.contains(['~', '&']) || selector.contains("::") || costly(selector) {
            return;
        }
        let (key, simple) = key(selector);
        let index = self.rules.len() as u32;
        let rule = Rule {
            weight: weight(selector),
            demand: Demand::of(selector),
            parsed: OnceCell::new(),
            selector: selector.into(),
            block,
        };
        self.rules.push(rule);
        match key {
            Some(key) => self.keys.entry(unescaped(key).into()).or_default().add(index, simple),
            None => self.any.add(index, false),
        }
    }

    /// Whether any rule can hide anything.
    pub(super) fn hides(&self) -> bool {
        self.hides
    }

    /// The declarations for an element with the names at and above it, in the order in which they apply, each with whether it is important.
    pub(super) fn matching(
        &self,
        tag: &Tag<'_>,
        kin: &Demand,
        element: Option<ElementRef<'_>>,
        each: &mut impl FnMut(Declaration, bool),
    ) {
        let mut found: Vec<u32> = Vec::new();
        let mut consider = |filed: &Filed| {
            found.extend(&filed.simple);
            found.extend(self.affordable(&filed.other).iter().copied().filter(|&i| self.applies(i, kin, element)));
        };
        if let Some(filed) = self.keys.get(&**tag.name) {
            consider(filed);
        }
        let mut name = String::new();
        for (sign, value) in tag
            .attrs
            .class
            .iter()
            .flat_map(|c| c.split_ascii_whitespace())
            .map(|c| ('.', c))
            .chain(tag.attrs.id.map(|i| ('#', i)))
        {
            name.clear();
            name.push(sign);
            name.push_str(value);
            if let Some(filed) = self.keys.get(name.as_str()) {
                consider(filed);
            }
        }
        consider(&self.any);
        found.sort_unstable_by_key(|&i| (self.rules[i as usize].weight, i));
        for (declaration, important) in
            found.iter().flat_map(|&i| self.blocks[self.rules[i as usize].block as usize].iter())
        {
            each(*declaration, *important);
        }
    }

    /// The rules, while the page may look at more.
    fn affordable<'r>(&self, rules: &'r [u32]) -> &'r [u32] {
        let looked = self.looked.get().saturating_add(rules.len() as u32);
        self.looked.set(looked);
        if looked > LOOKS { &[] } else { rules }
    }

    fn applies(&self, index: u32, kin: &Demand, element: Option<ElementRef<'_>>) -> bool {
        let rule = &self.rules[index as usize];
        if !kin.own.has(&rule.demand.own) || !kin.above.has(&rule.demand.above) {
            return false;
        }
        let spent = self.spent.get();
        self.spent.set(spent.saturating_add(1));
        let Some(element) = element.filter(|_| spent < BUDGET) else {
            return false;
        };
        rule.parsed.get_or_init(|| Selector::parse(&rule.selector).ok()).as_ref().is_some_and(|s| s.matches(&element))
    }
}

impl Filed {
    fn add(&mut self, index: u32, simple: bool) {
        if !simple {
            return self.other.push(index);
        }
        if self.simple.len() == SAME {
            self.simple.remove(0);
        }
        self.simple.push(index);
    }
}

/// Text in the colour of its own background.
fn camouflage(block: &[(Declaration, bool)]) -> bool {
    let colours = |want: fn(&Declaration) -> Option<Paint>| block.iter().filter_map(move |(d, _)| want(d));
    let fore = |d: &Declaration| if let Declaration::Colour(p) = d { *p } else { None };
    let back = |d: &Declaration| if let Declaration::Background(p) = d { *p } else { None };
    colours(fore).any(|f| f.vanishes_on(Paint::Rgb(255, 255, 255)) || colours(back).any(|b| f.vanishes_on(b)))
}

fn costly(selector: &str) -> bool {
    selector.contains(':')
        && [":has", ":nth", ":last", ":only", ":hover", ":focus", ":active", ":before", ":after"]
            .iter()
            .any(|p| selector.contains(p))
}

/// The last compound's id, class or tag, and whether the selector is nothing else.
fn key(selector: &str) -> (Option<&str>, bool) {
    let bytes = selector.as_bytes();
    let mut depth = 0_i32;
    let start = bytes.iter().rposition(|b| {
        match b {
            b')' | b']' => depth += 1,
            b'(' | b'[' => depth -= 1,
            _ => {}
        }
        depth == 0 && matches!(b, b' ' | b'>' | b'+' | b'\n' | b'\t' | b'\r')
    });
    let last = &selector[start.map_or(0, |s| s + 1)..];
    let plain = last.find(['[', ':']).map_or(last, |e| &last[..e]);
    let end = |from: usize| plain[from..].find(['.', '#']).map_or(plain.len(), |e| from + e);
    let name = match plain.find('#').or_else(|| plain.find('.')) {
        Some(at) => &plain[at..end(at + 1)],
        None => plain,
    };
    let usable = !name.is_empty() && name != "*" && !name.contains('|');
    let tag_case = name.starts_with(['.', '#']) || !name.bytes().any(|b| b.is_ascii_uppercase());
    ((usable && tag_case).then_some(name), usable && tag_case && name.len() == selector.len())
}

/// A selector's specificity, near enough: ids, classes and attributes, tags.
fn weight(selector: &str) -> (u16, u16, u16) {
    let count = |signs: &[u8]| selector.bytes().filter(|b| signs.contains(b)).count() as u16;
    let tags =
        selector.split([' ', '>', '+']).filter(|c| c.starts_with(|f: char| f.is_ascii_alphabetic())).count() as u16;
    (count(b"#"), count(b".[:"), tags)
}

/// The selectors of a list, split at commas outside brackets.
fn selectors(prelude: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    prelude.split(move |c: char| {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            _ => {}
        }
        c == ',' && depth <= 0
    })
}

/// Rules one after the other; rules inside `@media screen` and the like come as if they stood outside.
struct Reader<'t> {
    css: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    /// The next prelude with its body, or without where a semicolon ends it.
    fn next_rule(&mut self) -> Option<(&'t str, Option<&'t str>)> {
        loop {
            let rest = &self.css[self.at..];
            let skip = rest.len() - rest.trim_start_matches(|c: char| c.is_whitespace() || c == '}').len();
            let start = self.at + skip;
            let stop = start + position(&self.css[start..], b"{;}")?;
            let prelude = self.css[start..stop].trim_start_matches("<!--").trim_start_matches("-->").trim();
            self.at = stop + 1;
            match self.css.as_bytes()[stop] {
                b';' => return Some((prelude, None)),
                b'}' => {}
                _ if prelude.starts_with('@') && transparent(prelude) => {}
                _ => {
                    let end = self.at + block_end(&self.css[self.at..]);
                    let body = &self.css[self.at..end];
                    self.at = (end + 1).min(self.css.len());
                    if !prelude.starts_with('@') {
                        return Some((prelude, Some(body)));
                    }
                }
            }
        }
    }
}

/// Whether the rules in an at-rule apply to every screen.
fn transparent(prelude: &str) -> bool {
    let prelude = prelude.to_ascii_lowercase();
    if let Some(query) = prelude.strip_prefix("@media") {
        return screen(query);
    }
    prelude.starts_with("@layer") || prelude.starts_with("@supports")
}

/// Whether a media query holds for any screen. Queries of width are for another device.
pub(super) fn screen(query: &str) -> bool {
    query.trim().is_empty()
        || query.split(',').any(|q| matches!(q.trim().to_ascii_lowercase().as_str(), "screen" | "all" | "only screen"))
}

/// The first of some signs outside strings.
fn position(css: &str, signs: &[u8]) -> Option<usize> {
    let (mut quote, mut escaped) = (None, false);
    css.bytes().position(|b| {
        match (quote, b) {
            _ if escaped => escaped = false,
            (_, b'\\') => escaped = true,
            // A line end closes a string left open by mistake.
            (Some(q), b) if q == b || b == b'\n' => quote = None,
            (Some(_), _) => {}
            (None, b'"' | b'\'') => quote = Some(b),
            (None, b) => return signs.contains(&b),
        }
        false
    })
}

/// Where the block that has just been opened ends.
fn block_end(css: &str) -> usize {
    let (mut at, mut depth) = (0, 1_u32);
    while let Some(next) = position(&css[at..], b"{}") {
        depth = if css.as_bytes()[at + next] == b'{' { depth + 1 } else { depth - 1 };
        if depth == 0 {
            return at + next;
        }
        at += next + 1;
    }
    css.len()
}

/// The text without `/* comments */`, as a browser reads it.
pub(super) fn without_comments(css: &str) -> Cow<'_, str> {
    let Some(first) = memchr::memmem::find(css.as_bytes(), b"/*") else {
        return Cow::Borrowed(css);
    };
    let mut out = String::with_capacity(css.len());
    let (mut rest, mut next) = (css, Some(first));
    while let Some(start) = next {
        out.push_str(&rest[..start]);
        rest = memchr::memmem::find(&rest.as_bytes()[start + 2..], b"*/").map_or("", |e| &rest[start + e + 4..]);
        next = memchr::memmem::find(rest.as_bytes(), b"/*");
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The text with `\64` and `\d` read as the characters they stand for.
pub(super) fn unescaped(css: &str) -> Cow<'_, str> {
    if !css.contains('\\') {
        return Cow::Borrowed(css);
    }
    let mut out = String::with_capacity(css.len());
    let mut chars = css.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        let mut code = 0_u32;
        let mut digits = 0;
        while let Some(digit) = chars.peek().and_then(|c| c.to_digit(16)).filter(|_| digits < 6) {
            (code, digits) = (code * 16 + digit, digits + 1);
            chars.next();
        }
        if digits == 0 {
            out.extend(chars.next());
        } else {
            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            chars.next_if(char::is_ascii_whitespace);
        }
    }
    Cow::Owned(out)
}

/// Declarations that hide, among those of an inline style; for scripts that write one.
pub(super) fn hiding(style: &str) -> bool {
    let mut found = false;
    declarations(&unescaped(&without_comments(style)), |d, _| {
        found |= d.hides() && d != Declaration::Display(Display::Inline);
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(css: &str) -> Vec<String> {
        let mut sheet = Sheet::default();
        sheet.add(css);
        sheet.rules.iter().map(|r| r.selector.to_string()).collect()
    }

    #[test]
    fn rules_are_read_past_comments_imports_and_strings() {
        assert_eq!(
            keys("@import url(a.css); /* } */ .a{display:none} b > c::after{content:'}';color:red} .d{color:red}"),
            [".a", ".d"]
        );
    }

    #[test]
    fn only_queries_for_every_screen_count() {
        assert_eq!(
            keys(
                "@media screen{.a{display:none}} @media print{.b{display:none}} @media (max-width:9px){.c{display:none}} .d{display:none}"
            ),
            [".a", ".d"]
        );
    }

    #[test]
    fn sheets_that_hide_nothing_are_told_apart() {
        let mut sheet = Sheet::default();
        sheet.add("p{color:#333;background:#fff} .b{width:50%}");
        assert!(!sheet.hides());
        sheet.add(".x{position:absolute;left:-9999px}");
        assert!(sheet.hides());
    }

    #[test]
    fn the_key_is_the_last_compound() {
        assert_eq!(key("div.a > span.b[title]"), (Some(".b"), false));
        assert_eq!(key("#x"), (Some("#x"), true));
        assert_eq!(key("[hidden]"), (None, false));
        assert_eq!(key("ul li"), (Some("li"), false));
    }

    #[test]
    fn escapes_are_characters() {
        assert_eq!(unescaped(r"d\69splay"), "display");
        assert_eq!(unescaped(r"\64 isplay"), "display");
        assert_eq!(without_comments("dis/* */play"), "display");
    }
}
