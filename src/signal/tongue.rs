//! The language of a text: what `whatlang::detect` says, found faster where the script is Latin.
//!
//! `whatlang` looks up the 300 most common trigrams of each of 37 languages in the trigrams of the text, which takes 50 to 150
//! microseconds however short the text is. Here the trigrams of the text are looked up in an index of all profiles. Distances,
//! scores and the order of equals are the same; a test compares the two. The profiles and alphabets of `tongue/latin.txt` are
//! those of `whatlang` 0.18 (MIT licence, copyright Sergey Potapov); each line has a language's code, its alphabet and its
//! trigrams, the most common first.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::LazyLock;

use whatlang::{Lang, Script};

use super::letter;

/// A language and whether `whatlang` would rely on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Guess {
    /// The likeliest language.
    pub lang: Lang,
    /// Its confidence is over 0.9.
    pub reliable: bool,
}

/// The language of `text`; `None` without letters.
pub fn detect(text: &str) -> Option<Guess> {
    if script(text)? == Script::Latin && fits(text) {
        return Some(latin(text));
    }
    whatlang::detect(text).map(|info| Guess { lang: info.lang(), reliable: info.is_reliable() })
}

/// The script most letters of `text` are of, as `whatlang::detect_script` says.
pub fn script(text: &str) -> Option<Script> {
    if text.is_ascii() {
        return text.bytes().any(|b| b.is_ascii_alphabetic()).then_some(Script::Latin);
    }
    // Below U+0250 all letters are Latin, and so is all else that is counted; the dashes and quotes of print are not counted.
    let western = |c: char| c < '\u{250}' || matches!(c, '\u{2010}'..='\u{2027}');
    if text.chars().all(western) {
        let counted = |c: char| c.is_ascii_alphabetic() || ('\u{80}'..'\u{250}').contains(&c);
        return text.chars().any(counted).then_some(Script::Latin);
    }
    whatlang::detect_script(text)
}

/// Bits of a character in a trigram's number; the rest counts.
const BITS: u32 = 17;

/// Whether the characters of a text, in lower case too, and their number have room in a trigram's number and count. What lies
/// beyond is no letter of Latin script.
fn fits(text: &str) -> bool {
    // The characters from U+20000 on take four bytes, the first of them not the lowest.
    let large = |at: usize| !matches!(text.as_bytes()[at..], [0xF0, 0x90..=0x9F, ..]);
    text.len() + 1 < 1 << (u64::BITS - 3 * BITS)
        && !(0xF0..=0xF4).any(|first| memchr::memchr_iter(first, text.as_bytes()).any(large))
}

/// Trigrams of a profile, and the distance of one that is not in the text.
const PROFILE: u32 = 300;
/// So many of the most common trigrams of a text are compared.
const COMPARED: usize = 600;

/// Profiles and alphabets by what is looked up in them.
struct Index {
    langs: Vec<Lang>,
    /// For each language of `whatlang` its place in `langs`.
    places: Vec<u8>,
    /// For a trigram, each language that has it and its rank there.
    ranks: HashMap<u64, Vec<(u8, u16)>, foldhash::fast::FixedState>,
    /// For a character, each language whose alphabet has it.
    letters: HashMap<char, Vec<u8>, foldhash::fast::FixedState>,
}

static LATIN: LazyLock<Index> = LazyLock::new(|| Index::read(include_str!("tongue/latin.txt")));

impl Index {
    fn read(table: &str) -> Self {
        let places = vec![0; Lang::all().len()];
        let mut index = Self { langs: Vec::new(), places, ranks: HashMap::default(), letters: HashMap::default() };
        for line in table.lines() {
            let mut fields = line.split('\t');
            let mut field = || fields.next().unwrap_or_default();
            let Some(lang) = Lang::from_code(field()) else { continue };
            let at = index.langs.len() as u8;
            index.langs.push(lang);
            index.places[lang as usize] = at;
            field().chars().for_each(|c| index.letters.entry(c).or_default().push(at));
            let trigrams: Vec<char> = field().chars().collect();
            for (rank, trigram) in trigrams.chunks_exact(3).enumerate() {
                index.ranks.entry(key(trigram[0], trigram[1], trigram[2])).or_default().push((at, rank as u16));
            }
        }
        index
    }

