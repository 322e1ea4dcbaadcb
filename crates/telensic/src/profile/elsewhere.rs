//! Where the sampler has not been made to work.

use telensic_forensics::profile::CpuProfile;
use telensic_tape::{SpanId, TraceId};

use super::{CpuProfileOptions, ProfileError};

/// Samples this process; on this platform there is no way to start it.
#[derive(Debug)]
pub struct CpuProfiler(std::convert::Infallible);

impl CpuProfiler {
    /// Says that it does not work here.
    pub fn start(_options: CpuProfileOptions) -> Result<Self, ProfileError> {
        Err(ProfileError::Platform)
    }

    /// What was seen.
    pub fn finish(self) -> CpuProfile {
        match self.0 {}
    }

    pub(super) fn finish_in(self, _outside: Option<(TraceId, SpanId)>) -> CpuProfile {
        match self.0 {}
    }
}
