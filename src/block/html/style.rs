//! The declarations of a style sheet that decide whether text is seen.

use super::colour::{self, Paint};
use super::shape;

/// How far off the page something must be moved, in pixels. Injections in the wild use 987 and more, image replacement 9999;
/// overlapping decorations stay well below 500.
const FAR: f32 = 500.0;
/// Boxes and letters up to this many pixels cannot be read.
pub(super) const SPECK: f32 = 2.0;
/// The height of a letter where nothing is declared, in pixels.
pub(super) const LETTER: f32 = 16.0;

/// A length with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Length {
    /// Pixels, or units converted to them.
    Px(f32),
    /// Heights of the letter.
    Em(f32),
    /// Hundredths of what is around.
    Percent(f32),
    /// Hundredths of the window.
    View(f32),
}

impl Length {
    /// Reads a length; `None` for `auto` and what is no length.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(sum) = text.strip_prefix("calc(") {
            return calc(sum.trim_end_matches(')'));
        }
        let end = text.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(text.len());
        // `1e3px`: the exponent belongs to the number.
        let end = if text[end..].starts_with('e') && text[end + 1..].starts_with(|c: char| c.is_ascii_digit()) {
            end + 1 + text[end + 1..].find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len() - end - 1)
        } else {
            end
        };
        let number = text[..end].trim().parse::<f32>().ok()?;
        Some(match &text[end..] {
            "%" => Self::Percent(number),
            "em" | "rem" | "ch" | "ex" | "lh" | "rlh" => Self::Em(number),
            "vw" | "vh" | "vmin" | "vmax" | "dvh" | "dvw" | "svh" | "lvh" => Self::View(number),
            unit => Self::Px(number * pixels(unit)?),
        })
    }

    /// Moved by this, a box is off the page to the left or above.
    fn far(self) -> bool {
        match self {
            Self::Px(n) => n <= -FAR,
            Self::Em(n) => n * LETTER <= -FAR,
            Self::Percent(n) | Self::View(n) => n <= -100.0,
        }
    }

    /// Moved by this, a box is off the page to the right or below: nobody scrolls that far.
    pub(super) fn beyond(self) -> bool {
        match self {
            Self::Px(n) => n >= 10.0 * FAR,
            Self::Em(n) => n * LETTER >= 10.0 * FAR,
            Self::Percent(n) | Self::View(n) => n >= 500.0,
        }
    }

    /// A box of this size shows nothing.
    pub(super) fn speck(self) -> bool {
        match self {
            Self::Px(n) => n <= SPECK,
            Self::Em(n) => n * LETTER <= SPECK,
            Self::Percent(n) | Self::View(n) => n <= 0.1,
        }
    }
}

/// The length of one unit in pixels.
fn pixels(unit: &str) -> Option<f32> {
    Some(match unit {
        "" | "px" => 1.0,
        "pt" => 96.0 / 72.0,
        "pc" => 16.0,
        "in" => 96.0,
        "cm" => 37.8,
        "mm" => 3.78,
        "q" => 0.945,
        _ => return None,
    })
}

/// Sums are not computed. One that takes thousands of pixels away hides: `calc(0px - 9999px)`; fewer centre a wide box:
/// `calc(50% - 600px)`.
fn calc(sum: &str) -> Option<Length> {
    let pixels = |part: &str| match Length::parse(part.trim_start_matches(['+', '-'])) {
        Some(Length::Px(n)) => Some(n),
        _ => None,
    };
    let largest = sum
        .split([' ', '(', ')', '*', '/', ','])
        .filter(|p| !p.is_empty() && *p != "calc")
        .filter_map(pixels)
        .fold(0.0, f32::max);
    (sum.contains('-') && largest >= 4.0 * FAR).then_some(Length::Px(-largest))
}

/// How a box is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    /// Not at all.
    None,
    /// Beginning on a line of its own.
    Block,
    /// In the line, or left to the tag.
    Inline,
}

