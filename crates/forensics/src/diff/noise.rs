//! Beyond which difference a stage is slower or faster, and not as long but for noise.
//!
//! With at least five earlier durations of the stage, noise is what they show, by the same [spread](Usual) that the health
//! report tells anomalies by: a difference counts when it exceeds three standard deviations of the difference between two
//! runs, `3 * sqrt(2) * spread`, which for normal noise happens once in 370 comparisons. It must exceed 1 ms as well.
//!
//! Without that history it counts when it exceeds 20 % and 10 ms on top. Stages vary by some 5 % from run to run on a
//! machine that does other things too; two draws of that differ by 20 % less than once in 200 comparisons. What takes
//! milliseconds varies by the scheduler's time slices whatever it does, hence the 10 ms.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::stages;
use crate::Timeline;
use crate::health::Usual;

/// With a history, what is less is noise whatever the history shows.
const LEAST_NS: u64 = 1_000_000;
/// Without one, this share of the duration is noise, and [`RULE_NS`] on top.
const RULE_PERCENT: u64 = 20;
const RULE_NS: u64 = 10_000_000;

/// How long the stages of earlier runs of the profile took.
#[derive(Clone, Debug, Default)]
pub struct StageHistory(BTreeMap<String, Vec<u64>>);

/// What noise was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseBasis {
    /// So many earlier runs.
    History(usize),
    /// The rule for when there are too few: 20 % and 10 ms.
    Rule,
}

impl fmt::Display for NoiseBasis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::History(runs) => write!(f, "{runs} earlier runs"),
            Self::Rule => f.write_str("rule"),
        }
    }
}

impl NoiseBasis {
    /// What the rule is, in words.
    pub const RULE: &'static str =
        "20 % and 10 ms, as long as fewer than 5 earlier runs show the stage's own";
}

impl StageHistory {
    /// Takes in an earlier run of the same profile; neither of the two that are compared.
    pub fn add(&mut self, timeline: &Timeline) {
        for (stage, timing) in stages::of(timeline) {
            // A stage that failed took as long as it took to fail.
            if timing.errors == 0 && timing.open == 0 {
                self.0.entry(stage).or_default().push(timing.duration_ns);
            }
        }
    }

    /// Takes in a duration of a stage, from wherever it is known.
    pub fn add_duration(&mut self, stage: impl Into<String>, duration_ns: u64) {
        self.0.entry(stage.into()).or_default().push(duration_ns);
    }

    /// Beyond which difference a stage that took so long is slower or faster.
    pub(super) fn noise(&self, stage: &str, duration_ns: u64) -> (u64, NoiseBasis) {
        let known = self.0.get(stage).map(Vec::as_slice).unwrap_or_default();
        match Usual::of(known).and_then(|usual| usual.spread_ns) {
            Some(spread) => {
                let noise = 3.0 * std::f64::consts::SQRT_2 * spread;
                ((noise as u64).max(LEAST_NS), NoiseBasis::History(known.len()))
            }
            None => (duration_ns / 100 * RULE_PERCENT + RULE_NS, NoiseBasis::Rule),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::stages::{StageTiming, StageVerdict, change};
    use super::*;

    const MS: u64 = 1_000_000;

    fn verdict(before: u64, after: u64, history: &[u64]) -> StageVerdict {
        let mut known = StageHistory::default();
        history
            .iter()
            .for_each(|duration| known.add_duration("s", *duration));
        let timing = |duration_ns| {
            Some(StageTiming {
                spans: 1,
                duration_ns,
                ..StageTiming::default()
            })
        };
        change("s", timing(before), timing(after), &known).change
    }

    #[test]
    fn without_history_the_share_and_the_milliseconds_must_be_exceeded() {
        assert_eq!(verdict(100 * MS, 130 * MS, &[]), StageVerdict::Same);
        assert_eq!(verdict(100 * MS, 131 * MS, &[]), StageVerdict::Slower);
        assert_eq!(verdict(131 * MS, 90 * MS, &[]), StageVerdict::Faster);
        assert_eq!(
            verdict(MS, 11 * MS, &[]),
            StageVerdict::Same,
            "eleven times as long, but 10 ms"
        );
    }

    #[test]
    fn history_narrows_and_widens_what_is_noise() {
        let steady = [100, 101, 99, 100, 102, 98].map(|ms| ms * MS);
        assert_eq!(verdict(100 * MS, 110 * MS, &steady), StageVerdict::Slower);
        assert_eq!(verdict(100 * MS, 105 * MS, &steady), StageVerdict::Same);
        let wild = [60, 140, 100, 70, 130, 100].map(|ms| ms * MS);
        assert_eq!(verdict(100 * MS, 150 * MS, &wild), StageVerdict::Same);
        let few = [100, 100].map(|ms| ms * MS);
        assert_eq!(
            verdict(100 * MS, 110 * MS, &few),
            StageVerdict::Same,
            "two runs show no noise"
        );
    }
}
