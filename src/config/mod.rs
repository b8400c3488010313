//! `weedout.toml`: what a project wants everywhere, so that nobody has to say it again on the command line.
//!
//! The nearest file upwards of where weedout runs is the one; it may `extend` another, whose keys it replaces one by one.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::source::glob::Exclude;
use crate::verdict::Profile;
use crate::{Error, Result};

mod key;
mod load;
mod schema;

pub use key::{KEYS, Key, Kind};
pub use load::share;
pub use schema::{example, schema};

/// The name of configuration files.
pub const NAME: &str = "weedout.toml";

/// Where a value came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nobody said anything.
    #[default]
    Default,
    /// A configuration file.
    File(PathBuf),
    /// The command line.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Flag => f.write_str("command line"),
        }
    }
}

/// A value and where it came from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Who said so.
    pub origin: Origin,
}

impl<T> Setting<T> {
    /// Replaces the value by what the command line says, if it says anything.
    pub fn flag(&mut self, value: Option<T>) {
        if let Some(value) = value {
            *self = Self { value, origin: Origin::Flag };
        }
    }

    /// Replaces the value by what a file says, if it says anything.
    fn file(&mut self, value: Option<T>, path: &Path) {
        if let Some(value) = value {
            *self = Self { value, origin: Origin::File(path.to_path_buf()) };
        }
    }
}

/// The effective configuration. Paths in it are relative to where weedout runs, not to the file that names them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The nearest configuration file.
    pub path: Option<PathBuf>,
    /// How much to remove.
    pub profile: Setting<Profile>,
    /// What is spam with a lower probability is let pass.
    pub threshold: Setting<f32>,
    /// The model; `None` for the built-in one.
    pub model: Setting<Option<PathBuf>>,
    /// Patterns of paths to leave out, relative to the folder of the file that states them.
    pub exclude: Setting<Vec<String>>,
    /// Hosts whose links are fine.
    pub allow_hosts: Setting<Vec<String>>,
    /// Phrases that make text fine.
    pub allow_phrases: Setting<Vec<String>>,
    /// Known content to be silent about.
    pub baseline: Setting<Option<PathBuf>>,
    /// Page furniture of HTML stays.
    pub keep_furniture: Setting<bool>,
}

impl Config {
    /// The nearest configuration file: in `folder` or above.
    pub fn find(folder: &Path) -> Option<PathBuf> {
        folder.ancestors().map(|folder| folder.join(NAME)).find(|path| path.is_file())
    }

    /// The configuration that holds in `folder`: that of the nearest file, or the default.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn nearest(folder: &Path) -> Result<Self> {
        Self::find(folder).map_or_else(|| Ok(Self::default()), |path| Self::load(&path))
    }

    /// The configuration of the file at `path`, and of what it extends.
    ///
    /// # Errors
    /// [`Error::Config`] when it cannot be understood or extends itself, [`Error::Read`] when it cannot be read.
    pub fn load(path: &Path) -> Result<Self> {
        let mut config = Self { path: Some(path.to_path_buf()), ..Self::default() };
        load::into(&mut config, path, &mut Vec::new())?;
        Ok(config)
    }

    /// The patterns to leave out, each seen from where it was stated.
    ///
    /// # Errors
    /// [`Error::Usage`] when one is malformed.
    pub fn excludes(&self, flags: &[String]) -> Result<Exclude> {
        let exclude = Exclude::new(flags)?;
        match &self.exclude.origin {
            Origin::File(file) => exclude.and(&self.exclude.value, file.parent().unwrap_or(Path::new(""))),
            _ => Ok(exclude),
        }
    }

    /// Every value as TOML, with where it came from as a comment.
    pub fn describe(&self) -> String {
        let path = |path: &Option<PathBuf>, none: &str| path.as_ref().map_or(none.into(), |p| p.display().to_string());
        let profile = serde_json::to_value(self.profile.value).unwrap_or_default();
        let lines = [
            ("profile", profile.to_string(), &self.profile.origin),
            ("threshold", format!("{:?}", self.threshold.value), &self.threshold.origin),
            ("model", quoted(&path(&self.model.value, "built-in")), &self.model.origin),
            ("exclude", list(&self.exclude.value), &self.exclude.origin),
            ("allow-hosts", list(&self.allow_hosts.value), &self.allow_hosts.origin),
            ("allow-phrases", list(&self.allow_phrases.value), &self.allow_phrases.origin),
            ("baseline", quoted(&path(&self.baseline.value, "")), &self.baseline.origin),
            ("keep-furniture", self.keep_furniture.value.to_string(), &self.keep_furniture.origin),
        ];
        lines.iter().map(|(key, value, origin)| format!("{key} = {value}  # {origin}\n")).collect()
    }
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(texts: &[String]) -> String {
    format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
}

