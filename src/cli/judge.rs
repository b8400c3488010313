//! Loading the judge.

use std::path::Path;

use weedout::Result;
use weedout::verdict::model::Model;

/// The model at `path`, or the built-in one.
pub(crate) fn load(path: Option<&Path>) -> Result<Model> {
    path.map_or_else(Model::embedded, Model::load)
}
