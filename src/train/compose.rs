//! Labelled documents composed of real and generated blocks, so that the chain learns how spam and honest text meet.

use std::borrow::Cow;

use super::brand;
use super::data::{Item, Tag};
use super::page::{self, Key, Page};
use super::random::Random;
use crate::block::{self, Document, Format, sentence};

/// A composed document: its text, and which bytes of it are what.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    /// The document.
    pub text: String,
    /// Extension its format is known by.
    pub extension: &'static str,
    /// Labelled stretches, ascending, in bytes of `text`; in HTML in order of appearance, found again by their text.
    pub gold: Vec<(std::ops::Range<usize>, Tag)>,
}

impl Draft {
    /// The document as its format has it.
    pub(super) fn document(&self) -> Document<'_> {
        let format = if self.extension == "md" { Format::Markdown } else { Format::Text };
        block::parse(&self.text, format, &block::Options::default())
    }
}

/// How many of a hundred honest texts are of the trades' own subjects.
const HARD: usize = 25;

/// How many of a hundred sentences laid into paragraphs are genuine ones. With 35, ten in a hundred spam sentences fewer were cut of
/// sources not seen, with no more genuine text kept (79 against 69 %, at 99.95 % of genuine documents; 2026-11-22).
const QUOTES: usize = 15;

/// How many of a hundred windows of honest text have foreign quotations between their paragraphs.
const QUOTED: usize = 5;

/// How many of a hundred draws of spam are of real documents.
const REAL: usize = 30;

/// What documents are composed of: all items of one fold.
pub struct Stock<'a> {
    honest: Vec<Vec<&'a Item>>,
    hard: Vec<Vec<&'a Item>>,
    runs: [Vec<Vec<&'a Item>>; 2],
    prose: [Vec<Vec<&'a Item>>; 2],
    pages: [Vec<Vec<&'a Item>>; 2],
    furniture: Vec<Vec<&'a Item>>,
}

pub(super) type Piece<'a> = (Tag, Cow<'a, str>);

/// Items by document, in order, those of at least `least`.
fn by_document<'a>(items: impl Iterator<Item = &'a Item>, least: usize) -> Vec<Vec<&'a Item>> {
    let mut all: std::collections::BTreeMap<&str, Vec<&Item>> = std::collections::BTreeMap::new();
    for item in items {
        all.entry(&item.doc).or_default().push(item);
    }
    all.into_values().filter(|items| items.len() >= least).collect()
}

impl<'a> Stock<'a> {
    /// Sorts `items` into what drafts are made of.
    pub fn new(items: &[&'a Item]) -> Self {
        let all =
            |keep: fn(&Item) -> bool, least| by_document(items.iter().copied().filter(move |item| keep(item)), least);
        let spam = |made: bool, prose: Option<bool>, least| {
            let fits = move |item: &Item| {
                item.label == Tag::Spam
                    && item.made == made
                    && !is_auxiliary(item)
                    && prose.is_none_or(|prose| item.prose == prose && !item.weak)
            };
            by_document(items.iter().copied().filter(|item| fits(item)), least)
        };
        let mut honest = all(|item| item.label == Tag::Genuine && !item.made, 3);
        honest.extend(made_pages(items));
        let mut hard: Vec<_> = honest.iter().filter(|page| is_hard(page[0])).cloned().collect();
        // A post in a forum is often one paragraph.
        hard.extend(all(|item| is_hard(item) && !item.made, 1).into_iter().filter(|page| page.len() < 3));
        Self {
            honest,
            hard,
            runs: [false, true].map(|made| spam(made, Some(false), 2)),
            prose: [false, true].map(|made| spam(made, Some(true), 1)),
            pages: [false, true].map(|made| spam(made, None, 4)),
            furniture: all(|item| item.label == Tag::Furniture, 4),
        }
    }

    /// True when there is something of all that drafts are composed of.
    pub fn suffices(&self) -> bool {
        let any = |pools: &[Vec<Vec<&Item>>; 2]| pools.iter().any(|pool| !pool.is_empty());
        !self.honest.is_empty() && any(&self.runs) && any(&self.prose) && any(&self.pages)
    }

    /// Draft number `n`, the same every time.
    pub fn draft(&self, n: usize, seed: u64) -> Draft {
        let mut random = Random::new(seed ^ (n as u64).wrapping_mul(0x9E37_79B9));
        match random.below(100) {
            0..=21 => self.run(&mut random),
            22..=33 => self.scattered(&mut random),
            34..=49 => self.with_prose(&mut random),
            50..=62 => self.inline(&mut random),
            63..=84 => self.clean(&mut random),
            _ => self.page(&mut random),
        }
    }

    pub(super) fn window(&self, random: &mut Random, least: usize, most: usize) -> Vec<Piece<'a>> {
        let document = either(random, HARD, &self.hard, &self.honest);
        let n = random.between(least, most).min(document.len());
        let start = random.below(document.len() - n + 1);
        let mut pieces: Vec<Piece<'a>> =
            document[start..start + n].iter().map(|item| (Tag::Genuine, item.text.as_str().into())).collect();
        if random.chance(35) {
            echo(&mut pieces, random);
        }
        if random.chance(QUOTED) {
            for _ in 0..random.between(1, 5) {
                let quote = (Tag::Genuine, Cow::Owned(self.quote(random)));
                pieces.insert(random.below(pieces.len() + 1), quote);
            }
        }
        if random.chance(8) && !self.furniture.is_empty() {
            let furniture = random.pick(&self.furniture);
            pieces.extend(
                (0..random.between(1, 6)).map(|_| (Tag::Furniture, random.pick(furniture).text.as_str().into())),
            );
        }
        pieces
    }

