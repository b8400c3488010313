//! HTML to learn from: real pages with their main text known, and made ones, spam laid into both as intruders lay it.

use std::collections::HashSet;
use std::io::Read;
use std::path::Path;

use serde::Deserialize;

use super::brand;
use super::data::Tag;
use super::random::{Random, stable};
use crate::error::{Error, Result};
use crate::signal::Survey;

/// A real page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Decides its fold, as the items of its main text do.
    pub source: String,
    /// The page.
    pub html: String,
    /// Its main text.
    pub main: String,
}

#[derive(Deserialize)]
struct Row {
    id: String,
    main_content: String,
}

/// The pages of a folder: `gold.jsonl` with `id` and `main_content`, and `html/ID.html.gz`. None where there is no such file.
///
/// # Errors
/// [`Error::Read`] and [`Error::Record`].
pub fn load(folder: &Path) -> Result<Vec<Page>> {
    let gold = folder.join("gold.jsonl");
    if !gold.is_file() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(&gold).map_err(|source| Error::read(&gold, source))?;
    let row = |(at, line): (usize, &str)| {
        serde_json::from_str::<Row>(line).map_err(|error| Error::Record {
            path: gold.clone(),
            line: at + 1,
            reason: error.to_string(),
        })
    };
    text.lines().enumerate().map(|line| page(folder, row(line)?)).collect()
}

fn page(folder: &Path, row: Row) -> Result<Page> {
    let path = folder.join("html").join(format!("{}.html.gz", row.id));
    let file = std::fs::File::open(&path).map_err(|source| Error::read(&path, source))?;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file).read_to_end(&mut bytes).map_err(|source| Error::read(&path, source))?;
    Ok(Page {
        source: format!("page/{}", row.id),
        html: String::from_utf8_lossy(&bytes).into_owned(),
        main: row.main_content,
    })
}

/// Which words belong to what, by shingles of three.
#[derive(Debug, Default)]
pub struct Key {
    genuine: HashSet<u64>,
    spam: HashSet<u64>,
    furniture: HashSet<u64>,
    /// Whether what is not known otherwise is furniture.
    pub rest: bool,
}

impl Key {
    /// Notes that `text` is of a kind.
    pub fn note(&mut self, text: &str, tag: Tag) {
        let words = words(text);
        let set = match tag {
            Tag::Genuine => &mut self.genuine,
            Tag::Spam => &mut self.spam,
            Tag::Furniture => &mut self.furniture,
        };
        set.insert(stable(&words.join(" ")));
        set.extend(words.windows(3).map(|three| stable(&three.join(" "))));
    }

