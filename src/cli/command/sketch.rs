//! `weedout sketch INPUT… --out FILE`

use std::path::PathBuf;

use weedout::clean::Settings;
use weedout::clean::bulk::sketch::count;
use weedout::clean::row::Options;
use weedout::sketch::Sketch as Content;
use weedout::verdict::Judge;
use weedout::{Error, Result};

use crate::cli::args::{Inputs, Judging, Written};
use crate::cli::exit::Exit;
use crate::cli::judge;
use crate::cli::terminal::{self, Terminal, counted, safe};

/// Count what runs and linked hosts are judged to be across documents, for `clean --sketch`
#[derive(Debug, clap::Args)]
pub(crate) struct Sketch {
    #[command(flatten)]
    inputs: Inputs,
    /// The file to write
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,
    /// The inputs are sketches, to be put together
    #[arg(long)]
    merge: bool,
    /// How the inputs are written
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "auto")]
    format: Written,
    /// The field with the text; by default `text`, failing that `html`
    #[arg(long, value_name = "NAME")]
    text_field: Option<String>,
    /// The field with a page
    #[arg(long, value_name = "NAME", conflicts_with = "text_field")]
    html_field: Option<String>,
    /// The field with the address a record came from [default: url]
    #[arg(long, value_name = "NAME")]
    url_field: Option<String>,
    /// Number of threads; 0 is one a core
    #[arg(short, long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    jobs: usize,
    #[command(flatten)]
    judging: Judging,
}

impl Sketch {
    pub(crate) fn run(self, terminal: &Terminal) -> Result<Exit> {
        if self.merge { self.put_together(terminal) } else { self.count(terminal) }
    }

    fn put_together(&self, terminal: &Terminal) -> Result<Exit> {
        let paths = self.inputs.named()?;
        let (first, others) =
            paths.split_first().ok_or_else(|| Error::NoInputs("name the sketches to put together".into()))?;
        let mut sketch = Content::load(first)?;
        for other in others {
            sketch.merge(&Content::load(other)?)?;
        }
        self.save(&sketch, &counted(paths.len(), "sketch"), terminal)?;
        Ok(Exit::Fine)
    }

    fn count(&self, terminal: &Terminal) -> Result<Exit> {
        let config = self.judging.config()?;
        let container = self.format.container();
        let inputs = self.inputs.either(&config, container)?.0;
        let model = judge::load(config.model.value.as_deref())?;
        let settings = Settings { profile: config.profile.value, format: self.format.format(), ..Settings::default() };
        let options = Options {
            text_field: self.text_field.clone(),
            html_field: self.html_field.clone(),
            url_field: self.url_field.clone(),
            settings,
            ..Options::default()
        };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(self.jobs).build();
        let pool = pool.map_err(|e| Error::Usage(format!("cannot start threads: {e}; use a smaller --jobs")))?;
        let (mut sketch, mut documents, mut passed, mut failed) = (Content::new(model.id()), 0, 0, 0);
        std::panic::set_hook(Box::new(|_| {}));
        for input in &inputs {
            match pool.install(|| count(input, container, &options, &model, &mut sketch)) {
                Ok(counted) => {
                    documents += counted.documents;
                    passed += counted.passed;
                }
                Err(error) => {
                    failed += 1;
                    terminal::error(&error.to_string());
                }
            }
        }
        let _ = std::panic::take_hook();
        if passed > 0 {
            let records = counted(passed as usize, "record");
            terminal.say(&format!("  {records} without text or without a host passed over"));
        }
        self.save(&sketch, &counted(documents as usize, "document"), terminal)?;
        Ok(Exit::failed(failed))
    }

    fn save(&self, sketch: &Content, of: &str, terminal: &Terminal) -> Result<()> {
        sketch.save(&self.out)?;
        let out = safe(&self.out.display().to_string());
        terminal.say(&format!("  {of} · {}        {out}", counted(sketch.len(), "key")));
        Ok(())
    }
}
