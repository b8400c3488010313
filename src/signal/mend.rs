//! Words that are no words until letters are mended: doubled, swapped, with marks of another language.
//!
//! Mending asks which words a model knows, so that `çaşınö` is mended and `kaşına` is not. One such word in a text is a slip or
//! a name; a text in which every fourth word is one was written so that no filter reads it.

use unicode_normalization::UnicodeNormalization;

/// Longest word, in letters, that is mended.
const LONGEST: usize = 24;
/// Shortest word that is mended, in bytes: shorter ones turn into each other by chance.
const SHORTEST: usize = 4;
/// So many words must have been mended before the text counts as disguised; of a short text half of them.
const WORDS: usize = 3;
const SHORT: usize = 5;
/// So many more words that cannot be mended than words that can, and the text is in words of its own.
const TRIED: usize = 4;

/// `view` (folded text) with words mended that `knows` then knows; `None` for text that is not disguised so.
pub(super) fn mend(view: &str, knows: impl Fn(&str) -> bool) -> Option<String> {
    let is_long = |word: &&str| word.len() >= SHORTEST;
    let total = view.split(' ').filter(is_long).count();
    if total < 2 {
        return None;
    }
    let unknown: Vec<bool> = view.split(' ').map(|word| is_long(&word) && !knows(word)).collect();
    let strange = unknown.iter().filter(|&&strange| strange).count();
    if strange * 3 < total {
        return None;
    }
    let (mut out, mut failed, mut mended) = (String::with_capacity(view.len()), 0, 0);
    for (word, strange) in view.split(' ').zip(unknown) {
        let better = if strange { mended_word(word, &knows) } else { None };
        mended += usize::from(better.is_some());
        failed += usize::from(strange && better.is_none());
        if failed >= TRIED + 2 * mended {
            return None;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(better.as_deref().unwrap_or(word));
    }
    let enough =
        if total <= SHORT { mended >= 2 && mended * 2 >= total } else { mended >= WORDS && mended * 4 >= total };
    enough.then_some(out)
}

/// What `word` may have been: punctuation aside, without marks, without repeats, with two letters swapped back.
fn mended_word(word: &str, knows: &impl Fn(&str) -> bool) -> Option<String> {
    let bare = word.trim_matches(|c: char| c.is_ascii_punctuation());
    let is_word = |variant: &str| variant.len() >= SHORTEST && knows(variant);
    // What is asked about twice has the same answer.
    if bare.len() < word.len() && is_word(bare) {
        return Some(bare.to_owned());
    }
    let plain = unmarked(bare);
    if plain == bare {
        return single(bare, knows).or_else(|| swapped(bare, knows));
    }
    if is_word(&plain) {
        return Some(plain);
    }
    single(bare, knows).or_else(|| single(&plain, knows)).or_else(|| swapped(bare, knows))
}

/// Letters without their marks; the dotless i is one as well.
fn unmarked(word: &str) -> String {
    if word.is_ascii() {
        return word.to_owned();
    }
    word.nfkd().filter(|c| !matches!(c, '\u{300}'..='\u{36f}')).map(|c| if c == 'ı' { 'i' } else { c }).collect()
}

/// `word` with runs of a letter cut to one, or to two at one place, where that makes a word.
fn single(word: &str, knows: &impl Fn(&str) -> bool) -> Option<String> {
    let mut runs: Vec<(char, bool)> = Vec::new();
    for c in word.chars() {
        match runs.last_mut() {
            Some((last, doubled)) if *last == c => *doubled = true,
            _ => runs.push((c, false)),
        }
    }
    // People draw out a letter or two of a word they shout.
    if runs.len() > LONGEST || runs.iter().filter(|(_, doubled)| *doubled).count() * 4 < runs.len() {
        return None;
    }
    let with = |twice: Option<usize>| -> String {
        runs.iter()
            .enumerate()
            .flat_map(|(at, &(c, _))| std::iter::repeat_n(c, 1 + usize::from(twice == Some(at))))
            .collect()
    };
    let doubled = runs.iter().enumerate().filter(|(_, (_, doubled))| *doubled).map(|(at, _)| Some(at));
    std::iter::once(None).chain(doubled).map(with).find(|variant| variant.len() >= SHORTEST && knows(variant))
}

/// `word` with two neighbouring letters exchanged, where that makes a word.
fn swapped(word: &str, knows: &impl Fn(&str) -> bool) -> Option<String> {
    if word.chars().nth(LONGEST).is_some() {
        return None;
    }
    let mut variant = String::with_capacity(word.len());
    let mut letters = word.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        let &(next, other) = letters.peek()?;
        let rest = next + other.len_utf8();
        variant.clear();
        variant.push_str(&word[..at]);
        variant.extend([other, letter]);
        variant.push_str(&word[rest..]);
        if knows(&variant) {
            return Some(variant);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn knows(word: &str) -> bool {
        ["best", "online", "casino", "bonus", "free", "spins", "with", "rained", "giriş"].contains(&word)
    }

    #[test]
    fn disguised_words_are_mended() {
        for text in [
            "bbestt oonnlinee ccaassino bbonuss",
            "bbesttt oonnlliinnee ccaassiinnoo bbonuss",
            "bset olnine caisno bouns",
            "beşt önlıne çaşınö bönüş",
        ] {
            assert_eq!(mend(text, knows).as_deref(), Some("best online casino bonus"), "{text}");
        }
        assert_eq!(mend("ffreee ggiirişş caisno girşi", knows).as_deref(), Some("free giriş casino giriş"));
    }

    #[test]
    fn other_text_is_left_alone() {
        for text in [
            "best online casino bonus",
            "kaşına gözüne sürdü",
            "we went to olnine and it rained with friends over there",
            "",
            "çaşınö",
            "monte cassino",
            "bestttt onlineeee bonusssss",
        ] {
            assert_eq!(mend(text, knows), None, "{text}");
        }
    }
}
