//! Files, folders and patterns to a sorted list of inputs without duplicates.

use std::path::{Component, Path, PathBuf};

use ignore::WalkBuilder;

use super::glob::{Exclude, Pattern, is_pattern};
use super::{Container, Input, format};
use crate::{Error, Result};

/// Expands `paths` to inputs, sorted by the bytes of their place under the output, so that neither the order of arguments
/// nor that of the file system shows. Folders are walked with ignore files respected and links not followed, and give
/// their files of known extensions; a file named explicitly is taken whatever it is called, and if it cannot be read that
/// is for the reader to say. `exclude` holds globs as in `.gitignore`, and applies to explicit paths too.
///
/// # Errors
/// [`Error::Usage`] for a malformed pattern, or two inputs that would be written to one place.
pub fn find(paths: &[PathBuf], exclude: &[String]) -> Result<Vec<Input>> {
    distinct(paths, &Exclude::new(exclude)?)
}

/// Like [`find`], with excludes that may come from several folders.
///
/// # Errors
/// As [`find`].
pub fn distinct(paths: &[PathBuf], exclude: &Exclude) -> Result<Vec<Input>> {
    apart(all(paths, exclude)?)
}

/// Like [`distinct`], for files of records of one kind: folders give those that are called so.
///
/// # Errors
/// As [`find`].
pub fn records(paths: &[PathBuf], exclude: &Exclude, container: Container) -> Result<Vec<Input>> {
    apart(expanded(paths, exclude, &|relative| Container::by_name(relative) == Some(container))?)
}

/// Sorts inputs by their place, which no two may share.
fn apart(mut inputs: Vec<Input>) -> Result<Vec<Input>> {
    inputs.sort_by(|a, b| bytes(&a.relative).cmp(bytes(&b.relative)).then_with(|| bytes(&a.path).cmp(bytes(&b.path))));
    match inputs.windows(2).find(|pair| pair[0].relative == pair[1].relative) {
        Some(pair) => Err(collision(&pair[0].path, &pair[1].path, &pair[0].relative)),
        None => Ok(inputs),
    }
}

/// Like [`find`], for runs that write no corpus: sorted by path, and two inputs may have one place.
///
/// # Errors
/// [`Error::Usage`] for a malformed pattern.
pub fn all(paths: &[PathBuf], exclude: &Exclude) -> Result<Vec<Input>> {
    expanded(paths, exclude, &|relative| format::by_name(relative).is_some())
}

fn expanded(paths: &[PathBuf], exclude: &Exclude, take: &dyn Fn(&Path) -> bool) -> Result<Vec<Input>> {
    let mut inputs = Vec::new();
    for path in paths {
        expand(path, exclude, take, &mut inputs)?;
    }
    if paths.len() > 1 {
        drop_same_files(&mut inputs);
    }
    inputs.sort_by(|a, b| bytes(&a.path).cmp(bytes(&b.path)));
    Ok(inputs)
}

fn expand(path: &Path, exclude: &Exclude, take: &dyn Fn(&Path) -> bool, inputs: &mut Vec<Input>) -> Result<()> {
    if path.is_dir() {
        walk(path, exclude, take, inputs);
    } else if is_pattern(path) && path.symlink_metadata().is_err() {
        let pattern = Pattern::new(path)?;
        walk(&pattern.base, exclude, |relative| pattern.matches(relative), inputs);
    } else if !exclude.covers(path) {
        let name = path.file_name().map_or_else(|| path.to_path_buf(), PathBuf::from);
        inputs.push(Input::file(path, name));
    }
    Ok(())
}

/// Collects the files under `root` that `take` accepts by their place under it. A folder that cannot be read becomes an
/// input of its own, so that reading it fails with a name.
fn walk(root: &Path, exclude: &Exclude, take: impl Fn(&Path) -> bool, inputs: &mut Vec<Input>) {
    let mut builder = WalkBuilder::new(root);
    builder.require_git(false).add_custom_ignore_filename(".weedoutignore");
    for entry in builder.build() {
        match entry {
            Ok(entry) if entry.file_type().is_some_and(|kind| kind.is_file()) => {
                let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
                if take(relative) && !exclude.covers(entry.path()) {
                    inputs.push(Input::file(tidy(entry.path()), relative));
                }
            }
            Ok(_) => {}
            Err(error) => inputs.extend(broken(&error, root)),
        }
    }
}