    /// Honest documents with links of their own.
    pub(super) fn linked(&self) -> Vec<String> {
        let text = |document: &Vec<&Item>| document.iter().flat_map(|item| [item.text.as_str(), "\n\n"]).collect();
        self.honest.iter().filter(|document| document.iter().any(|item| item.text.contains("]("))).map(text).collect()
    }

    /// A document of spam, real or made.
    fn pool<'s>(pools: &'s [Vec<Vec<&'a Item>>; 2], random: &mut Random) -> &'s Vec<&'a Item> {
        either(random, REAL, &pools[0], &pools[1])
    }

    /// Formed brand names and nothing else.
    fn brands(random: &mut Random, n: usize) -> Vec<Piece<'a>> {
        let shouted = random.chance(60);
        let suffix = *random.pick(&["", "", "", " SLOT", " login", " giriş", " RTP", " link"]);
        let name = |random: &mut Random| if shouted { brand::name(random).to_uppercase() } else { brand::name(random) };
        (0..n).map(|_| (Tag::Spam, format!("{}{suffix}", name(random)).into())).collect()
    }

    /// Anchors of one trade, or of a few, some again and again.
    pub(super) fn anchors(&self, random: &mut Random, n: usize) -> Vec<Piece<'a>> {
        if random.chance(15) {
            return Self::brands(random, n);
        }
        let mut pools: Vec<&Vec<&Item>> = vec![Self::pool(&self.runs, random)];
        if random.chance(50) {
            pools.extend((0..random.between(1, 4)).map(|_| Self::pool(&self.runs, random)));
        }
        let favourite = random.pick(pools[0]);
        let start = random.below(pools[0].len());
        let ordered = random.chance(35);
        let repeats = if random.chance(40) { random.between(5, 60) } else { 0 };
        (0..n)
            .map(|k| {
                let item = if random.chance(repeats) {
                    favourite
                } else if ordered {
                    &pools[0][(start + k) % pools[0].len()]
                } else {
                    {
                        let pool = pools[random.below(pools.len())];
                        random.pick(pool)
                    }
                };
                (Tag::Spam, item.text.as_str().into())
            })
            .collect()
    }

    fn sentences(&self, random: &mut Random, n: usize) -> Vec<Piece<'a>> {
        let pool = Self::pool(&self.prose, random);
        (0..n)
            .map(|_| {
                let mut text = random.pick(pool).text.clone();
                if random.chance(30) {
                    text = format!("{text} {}", random.pick(pool).text);
                }
                (Tag::Spam, text.into())
            })
            .collect()
    }

    fn run(&self, random: &mut Random) -> Draft {
        let mut pieces = self.window(random, 8, 70);
        let n = [1, 2, 3, 5, 9, 20, 50, 120][random.below(8)];
        let spam = self.anchors(random, n);
        let at = match random.below(3) {
            0 => 0,
            1 => pieces.len(),
            _ => random.below(pieces.len() + 1),
        };
        pieces.splice(at..at, spam);
        write(&pieces, random)
    }

    fn scattered(&self, random: &mut Random) -> Draft {
        let mut pieces = self.window(random, 12, 70);
        let n = random.between(1, 14);
        for piece in self.anchors(random, n) {
            pieces.insert(random.below(pieces.len() + 1), piece);
        }
        write(&pieces, random)
    }

    fn with_prose(&self, random: &mut Random) -> Draft {
        let mut pieces = self.window(random, 8, 60);
        let n = random.between(1, 6);
        let together = random.chance(40);
        let mut at = random.below(pieces.len() + 1);
        for piece in self.sentences(random, n) {
            if !together {
                at = random.below(pieces.len() + 1);
            }
            pieces.insert(at, piece);
        }
        write(&pieces, random)
    }

    /// What is laid into a paragraph: mostly one sentence, else all that stood in a block of spam.
    fn laid_in(&self, random: &mut Random) -> String {
        let text = self.sentences(random, 1).remove(0).1;
        let parts = sentence::split(&text);
        if parts.len() < 2 || random.chance(35) {
            return text.into_owned();
        }
        let part = if random.chance(50) { &parts[0] } else { random.pick(&parts) };
        text[part.clone()].trim_end().to_owned()
    }

    /// A genuine sentence of another document, often in another language: what is foreign to its surroundings is not yet spam.
    fn quote(&self, random: &mut Random) -> String {
        let document = either(random, HARD, &self.hard, &self.honest);
        let text = &random.pick(document).text;
        let parts = sentence::split(text);
        if parts.is_empty() { text.clone() } else { text[random.pick(&parts).clone()].trim_end().to_owned() }
    }

    /// A genuine sentence that mentions what is sold, between quotation marks.
    fn mention(&self, sentence: &str, random: &mut Random) -> String {
        let (open, close) = *random.pick(&[("\"", "\""), ("“", "”"), ("„", "“"), ("«", "»"), ("‘", "’")]);
        let mut words: Vec<Cow<'_, str>> = sentence.split_whitespace().map(Cow::Borrowed).collect();
        for _ in 0..random.between(1, 3) {
            let pool = Self::pool(&self.runs, random);
            let anchor = random.pick(pool).text.as_str();
            words.insert(random.below(words.len() + 1), Cow::Owned(format!("{open}{anchor}{close}")));
        }
        words.join(" ")
    }

    /// A genuine paragraph with something foreign at its start, at its end or, more rarely, between its sentences: spam, or now
    /// and then a quotation.
    fn polluted(&self, text: Cow<'a, str>, random: &mut Random) -> Vec<Piece<'a>> {
        let foreign = if random.chance(QUOTES) {
            let quote = self.quote(random);
            (Tag::Genuine, Cow::Owned(if random.chance(40) { self.mention(&quote, random) } else { quote }))
        } else {
            (Tag::Spam, Cow::Owned(self.laid_in(random)))
        };
        match random.below(20) {
            0..=8 => vec![foreign, (Tag::Genuine, text)],
            9..=17 => vec![(Tag::Genuine, text), foreign],
            _ => {
                let parts = sentence::split(&text);
                let at = parts[random.below(parts.len())].start;
                let (before, after) = (text[..at].trim_end().to_owned(), text[at..].to_owned());
                let genuine = |text: String| (Tag::Genuine, Cow::Owned(text));
                [genuine(before), foreign, genuine(after)].into_iter().filter(|(_, text)| !text.is_empty()).collect()
            }
        }
    }

    /// A spam sentence at the start, the end or inside a genuine paragraph.
    fn inline(&self, random: &mut Random) -> Draft {
        let pieces = self.window(random, 6, 30);
        let mut draft = Draft { extension: "txt", ..Draft::default() };
        for (tag, text) in pieces {
            let polluted = tag == Tag::Genuine && text.split_whitespace().count() >= 14 && random.chance(25);
            let pieces = if polluted { self.polluted(text, random) } else { vec![(tag, text)] };
            push(&mut draft, &pieces, " ");
            draft.text.push_str("\n\n");
        }
        draft
    }

    /// A made HTML page: an honest text with or without spam laid into it, under a cover or in the open.
    pub fn page_draft(&self, n: usize, seed: u64) -> (String, Key) {
        let mut random = Random::new(seed ^ 0x417 ^ (n as u64).wrapping_mul(0x9E37_79B9));
        // One page in eight is a doorway: spam and nothing else.
        let doorway = random.chance(12);
        let pieces = if doorway { Vec::new() } else { self.window(&mut random, 4, 40) };
        let mut key = Key::default();
        let mut furniture = Vec::new();
        if let Some(pool) = (!self.furniture.is_empty()).then(|| random.pick(&self.furniture)) {
            furniture.extend((0..random.between(0, 12)).map(|_| random.pick(pool).text.clone()));
        }
        furniture.iter().for_each(|text| key.note(text, Tag::Furniture));
        pieces.iter().for_each(|(tag, text)| key.note(text, *tag));
        let inline = if random.chance(35) { random.between(5, 30) } else { 0 };
        let mut body: Vec<String> = Vec::new();
        for (_, text) in &pieces {
            let spam =
                (text.split_whitespace().count() >= 14 && random.chance(inline)).then(|| self.laid_in(&mut random));
            let text = spam.map_or_else(
                || text.to_string(),
                |spam| {
                    key.note(&spam, Tag::Spam);
                    if random.chance(50) { format!("{spam} {text}") } else { format!("{text} {spam}") }
                },
            );
            body.push(page::paragraph(&text, &mut random));
        }
        if random.chance(25) {
            let n = random.between(1, 4);
            for (tag, text) in self.sentences(&mut random, n) {
                key.note(&text, tag);
                body.insert(random.below(body.len() + 1), page::paragraph(&text, &mut random));
            }
        }
        if doorway || random.chance(70) {
            for _ in 0..random.between(1, if doorway { 6 } else { 2 }) {
                let part = page::covered(&self.injection(&mut random, &mut key), &mut random);
                body.insert(random.below(body.len() + 1), part);
            }
        }
        (page::frame(&body.join("\n"), &furniture, &mut random), key)
    }

    /// A real page, spam laid into it in most cases.
    pub fn real_page(&self, page: &Page, n: usize, seed: u64) -> (String, Key) {
        let mut random = Random::new(seed ^ 0x9A6E ^ (n as u64).wrapping_mul(0x9E37_79B9));
        let (mut html, mut key) = (page.html.clone(), page.key());
        if random.chance(60) {
            for _ in 0..random.between(1, 3) {
                let part = page::covered(&self.injection(&mut random, &mut key), &mut random);
                html = page::lay(&html, &part, &mut random);
            }
        }
        (html, key)
    }

    /// Anchors or sentences to lay into a page, noted in its key.
    fn injection(&self, random: &mut Random, key: &mut Key) -> Vec<String> {
        let n = [1, 2, 5, 12, 40, 100][random.below(6)];
        let pieces = if random.chance(60) { self.anchors(random, n) } else { self.sentences(random, n.min(6)) };
        pieces.iter().for_each(|(tag, text)| key.note(text, *tag));
        pieces.into_iter().map(|(_, text)| text.into_owned()).collect()
    }

    fn clean(&self, random: &mut Random) -> Draft {
        let pieces = if random.chance(30) { self.window(random, 1, 6) } else { self.window(random, 3, 90) };
        write(&pieces, random)
    }

    /// Nothing but spam: a doorway page of a real source, or of one trade.
    fn page(&self, random: &mut Random) -> Draft {
        let document = Self::pool(&self.pages, random);
        let n = if random.chance(25) { random.between(1, 6) } else { random.between(3, 60) };
        let start = random.below(document.len());
        let real = !document[0].made;
        let mut pieces: Vec<Piece<'a>> = (0..n.min(document.len()))
            .map(|k| if real { document[(start + k) % document.len()] } else { random.pick(document) })
            .map(|item| (Tag::Spam, item.text.as_str().into()))
            .collect();
        if random.chance(15) && !self.furniture.is_empty() {
            let furniture = random.pick(&self.furniture);
            pieces.push((Tag::Furniture, random.pick(furniture).text.as_str().into()));
        }
        write(&pieces, random)
    }
}

