//! Exit codes, the same for every command.

use std::io::ErrorKind;

use weedout::Error;

use super::terminal;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All went well.
    Fine = 0,
    /// `check` found spam, or `eval` missed its floors.
    Found = 1,
    /// Usage, configuration, model or input and output failed, or some document did.
    Error = 2,
    /// There was nothing to work on.
    NoInputs = 3,
    /// The user ended it.
    Interrupted = 130,
}

impl Exit {
    /// The exit for an error, after saying it. A reader that went away is no error.
    pub(crate) fn from_error(error: &Error) -> Self {
        match error {
            Error::Write { source, .. } if source.kind() == ErrorKind::BrokenPipe => Self::Fine,
            Error::NoInputs(_) => {
                terminal::error(&error.to_string());
                Self::NoInputs
            }
            _ => {
                terminal::error(&error.to_string());
                Self::Error
            }
        }
    }

    /// [`Exit::Error`] when something failed.
    pub(crate) fn failed(count: usize) -> Self {
        if count > 0 { Self::Error } else { Self::Fine }
    }
}
