//! Whether running things at once was worth it.

use hashbrown::HashSet;
use serde::Serialize;

use super::Listed;
use super::fan_outs::{FanOut, Sleeves};
use super::stage_table::share;
use crate::timeline::Timeline;

/// How much of the run happened at once.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parallelism {
    /// The self times of all spans together.
    pub busy_ns: u64,
    /// Wall-clock time.
    pub wall_ns: u64,
    /// Busy time over wall-clock time.
    pub speedup: f64,
    /// The threads of all processes that recorded spans; short-lived ones that share a chunk of the tape count as one.
    pub workers: u64,
    /// The speedup that there could have been: the widest fan-out's, or else the workers.
    pub ideal: u64,
    /// The speedup over the ideal; none if there was one worker, so that nothing could run at once.
    pub efficiency: Option<f64>,
    /// Each hand-out of sleeves.
    pub fan_outs: Listed<FanOut>,
}

impl Parallelism {
    pub(super) fn of(timeline: &Timeline, own: &[u64], wall: u64, fan_outs: &[Sleeves]) -> Self {
        let mut lanes = HashSet::new();
        let mut last = None;
        for span in timeline.spans() {
            let lane = (span.process, span.thread);
            if last != Some(lane) {
                lanes.insert(lane);
                last = Some(lane);
            }
        }
        let workers = lanes.len() as u64;
        let busy = own.iter().fold(0, |sum: u64, one| sum.saturating_add(*one));
        let widest = fan_outs.iter().map(|fan_out| fan_out.row.ideal).max();
        let ideal = widest.unwrap_or(workers);
        let speedup = share(busy, wall);
        Self {
            busy_ns: busy,
            wall_ns: wall,
            speedup,
            workers,
            ideal,
            efficiency: (ideal > 1).then(|| speedup / ideal as f64),
            fan_outs: Listed::of(fan_outs.iter().map(|fan_out| fan_out.row.clone())),
        }
    }
}
