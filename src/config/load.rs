//! Reading configuration files.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::key::{KEYS, nearest};
use super::{Config, wrong};
use crate::verdict::Profile;
use crate::{Error, Result};

/// A file as it is written.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct File {
    extend: Option<PathBuf>,
    profile: Option<Profile>,
    threshold: Option<f64>,
    model: Option<PathBuf>,
    exclude: Option<Vec<String>>,
    allow_hosts: Option<Vec<String>>,
    allow_phrases: Option<Vec<String>>,
    baseline: Option<PathBuf>,
    keep_furniture: Option<bool>,
}

/// Reads the file at `path`, after what it extends, into `config`. `above` holds the files that led to it.
pub(super) fn into(config: &mut Config, path: &Path, above: &mut Vec<PathBuf>) -> Result<()> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::read(path, e))?;
    let file: File = toml::from_str(&text).map_err(|error| fault(path, &text, &error))?;
    let folder = path.parent().unwrap_or(Path::new(""));
    above.push(path.canonicalize().map_err(|e| Error::read(path, e))?);
    if let Some(base) = &file.extend {
        let base = folder.join(base);
        if base.canonicalize().is_ok_and(|base| above.contains(&base)) {
            return Err(wrong(path, line(&text, "extend"), "it extends itself; take the `extend` out".into()));
        }
        into(config, &base, above)?;
    }
    config.profile.file(file.profile, path);
    let threshold =
        file.threshold.map(|value| share(value).map_err(|fault| wrong(path, line(&text, "threshold"), fault)));
    config.threshold.file(threshold.transpose()?, path);
    config.model.file(file.model.map(|model| Some(folder.join(model))), path);
    config.exclude.file(file.exclude, path);
    config.allow_hosts.file(file.allow_hosts, path);
    config.allow_phrases.file(file.allow_phrases, path);
    config.baseline.file(file.baseline.map(|baseline| Some(folder.join(baseline))), path);
    config.keep_furniture.file(file.keep_furniture, path);
    Ok(())
}

/// A probability that a user states, or what is wrong with it.
///
/// # Errors
/// What to say of a number outside 0 to 1.
pub fn share(value: f64) -> std::result::Result<f32, String> {
    let fault = || format!("`threshold` is a probability from 0 to 1, and {value} is none");
    (0.0..=1.0).contains(&value).then_some(value as f32).ok_or_else(fault)
}

fn line(text: &str, key: &str) -> usize {
    1 + text.lines().position(|line| line.trim_start().starts_with(key)).unwrap_or(0)
}

/// What the parser says, with a line and, for an unknown key, what it may have been meant to be.
fn fault(path: &Path, text: &str, error: &toml::de::Error) -> Error {
    let at = error.span().map_or(0, |span| span.start.min(text.len()));
    let line = 1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at]).count();
    let unknown = error.message().strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
    let reason = match unknown {
        Some((key, _)) => unknown_key(key),
        None => plain(error.message()).trim_end().replace('\n', "; "),
    };
    wrong(path, line, reason)
}

/// A message without the names of types that only programmers know.
fn plain(message: &str) -> String {
    let names = [
        ("expected f64", "expected a number"),
        ("expected path string", "expected a text"),
        ("expected a sequence", "expected a list"),
        ("invalid type: ", ""),
    ];
    names.iter().fold(message.to_owned(), |text, (name, plain)| text.replace(name, plain))
}

fn unknown_key(key: &str) -> String {
    if let Some(known) = nearest(key) {
        format!("there is no key `{key}`; did you mean `{known}`?")
    } else {
        let names: Vec<String> = KEYS.iter().map(|key| format!("`{}`", key.name)).collect();
        format!("there is no key `{key}`; the keys are {}", names.join(", "))
    }
}
