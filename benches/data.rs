//! Documents of any size for the benches: always the same text for the same size.
#![allow(dead_code, clippy::unwrap_used)]

use std::fmt::Write;

use weedout::verdict::Model;

const WHO: [&str; 8] = ["Ada", "Björn", "Cem", "Dolores", "Emeka", "Fatma", "Goran", "Hedda"];
const DID: [&str; 10] = [
    "walked to the harbour",
    "took the clock apart",
    "wrote a letter to the council",
    "lost the key of the archive",
    "planted forty apple trees",
    "closed the shop for a week",
    "learned the second violin part",
    "drove the bus up the hill",
    "translated the old inscription",
    "asked the neighbours for a ladder",
];
const WHY: [&str; 9] = [
    "because nobody else wanted to",
    "before the snow came",
    "although the doctor had advised against it",
    "and the whole street was watching",
    "as her grandmother had done",
    "for no reason that I could see",
    "while the soup was getting cold",
    "which surprised the mayor",
    "so that we could begin in time",
];
const SHORT: [&str; 6] = ["Yeah.", "Right.", "Really?", "I see.", "Mm-hmm.", "And then?"];
const SPAM: [&str; 10] = [
    "lorabet giriş",
    "Hacklink satın al",
    "deneme bonusu veren siteler",
    "best online casino no deposit bonus",
    "slot gacor hari ini",
    "buy backlinks cheap",
    "เว็บสล็อตตรง",
    "Nulled WordPress Themes",
    "kaçak iddaa siteleri",
    "cheap replica watches",
];

/// A generator of numbers below a bound (a linear congruence: only variety is asked of it).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.roll(all.len())]
    }
}

/// Lines of an interview of at least `bytes` bytes: genuine turns, one in four of them a word or two, and now and then a run
/// of spam. The flag says which.
fn lines(bytes: usize) -> Vec<(bool, String)> {
    let (mut dice, mut found, mut size) = (Dice(7), Vec::new(), 0);
    while size < bytes {
        let run = if dice.roll(40) == 0 { 1 + dice.roll(30) } else { 0 };
        for _ in 0..run {
            found.push((true, dice.pick(&SPAM).to_owned()));
        }
        let mut line = format!("{}: ", dice.pick(&WHO));
        match dice.roll(4) {
            0 => line.push_str(dice.pick(&SHORT)),
            _ => (0..=dice.roll(5)).for_each(|_| {
                let (who, did, why, year) = (dice.pick(&WHO), dice.pick(&DID), dice.pick(&WHY), 1950 + dice.roll(75));
                let _ = write!(line, "In {year} {who} {did} {why}. ");
            }),
        }
        found.push((false, line.trim_end().to_owned()));
        size += found.iter().rev().take(run + 1).map(|(_, line)| line.len() + 2).sum::<usize>();
    }
    found
}

/// A transcript.
pub(crate) fn text(bytes: usize) -> String {
    lines(bytes).into_iter().map(|(_, line)| line + "\n\n").collect()
}

/// Lines of words that no vocabulary has.
pub(crate) fn unknown(bytes: usize) -> String {
    let (mut dice, mut text) = (Dice(11), String::with_capacity(bytes + 100));
    while text.len() < bytes {
        for _ in 0..=dice.roll(20) {
            text.extend((0..3 + dice.roll(8)).map(|_| char::from(b'a' + dice.roll(26) as u8)));
            text.push(' ');
        }
        text.push('\n');
    }
    text
}

/// A clipping, its spam as links.
pub(crate) fn markdown(bytes: usize) -> String {
    let body = lines(bytes).into_iter().enumerate().map(|(at, (spam, line))| {
        if spam { format!("[{line}](https://site{}.example/{at})\n\n", at % 9) } else { format!("{line}\n\n") }
    });
    format!("---\ntitle: \"A talk\"\nsource: \"https://talks.example/1\"\n---\n{}", body.collect::<String>())
}

/// A page, its spam as links in hidden boxes.
pub(crate) fn html(bytes: usize) -> String {
    let mut page = String::from(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A talk</title><style>.q{position:absolute;left:-4000px}</style></head><body><nav><a href=\"/\">Home</a></nav><main><article><h1>A talk</h1>\n",
    );
    for (at, (spam, line)) in lines(bytes).into_iter().enumerate() {
        let _ = if spam {
            writeln!(page, "<div class=\"q\"><a href=\"https://site{}.example/{at}\">{line}</a></div>", at % 9)
        } else {
            writeln!(page, "<p>{line}</p>")
        };
    }
    page + "</article></main><footer><a href=\"/privacy\">Privacy</a></footer></body></html>\n"
}

/// Subtitles.
pub(crate) fn srt(bytes: usize) -> String {
    let cue = |(at, (_, line)): (usize, (bool, String))| {
        let (minutes, seconds) = (at / 20 % 60, at * 3 % 60);
        format!(
            "{}\n{:02}:{minutes:02}:{seconds:02},000 --> {:02}:{minutes:02}:{seconds:02},900\n{line}\n\n",
            at + 1,
            at / 1200,
            at / 1200
        )
    };
    lines(bytes).into_iter().enumerate().map(cue).collect()
}

/// A document in the format that a name tells.
pub(crate) fn of(name: &str, size: usize) -> String {
    match std::path::Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("md") => markdown(size),
        Some("html") => html(size),
        Some("srt") => srt(size),
        _ => text(size),
    }
}

/// The model in the binary.
pub(crate) fn model() -> Model {
    Model::embedded().unwrap()
}
