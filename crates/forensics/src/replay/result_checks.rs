//! What algorithms say they came to, against what was rebuilt.
//!
//! A result speaks of the units in and below its own, up to its own time; of each side either the last series counts
//! or all of them, since an algorithm may report for itself or for all before it.

use telensic_run::event::{Datum, PositionType};

use super::check::{Check, Rule};
use super::decision_checks::is_close;
use super::replayed::{Reading, Replay, ReplayedResult};
use super::series::Series;
use crate::timeline::SpanIndex;

pub(super) fn check(reading: &Reading<'_>, replay: &Replay) -> [Check; 2] {
    let mut metrics = Check::begin(Rule::ResultMetrics);
    let mut hashes = Check::begin(Rule::OutputHashes);
    for result in &replay.results {
        check_metrics(reading, replay, result, &mut metrics);
        check_hash(reading, result, &mut hashes);
    }
    [metrics, hashes]
}

fn check_metrics(reading: &Reading<'_>, replay: &Replay, result: &ReplayedResult, check: &mut Check) {
    for (name, stated) in &result.event.final_metrics.0 {
        let stated = match stated {
            Datum::Int(int) => *int as f64,
            Datum::Float(float) => float.0,
            _ => continue,
        };
        let Some(rebuilt) = Metric::named(name).and_then(|metric| metric.rebuild(reading, replay, result))
        else {
            check.pass_over(&format!("{name}: nothing in the record gives it"));
            continue;
        };
        check.examine(rebuilt.iter().any(|value| is_close(stated, *value)), || {
            let rebuilt: Vec<String> = rebuilt.iter().map(f64::to_string).collect();
            format!(
                "{name} is {stated} in the result, {} in the record, at {}",
                rebuilt.join(" or "),
                result.place
            )
        });
    }
}

/// A final metric that the record can give.
#[derive(Clone, Copy)]
enum Metric {
    Epochs(Option<PositionType>),
    Variation(PositionType),
    Decisions,
    Tests,
}

impl Metric {
    fn named(name: &str) -> Option<Self> {
        use PositionType::{Bear, Bull};
        Some(match name {
            "bull_ith_epochs" | "bull_epochs" | "n_bull_epochs" | "bull_epoch_count" => {
                Self::Epochs(Some(Bull))
            }
            "bear_ith_epochs" | "bear_epochs" | "n_bear_epochs" | "bear_epoch_count" => {
                Self::Epochs(Some(Bear))
            }
            "ith_epochs" | "epochs" | "n_epochs" | "epoch_count" | "total_epochs" => Self::Epochs(None),
            "bull_cv" => Self::Variation(Bull),
            "bear_cv" => Self::Variation(Bear),
            "decisions" | "n_decisions" | "decision_count" => Self::Decisions,
            "hypotheses" | "n_hypotheses" | "hypothesis_count" => Self::Tests,
            _ => return None,
        })
    }

    /// The values that would be right; none if the record cannot tell.
    fn rebuild(self, reading: &Reading<'_>, replay: &Replay, result: &ReplayedResult) -> Option<Vec<f64>> {
        let is_before = |unit: Option<SpanIndex>, time: u64| {
            time <= result.time_unix_nano && is_within(reading, unit, result.unit)
        };
        match self {
            Self::Epochs(side) => {
                let counts: Vec<usize> = series_of(reading, replay, result, side)
                    .map(|(_, before)| before)
                    .collect();
                // `epochs` alone may as well be those of training; a side is unmistakable.
                if counts.is_empty() && side.is_none() {
                    return None;
                }
                let all: usize = counts.iter().sum();
                Some(vec![
                    all as f64,
                    counts.last().copied().unwrap_or_default() as f64,
                ])
            }
            Self::Variation(side) => series_of(reading, replay, result, Some(side))
                .last()
                .map(|(series, before)| vec![series.interval_variation(before)]),
            Self::Decisions => {
                let made = replay.decisions.iter();
                let made = made.filter(|decision| is_before(decision.unit, decision.time_unix_nano));
                Some(made.count())
                    .filter(|count| *count > 0)
                    .map(|count| vec![count as f64])
            }
            Self::Tests => {
                let tested = replay.hypotheses.iter();
                let tested = tested.filter(|test| is_before(test.unit, test.time_unix_nano));
                Some(tested.count())
                    .filter(|count| *count > 0)
                    .map(|count| vec![count as f64])
            }
        }
    }
}

/// The series that a result speaks of, each with how many of its epochs came before.
fn series_of<'a>(
    reading: &'a Reading<'_>,
    replay: &'a Replay,
    result: &'a ReplayedResult,
    side: Option<PositionType>,
) -> impl Iterator<Item = (&'a Series, usize)> {
    let all = reading.epochs.all().iter();
    all.filter(move |series| {
        (side.is_none() || series.side == side) && is_within(reading, series.unit, result.unit)
    })
    .map(|series| {
        let before = series
            .epochs
            .partition_point(|place| replay.epochs[*place].time_unix_nano <= result.time_unix_nano);
        (series, before)
    })
    .filter(|(_, before)| *before > 0)
}

/// Whether a unit is this one or lies below it; everything lies below none.
fn is_within(reading: &Reading<'_>, unit: Option<SpanIndex>, above: Option<SpanIndex>) -> bool {
    let Some(above) = above else { return true };
    let Some(unit) = unit else { return false };
    unit == above || reading.places.stage(Some(unit)) == Some(above)
}

fn check_hash(reading: &Reading<'_>, result: &ReplayedResult, check: &mut Check) {
    let Some(hash) = &result.event.output_hash else {
        check.pass_over("results without an output_hash");
        return;
    };
    let mut hashes = reading
        .outcomes
        .iter()
        .filter(|(span, _)| {
            let unit = reading.places.unit(*span);
            is_within(reading, unit, result.unit) || is_within(reading, result.unit, unit)
        })
        .filter_map(|(_, outcome)| outcome.output_hashes.as_ref())
        .flat_map(|hashes| hashes.0.values())
        .peekable();
    if hashes.peek().is_none() {
        check.pass_over("results of which no audit.outcome names output hashes");
        return;
    }
    check.examine(hashes.any(|known| known == hash), || {
        format!(
            "no audited outcome has the output hash {hash} of the result at {}",
            result.place
        )
    });
}
