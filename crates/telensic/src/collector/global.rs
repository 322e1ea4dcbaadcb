//! The collector that a process has without making one.

use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use telensic_tape::forks;

use super::{CollectorConfig, TelemetryCollector};

/// By how often the process was forked: the child of a fork has none of its parent's threads, and gets its own.
static COLLECTORS: [OnceLock<TelemetryCollector>; FORK_DEPTH] = [const { OnceLock::new() }; FORK_DEPTH];

/// Deeper chains of forks use the places again.
const FORK_DEPTH: usize = 32;

static CONFIG: Mutex<Option<CollectorConfig>> = Mutex::new(None);

fn place() -> &'static OnceLock<TelemetryCollector> {
    &COLLECTORS[forks() as usize % FORK_DEPTH]
}

/// Settles how [`get_collector`] makes it; false if it has been made already, and stays as it is.
pub fn configure(config: CollectorConfig) -> bool {
    *CONFIG.lock().unwrap_or_else(PoisonError::into_inner) = Some(config);
    place().get().is_none()
}

/// The process' own collector, started when it is first asked for. The end of recording flushes it.
pub fn get_collector() -> &'static TelemetryCollector {
    place().get_or_init(|| {
        let config = CONFIG.lock().unwrap_or_else(PoisonError::into_inner).clone();
        TelemetryCollector::new(config.unwrap_or_default())
    })
}

/// Flushes it, if there is one.
pub(crate) fn flush_if_used(within: Duration) -> bool {
    place().get().is_none_or(|collector| collector.flush(within))
}
