//! The parts of a page and what stands in them: a tree of scopes, filled while walking and read when the walk is over.
//!
//! A scope is an element that holds blocks or carries a telling name. Names are weighed after the walk, when it is known how
//! much of the page a scope holds: a "sidebar" around nine tenths of the text is a wrapper named after its layout.

use super::count::Count;
use super::names;
use crate::block::{Block, Place};

/// The share of a page's text up to which a class name is believed.
const WRAPPER: f32 = 0.6;
/// The share up to which tags, roles and comment sections are believed.
const WHOLE: f32 = 0.95;

/// An element that holds blocks or carries a name.
#[derive(Debug, Clone, Copy, Default)]
struct Scope {
    parent: u32,
    names: u64,
    /// Whether it is a container, over which density is measured.
    container: bool,
    count: Count,
}

/// The scopes of a page; the first holds all of it.
#[derive(Debug)]
pub(super) struct Scopes {
    all: Vec<Scope>,
}

impl Scopes {
    pub(super) fn new() -> Self {
        Self { all: vec![Scope { container: true, ..Scope::default() }] }
    }

    /// Opens a scope inside another.
    pub(super) fn open(&mut self, parent: u32, names: u64, container: bool) -> u32 {
        self.all.push(Scope { parent, names, container, count: Count::default() });
        self.all.len() as u32 - 1
    }

    /// Fills in the places of a page's blocks, given what each holds and the scope it stands in.
    pub(super) fn settle(mut self, blocks: &mut [Block<'_>], found: &[(u32, Count)]) {
        for &(scope, count) in found {
            self.all[scope as usize].count.add(count);
        }
        self.sum_up();
        self.believe();
        let around = self.surroundings();
        let body = self.body();
        let mut before = Count::default();
        for (block, &(scope, count)) in blocks.iter_mut().zip(found) {
            self.fill(&mut block.place, scope);
            self.measure(&mut block.place, scope, &around);
            block.place.body = body[scope as usize];
            block.place.position = share(before.chars, self.all[0].count.chars);
            block.place.prose_before = share(before.prose, self.all[0].count.prose);
            before.add(count);
        }
    }

    /// For each scope whether it is, or stands inside, the smallest container with more than half of the page's prose.
    fn body(&self) -> Vec<bool> {
        let half = self.all[0].count.prose / 2;
        let main = (0..self.all.len()).rev().find(|&i| self.all[i].container && self.all[i].count.prose > half);
        let mut inside = vec![false; self.all.len()];
        for (i, scope) in self.all.iter().enumerate() {
            inside[i] = main == Some(i) || i > 0 && inside[scope.parent as usize];
        }
        inside
    }

    /// Adds what a scope holds to the one around it; inner scopes have higher numbers.
    fn sum_up(&mut self) {
        for i in (1..self.all.len()).rev() {
            let Scope { parent, count, .. } = self.all[i];
            self.all[parent as usize].count.add(count);
        }
    }

    /// Hands names down, without those of wrappers.
    fn believe(&mut self) {
        let total = self.all[0].count.chars.max(1) as f32;
        for i in 1..self.all.len() {
            let scope = self.all[i];
            let share = scope.count.chars as f32 / total;
            let mut names = scope.names;
            if share > WRAPPER {
                names &= names::WELCOME | names::LANDMARK;
            }
            if share > WHOLE {
                names &= names::WELCOME;
            }
            self.all[i].names = names | self.all[scope.parent as usize].names;
        }
    }

    /// For each scope the nearest container that holds more than one block.
    fn surroundings(&self) -> Vec<u32> {
        let mut around = vec![0; self.all.len()];
        for (i, scope) in self.all.iter().enumerate().skip(1) {
            let own = scope.container && scope.count.blocks > 1;
            around[i] = if own { i as u32 } else { around[scope.parent as usize] };
        }
        around
    }

    fn fill(&self, place: &mut Place, scope: u32) {
        let bits = self.all[scope as usize].names;
        let has = |names: u64| bits & names != 0;
        place.names = bits;
        place.nav = has(names::LANDMARK_NAV | names::NAV | names::MENU | names::BREADCRUMB | names::PAGINATION);
        place.header = has(names::LANDMARK_HEADER);
        place.footer = has(names::LANDMARK_FOOTER | names::FOOTER);
        place.aside = has(names::LANDMARK_ASIDE | names::SIDEBAR | names::WIDGET | names::RELATED);
        place.main = has(names::MAIN | names::ARTICLE | names::CONTENT);
        place.form = has(names::FORM);
        place.comments = has(names::COMMENTS | names::RESPOND);
        place.furniture = has(FURNITURE);
    }

    fn measure(&self, place: &mut Place, scope: u32, around: &[u32]) {
        let own = around[scope as usize];
        let outer = around[self.all[own as usize].parent as usize];
        let (count, outer) = (self.all[own as usize].count, self.all[outer as usize].count);
        place.container = own;
        place.container_density = share(count.linked, count.chars);
        place.container_words = count.words;
        place.container_blocks = count.blocks;
        place.container_prose = share(count.prose, count.words);
        place.prose_share = share(count.prose, self.all[0].count.prose);
        place.outer_density = share(outer.linked, outer.chars);
        place.outer_prose = share(outer.prose, outer.words);
    }
}

fn share(part: u32, whole: u32) -> f32 {
    part as f32 / whole.max(1) as f32
}

/// Names of what pages put around their text.
const FURNITURE: u64 = names::SHARE
    | names::COOKIE
    | names::NEWSLETTER
    | names::PROMO
    | names::ADVERT
    | names::META
    | names::AUTHOR
    | names::TAGS
    | names::SEARCH
    | names::LOGIN
    | names::MODAL
    | names::SKIP
    | names::BANNER
    | names::TOOLBAR
    | names::LANGUAGE
    | names::ARTICLE_FOOTER
    | names::LOGO;
