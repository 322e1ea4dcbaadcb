//! The view over all runs: how many succeeded, how long they took, where the critical path goes.

use std::collections::BTreeMap;

use serde::Serialize;
use telensic_run::{RunId, RunStatus};

use super::stage::{Durations, StageTrend};
use crate::health::{RunSummary, StageStatus};

/// Runs of a profile, held next to one another.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Fleet {
    /// The profiles; one, unless the caller mixed them.
    pub profiles: Vec<String>,
    /// The runs, by time.
    pub runs: Vec<RunId>,
    /// How many of them succeeded.
    pub succeeded: u64,
    /// Those that did not, and still running ones are not among these.
    pub failed: Vec<RunId>,
    /// The wall-clock times of those that succeeded.
    pub wall: Option<Durations>,
    /// The stages, those with most time on the critical path first.
    pub stages: Vec<StageTrend>,
    /// Whether running things at once was worth it.
    pub parallelism: FleetParallelism,
    /// How often each cause of errors came up: cause, failures, runs.
    pub errors: Vec<(String, u64, u64)>,
}

/// Parallelism over many runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct FleetParallelism {
    /// The usual speedup.
    pub median_speedup: Option<f64>,
    /// The usual efficiency of the runs that had more than one worker.
    pub median_efficiency: Option<f64>,
    /// The run that made least of its workers.
    pub least_efficient: Option<RunId>,
}

impl Fleet {
    /// These runs next to one another; in whatever order, they are sorted by time.
    pub fn of(runs: &[RunSummary]) -> Self {
        let mut runs: Vec<&RunSummary> = runs.iter().collect();
        runs.sort_by_key(|run| run.run_id);
        let mut profiles: Vec<String> = runs.iter().map(|run| run.profile.clone()).collect();
        profiles.sort_unstable();
        profiles.dedup();
        let succeeded = || runs.iter().filter(|run| run.status == RunStatus::Succeeded);
        let has_failed =
            |run: &&&RunSummary| !matches!(run.status, RunStatus::Succeeded | RunStatus::Running);
        let walls: Vec<_> = succeeded().map(|run| (run.run_id, run.wall_ns)).collect();
        Self {
            profiles,
            runs: runs.iter().map(|run| run.run_id).collect(),
            succeeded: succeeded().count() as u64,
            failed: runs.iter().filter(has_failed).map(|run| run.run_id).collect(),
            wall: Durations::of(&walls),
            stages: stages(&runs),
            parallelism: FleetParallelism::of(&runs),
            errors: errors(&runs),
        }
    }
}

#[derive(Default)]
struct Stage {
    durations: Vec<(RunId, u64)>,
    runs: u64,
    failed: u64,
    retries: u64,
    on_path: u64,
    leads_path: u64,
    path_ns: u64,
}

fn stages(runs: &[&RunSummary]) -> Vec<StageTrend> {
    let mut stages: BTreeMap<&str, Stage> = BTreeMap::new();
    let mut path = 0u64;
    for run in runs {
        path = path.saturating_add(run.wall_ns);
        let most = run.stages.iter().map(|stage| stage.path_ns).max().unwrap_or(0);
        for row in &run.stages {
            let stage = stages.entry(&row.id).or_default();
            stage.runs += 1;
            stage.retries += row.retries;
            stage.on_path += u64::from(row.path_ns > 0);
            stage.leads_path += u64::from(row.path_ns > 0 && row.path_ns == most);
            stage.path_ns = stage.path_ns.saturating_add(row.path_ns);
            match row.status {
                StageStatus::Ok => stage.durations.push((run.run_id, row.duration_ns)),
                StageStatus::Error | StageStatus::Open => stage.failed += 1,
            }
        }
    }
    let mut stages: Vec<(u64, StageTrend)> = stages
        .into_iter()
        .map(|(id, stage)| {
            let trend = StageTrend {
                id: id.to_owned(),
                durations: Durations::of(&stage.durations),
                runs: stage.runs,
                failed: stage.failed,
                retries: stage.retries,
                on_path: stage.on_path,
                leads_path: stage.leads_path,
                path_share: if path == 0 {
                    0.0
                } else {
                    stage.path_ns as f64 / path as f64
                },
            };
            (stage.path_ns, trend)
        })
        .collect();
    // Stable: of equal ones by name.
    stages.sort_by_key(|(path, _)| std::cmp::Reverse(*path));
    stages.into_iter().map(|(_, trend)| trend).collect()
}

fn errors(runs: &[&RunSummary]) -> Vec<(String, u64, u64)> {
    let mut causes: BTreeMap<&str, (u64, Vec<RunId>)> = BTreeMap::new();
    for run in runs {
        for error in &run.errors {
            let (count, in_runs) = causes.entry(&error.cause).or_default();
            *count += error.count;
            in_runs.push(run.run_id);
        }
    }
    let mut causes: Vec<_> = causes
        .into_iter()
        .map(|(cause, (count, mut in_runs))| {
            in_runs.dedup();
            (cause.to_owned(), count, in_runs.len() as u64)
        })
        .collect();
    causes.sort_by_key(|(_, count, in_runs)| std::cmp::Reverse((*in_runs, *count)));
    causes
}

impl FleetParallelism {
    fn of(runs: &[&RunSummary]) -> Self {
        let ended = || runs.iter().filter(|run| run.status == RunStatus::Succeeded);
        let efficiencies: Vec<(f64, RunId)> = ended()
            .filter_map(|run| Some((run.parallelism.efficiency?, run.run_id)))
            .collect();
        let least = efficiencies.iter().min_by(|(a, _), (b, _)| a.total_cmp(b));
        Self {
            median_speedup: median(ended().map(|run| run.parallelism.speedup).collect()),
            median_efficiency: median(efficiencies.iter().map(|(efficiency, _)| *efficiency).collect()),
            least_efficient: least.map(|(_, run)| *run),
        }
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    if values.len() % 2 == 1 {
        return Some(upper);
    }
    Some(f64::midpoint(values[values.len() / 2 - 1], upper))
}
