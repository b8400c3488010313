//! Runs of short units, and a short unit beside long ones.

use super::Signal;
use super::unit::Unit;

/// Longest run that is counted.
const REACH: usize = 40;

/// Short units without a sentence's end in a row around this one, itself included; 0 when it is not one of them.
pub(crate) const SHORT: Signal = Signal {
    id: "run",
    html: false,
    about: "short blocks without a sentence's end in a row",
    measure: |s, i| s.runs[i] as f32,
    knots: &[0.0, 1.0, 2.0, 4.0, 8.0, 20.0, 60.0],
};

/// Natural logarithm of the words of the four neighbours over the unit's own.
pub(crate) const CONTRAST: Signal = Signal {
    id: "contrast",
    html: false,
    about: "how much longer the neighbours are (natural logarithm)",
    measure: |s, i| {
        let window = &s.units[i.saturating_sub(2)..(i + 3).min(s.units.len())];
        let all: usize = window.iter().map(|unit| unit.words).sum();
        let mean = (all - s.units[i].words) as f32 / (window.len() - 1).max(1) as f32;
        (mean.max(1.0) / s.units[i].words.max(1) as f32).ln()
    },
    knots: &[-3.0, -1.0, 0.0, 1.0, 2.0, 4.0],
};

/// For each unit the length of the run of short units it stands in, no more than [`REACH`] counted on either side.
pub(super) fn lengths(units: &[Unit<'_>], ends: &[bool]) -> Vec<u32> {
    let mut all = vec![0; units.len()];
    let short = |i: usize| units[i].words <= 8 && !ends[i];
    let mut start = 0;
    while start < units.len() {
        if !short(start) {
            start += 1;
            continue;
        }
        let end = (start..units.len()).find(|&i| !short(i)).unwrap_or(units.len());
        for (i, length) in all.iter_mut().enumerate().take(end).skip(start) {
            *length = ((i - start).min(REACH) + (end - i - 1).min(REACH - 1) + 1) as u32;
        }
        start = end;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::block::text;
    use crate::signal::unit;

    #[test]
    fn a_run_is_counted_from_each_of_its_units() {
        let source = format!("One.\n{}A sentence ends here.\nlast", "a line\n".repeat(100));
        let document = text::parse(&source);
        let units = unit::units(&document);
        let ends: Vec<bool> = units.iter().map(|unit| super::super::list::ends(&unit.text)).collect();
        let lengths = lengths(&units, &ends);
        assert_eq!((lengths[0], lengths[1], lengths[50], lengths[100]), (0, 40, 80, 41));
        assert_eq!(lengths[101..], [0, 1]);
    }
}
