//! Colours as style sheets write them, and how far apart two are to the eye.

/// Below this distance two colours cannot be told apart. `SpamAssassin` uses the same measure and limit for invisible fonts.
const NEAR: f32 = 12.0;

/// A colour as declared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Paint {
    /// Red, green and blue.
    Rgb(u8, u8, u8),
    /// Nothing is drawn.
    Clear,
    /// Cannot be known here: variables, images, gradients.
    Unknown,
}

impl Paint {
    /// Whether text of this colour disappears on that background.
    pub(super) fn vanishes_on(self, back: Self) -> bool {
        match (self, back) {
            (Self::Clear, _) => true,
            (Self::Rgb(red, green, blue), Self::Rgb(back_red, back_green, back_blue)) => {
                let apart = |one: u8, other: u8| (f32::from(one) - f32::from(other)).powi(2);
                let sum =
                    0.2126 * apart(red, back_red) + 0.7152 * apart(green, back_green) + 0.0722 * apart(blue, back_blue);
                sum.sqrt() < NEAR
            }
            _ => false,
        }
    }
}

/// Reads one colour; `None` for keywords that declare nothing (`inherit`).
pub(super) fn parse(text: &str) -> Option<Paint> {
    let text = text.trim();
    if let Some(hex) = text.strip_prefix('#') {
        return Some(hexadecimal(hex));
    }
    match text.split_once('(') {
        Some(("rgb" | "rgba", rest)) => Some(function(rest, rgb)),
        Some(("hsl" | "hsla", rest)) => Some(function(rest, hsl)),
        Some(_) => Some(Paint::Unknown),
        None => keyword(text),
    }
}

/// A colour of the old HTML attributes: as in style sheets, or six digits without `#`.
pub(super) fn attribute(text: &str) -> Option<Paint> {
    let text = text.trim().to_ascii_lowercase();
    match keyword(&text) {
        Some(Paint::Unknown) if text.len() == 6 => Some(hexadecimal(&text)),
        _ => parse(&text),
    }
}

fn hexadecimal(hex: &str) -> Paint {
    let digit = |i: usize| hex.as_bytes().get(i).and_then(|&b| char::from(b).to_digit(16)).map(|d| d as u8);
    let pair = |i: usize| Some(digit(i)? * 16 + digit(i + 1)?);
    let twice = |i: usize| digit(i).map(|d| d * 17);
    let (channels, alpha) = match hex.len() {
        3 | 4 => ((twice(0), twice(1), twice(2)), twice(3)),
        6 | 8 => ((pair(0), pair(2), pair(4)), pair(6)),
        _ => return Paint::Unknown,
    };
    match channels {
        _ if alpha.is_some_and(|a| a < 26) => Paint::Clear,
        (Some(r), Some(g), Some(b)) => Paint::Rgb(r, g, b),
        _ => Paint::Unknown,
    }
}

/// The arguments of a colour function, the fourth of which is the opacity.
fn function(arguments: &str, make: fn(&[(f32, bool)]) -> Paint) -> Paint {
    let mut values = [(0.0, false); 4];
    let mut count = 0;
    for part in arguments.split([',', ' ', '/', ')']).filter(|p| !p.trim().is_empty()) {
        let percent = part.ends_with('%');
        let number = part.trim().trim_end_matches(['%', 'd', 'e', 'g']);
        let (Ok(value), Some(slot)) = (number.parse::<f32>(), values.get_mut(count)) else {
            return Paint::Unknown;
        };
        *slot = (value, percent);
        count += 1;
    }
    let alpha = if values[3].1 { values[3].0 / 100.0 } else { values[3].0 };
    match count {
        4 if alpha < 0.1 => Paint::Clear,
        3 | 4 => make(&values[..3]),
        _ => Paint::Unknown,
    }
}

fn rgb(values: &[(f32, bool)]) -> Paint {
    let c = |i: usize| if values[i].1 { values[i].0 * 2.55 } else { values[i].0 }.clamp(0.0, 255.0) as u8;
    Paint::Rgb(c(0), c(1), c(2))
}

