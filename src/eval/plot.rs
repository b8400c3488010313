//! The curve and the reliability of a report as one SVG picture, written by hand: two panels, no script, no fonts, no colours
//! that only one background suits.

use std::fmt::Write;

use super::Report;
use super::curve::Point;

/// Side of a panel and the space around it, in units of the picture.
const SIDE: f64 = 320.0;
const LEFT: f64 = 70.0;
const TOP: f64 = 56.0;
const GAP: f64 = 110.0;
const BOTTOM: f64 = 92.0;

/// The picture; `caption` says on which data, by which command and when.
pub fn svg(report: &Report, caption: &str) -> String {
    let (width, height) = (LEFT * 2.0 + SIDE * 2.0 + GAP, TOP + SIDE + BOTTOM);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         font-family=\"sans-serif\" font-size=\"12\" role=\"img\">\n\
         <title>Genuine words lost against spam left, and reliability of the probabilities</title>\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    curve(&mut out, &report.curve);
    reliability(&mut out, report);
    let _ = writeln!(out, "<text x=\"{LEFT}\" y=\"{}\" fill=\"#444\">{}</text>", height - 14.0, escaped(caption));
    out.push_str("</svg>\n");
    out
}

/// A square of the picture with scales on it; positions are shares of its side, from its lower left.
struct Panel {
    x: f64,
}

impl Panel {
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x + x * SIDE, TOP + (1.0 - y) * SIDE)
    }

    fn frame(&self, out: &mut String, title: &str, below: &str, beside: &str) {
        let (x, bottom) = (self.x, TOP + SIDE);
        let (centre, middle) = (x + SIDE / 2.0, TOP + SIDE / 2.0);
        let _ = writeln!(
            out,
            "<rect x=\"{x}\" y=\"{TOP}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"none\" stroke=\"#444\"/>\n\
             <text x=\"{x}\" y=\"{}\" font-size=\"14\" font-weight=\"bold\">{title}</text>\n\
             <text x=\"{centre}\" y=\"{}\" text-anchor=\"middle\">{below}</text>\n\
             <text transform=\"translate({} {middle}) rotate(-90)\" text-anchor=\"middle\">{beside}</text>",
            TOP - 16.0,
            bottom + 42.0,
            x - 50.0
        );
    }

    fn tick(&self, out: &mut String, along: bool, at: f64, label: &str) {
        let (from, to, anchor) = if along {
            (self.at(at, 0.0), self.at(at, 1.0), "middle")
        } else {
            (self.at(0.0, at), self.at(1.0, at), "end")
        };
        let (x, y) = if along { (from.0, from.1 + 18.0) } else { (from.0 - 7.0, from.1 + 4.0) };
        let _ = writeln!(
            out,
            "<path d=\"M{:.1} {:.1}L{:.1} {:.1}\" stroke=\"#ddd\"/><text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{label}</text>",
            from.0, from.1, to.0, to.1
        );
    }

    fn line(&self, out: &mut String, points: &[(f64, f64)], style: &str) {
        let mut path = String::new();
        for (n, &(x, y)) in points.iter().enumerate() {
            let (x, y) = self.at(x, y);
            let _ = write!(path, "{}{x:.1} {y:.1}", if n == 0 { "M" } else { "L" });
        }
        let _ = writeln!(out, "<path d=\"{path}\" fill=\"none\" {style}/>");
    }
}

/// Powers of ten that a scale of per cent spans, 0.001 to 100.
const LOWEST: f64 = -3.0;
const HIGHEST: f64 = 2.0;

/// Where a share lies on a scale of powers of ten; what is less than its start lies at its start.
fn logarithmic(share: f64) -> f64 {
    let percent = (share * 100.0).max(10_f64.powf(LOWEST));
    (percent.log10() - LOWEST) / (HIGHEST - LOWEST)
}

fn curve(out: &mut String, points: &[Point]) {
    let panel = Panel { x: LEFT };
    for (power, label) in (-3_i32..=2).zip(["≤0.001", "0.01", "0.1", "1", "10", "100"]) {
        let at = (f64::from(power) - LOWEST) / (HIGHEST - LOWEST);
        panel.tick(out, true, at, label);
        panel.tick(out, false, at, label);
    }
    panel.frame(out, "What a profile costs", "genuine words lost, %", "spam blocks left, %");
    let place = |point: &Point| (logarithmic(1.0 - point.tally.retention()), logarithmic(1.0 - point.tally.recall()));
    let line: Vec<(f64, f64)> = points.iter().map(place).collect();
    panel.line(out, &line, "stroke=\"#2266aa\" stroke-width=\"2\"");
    for (point, name) in points.iter().filter_map(|point| Some((point, point.profile?))) {
        let (x, y) = place(point);
        let (x, y) = panel.at(x, y);
        let (lost, left) = (100.0 * (1.0 - point.tally.retention()), 100.0 * (1.0 - point.tally.recall()));
        let _ = writeln!(
            out,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"5\" fill=\"#2266aa\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"start\">{name}: {lost:.3}, {left:.2}</text>",
            x + 8.0,
            y - 8.0
        );
    }
}

fn reliability(out: &mut String, report: &Report) {
    let panel = Panel { x: LEFT + SIDE + GAP };
    for n in 0..=5 {
        let at = f64::from(n) / 5.0;
        panel.tick(out, true, at, &format!("{at:.1}"));
        panel.tick(out, false, at, &format!("{at:.1}"));
    }
    let title = format!("Reliability (calibration error {:.4})", report.calibration.error());
    panel.frame(out, &title, "probability of spam", "share that is spam");
    panel.line(out, &[(0.0, 0.0), (1.0, 1.0)], "stroke=\"#888\" stroke-dasharray=\"4 4\"");
    let bins: Vec<_> = report.calibration.bins.iter().filter(|bin| bin.units > 0).collect();
    let line: Vec<(f64, f64)> = bins.iter().map(|bin| (bin.mean(), bin.share())).collect();
    panel.line(out, &line, "stroke=\"#2266aa\" stroke-width=\"2\"");
    for bin in bins {
        let (x, y) = panel.at(bin.mean(), bin.share());
        let radius = 1.5 + (bin.units as f64).log10();
        let _ = writeln!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.1}\" fill=\"#2266aa\"/>");
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::eval::{Calibration, Tally};

    #[test]
    fn the_picture_is_well_formed_and_shows_the_profiles() {
        let tally = |kept, dropped| Tally { words: 1000, kept, spam: 100, dropped, ..Tally::default() };
        let point = |at, profile, tally| Point { at, profile, tally };
        let mut calibration = Calibration::default();
        (0..50).for_each(|n| calibration.note(n as f32 / 50.0, n > 25));
        let report = Report {
            v: 1,
            model: "m".into(),
            without: None,
            blocks: 0,
            found: [].into(),
            mixed: [].into(),
            calibration,
            curve: vec![point(0.0, Some("strict"), tally(990, 99)), point(1.0, Some("balanced"), tally(1000, 90))],
        };
        let svg = svg(&report, "made of <nothing> & more");
        let read = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<&str> = read.descendants().filter_map(|node| node.text()).collect();
        assert!(texts.contains(&"strict: 1.000, 1.00") && texts.contains(&"balanced: 0.000, 10.00"), "{texts:?}");
        assert!(texts.contains(&"made of <nothing> & more"));
    }
}
