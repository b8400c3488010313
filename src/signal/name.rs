//! What the elements around a block are named.

use super::{FLAG, Signal, Survey};
use crate::block::html::NAMES;

/// One signal a group of names: whether the block stands in an element named so, by tag, role, class or id.
pub(crate) const SIGNALS: [Signal; NAMES.len()] = signals();

macro_rules! table {
    ($($bit:literal)*) => {
        const fn signals() -> [Signal; NAMES.len()] {
            [$(Signal { id: IDS[$bit], html: true, about: "inside an element named so", measure: inside::<$bit>, knots: FLAG }),*]
        }
    };
}

table! {
    0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42
    43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60
}

const IDS: [&str; NAMES.len()] = [
    "in-nav",
    "in-menu",
    "in-breadcrumb",
    "in-pagination",
    "in-header",
    "in-footer",
    "in-sidebar",
    "in-widget",
    "in-related",
    "in-share",
    "in-cookie",
    "in-newsletter",
    "in-promo",
    "in-advert",
    "in-comments",
    "in-respond",
    "in-meta",
    "in-author",
    "in-tags",
    "in-search",
    "in-login",
    "in-modal",
    "in-main",
    "in-article",
    "in-content",
    "in-form",
    "in-nav-tag",
    "in-footer-tag",
    "in-aside-tag",
    "in-header-tag",
    "in-title",
    "in-caption",
    "in-card",
    "in-list",
    "in-toc",
    "in-notice",
    "in-rating",
    "in-credit",
    "in-summary",
    "in-skip",
    "in-banner",
    "in-product",
    "in-table",
    "in-forum",
    "in-references",
    "in-player",
    "in-toolbar",
    "in-language",
    "in-hero",
    "in-tabs",
    "in-article-footer",
    "in-feed",
    "in-accordion",
    "in-carousel",
    "in-logo",
    "in-unseen",
    "in-tooltip",
    "in-signature",
    "in-detail",
    "in-shop",
    "in-user",
];

/// All of them for unit `i`.
pub(super) fn measure(survey: &Survey<'_>, i: usize, values: &mut [f32]) {
    let names = survey.block(i).place.names;
    for (bit, value) in values.iter_mut().enumerate() {
        *value = f32::from((names >> bit & 1) as u8);
    }
}

fn inside<const BIT: u32>(survey: &Survey<'_>, i: usize) -> f32 {
    f32::from(survey.block(i).place.names >> BIT & 1 == 1)
}
