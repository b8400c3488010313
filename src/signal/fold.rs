//! fastText folded: the file's rows times its output rows, so that a text's log-odds are a mean of table look-ups.
//!
//! A supervised fastText model is linear up to its softmax: the logit of a label is the mean over the words and character
//! n-grams of a text of the dot product of each input row with the label's output row. The products are taken once, when the
//! model is loaded. The file stays a standard fastText `.bin`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::OnceLock;

/// What a text scores.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Score {
    /// Log-odds of spam against genuine.
    pub spam: f32,
    /// Log-odds of furniture against genuine; 0 when the model has no such label.
    pub furniture: f32,
    /// Mean log-odds of spam of the three loudest words.
    pub loudest: f32,
    /// Share of the words that stand in the model's vocabulary, 0 to 1.
    pub known: f32,
}

/// A folded model; the default one knows nothing and scores zero.
#[derive(Debug, Clone, Default)]
pub struct Scorer {
    words: Words,
    rows: Vec<[f32; 2]>,
    end: Option<[f32; 2]>,
    lengths: (usize, usize),
}

/// The vocabulary: an open-addressing table from hash to word, each with the sum over its rows and their number. The texts
/// stand in one piece in the order of the file, which is by frequency: what is looked up most lies together.
#[derive(Debug, Clone, Default)]
struct Words {
    /// Hash and number of a word, or [`FREE`].
    slots: Vec<(u32, u32)>,
    entries: Vec<Word>,
    texts: Vec<u8>,
}

/// No word has this number.
const FREE: u32 = u32::MAX;

#[derive(Debug, Clone)]
struct Word {
    start: u32,
    length: u32,
    /// Its own row.
    own: [f32; 2],
    /// The sum over its rows and their number, once it has been looked for: adding up all words takes longer than most runs.
    sum: OnceLock<([f32; 2], u32)>,
}

impl Words {
    fn with_capacity(n: usize) -> Self {
        let slots = vec![(0, FREE); (n * 2 + 1).next_power_of_two()];
        Self { slots, entries: Vec::with_capacity(n), texts: Vec::new() }
    }

