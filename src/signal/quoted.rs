//! What is said and what is only mentioned: a report on spam has its words between quotation marks.

use super::fold::{Score, Scorer};
use super::unit::{self, Unit};
use super::{Signal, view};

/// Log-odds of the unit's words less those of its words outside quotation marks; 0 where there are no quotations, or little else.
pub(crate) const SIGNAL: Signal = Signal {
    id: "quoted",
    html: false,
    about: "log-odds that the words between quotation marks bring in",
    measure: |s, i| s.quoted[i],
    knots: &[-6.0, -3.0, -1.0, 0.0, 1.0, 2.0, 4.0, 8.0],
};

/// Bytes of the longest quotation; what is longer is speech and not a mention.
const LONGEST: usize = 90;
/// Fewest words outside that can be compared with.
const OUTSIDE: usize = 4;

/// Marks that open a quotation, and those that close it.
const MARKS: &[(char, &[char])] = &[
    ('"', &['"']),
    ('“', &['”', '“']),
    ('„', &['“', '”']),
    ('«', &['»']),
    ('»', &['«']),
    ('‹', &['›']),
    ('‘', &['’']),
    ('「', &['」']),
    ('『', &['』']),
];

/// For each unit what its quotations bring in.
pub(super) fn odds(units: &[Unit<'_>], scores: &[Score], scorer: &Scorer) -> Vec<f32> {
    let brought = |(unit, score): (&Unit<'_>, &Score)| {
        let outside = outside(&unit.text)?;
        (unit::words(&outside) >= OUTSIDE).then(|| score.spam - scorer.score(&view::fold(&outside)).spam)
    };
    units.iter().zip(scores).map(|pair| brought(pair).unwrap_or(0.0)).collect()
}

/// `text` without its quotations; `None` where it has none.
fn outside(text: &str) -> Option<String> {
    let (mut rest, mut out) = (text, String::new());
    while let Some((before, after)) = cut(rest) {
        out.push_str(before);
        out.push(' ');
        rest = after;
    }
    (rest.len() < text.len()).then(|| out + rest)
}

/// What stands before and after the first quotation.
fn cut(text: &str) -> Option<(&str, &str)> {
    // The first bytes of the marks, which are no later bytes of any character.
    let may = |byte: u8| matches!(byte, b'"' | 0xC2 | 0xE2 | 0xE3);
    let begins = text.bytes().enumerate().filter(|&(_, byte)| may(byte)).map(|(at, _)| at);
    for (at, mark) in begins.filter_map(|at| Some((at, text[at..].chars().next()?))) {
        let Some((_, closing)) = MARKS.iter().find(|(open, _)| *open == mark) else { continue };
        let inside = at + mark.len_utf8();
        if let Some(end) = text[inside..].find(*closing).filter(|end| (1..=LONGEST).contains(end)) {
            let after = &text[inside + end..];
            return Some((&text[..at], &after[after.chars().next().map_or(0, char::len_utf8)..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_found() {
        for (open, closing) in MARKS {
            assert_eq!(outside(&format!("a{open}b{}c", closing[0])).as_deref(), Some("a c"), "{open}");
        }
    }

    #[test]
    fn quotations_of_every_kind_are_left_out() {
        for text in [
            "The words “slot gacor” stood there",
            "The words \"slot gacor\" stood there",
            "The words «slot» stood there",
        ] {
            assert_eq!(outside(text).as_deref().map(str::trim), Some("The words   stood there"), "{text}");
        }
        assert_eq!(outside("„Gewinne jetzt“, stand da").as_deref(), Some(" , stand da"));
        assert_eq!(outside("It isn't theirs, it's Anna's"), None);
        assert_eq!(outside("An inch is 1\" and no more"), None);
        assert_eq!(outside(&format!("\"{}\" she said", "word ".repeat(40))), None);
    }

    #[test]
    fn a_mention_brings_in_what_is_loud_and_an_offer_does_not() {
        let model = crate::verdict::Model::embedded().unwrap_or_else(|error| panic!("{error}"));
        let of = |text: &str| {
            let document = crate::block::text::parse(text);
            super::super::Survey::new(&document, model.scorer()).quoted[0]
        };
        assert!(of("The search engine showed the words \"slot gacor\" under the name of the choir\n") > 0.5);
        assert!(of("Play slot gacor tonight and win the jackpot in our online casino\n").abs() < 1e-6);
    }
}
