//! Where messages and data go: messages to standard error, data to standard output.

use std::io::{IsTerminal, Write};

use anstyle::{AnsiColor, Style};
pub(crate) use weedout::report::escape::safe;
use weedout::{Error, Result};

const RED: Style = AnsiColor::Red.on_default().bold();
const YELLOW: Style = AnsiColor::Yellow.on_default().bold();
/// For what is worth finding in a line.
pub(crate) const STRONG: Style = Style::new().bold();
/// For what is worth overlooking.
pub(crate) const FAINT: Style = Style::new().dimmed();
/// For spam.
pub(crate) const SPAM: Style = RED;

/// The user's terminal, or what stands in its place.
#[derive(Debug)]
pub(crate) struct Terminal {
    quiet: bool,
}

impl Terminal {
    /// A terminal that follows `--color` and `--quiet`, and otherwise `NO_COLOR` and what it is connected to.
    pub(crate) fn new(color: clap::ColorChoice, quiet: bool) -> Self {
        let choice = match color {
            clap::ColorChoice::Always => anstream::ColorChoice::Always,
            clap::ColorChoice::Never => anstream::ColorChoice::Never,
            clap::ColorChoice::Auto => anstream::ColorChoice::Auto,
        };
        choice.write_global();
        Self { quiet }
    }

    /// True when a person can watch progress.
    pub(crate) fn is_watched(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Says something that is left out with `--quiet`.
    pub(crate) fn say(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }
}

/// Warns about something the run goes on after.
pub(crate) fn warn(text: &str) {
    let _ = writeln!(anstream::stderr(), "{YELLOW}warning{YELLOW:#}: {}", one_line(text));
}

/// Says what ended the run, or failed in it.
pub(crate) fn error(text: &str) {
    let _ = writeln!(anstream::stderr(), "{RED}error{RED:#}: {}", one_line(text));
}

/// `text` without what could act on a terminal, line feeds included: a name with one in it could forge a message.
pub(crate) fn one_line(text: &str) -> String {
    safe(text).replace('\n', "\\n")
}

/// Writes data.
pub(crate) fn put(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(bytes).and_then(|()| out.flush()).map_err(|e| Error::write("-", e))
}

/// Writes text for programs as it is, and to a terminal without what could act on it.
pub(crate) fn put_plain(text: &str) -> Result<()> {
    if std::io::stdout().is_terminal() { put(safe(text).as_bytes()) } else { put(text.as_bytes()) }
}

/// Writes data meant for people, with colours where they are wanted.
pub(crate) fn show(text: &str) -> Result<()> {
    let mut out = anstream::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|e| Error::write("-", e))
}

/// A count as people write it: groups of three.
pub(crate) fn grouped(count: usize) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap_or_default()).collect();
    groups.join(" ")
}

/// `1 block`, `2 blocks`.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{} {noun}{}", grouped(count), if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([5, 7412, 1_234_567].map(grouped), ["5", "7 412", "1 234 567"]);
        assert_eq!((counted(1, "block"), counted(0, "block")), ("1 block".into(), "0 blocks".into()));
    }
}
