//! Lists of paths, one a line, as `--files-from` takes them.

use std::path::PathBuf;

/// The paths in `bytes`: one a line, blank lines and lines that start with `#` left out. Names need not be UTF-8.
pub fn paths(bytes: &[u8]) -> Vec<PathBuf> {
    bytes
        .split(|&byte| byte == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line))
        .filter(|line| !line.trim_ascii().is_empty() && line.first() != Some(&b'#'))
        .map(path)
        .collect()
}

#[cfg(unix)]
fn path(line: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(line))
}

#[cfg(not(unix))]
fn path(line: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(line).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blank_lines_are_left_out() {
        let listed = paths(b"# a talk\na.md\r\n\n  \nb c.txt\n./#odd.md");
        assert_eq!(listed, ["a.md", "b c.txt", "./#odd.md"].map(PathBuf::from));
    }
}
