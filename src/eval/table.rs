//! Reports as text for people.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Calibration, Figures, PROFILES, Report, Tally};
use crate::verdict::Profile;

/// Kinds with errors that are listed.
const LISTED: usize = 24;
/// Sources that are listed, those with the most errors.
const SOURCES: usize = 40;

/// A whole report.
pub(super) fn report(report: &Report, profile: Profile) -> String {
    let mut out = String::new();
    if let Some(group) = &report.without {
        let _ = writeln!(out, "# trained without {group}, measured on it\n");
    }
    profiles(&mut out, report);
    reliability(&mut out, &report.calibration);
    for (cases, figures) in [("as found", &report.found), ("mixed", &report.mixed)] {
        if let Some(figures) = figures.get(&profile) {
            groups(&mut out, cases, profile, figures);
            confusions(&mut out, figures);
        }
    }
    out
}

/// A line a report.
pub(super) fn summary(reports: &[Report], profile: Profile) -> String {
    let mut out = format!("{} profile; kept: genuine words, dropped: spam blocks, per cent\n\n", profile.name());
    let _ = writeln!(
        out,
        "{:<28} {:>8} {:>9} {:>8} {:>9} {:>12} {:>14} {:>8}",
        "trained without", "genuine", "kept", "spam", "dropped", "mixed: kept", "mixed: dropped", "error"
    );
    for report in reports {
        let of = |map: &BTreeMap<Profile, Figures>| map.get(&profile).map(|figures| figures.all).unwrap_or_default();
        let (found, mixed) = (of(&report.found), of(&report.mixed));
        let _ = writeln!(
            out,
            "{:<28} {:>8} {:>9} {:>8} {:>9} {:>12} {:>14} {:>8.4}",
            report.without.as_deref().unwrap_or("-"),
            found.genuine,
            kept(&found),
            found.spam,
            dropped(&found),
            kept(&mixed),
            dropped(&mixed),
            report.calibration.error()
        );
    }
    out
}

fn profiles(out: &mut String, report: &Report) {
    let _ = writeln!(
        out,
        "{:<10} {:<10} {:>10} {:>9} {:>9} {:>8} {:>10}",
        "cases", "profile", "genuine", "kept %", "damaged", "spam", "dropped %"
    );
    for (cases, all) in [("as found", &report.found), ("mixed", &report.mixed)] {
        for profile in PROFILES {
            let Some(Figures { all, .. }) = all.get(&profile) else { continue };
            let _ = writeln!(
                out,
                "{cases:<10} {:<10} {:>10} {:>9} {:>9} {:>8} {:>10}",
                profile.name(),
                all.genuine,
                kept(all),
                all.damaged,
                all.spam,
                dropped(all)
            );
        }
    }
}

fn kept(tally: &Tally) -> String {
    cell(tally.words, tally.retention())
}

fn dropped(tally: &Tally) -> String {
    cell(tally.spam, tally.recall())
}

fn cell(n: usize, share: f64) -> String {
    if n == 0 { "-".to_owned() } else { format!("{:.3}", share * 100.0) }
}

fn reliability(out: &mut String, calibration: &Calibration) {
    let units = calibration.units();
    let _ = writeln!(out, "\nreliability: expected calibration error {:.4} over {units} units", calibration.error());
    let _ = writeln!(out, "{:<12} {:>9} {:>12} {:>10}", "probability", "units", "mean", "spam");
    let width = 1.0 / calibration.bins.len() as f64;
    for (n, bin) in calibration.bins.iter().enumerate().filter(|(_, bin)| bin.units > 0) {
        let (low, high) = (n as f64 * width, (n + 1) as f64 * width);
        let _ = writeln!(out, "{low:.2}-{high:.2}    {:>9} {:>12.4} {:>10.4}", bin.units, bin.mean(), bin.share());
    }
}

fn groups(out: &mut String, cases: &str, profile: Profile, figures: &Figures) {
    let _ = writeln!(
        out,
        "\n{:<48} {:>8} {:>9} {:>8} {:>9} {:>11}",
        format!("{cases}, {}", profile.name()),
        "genuine",
        "kept %",
        "spam",
        "dropped %",
        "precision %"
    );
    row(out, "all", &figures.all);
    figures.kinds.iter().for_each(|(name, tally)| row(out, &format!("kind {name}"), tally));
    figures.languages.iter().for_each(|(name, tally)| row(out, &format!("language {name}"), tally));
    sources(out, figures);
}

/// The sources with the most errors, in that order; how many there are of the others.
fn sources(out: &mut String, figures: &Figures) {
    let errors = |tally: &Tally| tally.damaged + tally.spam - tally.dropped;
    let mut all: Vec<(&String, &Tally)> = figures.sources.iter().collect();
    all.sort_by_key(|(name, tally)| (std::cmp::Reverse(errors(tally)), *name));
    let (shown, rest) = all.split_at(all.len().min(SOURCES));
    shown.iter().for_each(|(name, tally)| row(out, &format!("source {name}"), tally));
    if !rest.is_empty() {
        let without = rest.iter().filter(|(_, tally)| errors(tally) == 0).count();
        let _ = writeln!(out, "{} more sources, {without} of them without an error", rest.len());
    }
}

fn row(out: &mut String, name: &str, tally: &Tally) {
    let _ = writeln!(
        out,
        "{name:<48} {:>8} {:>9} {:>8} {:>9} {:>11}",
        tally.genuine,
        kept(tally),
        tally.spam,
        dropped(tally),
        cell(tally.dropped + tally.damaged, tally.precision())
    );
}

/// What is still taken for the other thing, the worst kinds first.
fn confusions(out: &mut String, figures: &Figures) {
    let wrong = |name: &str, kept: usize, cut: usize, gone: usize| {
        if name.starts_with("spam") { kept + cut } else { cut + gone }
    };
    let mut rows: Vec<_> = figures
        .confusions
        .iter()
        .map(|(name, fates)| (wrong(name, fates.kept, fates.cut, fates.gone), name, fates))
        .filter(|(wrong, ..)| *wrong > 0)
        .collect();
    rows.sort_by_key(|(wrong, name, _)| (std::cmp::Reverse(*wrong), *name));
    if rows.is_empty() {
        out.push_str("\nno confusions\n");
        return;
    }
    let _ = writeln!(
        out,
        "\n{:<48} {:>8} {:>8} {:>8} {:>8}",
        "confusions that remain (blocks)", "wrong", "kept", "cut", "removed"
    );
    for (wrong, name, fates) in rows.iter().take(LISTED) {
        let _ = writeln!(out, "{name:<48} {wrong:>8} {:>8} {:>8} {:>8}", fates.kept, fates.cut, fates.gone);
    }
    if rows.len() > LISTED {
        let rest: usize = rows[LISTED..].iter().map(|(wrong, ..)| wrong).sum();
        let _ = writeln!(out, "{:<48} {rest:>8}", format!("{} more kinds", rows.len() - LISTED));
    }
}