    fn insert(&mut self, text: &[u8], own: [f32; 2]) {
        let hash = fnv(text);
        let mut at = hash as usize & (self.slots.len() - 1);
        while self.slots[at].1 != FREE {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = (hash, self.entries.len() as u32);
        self.entries.push(Word {
            start: self.texts.len() as u32,
            length: text.len() as u32,
            own,
            sum: OnceLock::new(),
        });
        self.texts.extend_from_slice(text);
        self.texts.push(0);
    }

    fn get(&self, text: &str) -> Option<&Word> {
        if self.slots.is_empty() {
            return None;
        }
        let hash = fnv(text.as_bytes());
        let mut at = hash as usize & (self.slots.len() - 1);
        loop {
            let (own, number) = self.slots[at];
            if number == FREE {
                return None;
            }
            if own == hash {
                let word = &self.entries[number as usize];
                let start = word.start as usize;
                if self.texts[start..start + word.length as usize] == *text.as_bytes() {
                    return Some(word);
                }
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }
}

impl Scorer {
    /// Folds the bytes of a supervised, unquantised fastText `.bin` with labels `spam`, `genuine` and perhaps `furniture`.
    ///
    /// # Errors
    /// What is wrong, when the bytes are not such a model.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        parse(bytes)
    }

    /// Log-odds of `view`, a text that went through [`super::view::fold`]; zero where nothing of it is known.
    ///
    /// As in training and in the crate's `predict`, the end of the line is one more word of every text.
    pub fn score(&self, view: &str) -> Score {
        self.score_of(view.split_ascii_whitespace().map(|token| self.token(token)))
    }

    /// As [`Scorer::score`], of a text whose words have been looked up.
    pub(super) fn score_of(&self, tokens: impl Iterator<Item = Token>) -> Score {
        let mut total = Total::default();
        tokens.for_each(|token| total.add(&token));
        if total.rows > 0 {
            total.end(self.end);
        }
        total.score()
    }

    /// The words of `view` that speak loudest for spam (`sign` 1) or genuine (`sign` -1), with their share of the log-odds.
    pub fn loudest<'a>(&self, view: &'a str, sign: f32, n: usize) -> Vec<(&'a str, f32)> {
        let tokens: Vec<(&str, Token)> =
            view.split_ascii_whitespace().map(|token| (token, self.token(token))).collect();
        let total = tokens.iter().map(|(_, token)| token.rows as usize).sum::<usize>().max(1);
        let mut found: Vec<(&str, f32)> = Vec::new();
        let mut places: HashMap<&str, usize, foldhash::fast::RandomState> = HashMap::default();
        for (word, token) in tokens {
            let share = token.sum[0] / total as f32;
            match places.entry(word) {
                Entry::Occupied(place) => found[*place.get()].1 += share,
                Entry::Vacant(place) => {
                    place.insert(found.len());
                    found.push((word, share));
                }
            }
        }
        found.retain(|(_, share)| share * sign > 0.0);
        found.sort_by(|a, b| (b.1 * sign).total_cmp(&(a.1 * sign)).then(a.0.cmp(b.0)));
        found.truncate(n);
        found
    }

    /// Whether the vocabulary has `word`.
    pub fn knows(&self, word: &str) -> bool {
        self.words.get(word).is_some()
    }

    /// Sum over the rows of one token, how many rows, and whether the vocabulary has it.
    pub(super) fn token(&self, token: &str) -> Token {
        if let Some(word) = self.words.get(token) {
            let &(sum, rows) = word.sum.get_or_init(|| self.add_up(token, word.own, 1));
            return Token { sum, rows, known: true };
        }
        let (sum, rows) = self.add_up(token, [0.0; 2], 0);
        Token { sum, rows, known: false }
    }

    /// The rows of a token's n-grams added to a sum and a number of rows.
    fn add_up(&self, token: &str, mut sum: [f32; 2], mut count: u32) -> ([f32; 2], u32) {
        let rows = self.rows.len() as u32;
        // Nearly always so, and a division takes longer than all else here.
        let even = rows.is_power_of_two();
        ngrams(token, self.lengths, |hash| {
            let row = self.rows[(if even { hash & (rows - 1) } else { hash % rows }) as usize];
            sum[0] += row[0];
            sum[1] += row[1];
            count += 1;
        });
        (sum, count)
    }
}

/// What one token adds.
#[derive(Clone, Copy)]
pub(super) struct Token {
    sum: [f32; 2],
    rows: u32,
    known: bool,
}

/// Tokens added up.
#[derive(Default)]
struct Total {
    sum: [f32; 2],
    rows: usize,
    tokens: usize,
    known: usize,
    loudest: [f32; 3],
}

impl Total {
    fn add(&mut self, token: &Token) {
        self.sum[0] += token.sum[0];
        self.sum[1] += token.sum[1];
        self.rows += token.rows as usize;
        self.tokens += 1;
        self.known += usize::from(token.known);
        let mut mean = token.sum[0] / token.rows.max(1) as f32;
        if self.tokens <= 3 {
            self.loudest[self.tokens - 1] = mean;
            return;
        }
        for place in &mut self.loudest {
            if mean > *place {
                std::mem::swap(place, &mut mean);
            }
        }
    }

    fn end(&mut self, row: Option<[f32; 2]>) {
        let Some(row) = row else { return };
        self.sum[0] += row[0];
        self.sum[1] += row[1];
        self.rows += 1;
    }

