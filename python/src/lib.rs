//! The Python module `weedout._weedout`: cleaning texts and Arrow data, and the command line.
//!
//! No panic of the library reaches Python: each record is cleaned inside [`weedout::clean::mark`], which turns a panic into
//! that record's error, and everything else runs inside [`fault::guard`].

mod arrow;
mod cleaner;
mod fault;
mod kernel;
mod model;
mod record;
mod sketch;

use std::ffi::OsString;

use pyo3::prelude::*;

pyo3::create_exception!(
    weedout,
    Error,
    pyo3::exceptions::PyException,
    "A text, a model or Arrow data that weedout could not process; the message says which, and what to do."
);

/// What the extension module offers; `weedout/__init__.py` passes it on.
#[pymodule]
mod _weedout {
    #[pymodule_export]
    use super::{
        Error,
        cleaner::Cleaner,
        main,
        record::{Block, Cleaned, Removal},
        sketch::Sketch,
    };

    use pyo3::prelude::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        super::fault::quieten();
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}

/// Runs the command line on `args`, the program's name first, and returns its exit code.
#[pyfunction]
fn main(py: Python<'_>, args: Vec<OsString>) -> u8 {
    py.detach(|| weedout::cli::main(args))
}