    fn place(&self, lang: Lang) -> usize {
        self.places[lang as usize] as usize
    }
}

/// Three characters as a number, in their order.
fn key(a: char, b: char, c: char) -> u64 {
    u64::from(a) << (2 * BITS) | u64::from(b) << BITS | u64::from(c)
}

type Scores = Vec<(Lang, f64)>;

fn latin(text: &str) -> Guess {
    let index = &*LATIN;
    let mut lower = String::new();
    letter::push_lower(&mut lower, text);
    let (letters, alphabets) = alphabets(index, &lower);
    let (trigrams, profiles) = profiles(index, &lower);
    let weight = (-(letters as f64 / 300.0) + 2.0 / 3.0).clamp(1.0 / 3.0, 2.0 / 3.0);
    let both = |(lang, alphabet)| (lang, alphabet * weight + profiles[index.place(lang)] * (1.0 - weight));
    let mut scores: Scores = alphabets.into_iter().map(both).collect();
    scores.sort_unstable_by(|a, b| b.1.partial_cmp(&a.1).unwrap_or(std::cmp::Ordering::Less));
    Guess { lang: scores[0].0, reliable: confidence(scores[0].1, scores[1].1, trigrams) > 0.9 }
}

/// `whatlang`'s confidence: how far the best is ahead of the second, against what the number of trigrams lets expect.
fn confidence(best: f64, second: f64, trigrams: usize) -> f64 {
    if best == 0.0 || second == 0.0 {
        return best;
    }
    let enough = (3.0 / trigrams as f64) + 0.015;
    let ahead = (best - second) / second;
    if ahead > enough { 1.0 } else { ahead / enough }
}

fn is_stop(c: char) -> bool {
    c < '\u{7f}' && !c.is_ascii_alphabetic()
}

/// How many letters there are, and for each language how many more of them its alphabet has than not.
fn alphabets(index: &Index, lower: &str) -> (usize, Scores) {
    let mut all = 0;
    let mut seen = [0_usize; 128];
    let mut found = vec![0_usize; index.langs.len()];
    let mut add = |c: char, times: usize| {
        for &lang in index.letters.get(&c).into_iter().flatten() {
            found[lang as usize] += 2 * times;
        }
    };
    for c in lower.chars().filter(|&c| !is_stop(c)) {
        all += 1;
        if c.is_ascii() { seen[c as usize] += 1 } else { add(c, 1) }
    }
    (b'a'..=b'z').filter(|&b| seen[b as usize] > 0).for_each(|b| add(char::from(b), seen[b as usize]));
    let score = |&lang: &Lang| (lang, found[index.place(lang)].saturating_sub(all));
    let mut scores: Vec<(Lang, usize)> = Script::Latin.langs().iter().map(score).collect();
    scores.sort_unstable_by_key(|(_, score)| Reverse(*score));
    (all, scores.into_iter().map(|(lang, score)| (lang, score as f64 / all as f64)).collect())
}

/// How many trigrams are compared, and for each language, in the order of the index, how near its profile is.
fn profiles(index: &Index, lower: &str) -> (usize, Vec<f64>) {
    let ranked = trigrams(lower);
    let mut distances = vec![(PROFILE * PROFILE) as i32; index.langs.len()];
    for (rank, trigram) in ranked.iter().enumerate() {
        for &(lang, own) in index.ranks.get(trigram).into_iter().flatten() {
            distances[lang as usize] += (rank as i32 - i32::from(own)).abs() - PROFILE as i32;
        }
    }
    let count = ranked.len() as u32;
    let (missing, most) = (PROFILE.saturating_sub(count) * PROFILE, count * PROFILE);
    let score = |distance: i32| {
        let distance = (distance as u32 - missing).min(PROFILE * PROFILE);
        f64::from(most - distance) / f64::from(most)
    };
    (ranked.len(), distances.into_iter().map(score).collect())
}