/// One declaration, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Declaration {
    Display(Display),
    Visible(bool),
    Opacity(f32),
    Font(Option<Length>),
    /// `position`: whether offsets apply, and whether the box leaves the flow.
    Position(bool, bool),
    /// An offset (`left`, `top`, ...) off the page, or not.
    Offset(bool),
    /// An indent or margin off the page, or not; applies in any position.
    Shift(bool),
    /// A transform off the page, or not.
    Move(bool),
    /// A transform or filter that leaves nothing, or not.
    Vanish(bool),
    /// `height` or `max-height` of nothing, or not.
    Flat(bool),
    /// `width` or `max-width` of nothing, or not.
    Narrow(bool),
    /// Whether what is outside the box is cut.
    Cut(bool),
    /// `clip` to nothing; applies to boxes out of the flow.
    Clip(bool),
    /// `clip-path` to nothing.
    ClipPath(bool),
    /// Below what is around.
    Behind(bool),
    Colour(Option<Paint>),
    Background(Option<Paint>),
}

impl Declaration {
    /// Whether it can hide text, alone or with others. Sheets without such a one need no matching.
    pub(super) fn hides(self) -> bool {
        match self {
            Self::Display(d) => d == Display::None,
            Self::Visible(v) => !v,
            Self::Opacity(o) => o < 0.35,
            Self::Font(size) => match size {
                Some(Length::Em(n)) => n < 0.4,
                Some(Length::Percent(n)) => n < 40.0,
                size => size.is_some_and(Length::speck),
            },
            Self::Position(..) | Self::Cut(_) | Self::Background(_) => false,
            Self::Colour(paint) => paint == Some(Paint::Clear),
            Self::Offset(yes)
            | Self::Shift(yes)
            | Self::Move(yes)
            | Self::Vanish(yes)
            | Self::Flat(yes)
            | Self::Narrow(yes)
            | Self::Clip(yes)
            | Self::ClipPath(yes)
            | Self::Behind(yes) => yes,
        }
    }
}

/// What is declared for one element after the cascade.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[allow(clippy::struct_excessive_bools)]
pub(super) struct Style {
    pub(super) display: Option<Display>,
    pub(super) visible: Option<bool>,
    pub(super) opacity: Option<f32>,
    pub(super) font: Option<Length>,
    pub(super) positioned: bool,
    pub(super) floating: bool,
    pub(super) offset: bool,
    pub(super) shift: bool,
    pub(super) moved: bool,
    pub(super) vanish: bool,
    pub(super) flat: bool,
    pub(super) narrow: bool,
    pub(super) cut: bool,
    pub(super) clip: bool,
    pub(super) clip_path: bool,
    pub(super) behind: bool,
    pub(super) colour: Option<Paint>,
    pub(super) background: Option<Paint>,
}

impl Style {
    /// Takes over one declaration; the last one of a kind wins.
    pub(super) fn apply(&mut self, declaration: Declaration) {
        match declaration {
            Declaration::Display(d) => self.display = Some(d),
            Declaration::Visible(v) => self.visible = Some(v),
            Declaration::Opacity(o) => self.opacity = Some(o),
            Declaration::Font(f) => self.font = f,
            Declaration::Position(p, f) => (self.positioned, self.floating) = (p, f),
            Declaration::Offset(b) => self.offset |= b,
            Declaration::Shift(b) => self.shift = b,
            Declaration::Move(b) => self.moved = b,
            Declaration::Vanish(b) => self.vanish = b,
            Declaration::Flat(b) => self.flat = b,
            Declaration::Narrow(b) => self.narrow = b,
            Declaration::Cut(b) => self.cut = b,
            Declaration::Clip(b) => self.clip = b,
            Declaration::ClipPath(b) => self.clip_path = b,
            Declaration::Behind(b) => self.behind = b,
            Declaration::Colour(p) => self.colour = p,
            Declaration::Background(p) => self.background = p,
        }
    }
}

