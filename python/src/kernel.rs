//! What a cleaner is made of, without Python.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::{PyErr, PyResult};
use rayon::ThreadPool;
use serde::de::DeserializeOwned;
use weedout::Error;
use weedout::block::Format;
use weedout::check::{self, Silence, Tolerant};
use weedout::clean::mark::{Marked, format_of};
use weedout::clean::record::Removed;
use weedout::clean::{self, Settings, mark};
use weedout::report::Finding;
use weedout::sketch::{Seasoned, Sketch};
use weedout::verdict::{Judge, Model, Profile};

use crate::fault;

/// What a text is called in errors and findings.
const NAME: &str = "text";

/// A model and how to use it; the same for all threads.
pub(crate) struct Kernel {
    pub(crate) model: Arc<Model>,
    /// The model with the evidence of a crawl, where there is some.
    pub(crate) seasoned: Option<Seasoned<Arc<Model>, Arc<Sketch>>>,
    pub(crate) silence: Silence,
    pub(crate) settings: Settings,
    /// Threads that work on the rows of a batch; 0 for one a core.
    pub(crate) threads: usize,
    /// The threads, and the process they were started in: a child of a fork has none of them.
    pub(crate) pool: Mutex<Option<(u32, Arc<ThreadPool>)>>,
}

impl Kernel {
    /// The settings for a text; a format that is not given is told from the field's name and the text.
    fn settings(&self, format: Option<Format>, text: &str) -> Settings {
        Settings { format: format.or_else(|| Some(format_of(NAME, text))), ..self.settings.clone() }
    }

    fn judge(&self) -> &dyn Judge {
        match &self.seasoned {
            Some(seasoned) => seasoned,
            None => &*self.model,
        }
    }

    fn judging<T>(&self, work: impl FnOnce(&dyn Judge) -> T) -> T {
        let judge = Tolerant::new(self.judge(), &self.silence);
        #[cfg(feature = "faults")]
        let judge = fault::Faulty(&judge);
        work(&judge)
    }

    /// Identifies model and silencing in records.
    pub(crate) fn id(&self) -> String {
        self.judging(|judge| judge.id())
    }

    /// The text of a record's field, cleaned.
    pub(crate) fn mark(&self, field: &str, text: &str, format: Option<Format>) -> Result<Marked, Error> {
        let settings = Settings { format, ..self.settings.clone() };
        fault::quietly(|| self.judging(|judge| mark(field, text, &settings, judge)))
    }

    /// A text, cleaned.
    pub(crate) fn clean(&self, text: &str, format: Option<Format>) -> PyResult<Marked> {
        self.mark(NAME, text, format).map_err(raised)
    }

    /// Every block of a text, with its verdict and reasons.
    pub(crate) fn explain(&self, text: &str, format: Option<Format>) -> PyResult<Vec<Removed>> {
        let settings = self.settings(format, text);
        let explain = |judge: &dyn Judge| clean::explain(Path::new(NAME), text.as_bytes(), &settings, judge);
        fault::guard(|| self.judging(explain).map_err(raised))
    }

    /// The spam in a text.
    pub(crate) fn check(&self, text: &str, format: Option<Format>) -> PyResult<Vec<Finding>> {
        let settings = self.settings(format, text);
        fault::guard(|| {
            // A check has to know the silencing itself: it tells what was silenced from what was not found.
            #[cfg(feature = "faults")]
            let judge = &fault::Faulty(self.judge());
            #[cfg(not(feature = "faults"))]
            let judge = self.judge();
            let path = Path::new(NAME);
            let checked = check::document(path, text.as_bytes(), &settings, &self.silence, true, judge);
            checked.map(|checked| checked.findings).map_err(raised)
        })
    }

    /// The threads for a batch; `None` when the calling one is to do it all.
    pub(crate) fn pool(&self) -> PyResult<Option<Arc<ThreadPool>>> {
        if self.threads == 1 {
            return Ok(None);
        }
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        let here = std::process::id();
        if let Some((_, known)) = pool.as_ref().filter(|(process, _)| *process == here) {
            return Ok(Some(Arc::clone(known)));
        }
        let started = rayon::ThreadPoolBuilder::new().num_threads(self.threads).build();
        let started = Arc::new(started.map_err(|error| {
            crate::Error::new_err(format!("cannot start {} threads: {error}; ask for fewer", self.threads))
        })?);
        // The threads of a parent process are not here to be ended: dropping their pool would wait for them for ever.
        std::mem::forget(pool.replace((here, Arc::clone(&started))));
        Ok(Some(started))
    }
}

/// An error of the library as an exception of Python.
pub(crate) fn raised(error: Error) -> PyErr {
    match error {
        // With its number, Python makes a FileNotFoundError or PermissionError of it.
        Error::Read { path, source } if source.raw_os_error().is_some() => {
            PyOSError::new_err((source.raw_os_error(), source.to_string(), path))
        }
        error => crate::Error::new_err(error.to_string()),
    }
}

/// The profile of that name.
pub(crate) fn profile(name: &str) -> PyResult<Profile> {
    named(name).ok_or_else(|| {
        PyValueError::new_err(format!("profile is `strict`, `balanced` or `keep-more`, and not `{name}`"))
    })
}

/// The format of that name; `None` when texts are to tell themselves.
pub(crate) fn format(name: Option<&str>) -> PyResult<Option<Format>> {
    let Some(name) = name.filter(|name| *name != "auto") else { return Ok(None) };
    named(name).map(Some).ok_or_else(|| {
        PyValueError::new_err(format!("format is `auto`, `html`, `markdown`, `text`, `srt` or `vtt`, and not `{name}`"))
    })
}

/// Names are those of the records.
fn named<T: DeserializeOwned>(name: &str) -> Option<T> {
    serde_json::from_value(name.into()).ok()
}
