//! Patterns: which paths to take, which to leave out.

use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::{Error, Result};

/// True when a path that does not exist is meant as a pattern.
pub fn is_pattern(path: &Path) -> bool {
    path.to_str().is_some_and(|text| text.contains(['*', '?', '[', '{']))
}

/// A pattern such as `talks/**/*.md`, split into the folder to walk and what to match under it.
#[derive(Debug)]
pub struct Pattern {
    /// The components before the first wild one.
    pub base: PathBuf,
    matcher: GlobMatcher,
}

impl Pattern {
    /// Reads a pattern.
    ///
    /// # Errors
    /// [`Error::Usage`] when it is malformed.
    pub fn new(pattern: &Path) -> Result<Self> {
        let fixed = |part: &Component<'_>| !is_pattern(Path::new(part.as_os_str()));
        let base: PathBuf = pattern.components().take_while(fixed).collect();
        let text = pattern.strip_prefix(&base).unwrap_or(pattern).to_string_lossy().into_owned();
        let glob = GlobBuilder::new(&text).literal_separator(true).build().map_err(|e| wrong(&text, &e))?;
        let base = if base.as_os_str().is_empty() { PathBuf::from(".") } else { base };
        Ok(Self { base, matcher: glob.compile_matcher() })
    }

    /// True when `relative`, a path under [`Pattern::base`], is meant.
    pub fn matches(&self, relative: &Path) -> bool {
        self.matcher.is_match(relative)
    }
}

/// Globs of paths to leave out, written as in `.gitignore`, applied to explicit paths as well.
#[derive(Debug)]
pub struct Exclude {
    parts: Vec<Part>,
    here: PathBuf,
}

/// Globs that were stated in one folder.
#[derive(Debug)]
struct Part {
    globs: Gitignore,
    /// Paths under it are matched as seen from it, which is how people write globs.
    root: PathBuf,
}

impl Exclude {
    /// Reads globs stated where the program runs.
    ///
    /// # Errors
    /// [`Error::Usage`] when one is malformed.
    pub fn new(globs: &[String]) -> Result<Self> {
        let here = std::env::current_dir().unwrap_or_default();
        Self { parts: Vec::new(), here: here.clone() }.and(globs, &here)
    }

    /// Adds globs stated in the folder `root`.
    ///
    /// # Errors
    /// [`Error::Usage`] when one is malformed.
    pub fn and(mut self, globs: &[String], root: &Path) -> Result<Self> {
        let mut builder = GitignoreBuilder::new("");
        for glob in globs {
            builder.add_line(None, glob).map_err(|e| wrong(glob, &e))?;
        }
        let globs = builder.build().map_err(|e| wrong("--exclude", &e))?;
        if !globs.is_empty() {
            self.parts.push(Part { globs, root: self.here.join(root) });
        }
        Ok(self)
    }

    /// True when `path` or a folder above it is to be left out.
    pub fn covers(&self, path: &Path) -> bool {
        self.parts.iter().any(|part| part.covers(&self.here, path))
    }
}

impl Part {
    fn covers(&self, here: &Path, path: &Path) -> bool {
        let plain = |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::ParentDir);
        let full: PathBuf = here.join(path).components().filter(|part| *part != Component::CurDir).collect();
        let inner: PathBuf = full.strip_prefix(&self.root).unwrap_or(path).components().filter(plain).collect();
        self.globs.matched_path_or_any_parents(&inner, false).is_ignore()
    }
}

fn wrong(glob: &str, error: &dyn std::fmt::Display) -> Error {
    Error::Usage(format!("cannot read the pattern `{glob}`: {error}; patterns are written as in .gitignore"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_knows_its_folder() {
        let pattern = Pattern::new(Path::new("talks/2024/**/*.md")).unwrap();
        assert_eq!(pattern.base, Path::new("talks/2024"));
        assert!(pattern.matches(Path::new("a/b.md")) && pattern.matches(Path::new("b.md")));
        assert!(!pattern.matches(Path::new("a/b.txt")));
        assert_eq!(Pattern::new(Path::new("*.md")).unwrap().base, Path::new("."));
    }

    #[test]
    fn excludes_cover_explicit_paths_and_what_is_under_folders() {
        let exclude = Exclude::new(&["drafts/".into(), "*.bak.md".into()]).unwrap();
        for path in ["drafts/a.md", "./x/drafts/deep/a.md", "old.bak.md", "/abs/drafts/a.md"] {
            assert!(exclude.covers(Path::new(path)), "{path}");
        }
        assert!(!exclude.covers(Path::new("talks/a.md")));
    }
}
