//! The keys of a configuration, in one table: reading, the commented example and the JSON Schema follow it.

/// A key of `weedout.toml`.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub about: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// A value to start from, as TOML.
    pub example: &'static str,
}

/// What a key holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// One of some words.
    Choice(&'static [&'static str]),
    /// A path, relative to the file it stands in.
    Path,
    /// A list of texts.
    List,
    /// Yes or no.
    Flag,
    /// A number from 0 to 1.
    Share,
}

/// Every key, in the order of the example.
pub const KEYS: [Key; 9] = [
    Key {
        name: "extend",
        about: "Another file to start from; the keys of this one replace its keys",
        kind: Kind::Path,
        example: "\"../weedout.toml\"",
    },
    Key {
        name: "profile",
        about: "How much to remove: strict removes more, keep-more only what is certain",
        kind: Kind::Choice(&["strict", "balanced", "keep-more"]),
        example: "\"balanced\"",
    },
    Key {
        name: "threshold",
        about: "Let pass what is spam with a lower probability than this, 0 to 1; to remove more, use the profile strict",
        kind: Kind::Share,
        example: "0.9",
    },
    Key {
        name: "model",
        about: "A model to use instead of the built-in one",
        kind: Kind::Path,
        example: "\"models/own.bin\"",
    },
    Key {
        name: "exclude",
        about: "Paths to leave out, written as in .gitignore and seen from this file; explicit paths too",
        kind: Kind::List,
        example: "[\"templates/\", \"*.draft.md\"]",
    },
    Key {
        name: "allow-hosts",
        about: "Hosts whose links, and those of their subdomains, are fine",
        kind: Kind::List,
        example: "[\"sponsor.example\"]",
    },
    Key {
        name: "allow-phrases",
        about: "Phrases that make the text they stand in fine, whatever their case and spacing",
        kind: Kind::List,
        example: "[\"this episode is sponsored by\"]",
    },
    Key {
        name: "baseline",
        about: "A file of known content to be silent about, from `weedout check --write-baseline FILE`",
        kind: Kind::Path,
        example: "\"weedout.baseline\"",
    },
    Key {
        name: "keep-furniture",
        about: "Keep navigation, share bars, cookie notices and comment forms of HTML pages",
        kind: Kind::Flag,
        example: "false",
    },
];

/// The known name nearest to `name`, if it is near enough to be a slip.
pub(super) fn nearest(name: &str) -> Option<&'static str> {
    let folded = name.to_lowercase().replace('_', "-");
    let near = |known: &&str| strsim::damerau_levenshtein(known, &folded);
    let best = KEYS.iter().map(|key| key.name).min_by_key(near)?;
    // A third of the letters wrong is a slip, more is another word.
    (near(&best) * 3 <= best.len().max(3)).then_some(best)
}
