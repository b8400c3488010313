//! Where in a page a block stands.

use super::{FLAG, Signal};

/// In navigation.
pub(crate) const NAVIGATION: Signal = Signal {
    id: "navigation",
    html: true,
    about: "inside navigation",
    measure: |s, i| f32::from(s.block(i).place.nav),
    knots: FLAG,
};

/// In the page's header (1), footer (2), side (3), comments (4) or outside the body (5).
pub(crate) const EDGE: Signal = Signal {
    id: "edge",
    html: true,
    about: "in the page's header, footer, side column, comments, or outside its body",
    measure: |s, i| {
        let place = &s.block(i).place;
        if place.outside {
            5.0
        } else if place.comments {
            4.0
        } else if place.aside {
            3.0
        } else if place.footer {
            2.0
        } else {
            f32::from(place.header)
        }
    },
    knots: &[0.0, 1.0, 2.0, 3.0, 4.0, 5.0],
};

/// In the main part.
pub(crate) const MAIN: Signal = Signal {
    id: "main",
    html: true,
    about: "inside the main part or article",
    measure: |s, i| f32::from(s.block(i).place.main),
    knots: FLAG,
};

/// In a form.
pub(crate) const FORM: Signal = Signal {
    id: "form",
    html: true,
    about: "inside a form or button",
    measure: |s, i| f32::from(s.block(i).place.form),
    knots: FLAG,
};

/// In an element named like furniture.
pub(crate) const NAMED: Signal = Signal {
    id: "named",
    html: true,
    about: "inside an element named like page furniture",
    measure: |s, i| f32::from(s.block(i).place.furniture),
    knots: FLAG,
};
