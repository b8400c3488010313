//! Arithmetic of byte ranges: sorted, disjoint, never empty.

use std::ops::Range;

/// Sorts ranges and joins those that touch or overlap.
pub fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, last| {
        let touches = next.start <= last.end;
        if touches {
            last.end = last.end.max(next.end);
        }
        touches
    });
    ranges
}

/// What `gone` (merged) leaves of `0..length`.
pub fn rest(gone: &[Range<usize>], length: usize) -> Vec<Range<usize>> {
    let starts = std::iter::once(0).chain(gone.iter().map(|range| range.end));
    let ends = gone.iter().map(|range| range.start).chain(std::iter::once(length));
    starts.zip(ends).map(|(start, end)| start..end).filter(|range| !range.is_empty()).collect()
}

/// The bytes `kept` names.
pub fn keep(bytes: &[u8], kept: &[Range<usize>]) -> Vec<u8> {
    let mut left = Vec::with_capacity(kept.iter().map(Range::len).sum());
    for range in kept {
        left.extend_from_slice(&bytes[range.clone()]);
    }
    left
}

/// Where each range of `kept` starts in what [`keep`] gives.
pub fn starts(kept: &[Range<usize>]) -> Vec<usize> {
    let mut next = 0;
    let start = |range: &Range<usize>| {
        let start = next;
        next += range.len();
        start
    };
    kept.iter().map(start).collect()
}

/// Where a range of what [`keep`] gave stands in the original: one range for each kept one it crosses. `starts` are those of
/// [`starts`].
pub fn lift(range: &Range<usize>, kept: &[Range<usize>], starts: &[usize]) -> Vec<Range<usize>> {
    let from = starts.partition_point(|&start| start <= range.start).saturating_sub(1);
    let mut before = starts.get(from).copied().unwrap_or(0);
    let mut found = Vec::new();
    for original in &kept[from..] {
        let (start, end) = (range.start.max(before), range.end.min(before + original.len()));
        if start < end {
            found.push(original.start + start - before..original.start + end - before);
        }
        before += original.len();
        if before >= range.end {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_range_over_a_gap_is_lifted_in_two_parts() {
        let kept = [0..3, 5..9];
        assert_eq!(lift(&(1..5), &kept, &starts(&kept)), [1..3, 5..7]);
        assert_eq!(lift(&(2..4), &kept, &starts(&kept)), [2..3, 5..6]);
    }

    proptest! {
        #[test]
        fn gone_and_rest_tile(mut ends in proptest::collection::vec(0usize..60, 0..12)) {
            ends.sort_unstable();
            let ranges = ends.chunks_exact(2).map(|pair| pair[0]..pair[1]).collect();
            let gone = merge(ranges);
            let mut all = [gone.clone(), rest(&gone, 60)].concat();
            all.sort_by_key(|range| range.start);
            prop_assert_eq!(all.iter().flat_map(Clone::clone).collect::<Vec<_>>(), (0..60).collect::<Vec<_>>());
        }
    }
}
