//! A share of the inputs, for one of several processes.

use std::str::FromStr;

/// Share `index` of `count`, as in `--shard 3/16`; counted from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    index: usize,
    count: usize,
}

impl Shard {
    /// Leaves of `inputs`, which stand in an order that every process knows, those of this share: every `count`th.
    pub fn take<T>(self, inputs: Vec<T>) -> Vec<T> {
        inputs.into_iter().skip(self.index).step_by(self.count).collect()
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parts {
            Some((index, count)) if index < count => Ok(Self { index, count }),
            _ => Err("a share is written I/N, with I from 0 to N - 1".into()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_disjoint_and_whole() {
        let share = |text: &str| text.parse::<Shard>().unwrap().take((0..8).collect::<Vec<_>>());
        assert_eq!((share("0/3"), share("1/3"), share("2/3")), (vec![0, 3, 6], vec![1, 4, 7], vec![2, 5]));
        assert_eq!(share("0/1").len(), 8);
        for wrong in ["", "1", "1/1", "0/0", "-1/2", "2/2", "a/b"] {
            assert!(wrong.parse::<Shard>().is_err(), "{wrong}");
        }
    }
}