/// Reads declarations (`a: b; c: d !important`), giving each with whether it is important. Unknown ones are passed over.
pub(super) fn declarations(text: &str, mut each: impl FnMut(Declaration, bool)) {
    for part in Parts::new(text) {
        let Some((name, value)) = part.split_once(':') else {
            continue;
        };
        let mut buffer = [0; 32];
        let Some(name) = lower(name.trim(), &mut buffer) else {
            continue;
        };
        if !known(name) {
            continue;
        }
        let mut value = value.trim().to_ascii_lowercase();
        let important = value.trim_end().ends_with("important");
        if let Some(bang) = value.rfind('!') {
            value.truncate(bang);
        }
        property(name, value.trim(), &mut |d| each(d, important));
    }
}

/// Declarations between semicolons outside strings and brackets.
struct Parts<'t> {
    rest: &'t str,
}

impl<'t> Parts<'t> {
    fn new(rest: &'t str) -> Self {
        Self { rest }
    }
}

impl<'t> Iterator for Parts<'t> {
    type Item = &'t str;

    fn next(&mut self) -> Option<&'t str> {
        if self.rest.is_empty() {
            return None;
        }
        let (mut depth, mut quote) = (0_u32, None);
        let end = self.rest.bytes().position(|b| {
            match (quote, b) {
                (Some(q), b) => quote = Some(q).filter(|&q| q != b),
                (None, b'"' | b'\'') => quote = Some(b),
                (None, b'(') => depth += 1,
                (None, b')') => depth = depth.saturating_sub(1),
                (None, b';') if depth == 0 => return true,
                _ => {}
            }
            false
        });
        let (part, rest) = end.map_or((self.rest, ""), |e| (&self.rest[..e], &self.rest[e + 1..]));
        self.rest = rest;
        Some(part)
    }
}

/// The name in lower case, if it is as short as the known ones.
fn lower<'b>(name: &str, buffer: &'b mut [u8; 32]) -> Option<&'b str> {
    let target = buffer.get_mut(..name.len())?;
    target.copy_from_slice(name.as_bytes());
    target.make_ascii_lowercase();
    std::str::from_utf8(target).ok()
}

fn known(name: &str) -> bool {
    matches!(
        name,
        "display"
            | "visibility"
            | "opacity"
            | "font-size"
            | "font"
            | "position"
            | "left"
            | "top"
            | "right"
            | "bottom"
            | "inset"
            | "text-indent"
            | "margin"
            | "margin-left"
            | "margin-top"
            | "margin-right"
            | "transform"
            | "-webkit-transform"
            | "translate"
            | "scale"
            | "rotate"
            | "filter"
            | "-webkit-filter"
            | "height"
            | "max-height"
            | "width"
            | "max-width"
            | "overflow"
            | "overflow-x"
            | "overflow-y"
            | "clip"
            | "clip-path"
            | "-webkit-clip-path"
            | "z-index"
            | "color"
            | "background"
            | "background-color"
            | "background-image"
            | "-webkit-text-fill-color"
            | "background-clip"
            | "-webkit-background-clip"
            | "content-visibility"
    )
}

/// The meaning of one known property.
fn property(name: &str, value: &str, each: &mut impl FnMut(Declaration)) {
    let far = |v: &str| Length::parse(v).is_some_and(|l| l.far() || l.beyond());
    match name {
        "display" => each(Declaration::Display(display(value))),
        "visibility" => each(Declaration::Visible(!matches!(value, "hidden" | "collapse"))),
        "content-visibility" => {
            each(Declaration::Display(if value == "hidden" { Display::None } else { Display::Inline }));
        }
        "opacity" => each(Declaration::Opacity(fraction(value))),
        "font-size" => each(Declaration::Font(Length::parse(value).filter(|_| !value.contains('(')))),
        "font" => each(Declaration::Font(value.split([' ', '/']).find_map(Length::sized))),
        "position" => each(Declaration::Position(
            matches!(value, "absolute" | "fixed" | "relative" | "sticky"),
            matches!(value, "absolute" | "fixed"),
        )),
        "left" | "top" | "right" | "bottom" => each(Declaration::Offset(far(value))),
        "inset" => each(Declaration::Offset(value.split(' ').any(far))),
        "text-indent" | "margin-left" | "margin-top" => each(Declaration::Shift(far(value))),
        "margin-right" => {}
        "margin" => each(Declaration::Shift(value.split(' ').any(far))),
        "height" | "max-height" => each(Declaration::Flat(Length::parse(value).is_some_and(Length::speck))),
        "width" | "max-width" => each(Declaration::Narrow(Length::parse(value).is_some_and(Length::speck))),
        "overflow" | "overflow-x" | "overflow-y" => {
            each(Declaration::Cut(value.contains("hidden") || value.contains("clip")));
        }
        "z-index" => each(Declaration::Behind(value.starts_with('-'))),
        _ => drawing(name, value, each),
    }
}

