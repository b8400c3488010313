//! Brand names formed the way the trade forms them, never listed.

use super::random::Random;

const CORES: &[&str] = &[
    "bet", "bahis", "casino", "slot", "win", "toto", "togel", "play", "spin", "poker", "gaming", "club", "4d", "game",
    "bola", "sport", "vip", "royal", "jackpot", "kasino", "pg", "ufa", "sa", "joker", "gacor",
];
const STEMS: &[&str] = &[
    "mega", "royal", "lucky", "king", "gold", "dragon", "tiger", "star", "max", "super", "grand", "mars", "nova",
    "pin", "up", "zeus", "hoki", "raja", "dewa", "sultan", "mpo", "fun", "red", "black", "elite", "ultra", "jet",
    "turbo", "sky", "sun", "moon", "fox", "lion", "panda", "mostro", "vega", "orion", "rich", "cash", "diamond",
    "asia", "euro", "indo", "viet", "siam",
];
const NUMBERS: &[&str] = &[
    "88", "77", "777", "99", "365", "138", "168", "24", "303", "789", "8", "7", "555", "123", "69", "1", "100", "711",
    "888", "5",
];
const VOWELS: &[char] = &['a', 'e', 'i', 'o', 'u'];
const CONSONANTS: &[char] = &['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z'];
const ENDINGS: &[&str] =
    &["com", "net", "org", "site", "online", "club", "vip", "xyz", "info", "bet", "live", "pro", "shop", "top", "biz"];

/// A formed name in the writing of some moment: `betlano724`, `RoyalSpin88`, `VDCASINO`.
pub fn name(random: &mut Random) -> String {
    let stem = if random.chance(55) { (*random.pick(STEMS)).to_owned() } else { invented(random) };
    let core = *random.pick(CORES);
    let mut name = if random.chance(25) { format!("{core}{stem}") } else { format!("{stem}{core}") };
    if random.chance(45) {
        name.push_str(NUMBERS[random.below(NUMBERS.len())]);
    } else if random.chance(15) {
        name.push_str(&random.between(2, 1999).to_string());
    }
    match random.below(10) {
        0..=4 => capitalise(&name),
        5 | 6 => name.to_uppercase(),
        _ => name,
    }
}

/// A host for a formed name.
pub fn host(random: &mut Random) -> String {
    let mut host = name(random).to_lowercase();
    if random.chance(25) {
        host.push_str(&format!("-{}", invented(random)));
    }
    format!("{host}.{}", random.pick(ENDINGS))
}

/// One to three invented syllables.
pub fn invented(random: &mut Random) -> String {
    (0..random.between(1, 3)).flat_map(|_| [*random.pick(CONSONANTS), *random.pick(VOWELS)]).collect()
}

/// `text` with its first letter in upper case.
pub fn capitalise(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
