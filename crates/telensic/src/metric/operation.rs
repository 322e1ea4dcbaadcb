//! The metrics of long-running operations, recorded by the spans that tell how they go.
//!
//! Where an operation starts and ends in one process, its duration is known; elsewhere only that it started or ended.

use std::collections::VecDeque;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

use telensic_run::names::metric;
use telensic_tape::{Clock, UnixNanos};

use super::registry::global;
use super::{Counter, Family, Histogram};

struct Families {
    operations: Family<Counter>,
    durations: Family<Histogram>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| Families {
    operations: global().standard(&metric::OPERATIONS_TOTAL),
    durations: global().standard(&metric::OPERATION_DURATION_SECONDS),
});

/// Operations under way, the one that was started last at the end.
static UNDER_WAY: Mutex<VecDeque<Started>> = Mutex::new(VecDeque::new());

struct Started {
    id: Box<str>,
    at: UnixNanos,
}

/// Beyond so many, the oldest is forgotten: most likely it will never be said to have ended.
const MOST: usize = 4_096;

/// An operation of this type has started.
pub(crate) fn started(id: &str, operation_type: &str) {
    FAMILIES.operations.with(&[operation_type, "started"]).inc();
    let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
    if under_way.len() >= MOST {
        under_way.pop_front();
    }
    under_way.push_back(Started {
        id: id.into(),
        at: Clock::get().now(),
    });
}

/// An operation of this type has ended with this status.
pub(crate) fn ended(id: &str, operation_type: &str, status: &str) {
    FAMILIES.operations.with(&[operation_type, status]).inc();
    let started = {
        let mut under_way = UNDER_WAY.lock().unwrap_or_else(PoisonError::into_inner);
        let place = under_way.iter().rposition(|started| *started.id == *id);
        place.and_then(|place| under_way.remove(place))
    };
    if let Some(started) = started {
        let nanos = Clock::get().now().0.saturating_sub(started.at.0);
        record(operation_type, status, Duration::from_nanos(nanos));
    }
}

/// Records how long an operation took that was timed elsewhere.
pub(super) fn record(operation_type: &str, status: &str, duration: Duration) {
    FAMILIES
        .durations
        .with(&[operation_type, status])
        .observe_duration(duration);
}

/// Records an operation that ended and was timed elsewhere: one that [`spans::operation`](crate::spans::operation)
/// starts and ends in one process records itself.
///
/// ```
/// use std::time::Duration;
///
/// telensic::metrics::operation_ended("backtest", "completed", Duration::from_secs(75));
/// ```
pub fn operation_ended(operation_type: &str, status: &str, duration: Duration) {
    FAMILIES.operations.with(&[operation_type, status]).inc();
    record(operation_type, status, duration);
}