fn broken(error: &ignore::Error, root: &Path) -> Option<Input> {
    let path = match error {
        ignore::Error::WithPath { path, .. } => path.clone(),
        ignore::Error::WithDepth { err, .. } => return broken(err, root),
        _ => return None,
    };
    let relative = path.strip_prefix(root).ok().filter(|p| !p.as_os_str().is_empty()).map(PathBuf::from);
    let relative = relative.or_else(|| path.file_name().map(PathBuf::from)).unwrap_or_else(|| path.clone());
    Some(Input::file(path, relative))
}

/// `path` without leading `./`, as people write it.
fn tidy(path: &Path) -> PathBuf {
    let rest: PathBuf = path.components().skip_while(|part| *part == Component::CurDir).collect();
    if rest.as_os_str().is_empty() { path.to_path_buf() } else { rest }
}

/// Leaves one input for each file, the one whose place under the output is longest, then first by its bytes: a file both
/// named and found in its folder keeps its place in the folder, whatever the order of the arguments.
fn drop_same_files(inputs: &mut Vec<Input>) {
    let mut keyed: Vec<(PathBuf, Input)> = std::mem::take(inputs)
        .into_iter()
        .map(|input| (input.path.canonicalize().unwrap_or_else(|_| input.path.clone()), input))
        .collect();
    keyed.sort_by(|(a, x), (b, y)| {
        let depth = |input: &Input| std::cmp::Reverse(input.relative.components().count());
        (a, depth(x), &x.relative, &x.path).cmp(&(b, depth(y), &y.relative, &y.path))
    });
    keyed.dedup_by(|later, earlier| later.0 == earlier.0);
    inputs.extend(keyed.into_iter().map(|(_, input)| input));
}

fn bytes(path: &Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

fn collision(one: &Path, other: &Path, relative: &Path) -> Error {
    Error::Usage(format!(
        "`{}` and `{}` would both be written to `{}`; name their folder instead, or clean them in two runs",
        one.display(),
        other.display(),
        relative.display()
    ))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use std::fs;

    fn tree(files: &[&str]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for file in files {
            let path = root.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "text").unwrap();
        }
        root
    }

    fn names(inputs: &[Input]) -> Vec<&str> {
        inputs.iter().map(|input| input.relative.to_str().unwrap()).collect()
    }

    #[test]
    fn a_folder_gives_its_known_files_in_order_of_bytes() {
        let root = tree(&["b/c.md", "b.txt", "a.HTML", "run.log", "x.bin", "skip/d.md"]);
        fs::write(root.path().join(".gitignore"), "skip/\n").unwrap();
        assert_eq!(names(&find(&[root.path().into()], &[]).unwrap()), ["a.HTML", "b.txt", "b/c.md"]);
    }

    #[test]
    fn explicit_files_and_patterns_take_any_extension_and_excludes_always_apply() {
        let root = tree(&["one.weird", "in/two.weird", "in/three.md"]);
        let at = |name: &str| root.path().join(name);
        assert_eq!(names(&find(&[at("one.weird")], &[]).unwrap()), ["one.weird"]);
        assert_eq!(names(&find(&[at("**/*.weird")], &[]).unwrap()), ["in/two.weird", "one.weird"]);
        assert!(find(&[at("one.weird")], &["*.weird".into()]).unwrap().is_empty());
    }

    #[test]
    fn a_file_given_twice_is_one_input_whatever_the_order() {
        let root = tree(&["in/a.md", "b.md"]);
        let (folder, file) = (root.path().to_path_buf(), root.path().join("in/a.md"));
        let first = find(&[folder.clone(), file.clone()], &[]).unwrap();
        assert_eq!(names(&first), ["b.md", "in/a.md"]);
        assert_eq!(first, find(&[file, folder], &[]).unwrap());
    }

    #[test]
    fn two_files_for_one_place_are_named() {
        let root = tree(&["one/a.md", "two/a.md"]);
        let error = find(&[root.path().join("one/a.md"), root.path().join("two/a.md")], &[]).unwrap_err().to_string();
        assert!(error.contains("one/a.md") && error.contains("two/a.md"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let root = tree(&["in/a.md"]);
        std::os::unix::fs::symlink(root.path(), root.path().join("in/loop")).unwrap();
        std::os::unix::fs::symlink(root.path().join("in/a.md"), root.path().join("in/b.md")).unwrap();
        assert_eq!(names(&find(&[root.path().into()], &[]).unwrap()), ["in/a.md"]);
    }

    #[test]
    fn a_missing_file_stays_an_input_for_the_reader_to_refuse() {
        assert_eq!(find(&["no/such.md".into()], &[]).unwrap().len(), 1);
    }
}
