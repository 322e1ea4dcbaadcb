//! What is known of a profile besides its samples.

use serde::{Deserialize, Serialize};

/// Who took the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// The SDK, within the process.
    Telensic,
    /// py-spy, from outside.
    PySpy,
}

/// Where a profile comes from, and how much of the truth it holds. Kept in the pprof file, as a comment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProfileFacts {
    /// The program.
    pub package: String,
    /// Who took the samples.
    pub source: Source,
    /// The host that it ran on.
    pub host: String,
    /// The process, where the sampler tells.
    pub pid: Option<u32>,
    /// Samples a second of CPU time, as asked.
    pub rate_hz: u32,
    /// The CPU time that the process used meanwhile, in nanoseconds, where the sampler tells.
    pub cpu_ns: Option<u64>,
    /// Samples that found no room.
    pub lost_samples: u64,
}
