//! The arguments, and groups of them that commands share.

use std::path::PathBuf;

use clap::{ArgAction, Parser, ValueEnum};
use weedout::block::Format;
use weedout::source::Container;
use weedout::verdict::Profile;

use super::command::Command;
use super::config::Configuring;

/// Weeds SEO link spam out of scraped documents and keeps the genuine text byte for byte.
#[derive(Debug, Parser)]
#[command(name = "weedout", disable_version_flag = true, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    /// Print the version; with --verbose, the model's identity too
    #[arg(short = 'V', long, action = ArgAction::SetTrue)]
    pub(crate) version: bool,
    /// Say more
    #[arg(short, long, global = true, display_order = 900)]
    pub(crate) verbose: bool,
    /// Say only what went wrong
    #[arg(short, long, global = true, display_order = 901)]
    pub(crate) quiet: bool,
    /// When to use colours; `NO_COLOR` is respected
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", display_order = 902)]
    pub(crate) color: clap::ColorChoice,
}

/// What every command ends with.
pub(crate) const EXIT_CODES: &str = "\
Exit codes:
  0    fine
  1    `check` found spam, or `eval` missed its floors
  2    usage, configuration, model or I/O error, or some document failed (the others are done)
  3    no inputs
  130  interrupted";

/// Which documents to work on.
#[derive(Debug, clap::Args)]
pub(crate) struct Inputs {
    /// Files, folders and patterns; `-` is standard input
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Take paths from a file, one a line; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub(crate) files_from: Vec<PathBuf>,
    /// Leave out paths that match, as in .gitignore; explicit paths too; adds to the configuration
    #[arg(long, value_name = "GLOB")]
    pub(crate) exclude: Vec<String>,
    /// What to call standard input; its extension tells the format
    #[arg(long, value_name = "NAME")]
    pub(crate) stdin_filename: Option<PathBuf>,
}

/// How to judge.
#[derive(Debug, clap::Args)]
pub(crate) struct Judging {
    /// Use this model instead of the built-in one
    #[arg(long, value_name = "FILE")]
    pub(crate) model: Option<PathBuf>,
    /// How much to remove [default: balanced]
    #[arg(long, value_enum, value_name = "PROFILE")]
    pub(crate) profile: Option<Strictness>,
    #[command(flatten)]
    pub(crate) configuring: Configuring,
}

/// [`Profile`] as an argument.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Strictness {
    /// Removes more, at the price of a few genuine blocks
    Strict,
    /// The default
    Balanced,
    /// Removes only what is certain
    KeepMore,
}

impl From<Strictness> for Profile {
    fn from(strictness: Strictness) -> Self {
        match strictness {
            Strictness::Strict => Self::Strict,
            Strictness::Balanced => Self::Balanced,
            Strictness::KeepMore => Self::KeepMore,
        }
    }
}

/// How the input is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Written {
    /// By extension, then by content
    Auto,
    /// A page
    Html,
    /// Markdown, with or without front matter
    Markdown,
    /// Plain text and transcripts
    Text,
    /// `SubRip` subtitles
    Srt,
    /// `WebVTT` subtitles
    Vtt,
    /// JSON Lines: one object a line, plain, .gz or .zst; `-` is standard input to standard output
    Jsonl,
    /// Web archives, WARC or WET, plain, .gz or .zst
    Warc,
    /// Parquet, where weedout was built with it
    Parquet,
}

impl Written {
    /// The format of documents, unless they tell themselves.
    pub(crate) fn format(self) -> Option<Format> {
        match self {
            Self::Auto | Self::Jsonl | Self::Warc | Self::Parquet => None,
            Self::Html => Some(Format::Html),
            Self::Markdown => Some(Format::Markdown),
            Self::Text => Some(Format::Text),
            Self::Srt => Some(Format::Srt),
            Self::Vtt => Some(Format::Vtt),
        }
    }
}

impl Written {
    /// How files keep their records; `None` for documents.
    pub(crate) fn container(self) -> Option<Container> {
        match self {
            Self::Jsonl => Some(Container::Jsonl),
            Self::Warc => Some(Container::Warc),
            Self::Parquet => Some(Container::Parquet),
            _ => None,
        }
    }
}

/// What pages become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
    /// Plain text, `a.html.txt`
    Text,
    /// Markdown, `a.html.md`
    Markdown,
}