    fn score(&self) -> Score {
        let rows = self.rows.max(1) as f32;
        let loud = &self.loudest[..self.tokens.clamp(1, 3)];
        Score {
            spam: self.sum[0] / rows,
            furniture: self.sum[1] / rows,
            loudest: loud.iter().sum::<f32>() / loud.len() as f32,
            known: self.known as f32 / self.tokens.max(1) as f32,
        }
    }
}

/// fastText's FNV-1a, with its sign extension of bytes.
fn fnv(bytes: &[u8]) -> u32 {
    bytes.iter().fold(2_166_136_261, |hash, &byte| step(hash, byte))
}

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ i32::from(byte.cast_signed()).cast_unsigned()).wrapping_mul(16_777_619)
}

/// Hashes of the character n-grams of `<token>`, as fastText forms them, each hash continued from the one before.
fn ngrams(token: &str, (min, max): (usize, usize), mut each: impl FnMut(u32)) {
    if max == 0 {
        return;
    }
    if token.len() <= WRAPPED - 2 && token.is_ascii() {
        let mut wrapped = [b'>'; WRAPPED];
        wrapped[0] = b'<';
        wrapped[1..=token.len()].copy_from_slice(token.as_bytes());
        return ngrams_of_ascii(&wrapped[..token.len() + 2], (min, max), each);
    }
    let byte = |at: usize| match at {
        0 => b'<',
        at if at <= token.len() => token.as_bytes()[at - 1],
        _ => b'>',
    };
    let end = token.len() + 2;
    let continues = |at: usize| at < end && byte(at) & 0xC0 == 0x80;
    let mut start = 0;
    while start < end {
        let (mut hash, mut at, mut n) = (2_166_136_261, start, 1);
        while at < end && n <= max {
            hash = step(hash, byte(at));
            at += 1;
            while continues(at) {
                hash = step(hash, byte(at));
                at += 1;
            }
            if n >= min && !(n == 1 && (start == 0 || at == end)) {
                each(hash);
            }
            n += 1;
        }
        start += 1;
        while continues(start) {
            start += 1;
        }
    }
}

/// Longest token, in bytes with the marks at its ends, whose n-grams are formed on the stack.
const WRAPPED: usize = 64;

/// As [`ngrams`], of a token that has its marks, each byte of which is a character.
fn ngrams_of_ascii(wrapped: &[u8], (min, max): (usize, usize), mut each: impl FnMut(u32)) {
    for start in 0..wrapped.len() {
        let mut hash = 2_166_136_261;
        for (at, &byte) in wrapped.iter().enumerate().skip(start).take(max) {
            hash = (hash ^ u32::from(byte)).wrapping_mul(16_777_619);
            let n = at + 1 - start;
            if n >= min && !(n == 1 && (start == 0 || at + 1 == wrapped.len())) {
                each(hash);
            }
        }
    }
}

/// A bounds-checked reader of the little-endian fields of a model file.
struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(n).filter(|&end| end <= self.bytes.len()).ok_or("the file is cut short")?;
        let part = &self.bytes[self.at..end];
        self.at = end;
        Ok(part)
    }

    fn i32(&mut self) -> Result<i32, String> {
        Ok(i32::from_le_bytes(self.take(4)?.try_into().map_err(|_| "the file is cut short")?))
    }

    fn i64(&mut self) -> Result<i64, String> {
        Ok(i64::from_le_bytes(self.take(8)?.try_into().map_err(|_| "the file is cut short")?))
    }

    fn flag(&mut self) -> Result<bool, String> {
        Ok(self.take(1)?[0] != 0)
    }

    /// The bytes before the next 0.
    fn string(&mut self) -> Result<&'a [u8], String> {
        let rest = &self.bytes[self.at..];
        // Words are short: to go through them byte by byte is faster than to begin a search.
        let n = rest.iter().position(|&byte| byte == 0).ok_or("a word never ends")?;
        self.at += n + 1;
        Ok(&rest[..n])
    }

    /// A dense matrix: (rows, columns, little-endian floats).
    fn matrix(&mut self) -> Result<(usize, usize, &'a [u8]), String> {
        let (rows, columns) = (self.i64()?, self.i64()?);
        let size =
            usize::try_from(rows.checked_mul(columns).and_then(|n| n.checked_mul(4)).ok_or("a matrix is too large")?);
        let data = self.take(size.map_err(|_| "a matrix has a negative size")?)?;
        Ok((rows.unsigned_abs() as usize, columns.unsigned_abs() as usize, data))
    }
}