/// Honest text about what spam sells.
fn is_hard(item: &Item) -> bool {
    matches!(item.kind.as_str(), "hardneg-gambling" | "hardneg-security" | "genuine-about")
}

fn is_auxiliary(item: &Item) -> bool {
    matches!(item.kind.as_str(), "email-spam" | "chat-spam" | "comment-spam" | "form-spam")
}

/// Repeats short pieces, as talkers do; real labelled text has lost its exact repetitions.
fn echo(pieces: &mut Vec<Piece<'_>>, random: &mut Random) {
    let most = if random.chance(30) { 25 } else { 6 };
    let short: Vec<usize> = (0..pieces.len()).filter(|&at| pieces[at].1.split_whitespace().count() <= most).collect();
    if short.is_empty() {
        return;
    }
    let chosen: Vec<Piece<'_>> = (0..random.between(1, 4)).map(|_| pieces[*random.pick(&short)].clone()).collect();
    for piece in chosen {
        for _ in 0..random.between(1, 9) {
            pieces.insert(random.below(pieces.len() + 1), piece.clone());
        }
    }
}

/// One of two pools, the first `percent` times in a hundred, where it has anything.
fn either<'p, T>(random: &mut Random, percent: usize, first: &'p [T], second: &'p [T]) -> &'p T {
    if second.is_empty() || !first.is_empty() && random.chance(percent) {
        random.pick(first)
    } else {
        random.pick(second)
    }
}