/// An error in the file at `path`.
fn wrong(path: &Path, line: usize, reason: String) -> Error {
    Error::Config { path: path.to_path_buf(), line, reason }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_nearest_file_is_the_one() {
        let root = folder(&[("weedout.toml", "profile = \"strict\""), ("in/weedout.toml", "keep-furniture = true")]);
        fs::create_dir(root.path().join("in/deep")).unwrap();
        let config = Config::nearest(&root.path().join("in/deep")).unwrap();
        assert_eq!((config.profile.value, config.keep_furniture.value), (Profile::Balanced, true));
        assert_eq!(Config::nearest(root.path()).unwrap().profile.value, Profile::Strict);
    }

    #[test]
    fn a_file_extends_another_and_paths_are_seen_from_their_file() {
        let root = folder(&[
            ("base/weedout.toml", "profile = \"keep-more\"\nbaseline = \"known.txt\"\nallow-hosts = [\"a.example\"]"),
            ("weedout.toml", "extend = \"base/weedout.toml\"\nallow-hosts = [\"b.example\"]"),
        ]);
        let config = Config::load(&root.path().join("weedout.toml")).unwrap();
        assert_eq!(config.profile.value, Profile::KeepMore);
        assert_eq!(config.allow_hosts.value, ["b.example"]);
        assert_eq!(config.baseline.value, Some(root.path().join("base/known.txt")));
        assert_eq!(config.baseline.origin, Origin::File(root.path().join("base/weedout.toml")));
    }

    #[test]
    fn faults_are_said_with_line_and_a_suggestion() {
        for (text, words) in [
            ("profile = \"strict\"\nmodle = \"x\"", &["line 2", "`modle`", "did you mean `model`?"][..]),
            ("profile = \"lax\"", &["line 1", "lax", "`keep-more`"]),
            ("exclude = \"x\"", &["line 1", "expected a list"]),
            ("threshold = \"high\"", &["line 1", "string \"high\", expected a number"]),
            ("baseline = 1", &["line 1", "expected a text"]),
            ("\n\nprofile =", &["line 3"]),
            ("\nthreshold = 70", &["line 2", "0 to 1", "70"]),
            ("zzzzzzzzzz = 1", &["`zzzzzzzzzz`", "`keep-furniture`"]),
            ("extend = \"weedout.toml\"", &["extends itself"]),
            ("extend = \"gone.toml\"", &["gone.toml"]),
        ] {
            let root = folder(&[("weedout.toml", text)]);
            let error = Config::load(&root.path().join("weedout.toml")).unwrap_err().to_string();
            for word in words {
                assert!(error.contains(word), "no {word} in {error}");
            }
        }
    }

    #[test]
    fn a_description_is_a_configuration_that_says_who_said_so() {
        let mut config = Config::default();
        config.profile.flag(Some(Profile::Strict));
        config.allow_phrases.flag(Some(vec!["a \"b\"".into()]));
        let text = config.describe();
        assert!(
            text.starts_with(
                "profile = \"strict\"  # command line\nthreshold = 0.0  # default\nmodel = \"built-in\"  # default\n"
            ),
            "{text}"
        );
        assert!(text.parse::<toml::Table>().is_ok(), "{text}");
    }

    #[test]
    fn excludes_are_seen_from_the_file() {
        let root = folder(&[("weedout.toml", "exclude = [\"/drafts/\"]")]);
        let exclude = Config::nearest(root.path()).unwrap().excludes(&["*.bak.md".into()]).unwrap();
        assert!(exclude.covers(&root.path().join("drafts/a.md")) && exclude.covers(Path::new("a.bak.md")));
        assert!(!exclude.covers(&root.path().join("in/drafts/a.md")));
    }
}