const MAGIC: i32 = 793_712_314;

/// Largest log-odds of a row. Real ones stay below a hundred; with these the sums over any text stay numbers.
const LARGEST: f32 = 1e20;

fn parse(bytes: &[u8]) -> Result<Scorer, String> {
    let mut reader = Reader { bytes, at: 0 };
    if reader.i32()? != MAGIC || reader.i32()? != 12 {
        return Err("it is not a fastText model of version 12".into());
    }
    let mut args = [0; 12];
    for arg in &mut args {
        *arg = reader.i32()?;
    }
    reader.take(8)?;
    let [.., bucket, min, max, _] = args;
    if args[5] != 1 || args[6] != 3 || args[7] != 3 {
        return Err("it must be supervised, with softmax and word n-grams of 1".into());
    }
    let (words, labels) = dictionary(&mut reader)?;
    if reader.flag()? {
        return Err("it is quantised; give the `.bin`".into());
    }
    let (rows, columns, input) = reader.matrix()?;
    reader.flag()?;
    let (outputs, width, output) = reader.matrix()?;
    if columns == 0
        || width != columns
        || outputs != labels.len()
        || rows != words.len() + bucket.max(0) as usize
        || !(0..=8).contains(&min)
        || !(0..=8).contains(&max)
        || (max > 0 && bucket < 1)
    {
        return Err("its tables do not fit together".into());
    }
    let weights = label_weights(&labels, output, columns)?;
    let (own, rows) = input.split_at(words.len() * columns * 4);
    let (own, rows) = (folded(own, &weights), folded(rows, &weights));
    // Without a way out in the middle many are looked at in one step.
    let fit =
        |rows: &[[f32; 2]]| rows.iter().flatten().filter(|value| value.abs() <= LARGEST).count() == rows.len() * 2;
    if !fit(&own) || !fit(&rows) {
        return Err("it holds values that are no log-odds".into());
    }
    assemble(&words, &own, rows, (min as usize, max as usize))
}

/// Words, which are not known to be UTF-8 yet, and labels.
type Labels<'a> = (Vec<&'a [u8]>, Vec<&'a str>);

fn dictionary<'a>(reader: &mut Reader<'a>) -> Result<Labels<'a>, String> {
    let (size, _, _) = (reader.i32()?, reader.i32()?, reader.i32()?);
    reader.i64()?;
    if reader.i64()? > 0 {
        return Err("it is pruned; give the full `.bin`".into());
    }
    let (mut words, mut labels) = (Vec::new(), Vec::new());
    for _ in 0..size {
        let text = reader.string()?;
        reader.i64()?;
        if reader.flag()? {
            labels.push(std::str::from_utf8(text).map_err(|_| "a label is not UTF-8")?);
        } else {
            words.push(text);
        }
    }
    Ok((words, labels))
}

/// Output rows as differences: spam minus genuine, furniture minus genuine.
fn label_weights(labels: &[&str], output: &[u8], columns: usize) -> Result<[Vec<f32>; 2], String> {
    let row = |name: &str| {
        labels
            .iter()
            .position(|label| label.trim_start_matches("__label__") == name)
            .map(|at| floats(&output[at * columns * 4..(at + 1) * columns * 4]))
    };
    let genuine = row("genuine").ok_or("it has no label `genuine`")?;
    let spam = row("spam").ok_or("it has no label `spam`")?;
    let furniture = row("furniture").unwrap_or_else(|| genuine.clone());
    let minus = |row: Vec<f32>| row.iter().zip(&genuine).map(|(a, b)| a - b).collect();
    Ok([minus(spam), minus(furniture)])
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect()
}