fn hsl(values: &[(f32, bool)]) -> Paint {
    let (hue, saturation, light) = (values[0].0.rem_euclid(360.0), values[1].0 / 100.0, values[2].0 / 100.0);
    let span = saturation * light.min(1.0 - light);
    let channel = |n: f32| {
        let k = (n + hue / 30.0) % 12.0;
        ((light - span * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0)) * 255.0).clamp(0.0, 255.0) as u8
    };
    Paint::Rgb(channel(0.0), channel(8.0), channel(4.0))
}

fn keyword(name: &str) -> Option<Paint> {
    Some(match name {
        "inherit" | "currentcolor" | "unset" | "" => return None,
        "transparent" => Paint::Clear,
        "white" => Paint::Rgb(255, 255, 255),
        "black" => Paint::Rgb(0, 0, 0),
        "red" => Paint::Rgb(255, 0, 0),
        "green" => Paint::Rgb(0, 128, 0),
        "blue" => Paint::Rgb(0, 0, 255),
        "yellow" => Paint::Rgb(255, 255, 0),
        "lime" => Paint::Rgb(0, 255, 0),
        "aqua" | "cyan" => Paint::Rgb(0, 255, 255),
        "fuchsia" | "magenta" => Paint::Rgb(255, 0, 255),
        "maroon" => Paint::Rgb(128, 0, 0),
        "navy" => Paint::Rgb(0, 0, 128),
        "olive" => Paint::Rgb(128, 128, 0),
        "purple" => Paint::Rgb(128, 0, 128),
        "teal" => Paint::Rgb(0, 128, 128),
        "orange" => Paint::Rgb(255, 165, 0),
        "silver" => Paint::Rgb(192, 192, 192),
        _ => return Some(pale(name)),
    })
}

/// The named shades that text is hidden in: nearly white, or grey.
fn pale(name: &str) -> Paint {
    match name {
        "gray" | "grey" => Paint::Rgb(128, 128, 128),
        "darkgray" | "darkgrey" => Paint::Rgb(169, 169, 169),
        "dimgray" | "dimgrey" => Paint::Rgb(105, 105, 105),
        "lightgray" | "lightgrey" => Paint::Rgb(211, 211, 211),
        "gainsboro" => Paint::Rgb(220, 220, 220),
        "whitesmoke" => Paint::Rgb(245, 245, 245),
        "snow" => Paint::Rgb(255, 250, 250),
        "ivory" => Paint::Rgb(255, 255, 240),
        "ghostwhite" => Paint::Rgb(248, 248, 255),
        "floralwhite" => Paint::Rgb(255, 250, 240),
        "mintcream" => Paint::Rgb(245, 255, 250),
        "azure" => Paint::Rgb(240, 255, 255),
        "aliceblue" => Paint::Rgb(240, 248, 255),
        "seashell" => Paint::Rgb(255, 245, 238),
        "honeydew" => Paint::Rgb(240, 255, 240),
        "linen" => Paint::Rgb(250, 240, 230),
        "beige" => Paint::Rgb(245, 245, 220),
        _ => Paint::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHITE: Paint = Paint::Rgb(255, 255, 255);

    #[test]
    fn every_spelling_of_white_is_white() {
        for text in [
            "#fff",
            "#ffffff",
            "#FFFFFFff",
            "white",
            "rgb(255,255,255)",
            "rgb(100% 100% 100%)",
            "hsl(0, 0%, 100%)",
            "rgba(255,255,255,1)",
        ] {
            assert_eq!(parse(&text.to_ascii_lowercase()), Some(WHITE), "{text}");
        }
    }

    #[test]
    fn no_opacity_is_clear_and_variables_are_unknown() {
        assert_eq!(parse("rgba(0,0,0,0)"), Some(Paint::Clear));
        assert_eq!(parse("rgb(0 0 0 / 0%)"), Some(Paint::Clear));
        assert_eq!(parse("var(--ink)"), Some(Paint::Unknown));
        assert_eq!(parse("inherit"), None);
    }

    #[test]
    fn near_colours_vanish_and_readable_grey_does_not() {
        assert!(Paint::Rgb(250, 250, 250).vanishes_on(WHITE));
        assert!(!Paint::Rgb(200, 200, 200).vanishes_on(WHITE));
        assert!(!Paint::Unknown.vanishes_on(Paint::Unknown));
    }

    #[test]
    fn attributes_may_leave_out_the_hash() {
        assert_eq!(attribute("FFFFFF"), Some(WHITE));
    }
}
