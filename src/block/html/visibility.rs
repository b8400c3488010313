//! Whether a reader would see an element, and if not, why.
//!
//! A [`Look`] is carried down the tree. Most reasons hold for all that is inside; visibility, size and colour are inherited
//! and can be undone by a descendant, as in a browser.

use html5ever::local_name;
use scraper::ElementRef;

use super::bloom::{Bloom, Demand};
use super::colour::{self, Paint};
use super::css::{Sheet, unescaped, without_comments};
use super::element::{Role, Tag};
use super::style::{Declaration, Display, LETTER, Length, Style, declarations};
use crate::block::Hidden;

/// Below this opacity text cannot be read.
const FAINT: f32 = 0.1;

/// How text inside an element would look.
#[derive(Debug, Clone, Copy)]
pub(super) struct Look {
    /// Why nothing inside is seen.
    gone: Option<Hidden>,
    /// What `gone` was outside a closed `<details>`, for its summary.
    unfolded: Option<Hidden>,
    visible: bool,
    opacity: f32,
    /// Height of a letter in pixels.
    font: f32,
    colour: Option<Paint>,
    background: Paint,
    /// Whether a colour was declared at or above the element, so that comparing is fair.
    painted: bool,
    /// The names of the elements around.
    above: Bloom,
}

impl Look {
    /// The look of a page; `foreign` if style sheets unknown here may colour its background.
    pub(super) fn page(foreign: bool) -> Self {
        let background = if foreign { Paint::Unknown } else { Paint::Rgb(255, 255, 255) };
        Self {
            gone: None,
            unfolded: None,
            visible: true,
            opacity: 1.0,
            font: LETTER,
            colour: None,
            background,
            painted: false,
            above: Bloom::default(),
        }
    }

    /// Why a reader would not see text here.
    pub(super) fn hidden(&self) -> Option<Hidden> {
        if self.gone.is_some() {
            return self.gone;
        }
        if !self.visible {
            return Some(Hidden::Display);
        }
        if self.font <= 2.0 || self.opacity < FAINT {
            return Some(Hidden::Tiny);
        }
        let vanishes = self.painted && self.colour.is_some_and(|c| c.vanishes_on(self.background));
        vanishes.then_some(Hidden::Colour)
    }

    /// Seen as its parent is.
    pub(super) fn revealed(self, parent: &Self) -> Self {
        Self { above: self.above, ..*parent }
    }

    /// The same, as something that a click opens: accordions, tabs and menus are hidden in every way there is.
    pub(super) fn folded(mut self) -> Self {
        if self.hidden() != Some(Hidden::Inert) {
            self.gone = Some(Hidden::Folded);
        }
        self
    }

    /// The look inside an element, and its style.
    pub(super) fn inside(&self, tag: &Tag<'_>, sheet: &Sheet, element: Option<ElementRef<'_>>) -> (Self, Style) {
        let mut look = *self;
        look.unfold(tag);
        let kin = if sheet.hides() { Demand { own: Bloom::of(tag), above: self.above } } else { Demand::default() };
        look.above = kin.above.and(kin.own);
        // What is gone stays gone, whatever the sheets say.
        let style = cascade(tag, sheet.hides() && look.gone.is_none(), sheet, &kin, element);
        if look.gone.is_none() {
            look.gone = by_element(tag).or_else(|| by_style(&style, tag)).or_else(|| assistive(tag));
        }
        look.unfolded = look.gone;
        if *tag.name == local_name!("details") && !tag.attrs.open {
            look.gone = look.gone.or(Some(Hidden::Folded));
        }
        look.inherit(tag, &style);
        (look, style)
    }

    /// The summary of a closed `<details>` is seen.
    fn unfold(&mut self, tag: &Tag<'_>) {
        if self.gone == Some(Hidden::Folded) && *tag.name == local_name!("summary") {
            self.gone = self.unfolded;
        }
    }

    fn inherit(&mut self, tag: &Tag<'_>, style: &Style) {
        self.visible = style.visible.unwrap_or(self.visible);
        self.opacity *= style.opacity.unwrap_or(1.0).clamp(0.0, 1.0);
        self.font = match style.font {
            None => self.font,
            Some(Length::Px(n)) => n,
            Some(Length::Em(n)) => n * self.font,
            Some(Length::Percent(n)) => n * self.font / 100.0,
            Some(Length::View(n)) => n * 10.0,
        };
        let attribute = |value: Option<&str>| value.and_then(colour::attribute);
        if let Some(paint) = style.background.or_else(|| attribute(tag.attrs.bgcolor)).filter(|p| *p != Paint::Clear) {
            self.background = paint;
        } else if *tag.name == local_name!("button") {
            // Grey, or whatever the system paints.
            self.background = Paint::Unknown;
        }
        if let Some(paint) = style.colour.or_else(|| attribute(tag.attrs.color)) {
            (self.colour, self.painted) = (Some(paint), true);
        } else if tag.attrs.href.is_some() {
            // A link has a colour of its own.
            self.colour = None;
        }
    }
}