/// The products of rows with the weights. Widths that models have get code of their own, in which the width is known.
fn folded(rows: &[u8], weights: &[Vec<f32>; 2]) -> Vec<[f32; 2]> {
    match weights[0].len() {
        4 => folded_of::<4>(rows, weights),
        8 => folded_of::<8>(rows, weights),
        16 => folded_of::<16>(rows, weights),
        width => rows.chunks_exact(width * 4).map(|row| product(row, weights)).collect(),
    }
}

fn folded_of<const WIDTH: usize>(rows: &[u8], weights: &[Vec<f32>; 2]) -> Vec<[f32; 2]> {
    let [spam, furniture]: [[f32; WIDTH]; 2] = std::array::from_fn(|of| std::array::from_fn(|at| weights[of][at]));
    let (values, _) = rows.as_chunks::<4>();
    let (rows, _) = values.as_chunks::<WIDTH>();
    let product = |row: &[[u8; 4]; WIDTH]| {
        let mut sum = [0.0; 2];
        for at in 0..WIDTH {
            let value = f32::from_le_bytes(row[at]);
            sum = [sum[0] + value * spam[at], sum[1] + value * furniture[at]];
        }
        sum
    };
    rows.iter().map(product).collect()
}

fn product(row: &[u8], weights: &[Vec<f32>; 2]) -> [f32; 2] {
    let mut sum = [0.0; 2];
    for (at, b) in row.chunks_exact(4).enumerate() {
        let value = f32::from_le_bytes([b[0], b[1], b[2], b[3]]);
        sum[0] += value * weights[0][at];
        sum[1] += value * weights[1][at];
    }
    sum
}

fn assemble(words: &[&[u8]], own: &[[f32; 2]], rows: Vec<[f32; 2]>, lengths: (usize, usize)) -> Result<Scorer, String> {
    let mut table = Words::with_capacity(words.len());
    let mut end = None;
    for (word, own) in words.iter().zip(own) {
        if *word == b"</s>" {
            end = Some(*own);
            continue;
        }
        table.insert(word, *own);
    }
    // All at once, as it is faster; the byte between two keeps halves of a character from making a whole one.
    if std::str::from_utf8(&table.texts).is_err() {
        return Err("a word is not UTF-8".into());
    }
    Ok(Scorer { words: table, rows, end, lengths })
}

impl Scorer {
    /// Every word and character n-gram of `view` with its part in the log-odds of spam, each text once; they add up to
    /// [`Score::spam`]. `…` stands where a word goes on; a word by itself is its own row, without its n-grams.
    pub fn parts(&self, view: &str) -> Vec<(String, f32)> {
        let mut sums: std::collections::BTreeMap<String, f32> = std::collections::BTreeMap::new();
        let mut rows = 0;
        for token in view.split_ascii_whitespace() {
            let found = self.token(token);
            rows += found.rows;
            let mut own = found.sum[0];
            for (text, row) in self.pieces(token) {
                own -= row;
                *sums.entry(text).or_default() += row;
            }
            if found.known {
                *sums.entry(token.to_owned()).or_default() += own;
            }
        }
        if let (Some(end), true) = (self.end, rows > 0) {
            rows += 1;
            *sums.entry("end of the text".into()).or_default() += end[0];
        }
        sums.into_iter().map(|(text, sum)| (text, sum / rows.max(1) as f32)).collect()
    }

