//! One model a process, however many cleaners use it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use weedout::verdict::Model;
use weedout::{Error, Result};

/// A file's name, length and time of change; the built-in model has none.
type Key = Option<(PathBuf, u64, Option<SystemTime>)>;

static LOADED: Mutex<Option<HashMap<Key, Arc<Model>>>> = Mutex::new(None);

/// The model at `path`, or the built-in one. It is read once, and again when its file has changed.
pub(crate) fn load(path: Option<&Path>) -> Result<Arc<Model>> {
    let key = path.map(key).transpose()?;
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    let loaded = loaded.get_or_insert_default();
    if let Some(model) = loaded.get(&key) {
        return Ok(Arc::clone(model));
    }
    let model = Arc::new(path.map_or_else(Model::embedded, Model::load)?);
    loaded.insert(key, Arc::clone(&model));
    Ok(model)
}

fn key(path: &Path) -> Result<(PathBuf, u64, Option<SystemTime>)> {
    let read = |error| Error::read(path, error);
    let metadata = std::fs::metadata(path).map_err(read)?;
    Ok((path.canonicalize().map_err(read)?, metadata.len(), metadata.modified().ok()))
}
