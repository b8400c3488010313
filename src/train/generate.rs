//! The generator: lexicon entries expanded into training text, the same every time.

use unicode_normalization::UnicodeNormalization;

use super::brand;
use super::data::{Item, Tag};
use super::lexicon::{Lexicon, Trade};
use super::random::{Random, stable};

/// Expansions of each anchor and of each sentence.
const ANCHORS: usize = 3;
const PROSE: usize = 2;

/// All items of a lexicon. Items of one entry share a group, so that they fall into one fold together.
pub fn items(lexicon: &Lexicon) -> Vec<Item> {
    let mut out = Vec::new();
    for (name, trade) in &lexicon.trade {
        spam(lexicon, name, trade, &mut out);
    }
    for (kind, lines) in &lexicon.genuine {
        genuine(lexicon, kind, lines, &mut out);
    }
    out
}

fn spam(lexicon: &Lexicon, name: &str, trade: &Trade, out: &mut Vec<Item>) {
    for (at, template) in trade.anchors.iter().enumerate() {
        let group = format!("{}/{name}/a{at}", lexicon.lang);
        let mut random = Random::new(stable(&group));
        for n in 0..ANCHORS {
            let mut text = fill(template, lexicon, &mut random);
            if n > 0 {
                text = vary(&text, &trade.anchors, lexicon, &mut random);
            }
            out.push(Item::made(Tag::Spam, text, &lexicon.lang, name, &group, false));
        }
    }
    for (at, template) in trade.prose.iter().enumerate() {
        let group = format!("{}/{name}/p{at}", lexicon.lang);
        let mut random = Random::new(stable(&group));
        for _ in 0..PROSE {
            out.push(Item::made(Tag::Spam, fill(template, lexicon, &mut random), &lexicon.lang, name, &group, true));
        }
    }
}

fn genuine(lexicon: &Lexicon, kind: &str, lines: &[String], out: &mut Vec<Item>) {
    let tag = if kind == "furniture" { Tag::Furniture } else { Tag::Genuine };
    for (at, template) in lines.iter().enumerate() {
        let group = format!("{}/genuine-{kind}/{at}", lexicon.lang);
        let mut random = Random::new(stable(&group));
        let slots = template.matches('{').count();
        for _ in 0..=usize::from(slots > 0) {
            out.push(Item::made(
                tag,
                fill(template, lexicon, &mut random),
                &lexicon.lang,
                &format!("genuine-{kind}"),
                &group,
                matches!(kind, "talk" | "article" | "about"),
            ));
        }
    }
}

/// `template` with its placeholders filled.
pub fn fill(template: &str, lexicon: &Lexicon, random: &mut Random) -> String {
    let mut out = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        out.push_str(&rest[..open]);
        let Some(close) = rest[open..].find('}') else { break };
        out.push_str(&slot(&rest[open + 1..open + close], lexicon, random));
        rest = &rest[open + close + 1..];
    }
    out.push_str(rest);
    out
}

fn slot(name: &str, lexicon: &Lexicon, random: &mut Random) -> String {
    match name {
        "brand" => brand::name(random),
        "domain" => brand::host(random),
        "url" => format!("https://{}/", brand::host(random)),
        "year" => random.between(2015, 2027).to_string(),
        "n" => random.between(2, 500).to_string(),
        "percent" => format!("{}%", random.between(1, 20) * 25),
        "amount" => amount(random),
        "phone" => format!(
            "+{} {} {} {}",
            random.between(1, 99),
            random.between(100, 999),
            random.between(100, 999),
            random.between(1000, 9999)
        ),
        other => match lexicon.slots.get(other) {
            Some(fillers) if !fillers.is_empty() => random.pick(fillers).clone(),
            _ => brand::invented(random),
        },
    }
}

fn amount(random: &mut Random) -> String {
    let n = [5, 10, 20, 50, 100, 250, 500, 1000, 5000][random.below(9)];
    let sign = ["$", "€", "£", "₺", "Rp", "฿", "₹", "₽", "USD ", "EUR "][random.below(10)];
    if random.chance(60) { format!("{sign}{n}") } else { format!("{n} {}", sign.trim()) }
}

/// An anchor in other dress: other case, without marks, joined with a brand, a year, a city or another anchor.
fn vary(text: &str, others: &[String], lexicon: &Lexicon, random: &mut Random) -> String {
    let dressed = match random.below(8) {
        0 => text.to_lowercase(),
        1 => text.to_uppercase(),
        2 | 3 => text.split(' ').map(brand::capitalise).collect::<Vec<_>>().join(" "),
        4 => unmarked(text),
        _ => text.to_owned(),
    };
    match random.below(12) {
        0 => format!("{dressed} {}", random.between(2020, 2027)),
        1 => format!("{} {dressed}", slot("city", lexicon, random)),
        2 => format!("{dressed} {}", slot("city", lexicon, random)),
        3 | 4 => {
            let joint = *random.pick(&[", ", " | ", " - ", " ", " / ", ", "]);
            let more: Vec<String> = (0..random.between(1, 4))
                .map(|_| fill(random.pick(others).clone().as_str(), lexicon, random))
                .collect();
            format!("{dressed}{joint}{}", more.join(joint))
        }
        5 => format!(
            "{}{dressed}{}",
            random.pick(&["✅ ", "🔥", "▷ ", "【", "⭐ ", "👉 "]),
            random.pick(&["", "", "】", " ✔", "!!", " ➤"])
        ),
        6 => format!("{dressed} {}", brand::host(random)),
        _ => dressed,
    }
}

/// Latin letters without their marks, as spammers often type them.
fn unmarked(text: &str) -> String {
    if !text.chars().any(|c| matches!(c, '\u{c0}'..='\u{24f}')) {
        return text.to_owned();
    }
    text.nfd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).map(|c| if c == 'ı' { 'i' } else { c }).nfc().collect()
}
