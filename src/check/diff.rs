//! What fixing a document would change, as a unified diff.

use std::path::Path;

use crate::Result;
use crate::clean::record::name;
use crate::source;

/// The diff from `before` to `after`, in the encoding of neither: both are decoded. Empty when they are the same.
///
/// # Errors
/// [`crate::Error::Binary`] when the bytes are not text.
pub fn unified(path: &Path, before: &[u8], after: &[u8]) -> Result<String> {
    let (one, other) = (source::decode(path, before, false)?, source::decode(path, after, false)?);
    let name = name(path);
    let name = name.trim_start_matches("./");
    let diff = similar::TextDiff::from_lines(one.text.as_ref(), other.text.as_ref());
    Ok(diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_diff_can_be_applied() {
        let diff = unified(Path::new("x/a.md"), b"one\ntwo\nthree", b"one\nthree").unwrap();
        assert_eq!(
            diff,
            "--- a/x/a.md\n+++ b/x/a.md\n@@ -1,3 +1,2 @@\n one\n-two\n three\n\\ No newline at end of file\n"
        );
        assert_eq!(unified(Path::new("a"), b"x", b"x").unwrap(), "");
    }
}
