//! The durations of one thing over many runs: what is usual, where it is going, which runs stand out.

use serde::Serialize;
use telensic_run::RunId;

use crate::health::{Deviation, Usual, percentile};

/// Durations over runs, in nanoseconds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Durations {
    /// In how many runs.
    pub runs: u64,
    /// The least.
    pub min_ns: u64,
    /// The usual.
    pub median_ns: u64,
    /// What 95 of 100 runs do not exceed.
    pub p95_ns: u64,
    /// The most.
    pub max_ns: u64,
    /// By how many percent of the median it grows from run to run: the median of the slopes between all pairs of runs
    /// (Theil and Sen), which single outliers do not bend. None with fewer than 3 runs.
    pub trend_percent_per_run: Option<f64>,
    /// The runs that stand out, the latest first.
    pub outliers: Vec<Outlier>,
}

/// A run in which something took far longer or far less than in the others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Outlier {
    /// The run.
    pub run_id: RunId,
    /// How far it is from what is usual in the others.
    pub deviation: Deviation,
}

/// A stage over many runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StageTrend {
    /// What it is called.
    pub id: String,
    /// Its durations in the runs in which it ended well.
    pub durations: Option<Durations>,
    /// In how many runs it was executed.
    pub runs: u64,
    /// In how many of these it did not end well.
    pub failed: u64,
    /// How many further tries it took in all.
    pub retries: u64,
    /// In how many it was on the critical path.
    pub on_path: u64,
    /// In how many it was the longest part of it.
    pub leads_path: u64,
    /// Its share of the critical path, over all runs.
    pub path_share: f64,
}

impl Durations {
    /// Of these runs, by time; none of none.
    pub(super) fn of(runs: &[(RunId, u64)]) -> Option<Self> {
        let mut all: Vec<u64> = runs.iter().map(|(_, duration)| *duration).collect();
        let usual = Usual::of(&all)?;
        let trend_percent_per_run = trend(&all, usual.median_ns);
        let outliers = runs
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(at, (run_id, duration))| {
                let mut others: Vec<u64> = runs.iter().map(|(_, duration)| *duration).collect();
                others.remove(at);
                let deviation = Usual::of(&others)?.deviation(*duration);
                (deviation.is_slow() || deviation.is_fast()).then_some(Outlier {
                    run_id: *run_id,
                    deviation,
                })
            });
        Some(Self {
            runs: all.len() as u64,
            min_ns: all.iter().copied().min()?,
            max_ns: all.iter().copied().max()?,
            median_ns: usual.median_ns,
            trend_percent_per_run,
            outliers: outliers.collect(),
            p95_ns: percentile(&mut all, 95)?,
        })
    }
}

/// The latest runs tell where something is going; all pairs of very many would be too many.
const MOST_FOR_TREND: usize = 500;

fn trend(durations: &[u64], median: u64) -> Option<f64> {
    let latest = &durations[durations.len().saturating_sub(MOST_FOR_TREND)..];
    if latest.len() < 3 || median == 0 {
        return None;
    }
    let mut slopes = Vec::new();
    for (from, earlier) in latest.iter().enumerate() {
        for (distance, later) in (1..).zip(&latest[from + 1..]) {
            slopes.push((*later as f64 - *earlier as f64) / f64::from(distance));
        }
    }
    slopes.sort_unstable_by(f64::total_cmp);
    let middle = slopes.len() / 2;
    let slope = match slopes.len() % 2 {
        1 => slopes[middle],
        _ => f64::midpoint(slopes[middle - 1], slopes[middle]),
    };
    Some(100.0 * slope / median as f64)
}