    /// The state of unit `i`, where it can be told.
    pub fn state(&self, survey: &Survey<'_>, i: usize) -> Option<u8> {
        let words = words(&survey.units[i].text);
        let whole = stable(&words.join(" "));
        let sets = [&self.genuine, &self.spam, &self.furniture];
        for (state, set) in [(1, sets[1]), (0, sets[0]), (2, sets[2])] {
            if set.contains(&whole) {
                return Some(state);
            }
        }
        let shingles: Vec<u64> = words.windows(3).map(|three| stable(&three.join(" "))).collect();
        if shingles.is_empty() {
            return (self.rest && !words.is_empty()).then_some(2);
        }
        let share =
            |set: &HashSet<u64>| shingles.iter().filter(|shingle| set.contains(shingle)).count() * 10 / shingles.len();
        let shares = sets.map(share);
        let best = (0..3).max_by_key(|&state| shares[state])?;
        match shares[best] {
            6.. => Some(best as u8),
            0 | 1 if self.rest => Some(2),
            _ => None,
        }
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

impl Page {
    /// What of this page is what, before anything is laid into it.
    pub fn key(&self) -> Key {
        let mut key = Key { rest: true, ..Key::default() };
        key.note(&self.main, Tag::Genuine);
        self.main.lines().for_each(|line| key.note(line, Tag::Genuine));
        key
    }
}

/// Ways to hide a stretch of HTML, `{}` standing for it; the plain ones are commoner than any trick.
const COVERS: &[&str] = &[
    "{}",
    "{}",
    "{}",
    "{}",
    "<div>{}</div>",
    "<div class=\"widget-area\">{}</div>",
    "<footer>{}</footer>",
    "<section><ul>{}</ul></section>",
    "<div style=\"display:none\">{}</div>",
    "<div style=\"display: none !important;\">{}</div>",
    "<span style=\"visibility:hidden\">{}</span>",
    "<div hidden>{}</div>",
    "<div style=\"position:absolute;left:-11234px\">{}</div>",
    "<div style=\"position: fixed; top: -1620px; z-index: 1\">{}</div>",
    "<p style=\"text-indent:-9000px\">{}</p>",
    "<div style=\"font-size:0\">{}</div>",
    "<div style=\"font-size:1px;color:#fefefe\">{}</div>",
    "<div style=\"opacity:0.01\">{}</div>",
    "<div style=\"height:0;overflow:hidden\">{}</div>",
    "<div style=\"width:1px;height:1px;overflow:hidden;position:absolute\">{}</div>",
    "<div style=\"color:#ffffff;background-color:white\">{}</div>",
    "<div style=\"clip-path: inset(50%)\">{}</div>",
    "<div style=\"transform:scale(0)\">{}</div>",
    "<noscript>{}</noscript>",
    "<marquee width=\"1\" height=\"1\">{}</marquee>",
    "<details><summary>+</summary>{}</details>",
    "<style>.q{position:absolute;margin-left:-5000px}</style><div class=\"q\">{}</div>",
    "<style>#xk7 {display:none}</style><div id=\"xk7\">{}</div>",
    "<div aria-hidden=\"true\" style=\"opacity:0\">{}</div>",
];

/// Covers a site uses for its own text.
const FOLDS: &[&str] = &[
    "<div hidden>{}</div>",
    "<details><summary>More</summary>{}</details>",
    "<div class=\"tab\" style=\"display:none\">{}</div>",
    "<div aria-hidden=\"true\">{}</div>",
    "<noscript>{}</noscript>",
];

/// `spam` as HTML under a cover.
pub fn covered(spam: &[String], random: &mut Random) -> String {
    let style = random.below(7);
    let hosts: Vec<String> = (0..random.between(1, 12)).map(|_| brand::host(random)).collect();
    let linked = random.between(40, 100);
    let inner: String = spam
        .iter()
        .map(|text| {
            let prose = text.split_whitespace().count() > 12;
            let text = escape(text);
            let href = format!("https://{}/", random.pick(&hosts));
            let body = if prose && random.chance(50) {
                let anchor: String = text.split(' ').take(2).collect::<Vec<_>>().join(" ");
                format!("{text} <a href=\"{href}\">{anchor}</a>")
            } else if !prose && random.chance(linked) {
                format!("<a href=\"{href}\">{text}</a>")
            } else {
                text
            };
            if prose { format!("<p>{body}</p>\n") } else { wrap(&body, style) }
        })
        .collect();
    random.pick(COVERS).replace("{}", &inner)
}

fn wrap(body: &str, style: usize) -> String {
    match style {
        0 => format!("<p>{body}</p>\n"),
        1 => format!("<li>{body}</li>\n"),
        2 => format!("{body}<br>\n"),
        3 => format!("{body} - "),
        4 => format!("<div>{body}</div>\n"),
        5 => format!("{body} | "),
        _ => format!("{body}\n"),
    }
}

/// Text as HTML.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Lays `part` into a page: at its start, at its end, after its end, or after one of its paragraphs.
pub fn lay(html: &str, part: &str, random: &mut Random) -> String {
    let after = |tag: &str, n: usize| html.match_indices(tag).nth(n).map(|(at, tag)| at + tag.len());
    let paragraphs = html.matches("</p>").count();
    let at = match random.below(10) {
        0 | 1 => html.find("<body").and_then(|at| Some(at + html[at..].find('>')? + 1)),
        2 => html.rfind("</body>"),
        3 => Some(html.len()),
        4 => html.rfind("</footer>"),
        _ => after("</p>", random.below(paragraphs)),
    };
    let at = at.unwrap_or(html.len());
    format!("{}\n{part}\n{}", &html[..at], &html[at..])
}

/// A made page around `body`.
pub fn frame(body: &str, furniture: &[String], random: &mut Random) -> String {
    let links = |items: &[String]| {
        items.iter().map(|text| format!("<a href=\"/{}\">{}</a> ", text.len(), escape(text))).collect::<String>()
    };
    let (head, foot) = furniture.split_at(furniture.len() / 2);
    let container = *random.pick(&[
        "<main><article>{}</article></main>",
        "<div id=\"content\"><div class=\"entry\">{}</div></div>",
        "<article>{}</article>",
        "<div class=\"post-body\">{}</div>",
        "{}",
    ]);
    format!(
        "<!doctype html><html><head><meta charset=\"utf-8\"><title>Page</title></head><body><nav>{}</nav>\n{}\n<footer><p>{}</p></footer></body></html>",
        links(head),
        container.replace("{}", &format!("<h1>Page</h1>\n{body}")),
        links(foot)
    )
}

/// A genuine stretch, now and then folded away as sites fold their own text.
pub fn paragraph(text: &str, random: &mut Random) -> String {
    let words = text.split_whitespace().count();
    let text = escape(text);
    let inner = match random.below(20) {
        0 if words > 8 => {
            let cut = text.find(' ').unwrap_or(0);
            format!(
                "<p>{} <a href=\"https://{}.example/{cut}\">{}</a></p>",
                &text[cut..],
                brand::invented(random),
                &text[..cut]
            )
        }
        1 if words < 9 => format!("<h2>{text}</h2>"),
        2 | 3 if words < 25 => format!("<ul><li>{text}</li></ul>"),
        4 if words < 9 => format!("<p><a href=\"https://{}.example/\">{text}</a></p>", brand::invented(random)),
        5 => format!("<blockquote><p>{text}</p></blockquote>"),
        _ => format!("<p>{text}</p>"),
    };
    if random.chance(3) { random.pick(FOLDS).replace("{}", &inner) } else { inner }
}
