//! CPU profiles: what the process does while it is busy, and in which span.
//!
//! ```text
//! timer of each thread's CPU time --SIGPROF--> handler: registers, stack, active span --> shelf
//! sampler's thread: shelf --> unwound --> counted; at the end --> named --> pprof file of the run
//! ```
//!
//! Nothing is unwound, allocated or waited for in the signal handler: it copies what it finds onto a shelf, from which a thread
//! of the sampler takes it. A run is profiled with [`RunBuilder::profile_cpu`](crate::RunBuilder::profile_cpu) or by
//! TF_PROFILE_ENABLED; any piece of a program with [`CpuProfiler`].
//!
//! Invariant: a program that uses SIGPROF itself is left alone, and one that is not profiled has no timer, no handler and no
//! thread. On Linux with glibc, on x86-64 and AArch64; elsewhere [`CpuProfiler::start`] says so.

mod active;
mod error;
mod options;
mod recording;

#[cfg(all(
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
))]
mod sampler;

#[cfg(not(all(
    target_os = "linux",
    target_env = "gnu",
    any(target_arch = "x86_64", target_arch = "aarch64")
)))]
#[path = "elsewhere.rs"]
mod sampler;

pub(crate) use active::note;
pub use error::ProfileError;
pub use options::CpuProfileOptions;
pub(crate) use recording::Recording;
pub use sampler::CpuProfiler;
pub use telensic_forensics::profile::{
    CpuProfile, Function, IndexEntry, Line, Location, Mapping, NotAProfile, ProfileFacts, ProfileIndex,
    ProfileKind, Source, Stack, decode, encode, flamegraph,
};