    /// The character n-grams of a token, as [`ngrams`] forms them, with their rows.
    fn pieces(&self, token: &str) -> Vec<(String, f32)> {
        let whole = format!("<{token}>");
        let starts: Vec<usize> = whole.char_indices().map(|(at, _)| at).chain([whole.len()]).collect();
        let (min, max) = self.lengths;
        let mut out = Vec::new();
        for from in 0..starts.len() - 1 {
            for to in from + min.max(1)..=(from + max).min(starts.len() - 1) {
                let piece = &whole[starts[from]..starts[to]];
                if to == from + 1 && (from == 0 || to == starts.len() - 1) {
                    continue;
                }
                let row = self.rows[fnv(piece.as_bytes()) as usize % self.rows.len()][0];
                let (head, tail) = (if from == 0 { "" } else { "…" }, if to == starts.len() - 1 { "" } else { "…" });
                let bare = piece.strip_prefix('<').filter(|_| from == 0).unwrap_or(piece);
                let bare = bare.strip_suffix('>').filter(|_| tail.is_empty()).unwrap_or(bare);
                out.push((format!("{head}{bare}{tail}"), row));
            }
        }
        out
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use fasttext::FastText;
    use fasttext::args::Args;

    fn model(dim: i32, minn: i32, maxn: i32) -> (FastText, Vec<u8>) {
        let dir = tempfile::tempdir().unwrap();
        let input = dir.path().join("train.txt");
        let lines: String = (0..40)
            .map(|i| format!("__label__spam bet{i} casino giriş bonus สล็อต\n__label__genuine we talked about word{i} and the weather ёлка\n__label__furniture share menu {i}\n"))
            .collect();
        std::fs::write(&input, lines).unwrap();
        let mut args = Args::default();
        args.apply_supervised_defaults();
        (args.input, args.dim, args.minn, args.maxn, args.bucket, args.thread, args.epoch, args.lr) =
            (input, dim, minn, maxn, 1000, 1, 5, 0.5);
        let trained = FastText::train(args).unwrap();
        let mut bytes = Vec::new();
        trained.save(&mut bytes).unwrap();
        (trained, bytes)
    }

    #[test]
    fn folding_gives_the_probabilities_of_the_crate() {
        for (dim, minn, maxn) in [(4, 2, 5), (8, 1, 3), (3, 0, 0)] {
            let (crate_model, bytes) = model(dim, minn, maxn);
            let scorer = Scorer::read(&bytes).unwrap();
            for text in ["casino bonus today", "we talked", "unseen สล็อตเว็บ ёжик", "share", "a"]
            {
                let all = crate_model.predict(text, 3, 0.0);
                let score = scorer.score(text);
                let odds = [score.spam.exp(), 1.0, score.furniture.exp()];
                for (name, own) in ["spam", "genuine", "furniture"].iter().zip(odds) {
                    let expected = all.iter().find(|p| p.label.ends_with(name)).map_or(0.0, |p| p.prob);
                    let found = own / odds.iter().sum::<f32>();
                    // The crate adds 1e-5 inside its logarithm; a text without known n-grams has no prediction.
                    assert!(all.is_empty() || (found - expected).abs() < 5e-5, "{text}: {name} {found} {expected}");
                }
            }
        }
    }

    #[test]
    fn values_whose_sums_are_no_numbers_are_errors() {
        let (_, bytes) = model(4, 2, 4);
        let at = bytes.len() - 4;
        for value in [f32::MAX, -f32::MAX, f32::INFINITY, f32::NAN] {
            // The last value is a weight of a label, which every row is multiplied by.
            let mut mutant = bytes.clone();
            mutant[at..].copy_from_slice(&value.to_le_bytes());
            assert!(Scorer::read(&mutant).is_err(), "{value}");
        }
    }

    #[test]
    fn damaged_models_are_errors_not_panics() {
        let (_, bytes) = model(4, 2, 4);
        for cut in (0..bytes.len()).step_by(97) {
            assert!(Scorer::read(&bytes[..cut]).is_err());
        }
        for at in 0..200 {
            let mut mutant = bytes.clone();
            mutant[at] ^= 0x80;
            let _ = Scorer::read(&mutant);
        }
    }
}
