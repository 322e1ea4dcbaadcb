//! What is not as it was in earlier runs of the profile.
//!
//! Durations are held against runs that succeeded: one that failed was short for another reason.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Serialize;
use telensic_run::RunStatus;

use super::{Deviation, ErrorGroup, RunSummary, StageRow, StageStatus, Usual};

/// Something that is not as usual.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Anomaly {
    /// The run took far longer.
    RunSlow {
        /// By how much.
        deviation: Deviation,
    },
    /// A stage took far longer.
    StageSlow {
        /// The stage.
        stage: String,
        /// By how much.
        deviation: Deviation,
    },
    /// A stage took far less time, as one does that had nothing to do.
    StageFast {
        /// The stage.
        stage: String,
        /// By how much.
        deviation: Deviation,
    },
    /// A stage that most earlier runs had is not there.
    StageMissing {
        /// The stage.
        stage: String,
        /// How many earlier runs had it.
        had: u64,
        /// Of how many.
        runs: u64,
    },
    /// A stage that no earlier run had.
    StageNew {
        /// The stage.
        stage: String,
    },
    /// An error that no earlier run had.
    ErrorNew {
        /// Its cause.
        cause: String,
        /// The span that failed.
        span_name: String,
        /// How often.
        count: u64,
    },
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let against = |f: &mut fmt::Formatter<'_>, deviation: &Deviation| {
            if let Some(percent) = deviation.percent {
                write!(f, "{percent:.0} % of the usual duration")?;
            } else {
                f.write_str("longer than usual")?;
            }
            if let Some(z) = deviation.z {
                write!(f, ", {:.1} spreads away", z.abs())?;
            }
            write!(f, " ({} earlier runs)", deviation.runs)
        };
        match self {
            Self::RunSlow { deviation } => {
                f.write_str("the run took ")?;
                against(f, deviation)
            }
            Self::StageSlow { stage, deviation } | Self::StageFast { stage, deviation } => {
                write!(f, "stage {stage} took ")?;
                against(f, deviation)
            }
            Self::StageMissing { stage, had, runs } => {
                write!(f, "stage {stage} is missing: {had} of {runs} earlier runs had it")
            }
            Self::StageNew { stage } => write!(f, "stage {stage} is new"),
            Self::ErrorNew {
                cause,
                span_name,
                count,
            } => write!(f, "new error in {span_name}: {cause} ({count} times)"),
        }
    }
}

/// What is not as in these runs.
pub(super) fn find(
    wall: u64,
    stages: &[StageRow],
    errors: &[ErrorGroup],
    earlier: &[&RunSummary],
) -> Vec<Anomaly> {
    let mut anomalies = Vec::new();
    if earlier.is_empty() {
        return anomalies;
    }
    let succeeded: Vec<&RunSummary> = earlier
        .iter()
        .copied()
        .filter(|run| run.status == RunStatus::Succeeded)
        .collect();
    let walls: Vec<u64> = succeeded.iter().map(|run| run.wall_ns).collect();
    if let Some(deviation) = Usual::of(&walls).map(|usual| usual.deviation(wall))
        && deviation.is_slow()
    {
        anomalies.push(Anomaly::RunSlow { deviation });
    }
    let mut durations: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for stage in succeeded.iter().flat_map(|run| &run.stages) {
        durations.entry(&stage.id).or_default().push(stage.duration_ns);
    }
    for row in stages {
        let usual = durations.get(row.id.as_str()).and_then(|all| Usual::of(all));
        let Some(deviation) = usual.map(|usual| usual.deviation(row.duration_ns)) else {
            continue;
        };
        let stage = row.id.clone();
        if deviation.is_slow() {
            anomalies.push(Anomaly::StageSlow { stage, deviation });
        } else if deviation.is_fast() && row.status == StageStatus::Ok {
            anomalies.push(Anomaly::StageFast { stage, deviation });
        }
    }
    let known: BTreeSet<&str> = earlier
        .iter()
        .flat_map(|run| run.stages.iter().map(|stage| stage.id.as_str()))
        .collect();
    let here: BTreeSet<&str> = stages.iter().map(|row| row.id.as_str()).collect();
    let runs = succeeded.len() as u64;
    for (stage, had) in durations.iter().map(|(stage, all)| (*stage, all.len() as u64)) {
        if !here.contains(stage) && 2 * had > runs {
            let stage = stage.to_owned();
            anomalies.push(Anomaly::StageMissing { stage, had, runs });
        }
    }
    let new = stages.iter().filter(|row| !known.contains(row.id.as_str()));
    anomalies.extend(new.map(|row| Anomaly::StageNew {
        stage: row.id.clone(),
    }));
    let known: BTreeSet<(&str, &str)> = earlier
        .iter()
        .flat_map(|run| {
            run.errors
                .iter()
                .map(|error| (error.cause.as_str(), error.span_name.as_str()))
        })
        .collect();
    let is_new = |group: &&ErrorGroup| !known.contains(&(group.cause.as_str(), group.span_name.as_str()));
    anomalies.extend(errors.iter().filter(is_new).map(|group| Anomaly::ErrorNew {
        cause: group.cause.clone(),
        span_name: group.span_name.clone(),
        count: group.count,
    }));
    anomalies
}
