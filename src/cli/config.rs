//! The effective configuration: the file, then the command line.

use std::path::PathBuf;

use weedout::check::Silence;
use weedout::check::baseline::Baseline;
use weedout::config::{Config, share};
use weedout::report::Notice;
use weedout::{Error, Result};

use super::args::Judging;
use super::terminal;

/// Where to look for a configuration file.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Configuring {
    /// Use this configuration file instead of the nearest weedout.toml
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    config: Option<PathBuf>,
    /// Use no configuration file
    #[arg(long)]
    no_config: bool,
}

impl Configuring {
    fn file(&self) -> Result<Config> {
        match &self.config {
            _ if self.no_config => Ok(Config::default()),
            Some(path) => Config::load(path),
            None => nearest(),
        }
    }
}

/// The configuration that holds here; a file in this very folder is named as people do.
fn nearest() -> Result<Config> {
    let here = std::env::current_dir().map_err(|e| Error::read(".", e))?;
    let Some(path) = Config::find(&here) else { return Ok(Config::default()) };
    Config::load(path.strip_prefix(&here).unwrap_or(&path))
}

/// What to be silent about.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Silencing")]
pub(crate) struct Silencing {
    /// Links to this host and its subdomains are fine; adds to the configuration
    #[arg(long, value_name = "HOST")]
    allow_host: Vec<String>,
    /// Text with this phrase in it is fine; adds to the configuration
    #[arg(long, value_name = "TEXT")]
    allow_phrase: Vec<String>,
    /// Let pass what is spam with a lower probability than this, 0 to 1
    #[arg(long, value_name = "P", value_parser = threshold)]
    threshold: Option<f32>,
    /// A file of known content to be silent about
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

impl Judging {
    /// The configuration file with what the command line says over it.
    pub(crate) fn config(&self) -> Result<Config> {
        let mut config = self.configuring.file()?;
        config.profile.flag(self.profile.map(Into::into));
        config.model.flag(self.model.clone().map(Some));
        Ok(config)
    }
}

impl Silencing {
    /// Adds what the command line says.
    pub(crate) fn over(&self, config: &mut Config) {
        let joined = |known: &[String], more: &[String]| (!more.is_empty()).then(|| [known, more].concat());
        config.allow_hosts.flag(joined(&config.allow_hosts.value, &self.allow_host));
        config.allow_phrases.flag(joined(&config.allow_phrases.value, &self.allow_phrase));
        config.threshold.flag(self.threshold);
        config.baseline.flag(self.baseline.clone().map(Some));
    }

    /// What `silence` held and nothing needed: a notice at the line of the file that states it. What a flag stated stands in no
    /// file; that is said at once.
    pub(crate) fn unused(&self, silence: &Silence, config: &Config) -> Vec<Notice> {
        let flags: Vec<&String> = self.allow_host.iter().chain(&self.allow_phrase).collect();
        let (flagged, stated): (Vec<_>, Vec<_>) =
            silence.unused().into_iter().partition(|unused| flags.iter().any(|flag| *flag == unused.text));
        flagged.iter().for_each(|unused| terminal::warn(&unused.message()));
        let file = config.path.clone().unwrap_or_default();
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let line = |wanted: &str| 1 + text.lines().position(|line| line.contains(wanted)).unwrap_or(0);
        let stated = stated.iter().map(|unused| unused.notice(&file, line(unused.text) as u32));
        stated.chain(silence.outdated()).collect()
    }
}

fn threshold(text: &str) -> std::result::Result<f32, String> {
    text.parse().map_err(|_| "a probability is a number from 0 to 1".to_owned()).and_then(share)
}

/// What `config` says to be silent about.
pub(crate) fn silence(config: &Config) -> Result<Silence> {
    let baseline = config.baseline.value.as_deref().map(Baseline::read).transpose()?;
    let silence = Silence::new(&config.allow_hosts.value, &config.allow_phrases.value, baseline);
    Ok(silence.below(config.threshold.value))
}
