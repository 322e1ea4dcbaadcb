//! The stages of two runs: added, removed, slower or faster, and whether that is beyond noise.
//!
//! A stage is every `run_stage:<id>` and `run_step:<step>` span; in a run without any, the spans directly below the root
//! span stand for them. Several spans of one name count together: their durations are added up, so a retry makes a stage slower.
//!
//! # What is noise
//!
//! With at least five earlier durations of the stage, noise is what they show: a difference counts when it exceeds three
//! standard deviations of the difference between two runs, `3 * sqrt(2) * 1.4826 * MAD`, which for normal noise happens once
//! in 370 comparisons; the median absolute deviation keeps one bad night from widening it. It must exceed 1 % and 1 ms as well,
//! since a few equal durations show no noise at all.
//!
//! Without that history it counts when it exceeds 20 % and 5 ms, both. Stages vary by some 5 % from run to run on a machine that
//! does other things too; two draws of that differ by 20 % less than once in 200 comparisons. What takes milliseconds
//! varies by the scheduler's time slices whatever it does, hence the 5 ms.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::Serialize;
use telensic_run::names::span::{STAGE_PREFIX, STEP_PREFIX};

use crate::Timeline;
use crate::timeline::{SpanState, SpanStatus};

/// Fewer earlier durations show nothing of the noise.
const LEAST_HISTORY: usize = 5;

/// How long the stages of earlier runs of the profile took.
#[derive(Clone, Debug, Default)]
pub struct StageHistory(BTreeMap<String, Vec<u64>>);

/// A stage of one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct StageTiming {
    /// How many spans it had; more than one is a retry, or a stage that runs in several places.
    pub spans: usize,
    /// How long they took together, in nanoseconds.
    pub duration_ns: u64,
    /// How many of them ended with an error.
    pub errors: usize,
    /// How many of them never ended.
    pub open: usize,
}

/// A stage in both runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageChange {
    /// The span's name.
    pub stage: String,
    /// In the first run; none if it has no such stage.
    pub a: Option<StageTiming>,
    /// In the second run.
    pub b: Option<StageTiming>,
    /// What became of it.
    pub change: StageVerdict,
    /// Beyond how many nanoseconds a difference counts.
    pub noise_ns: u64,
    /// What the noise was taken from.
    pub noise_basis: NoiseBasis,
}

/// What became of a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StageVerdict {
    /// Only the second run has it.
    Added,
    /// Only the first run has it.
    Removed,
    /// It ended otherwise: with other errors, more or fewer attempts, or not at all.
    EndedOtherwise,
    /// It took longer, beyond noise.
    Slower,
    /// It took less long, beyond noise.
    Faster,
    /// It took as long, but for noise.
    Same,
}

/// What noise was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoiseBasis {
    /// So many earlier runs.
    History(usize),
    /// The rule for when there are too few: 20 % and 5 ms.
    Rule,
}

