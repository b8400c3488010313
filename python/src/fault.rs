//! Panics end here.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

use pyo3::PyResult;

thread_local! {
    /// This thread works on something whose panic becomes an error, which says what there is to say.
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Keeps panics that become errors from being printed as well. Called once, when the module is loaded.
pub(crate) fn quieten() {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !GUARDED.get() {
            before(info);
        }
    }));
}

/// Runs `work` without its panics being printed; they go on to the caller.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    struct Before(bool);
    impl Drop for Before {
        fn drop(&mut self) {
            GUARDED.set(self.0);
        }
    }
    let _before = Before(GUARDED.replace(true));
    work()
}

/// Runs `work`; a panic in it becomes an [`crate::Error`].
pub(crate) fn guard<T>(work: impl FnOnce() -> PyResult<T>) -> PyResult<T> {
    catch_unwind(AssertUnwindSafe(|| quietly(work))).unwrap_or_else(|payload| {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("unknown cause");
        Err(crate::Error::new_err(format!("an internal error stopped weedout ({text}); please report it")))
    })
}

/// A judge that panics at marked texts.
#[cfg(feature = "faults")]
pub(crate) struct Faulty<'a>(pub(crate) &'a dyn weedout::verdict::Judge);

#[cfg(feature = "faults")]
mod faulty {
    use weedout::block::{Block, Document};
    use weedout::verdict::{Judge, Profile, Verdict};

    fn fail_at_mark(document: &Document<'_>) {
        let marked = |block: &Block<'_>| block.text.contains("\u{ffff}weedout-panic");
        assert!(!document.blocks.iter().any(marked), "a fault was asked for");
    }

    impl Judge for super::Faulty<'_> {
        fn judge(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
            fail_at_mark(document);
            self.0.judge(document, profile)
        }

        fn explain(&self, document: &Document<'_>, profile: Profile) -> Vec<Verdict> {
            fail_at_mark(document);
            self.0.explain(document, profile)
        }

        fn id(&self) -> String {
            self.0.id()
        }
    }
}