/// The trigrams of a text, the most common first, of equals the highest.
fn trigrams(lower: &str) -> Vec<u64> {
    let mut all = Vec::with_capacity(lower.len() + 1);
    let mut chars = lower.chars().map(|c| if is_stop(c) { ' ' } else { c }).chain([' ']);
    let (mut before, mut at) = (' ', chars.next().unwrap_or(' '));
    for next in chars {
        if !(at == ' ' && (before == ' ' || next == ' ')) {
            all.push(key(before, at, next));
        }
        (before, at) = (at, next);
    }
    all.sort_unstable();
    ranked(&all)
}

/// Of numbers in ascending order each once, those that occur most first, of equals the highest.
fn ranked(all: &[u64]) -> Vec<u64> {
    let runs = || all.chunk_by(|a, b| a == b);
    let most = runs().map(<[u64]>::len).max().unwrap_or(0);
    // Where those that occur so often begin: after all that occur more often.
    let mut places = vec![0; most + 2];
    runs().for_each(|run| places[run.len()] += 1);
    for count in (0..=most).rev() {
        places[count] += places[count + 1];
    }
    let mut ranked = vec![0; places[0]];
    for run in runs().rev() {
        let place = &mut places[run.len() + 1];
        ranked[*place] = run[0];
        *place += 1;
    }
    ranked.truncate(COMPARED);
    ranked
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn agrees(text: &str) -> bool {
        let expected = whatlang::detect(text).map(|info| (info.lang(), info.is_reliable()));
        detect(text).map(|guess| (guess.lang, guess.reliable)) == expected
            && script(text) == whatlang::detect_script(text)
    }

    const TEXTS: &[&str] = &[
        "",
        "a",
        "7, 8; 9",
        "The clock in the hall had stopped again, so nobody knew how late it was.",
        "Die Uhr in der Halle war wieder stehen geblieben, und keiner wußte, wie spät es war.",
        "L’horloge s’était encore arrêtée ; personne ne savait l’heure qu’il était — sauf Élise.",
        "Salondaki saat yine durmuştu, kimse saatin kaç olduğunu bilmiyordu. İyi geceler!",
        "Đồng hồ trong sảnh lại dừng, không ai biết đã muộn thế nào.",
        "Zegar w korytarzu znów stanął, więc nikt nie wiedział, która jest godzina.",
        "Часы в зале снова остановились, и никто не знал, который час.",
        "大厅里的钟又停了。 The hall clock",
        "ホールの時計がまた止まった",
        "Jam di lorong berhenti lagi, jadi tidak ada yang tahu jam berapa.",
        "ʻOʻzbek tili ℃ ſ K Å",
        "Twenty words of Latin script and one 𠀀𠀁 beyond, 😀 and 𝒜 not so far",
    ];

    #[test]
    fn says_what_whatlang_says() {
        for text in TEXTS {
            assert!(agrees(text), "{text}");
        }
        let all = TEXTS.concat();
        assert!(agrees(&all) && agrees(&all.repeat(4)) && agrees(&all.repeat(9)));
    }

    proptest! {
        #[test]
        fn says_what_whatlang_says_of_any_mixture(
            pieces in proptest::collection::vec((0..TEXTS.len(), 0..90_usize, 0..60_usize), 0..12),
            noise in "[a-zA-ZäöüßéèıİşğñøåœŁž’“”—.,;0-9 ]{0,80}",
        ) {
            let piece = |&(at, from, n): &(usize, usize, usize)| TEXTS[at].chars().skip(from).take(n).collect::<String>();
            let text = pieces.iter().map(piece).collect::<String>() + &noise;
            prop_assert!(agrees(&text), "{}", text);
            prop_assert!(agrees(&noise), "{}", noise);
        }
    }
}
