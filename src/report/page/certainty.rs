//! How certain the removals are: where to look first.

use std::fmt::Write;

use super::audit::Audit;
use super::{finish, grouped, plot, table};

/// A removal below this is marked as doubtful; as the hint after a run has it.
pub(super) const DOUBTFUL: f32 = 0.7;
/// Upper ends of the classes and their names.
const CLASSES: [(f32, &str); 5] = [
    (0.5, "below 0.5"),
    (DOUBTFUL, "0.5 to 0.7"),
    (0.9, "0.7 to 0.9"),
    (0.99, "0.9 to 0.99"),
    (f32::INFINITY, "above 0.99"),
];

/// The numbers of spam runs by probability.
pub(super) fn write(page: &mut String, audit: &Audit) -> std::fmt::Result {
    let mut counts = [0_usize; CLASSES.len()];
    for run in audit.entries.iter().flat_map(|entry| &entry.runs).filter(|run| run.is_spam) {
        counts[CLASSES.iter().position(|(end, _)| run.probability < *end).unwrap_or(CLASSES.len() - 1)] += 1;
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f32;
    table(page, "certainty", "Spam by how certain it is", &["probability", "runs"])?;
    for ((_, name), count) in CLASSES.iter().zip(counts) {
        let plot = plot(count as f32 / most);
        writeln!(
            page,
            "<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">{name}</th><td role=\"cell\">{plot} {}</td></tr>",
            grouped(count)
        )?;
    }
    finish(page, CLASSES.len())
}