/// The declarations of sheets and of the element itself, important ones last.
fn cascade(tag: &Tag<'_>, match_rules: bool, sheet: &Sheet, kin: &Demand, element: Option<ElementRef<'_>>) -> Style {
    let mut style = Style::default();
    if tag.attrs.style.is_none() && !match_rules {
        return style;
    }
    let mut important: Vec<Declaration> = Vec::new();
    let mut take = |style: &mut Style, declaration, weighty| {
        if weighty { important.push(declaration) } else { style.apply(declaration) }
    };
    if match_rules {
        sheet.matching(tag, kin, element, &mut |d, i| take(&mut style, d, i));
    }
    if let Some(text) = tag.attrs.style {
        declarations(&unescaped(&without_comments(text)), |d, i| take(&mut style, d, i));
    }
    for declaration in important {
        style.apply(declaration);
    }
    style
}

/// Reasons in the tag and its attributes.
fn by_element(tag: &Tag<'_>) -> Option<Hidden> {
    let attrs = &tag.attrs;
    let small = |value: Option<&str>| {
        value.and_then(|v| v.trim().trim_end_matches("px").parse::<f32>().ok()).is_some_and(|n| n <= 2.0)
    };
    match *tag.name {
        local_name!("marquee") if small(attrs.width) || small(attrs.height) => return Some(Hidden::Marquee),
        local_name!("dialog") if !attrs.open => return Some(Hidden::Attribute),
        _ => {}
    }
    match tag.role {
        Role::Raw => return Some(Hidden::Inert),
        Role::Inert if !attrs.shadow => return Some(Hidden::Inert),
        _ => {}
    }
    (attrs.hidden || attrs.inert).then_some(Hidden::Attribute)
}

/// Reasons in the style.
fn by_style(style: &Style, tag: &Tag<'_>) -> Option<Hidden> {
    if style.display == Some(Display::None) {
        return Some(Hidden::Display);
    }
    // A marquee cuts what is outside its box without being told to.
    let marquee = *tag.name == local_name!("marquee");
    if marquee && (style.flat || style.narrow) {
        return Some(Hidden::Marquee);
    }
    if (style.offset && style.positioned) || style.shift || style.moved {
        return Some(Hidden::Offscreen);
    }
    let boxed = (style.flat || style.narrow) && style.cut;
    if boxed || (style.clip && style.floating) || style.clip_path {
        let idiom = reader_only(tag);
        return Some(if idiom { Hidden::Assistive } else { Hidden::Clipped });
    }
    if style.vanish {
        return Some(Hidden::Tiny);
    }
    (style.behind && style.positioned).then_some(Hidden::Colour)
}

/// Labels for screen readers, by the names the frameworks use; and whole boxes kept from them. An inline `aria-hidden` is an
/// icon or a part of a formula, and seen.
fn assistive(tag: &Tag<'_>) -> Option<Hidden> {
    let icon = tag.role == Role::Inline;
    (reader_only(tag) || tag.attrs.aria_hidden && !icon).then_some(Hidden::Assistive)
}

fn reader_only(tag: &Tag<'_>) -> bool {
    tag.attrs.class.is_some_and(|class| {
        class.split_ascii_whitespace().any(|name| {
            matches!(
                name,
                "sr-only"
                    | "visually-hidden"
                    | "visuallyhidden"
                    | "screen-reader-text"
                    | "screenreader-text"
                    | "screen-reader"
                    | "screen-reader-only"
                    | "element-invisible"
                    | "assistive-text"
                    | "a11y-hidden"
                    | "u-visually-hidden"
                    | "hidden-visually"
                    | "u-hidden-visually"
                    | "visually-hidden-focusable"
                    | "sr-only-focusable"
                    | "is-visually-hidden"
                    | "show-for-sr"
                    | "hide-visually"
                    | "offscreen"
                    | "srOnly"
                    | "VisuallyHidden"
            )
        })
    })
}
