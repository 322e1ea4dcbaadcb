//! `profiles/INDEX.json`: the CPU profiles of a run.

use serde::{Deserialize, Serialize};

use super::facts::{ProfileFacts, Source};

/// The version of the file's layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IndexVersion(pub u32);

impl IndexVersion {
    /// The one that is written.
    pub const CURRENT: Self = Self(1);
}

/// All CPU profiles of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProfileIndex {
    /// The version of this layout.
    pub version: IndexVersion,
    /// The files, one entry each.
    pub profiles: Vec<IndexEntry>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProfileKind {
    /// A drawing.
    Flamegraph,
    /// For `go tool pprof` and its like.
    Pprof,
}

/// A file: of one process, or of one stage of all processes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IndexEntry {
    /// Its name, within the directory of the index.
    pub file: String,
    /// What it is.
    pub kind: ProfileKind,
    /// The stage, if it is of one.
    pub stage: Option<String>,
    /// The program, or the pipeline profile if it is of a stage.
    pub package: String,
    /// Who took the samples, if that was one.
    pub source: Option<Source>,
    /// The host, if it is of one process.
    pub host: Option<String>,
    /// The process, if it is of one and the sampler tells.
    pub pid: Option<u32>,
    /// How many samples it holds.
    pub samples: u64,
    /// Samples that found no room.
    pub lost_samples: u64,
    /// Samples a second of CPU time, as asked.
    pub rate_hz: u32,
    /// For how long was sampled.
    pub duration_s: f64,
    /// The CPU time that was used meanwhile, where the sampler tells.
    pub cpu_s: Option<f64>,
}

impl IndexEntry {
    /// The entry of a file that is of one process.
    pub fn of_process(file: String, kind: ProfileKind, profile: &super::CpuProfile) -> Self {
        let ProfileFacts {
            package,
            source,
            host,
            pid,
            rate_hz,
            cpu_ns,
            lost_samples,
        } = profile.facts.clone();
        Self {
            file,
            kind,
            stage: None,
            package,
            source: Some(source),
            host: Some(host),
            pid,
            samples: profile.samples(),
            lost_samples,
            rate_hz,
            duration_s: profile.duration_ns as f64 / 1e9,
            cpu_s: cpu_ns.map(|nanoseconds| nanoseconds as f64 / 1e9),
        }
    }

    /// The entry of the flamegraph of a stage, over all processes.
    pub fn of_stage(file: String, package: &str, stage: &str, profiles: &[super::CpuProfile]) -> Self {
        let stacks = || profiles.iter().flat_map(|profile| profile.stacks_of(stage));
        let concerned = || {
            profiles
                .iter()
                .filter(|profile| profile.stacks_of(stage).next().is_some())
        };
        let longest = concerned()
            .map(|profile| profile.duration_ns)
            .max()
            .unwrap_or_default();
        Self {
            file,
            kind: ProfileKind::Flamegraph,
            stage: Some(stage.to_owned()),
            package: package.to_owned(),
            source: None,
            host: None,
            pid: None,
            samples: stacks().map(|stack| stack.samples).sum(),
            lost_samples: concerned().map(|profile| profile.facts.lost_samples).sum(),
            rate_hz: concerned()
                .map(|profile| profile.facts.rate_hz)
                .max()
                .unwrap_or_default(),
            duration_s: longest as f64 / 1e9,
            cpu_s: Some(stacks().map(|stack| stack.cpu_ns).sum::<u64>() as f64 / 1e9),
        }
    }
}
