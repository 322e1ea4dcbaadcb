//! CPU profiles of a run: what its processes were doing when their samplers looked, and in which stage.
//!
//! ```text
//! sampler ---> <package>-<time>.pb.gz --+
//! timeline --> span -> stage -----------+--> the same, with stages --> flamegraphs, INDEX.json
//! ```
//!
//! A sampler notes the span that a thread is in, by its ids; which stage that span belongs to is known once all tapes are
//! joined ([`CpuProfile::settle_stages`]). Invariant: a sample is counted in exactly one stage, or in none.

mod collapsed;
mod cpu_profile;
mod facts;
mod flamegraph;
mod index;
mod pprof;
mod stages;
#[cfg(test)]
mod tests;
mod tree;

pub use collapsed::read_collapsed;
pub use cpu_profile::{CpuProfile, Function, Line, Location, Mapping, Stack};
pub use facts::{ProfileFacts, Source};
pub use flamegraph::flamegraph;
pub use index::{IndexEntry, IndexVersion, ProfileIndex, ProfileKind};
pub use pprof::{NotAProfile, decode, encode};