/// Properties of shape and colour.
fn drawing(name: &str, value: &str, each: &mut impl FnMut(Declaration)) {
    match name {
        "transform" | "-webkit-transform" => transform(value, each),
        "translate" => each(Declaration::Move(value.split(' ').any(|v| Length::parse(v).is_some_and(off_screen)))),
        "scale" => each(Declaration::Vanish(value.split(' ').any(|v| fraction(v).abs() < 0.05))),
        "rotate" => each(Declaration::Vanish(value.starts_with(['x', 'y']) && value.contains("90deg"))),
        "filter" | "-webkit-filter" => each(Declaration::Vanish(shape::filter(value))),
        "clip" => each(Declaration::Clip(shape::rectangle(value))),
        "clip-path" | "-webkit-clip-path" => each(Declaration::ClipPath(shape::clip_path(value))),
        "color" | "-webkit-text-fill-color" => {
            if let Some(paint) = colour::parse(value) {
                each(Declaration::Colour(Some(paint)));
            }
        }
        // Text drawn through to the background: its own colour says nothing.
        "background-clip" | "-webkit-background-clip" if value == "text" => {
            each(Declaration::Colour(Some(Paint::Unknown)));
        }
        "background-clip" | "-webkit-background-clip" => {}
        _ => background(value, each),
    }
}

fn display(value: &str) -> Display {
    match value {
        "none" => Display::None,
        "block" | "flex" | "grid" | "table" | "list-item" | "flow-root" | "table-row" => Display::Block,
        _ => Display::Inline,
    }
}

impl Length {
    /// A length with a unit, as the size in a `font` shorthand must have; `font: 400 12px/1.2` starts with a weight.
    fn sized(text: &str) -> Option<Self> {
        let unit = text.ends_with(|c: char| c.is_ascii_alphabetic() || c == '%');
        if unit || text == "0" { Self::parse(text) } else { None }
    }
}

/// A number or percentage as a fraction; 1 where it cannot be read.
pub(super) fn fraction(value: &str) -> f32 {
    let value = value.trim();
    let parsed = value.strip_suffix('%').map_or_else(|| value.parse(), |p| p.trim().parse().map(|n: f32| n / 100.0));
    parsed.unwrap_or(1.0)
}

/// Translations in percent are of the box's own size: centring and sliding menus, not hiding.
fn off_screen(length: Length) -> bool {
    !matches!(length, Length::Percent(_)) && (length.far() || length.beyond())
}

fn transform(value: &str, each: &mut impl FnMut(Declaration)) {
    let (mut moved, mut vanish) = (false, false);
    for call in value.split(')') {
        let Some((name, arguments)) = call.split_once('(') else {
            continue;
        };
        let mut arguments = arguments.split(',').map(str::trim);
        match name.trim() {
            "translate" | "translatex" | "translatey" | "translate3d" => {
                moved |= arguments.any(|a| Length::parse(a).is_some_and(off_screen));
            }
            "scale" | "scalex" | "scaley" => vanish |= arguments.any(|a| fraction(a).abs() < 0.05),
            "scale3d" => vanish |= arguments.take(2).any(|a| fraction(a).abs() < 0.05),
            "rotatex" | "rotatey" => {
                vanish |= matches!(arguments.next(), Some("90deg" | "-90deg" | "270deg" | "0.25turn" | ".25turn"));
            }
            "matrix" => {
                vanish |= arguments.next().is_some_and(|a| fraction(a).abs() < 0.05) && value.contains("0,0,0,0");
            }
            _ => {}
        }
    }
    each(Declaration::Move(moved));
    each(Declaration::Vanish(vanish));
}