impl StageHistory {
    /// Takes in an earlier run of the same profile; neither of the two that are compared.
    pub fn add(&mut self, timeline: &Timeline) {
        for (stage, timing) in stages(timeline) {
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
    fn noise(&self, stage: &str, duration_ns: u64) -> (u64, NoiseBasis) {
        let share = |percent: u64| duration_ns / 100 * percent;
        match self.0.get(stage) {
            Some(known) if known.len() >= LEAST_HISTORY => {
                let deviation = deviation(known) * 1.4826 * 3.0 * std::f64::consts::SQRT_2;
                let noise = (deviation as u64).max(share(1)).max(1_000_000);
                (noise, NoiseBasis::History(known.len()))
            }
            _ => (share(20).max(5_000_000), NoiseBasis::Rule),
        }
    }
}

/// The median absolute deviation.
fn deviation(durations: &[u64]) -> f64 {
    let middle = median(durations.iter().map(|duration| *duration as f64).collect());
    median(
        durations
            .iter()
            .map(|duration| (*duration as f64 - middle).abs())
            .collect(),
    )
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len().is_multiple_of(2) {
        (values[middle - 1] + values[middle]) / 2.0
    } else {
        values[middle]
    }
}

impl StageChange {
    /// By how much the second run took longer, in nanoseconds; negative if it was faster.
    pub fn difference_ns(&self) -> Option<i64> {
        let (a, b) = (self.a?.duration_ns, self.b?.duration_ns);
        Some(i64::try_from(b).unwrap_or(i64::MAX) - i64::try_from(a).unwrap_or(i64::MAX))
    }

    /// How many times as long the second run took.
    pub fn ratio(&self) -> Option<f64> {
        let (a, b) = (self.a?.duration_ns, self.b?.duration_ns);
        (a > 0).then(|| b as f64 / a as f64)
    }
}

/// All stages of both runs, in the order in which the first began them.
pub(super) fn compare(a: &Timeline, b: &Timeline, history: &StageHistory) -> Vec<StageChange> {
    let (in_a, in_b) = (stages(a), stages(b));
    let by_name = |stages: &[(String, StageTiming)]| -> HashMap<String, StageTiming> {
        stages.iter().cloned().collect()
    };
    let (known_a, known_b) = (by_name(&in_a), by_name(&in_b));
    let of_a = in_a
        .iter()
        .map(|(stage, timing)| change(stage, Some(*timing), known_b.get(stage).copied(), history));
    let added = in_b
        .iter()
        .filter(|(stage, _)| !known_a.contains_key(stage))
        .map(|(stage, timing)| change(stage, None, Some(*timing), history));
    of_a.chain(added).collect()
}

fn change(
    stage: &str,
    a: Option<StageTiming>,
    b: Option<StageTiming>,
    history: &StageHistory,
) -> StageChange {
    let (noise_ns, noise_basis) = history.noise(stage, a.or(b).unwrap_or_default().duration_ns);
    let verdict = match (a, b) {
        (Some(a), Some(b)) if (a.errors, a.open, a.spans) != (b.errors, b.open, b.spans) => {
            StageVerdict::EndedOtherwise
        }
        (Some(a), Some(b)) if b.duration_ns > a.duration_ns.saturating_add(noise_ns) => StageVerdict::Slower,
        (Some(a), Some(b)) if a.duration_ns > b.duration_ns.saturating_add(noise_ns) => StageVerdict::Faster,
        (Some(_), Some(_)) => StageVerdict::Same,
        (Some(_), None) => StageVerdict::Removed,
        (None, _) => StageVerdict::Added,
    };
    StageChange {
        stage: stage.to_owned(),
        a,
        b,
        change: verdict,
        noise_ns,
        noise_basis,
    }
}

/// The stages of a run, in the order in which they began.
fn stages(timeline: &Timeline) -> Vec<(String, StageTiming)> {
    let is_stage = |name: &str| name.starts_with(STAGE_PREFIX) || name.starts_with(STEP_PREFIX);
    let has_stages = timeline
        .spans()
        .iter()
        .any(|span| is_stage(timeline.text(span.name)));
    let mut found: Vec<(String, StageTiming)> = Vec::new();
    let mut place = HashMap::new();
    for span in timeline.spans() {
        let name = timeline.text(span.name);
        let is_below_root = || {
            let parent = span.parent.map(|parent| timeline.span(parent));
            parent.is_some_and(|parent| parent.parent.is_none())
        };
        if !(has_stages && is_stage(name) || !has_stages && is_below_root()) {
            continue;
        }
        let index = *place.entry(span.name).or_insert_with(|| {
            found.push((name.to_owned(), StageTiming::default()));
            found.len() - 1
        });
        let timing = &mut found[index].1;
        timing.spans += 1;
        timing.duration_ns = timing.duration_ns.saturating_add(span.duration());
        timing.errors += usize::from(span.status == SpanStatus::Error);
        timing.open += usize::from(span.state == SpanState::Open);
    }
    found
}

#[cfg(test)]
mod tests {
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
    fn without_history_both_the_share_and_the_milliseconds_must_be_exceeded() {
        assert_eq!(verdict(100 * MS, 119 * MS, &[]), StageVerdict::Same);
        assert_eq!(verdict(100 * MS, 121 * MS, &[]), StageVerdict::Slower);
        assert_eq!(verdict(121 * MS, 90 * MS, &[]), StageVerdict::Faster);
        assert_eq!(
            verdict(MS, 5 * MS, &[]),
            StageVerdict::Same,
            "five times as long, but 4 ms"
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