/// Honest pages of generated text: one language, kinds mixed as documents mix them.
fn made_pages<'a>(items: &[&'a Item]) -> Vec<Vec<&'a Item>> {
    let honest = by_language(items);
    let mut pages = Vec::new();
    for pool in honest {
        let mut random = Random::new(pool.len() as u64);
        for n in 0..10 {
            let favourite = if n < 5 { "genuine-about".to_owned() } else { random.pick(&pool).kind.clone() };
            let mut page: Vec<&Item> = pool
                .iter()
                .copied()
                .filter(|item| item.kind == favourite || random.chance(if n < 3 { 3 } else { 30 }))
                .collect();
            random.shuffle(&mut page);
            page.truncate(120);
            pages.push(page);
        }
    }
    pages.retain(|page| page.len() >= 3);
    pages
}

fn by_language<'a>(items: &[&'a Item]) -> Vec<Vec<&'a Item>> {
    let mut all: std::collections::BTreeMap<&str, Vec<&Item>> = std::collections::BTreeMap::new();
    for item in items.iter().copied().filter(|item| item.made && item.label == Tag::Genuine) {
        all.entry(&item.lang).or_default().push(item);
    }
    all.into_values().collect()
}

fn push(draft: &mut Draft, pieces: &[Piece<'_>], joint: &str) {
    for (k, (tag, text)) in pieces.iter().enumerate() {
        if k > 0 {
            draft.text.push_str(joint);
        }
        let start = draft.text.len();
        draft.text.push_str(text);
        draft.gold.push((start..draft.text.len(), *tag));
    }
}

/// The pieces as a plain text or a Markdown clipping.
fn write(pieces: &[Piece<'_>], random: &mut Random) -> Draft {
    match random.below(100) {
        0..=21 => markdown(pieces, random),
        22..=31 => joined(pieces, random),
        _ => plain(pieces, random),
    }
}

/// Many pieces a line, as in a transcript without breaks.
fn joined(pieces: &[Piece<'_>], random: &mut Random) -> Draft {
    let mut draft = Draft { extension: "txt", ..Draft::default() };
    let most = *random.pick(&[4, 12, 400]);
    let mut at = 0;
    while at < pieces.len() {
        let n = random.between(2, most).min(pieces.len() - at);
        push(&mut draft, &pieces[at..at + n], " ");
        draft.text.push_str("\n\n");
        at += n;
    }
    draft
}

fn plain(pieces: &[Piece<'_>], random: &mut Random) -> Draft {
    let mut draft = Draft { extension: "txt", ..Draft::default() };
    let end = if random.chance(60) { "\n\n" } else { "\n" };
    for piece in pieces {
        push(&mut draft, std::slice::from_ref(piece), "");
        draft.text.push_str(end);
    }
    draft
}

/// Spam mostly as links, honest text as it is, now and then with a link of its own.
fn markdown(pieces: &[Piece<'_>], random: &mut Random) -> Draft {
    let mut draft = Draft {
        extension: "md",
        text: "---\ntitle: \"A clipping\"\nsource: \"https://paper.example/a\"\n---\n".into(),
        ..Draft::default()
    };
    let linked = random.between(20, 100);
    let bullet = if random.chance(25) { "- " } else { "" };
    for (tag, text) in pieces {
        let text = text.replace(['[', ']', '<', '>', '`'], " ");
        let start = draft.text.len();
        let short = text.split_whitespace().count() <= 8;
        match tag {
            Tag::Spam if random.chance(linked) => {
                draft.text.push_str(&format!("{bullet}[{text}](https://{}/{})", brand::host(random), random.below(90)));
            }
            Tag::Genuine if short && random.chance(12) => draft.text.push_str(&format!(
                "[{text}](https://{}.example/{})",
                brand::invented(random),
                random.below(90)
            )),
            _ => draft.text.push_str(&text),
        }
        draft.gold.push((start..draft.text.len(), *tag));
        draft.text.push_str("\n\n");
    }
    draft
}