/// The colour in a `background` shorthand; an image or gradient makes it unknown.
fn background(value: &str, each: &mut impl FnMut(Declaration)) {
    if value.contains("url(") || value.contains("gradient(") || value.contains("var(") {
        return each(Declaration::Background(Some(Paint::Unknown)));
    }
    let whole = colour::parse(value).filter(|_| !value.contains(' ') || value.contains('('));
    let found = whole
        .filter(|p| *p != Paint::Unknown)
        .or_else(|| value.split(' ').filter_map(colour::parse).find(|p| *p != Paint::Unknown));
    if let Some(paint) = found {
        each(Declaration::Background(Some(paint)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Declaration> {
        let mut out = Vec::new();
        declarations(text, |d, _| out.push(d));
        out
    }

    fn hides(text: &str) -> bool {
        read(text).into_iter().any(Declaration::hides)
    }

    #[test]
    fn case_spaces_and_importance_do_not_matter() {
        for text in ["display:none", "DISPLAY : NONE", " display\n:\tnone !important", "color:red;;display:none"] {
            assert!(hides(text), "{text}");
        }
        assert!(!hides("display:block"));
        assert!(!hides("content:'display:none'"));
    }

    #[test]
    fn semicolons_in_strings_and_brackets_do_not_end_a_declaration() {
        assert_eq!(
            read("background:url(data:image/png;base64,display:none)"),
            [Declaration::Background(Some(Paint::Unknown))]
        );
    }

    #[test]
    fn lengths_in_every_unit() {
        assert!(hides("left:-987px") && hides("top:-60em") && hides("left:-100vw") && hides("text-indent:-9999PX"));
        assert!(hides("left:calc(0px - 9999px)") && hides("left:-1e4px") && hides("right:99999px"));
        assert!(
            !hides("left:-20px") && !hides("text-indent:-20px") && !hides("margin-left:-15px") && !hides("left:50%")
        );
    }

    #[test]
    fn letters_too_small_to_read() {
        assert!(hides("font-size:0") && hides("font:0px/0 Arial") && hides("font-size:2px") && hides("font-size:1%"));
        assert!(!hides("font-size:12px") && !hides("font:400 12px/1.2 Arial") && !hides("font-size:.8em"));
    }

    #[test]
    fn shapes_that_leave_nothing() {
        for text in [
            "clip:rect(0,0,0,0)",
            "clip:rect(1px 1px 1px 1px)",
            "clip-path:inset(50%)",
            "clip-path: circle(0 at 5px 5px)",
        ] {
            assert!(hides(text), "{text}");
        }
        for text in ["clip:rect(0,100px,100px,0)", "clip:auto", "clip-path:inset(5%)", "clip-path:circle(50%)"] {
            assert!(!hides(text), "{text}");
        }
    }

    #[test]
    fn transforms_and_filters_that_leave_nothing() {
        for text in [
            "transform:scale(0)",
            "transform:rotateX(90deg)",
            "transform:translateX(-9999px)",
            "filter:opacity(0)",
            "filter:alpha(opacity=0)",
            "scale:0",
        ] {
            assert!(hides(text), "{text}");
        }
        for text in
            ["transform:scale(.5)", "transform:rotate(90deg)", "transform:translate(-50%,-50%)", "filter:blur(2px)"]
        {
            assert!(!hides(text), "{text}");
        }
    }

    #[test]
    fn shorthand_backgrounds_give_their_colour() {
        assert_eq!(read("background:#fff none repeat"), [Declaration::Background(Some(Paint::Rgb(255, 255, 255)))]);
        assert_eq!(read("background: rgb(1, 2, 3)"), [Declaration::Background(Some(Paint::Rgb(1, 2, 3)))]);
    }
}
