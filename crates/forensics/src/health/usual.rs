//! What is usual, by earlier runs, and how far from it something is.
//!
//! The usual is the median; the spread is the median of the absolute deviations from it (MAD), scaled so that it equals
//! the standard deviation of a normal distribution. Both bear with outliers, which a mean would not.

use serde::Serialize;

/// From how many runs on the spread is worth something.
const ENOUGH_FOR_SPREAD: usize = 5;
/// The spread is at least this share of the median: durations that agree to the microsecond do so by accident.
const LEAST_SPREAD: f64 = 0.02;
/// MAD of a normal distribution to its standard deviation.
const NORMAL: f64 = 1.4826;

/// The usual duration of something.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Usual {
    /// The median, in nanoseconds.
    pub median_ns: u64,
    /// The spread, in nanoseconds; none with fewer than 5 runs.
    pub spread_ns: Option<f64>,
    /// Of how many runs.
    pub runs: u64,
}

/// How far something is from what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Deviation {
    /// What it is, in nanoseconds.
    pub duration_ns: u64,
    /// What is usual.
    pub usual_ns: u64,
    /// What it is in percent of the usual; none if the usual is nothing.
    pub percent: Option<f64>,
    /// How many spreads it is away; none with fewer than 5 runs.
    pub z: Option<f64>,
    /// Of how many runs the usual is.
    pub runs: u64,
}

impl Usual {
    /// The usual of these durations; none of none.
    pub fn of(durations: &[u64]) -> Option<Self> {
        let median = median(durations.to_vec())?;
        let spread = || {
            let deviations = durations.iter().map(|one| one.abs_diff(median)).collect();
            let mad = self::median(deviations).unwrap_or(0);
            (mad as f64 * NORMAL).max(median as f64 * LEAST_SPREAD)
        };
        Some(Self {
            median_ns: median,
            spread_ns: (durations.len() >= ENOUGH_FOR_SPREAD).then(spread),
            runs: durations.len() as u64,
        })
    }

    /// How far this duration is from it.
    pub fn deviation(&self, duration: u64) -> Deviation {
        let (is, usual) = (duration as f64, self.median_ns as f64);
        Deviation {
            duration_ns: duration,
            usual_ns: self.median_ns,
            percent: (self.median_ns > 0).then(|| 100.0 * is / usual),
            z: self
                .spread_ns
                .filter(|spread| *spread > 0.0)
                .map(|spread| (is - usual) / spread),
            runs: self.runs,
        }
    }
}

impl Deviation {
    /// Over this percentage of the usual is too slow, however few runs there were.
    pub const TOO_SLOW_PERCENT: f64 = 300.0;
    /// More spreads than this away from the usual is no chance.
    pub const TOO_FAR: f64 = 3.5;

    /// Whether it took far longer than usual.
    pub fn is_slow(&self) -> bool {
        self.percent
            .is_some_and(|percent| percent > Self::TOO_SLOW_PERCENT)
            || self.z.is_some_and(|z| z > Self::TOO_FAR)
    }

    /// Whether it took far less than usual, as something does that had nothing to do.
    pub fn is_fast(&self) -> bool {
        self.z.is_some_and(|z| z < -Self::TOO_FAR)
    }
}

/// The middle value, of two the mean.
fn median(mut values: Vec<u64>) -> Option<u64> {
    values.sort_unstable();
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(values[values.len() / 2 - 1].midpoint(upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_earlier_run_is_enough_for_the_percentage_but_not_for_a_spread() {
        let usual = Usual::of(&[100]).unwrap();
        assert!(!usual.deviation(300).is_slow(), "300 % is not over 300 %");
        assert!(usual.deviation(301).is_slow());
        assert_eq!(usual.deviation(50).z, None);
    }

    #[test]
    fn one_outlier_among_the_earlier_runs_hides_nothing() {
        // Median 100, deviations 0 1 1 2 9900: MAD 1, raised to 2 % of the median.
        let usual = Usual::of(&[100, 101, 99, 98, 10_000]).unwrap();
        assert_eq!((usual.median_ns, usual.spread_ns), (100, Some(2.0)));
        assert_eq!(usual.deviation(110).z, Some(5.0));
        assert!(usual.deviation(110).is_slow());
        assert!(!usual.deviation(106).is_slow());
        assert!(usual.deviation(90).is_fast());
    }

    #[test]
    fn nothing_is_usual_of_nothing_and_nothing_is_no_percentage() {
        assert_eq!(Usual::of(&[]), None);
        assert_eq!(Usual::of(&[0, 0]).unwrap().deviation(5).percent, None);
        assert_eq!(Usual::of(&[u64::MAX, u64::MAX]).unwrap().median_ns, u64::MAX);
    }
}
