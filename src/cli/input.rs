//! The inputs a command works on.

use std::io::Read;
use std::path::{Path, PathBuf};

use weedout::config::Config;
use weedout::source::glob::Exclude;
use weedout::source::{Container, Input, find, list, read};
use weedout::{Error, Result};

use super::args::Inputs;

/// All bytes of standard input.
pub(crate) fn stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::io::stdin().lock().read_to_end(&mut bytes).map_err(|e| Error::read("-", e))?;
    Ok(bytes)
}

/// True for the argument that means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

impl Inputs {
    /// The paths named, in the arguments and in lists.
    pub(crate) fn named(&self) -> Result<Vec<PathBuf>> {
        let mut paths = self.paths.clone();
        for file in &self.files_from {
            let bytes = if is_stdin(file) { stdin()? } else { read::read(file)? };
            paths.extend(list::paths(&bytes));
        }
        Ok(paths)
    }

    /// The documents to look at, and the folders they were looked for in.
    pub(crate) fn all(&self, config: &Config) -> Result<(Vec<Input>, Vec<PathBuf>)> {
        self.find(config, find::all)
    }

    /// The files of records of a kind, or without one the documents and whatever is named; and the folders they were
    /// looked for in.
    pub(crate) fn either(&self, config: &Config, container: Option<Container>) -> Result<(Vec<Input>, Vec<PathBuf>)> {
        match container {
            None => self.find(config, find::distinct),
            Some(container) => self.find(config, |paths, exclude| find::records(paths, exclude, container)),
        }
    }

    fn find(
        &self,
        config: &Config,
        how: impl Fn(&[PathBuf], &Exclude) -> Result<Vec<Input>>,
    ) -> Result<(Vec<Input>, Vec<PathBuf>)> {
        let named = self.named()?;
        let (piped, paths): (Vec<PathBuf>, Vec<PathBuf>) = named.into_iter().partition(|path| is_stdin(path));
        let mut inputs = how(&paths, &config.excludes(&self.exclude)?)?;
        if !piped.is_empty() {
            inputs.push(self.piped()?);
        }
        if inputs.is_empty() {
            return Err(Error::NoInputs(nothing(&paths)));
        }
        Ok((inputs, paths.into_iter().filter(|path| path.is_dir()).collect()))
    }

    /// Standard input as a document.
    pub(crate) fn piped(&self) -> Result<Input> {
        let name = self.stdin_filename.clone().unwrap_or_else(|| "stdin".into());
        Ok(Input::memory(name, stdin()?))
    }
}

fn nothing(paths: &[PathBuf]) -> String {
    match paths {
        [] => "name files, folders or patterns, or `-` for standard input".into(),
        paths => {
            let names: Vec<String> = paths.iter().take(3).map(|path| format!("`{}`", path.display())).collect();
            let more = if paths.len() > 3 { ", …" } else { "" };
            format!(
                "no document (html, md, txt, transcript, srt, vtt) in {}{more}, or ignore files and `exclude` leave them all out",
                names.join(", ")
            )
        }
    }
}
