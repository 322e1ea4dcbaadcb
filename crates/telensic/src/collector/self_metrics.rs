//! What the collectors of a process say of themselves among its metrics.

use std::sync::{LazyLock, Mutex, PoisonError, Weak};

use telensic_run::names::metric;

use super::queue::Queue;
use crate::metrics::{Counter, Family, Gauge, global};

/// Why an event is not where it should be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Loss {
    /// It gave way to newer ones in the queue.
    QueueFull,
    /// The file took no more lines.
    Unwritable,
}

impl Loss {
    fn reason(self) -> &'static str {
        match self {
            Self::QueueFull => "queue_full",
            Self::Unwritable => "journal_unwritable",
        }
    }
}

/// The label values of the collectors.
const EVENTS: &str = "events";
const COLLECTOR: &str = "collector";

struct Families {
    dropped: Family<Counter>,
    depth: Family<Gauge>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let registry = global();
    registry.observe_with(show_depth);
    let families = Families {
        dropped: registry.standard(&metric::RECORDS_DROPPED_TOTAL),
        depth: registry.standard(&metric::QUEUE_DEPTH),
    };
    for loss in [Loss::QueueFull, Loss::Unwritable] {
        families.dropped.with(&[EVENTS, loss.reason()]);
    }
    families
});

static QUEUES: Mutex<Vec<Weak<Queue>>> = Mutex::new(Vec::new());

/// Shows how many events wait in this queue, among others.
pub(super) fn watch(queue: Weak<Queue>) {
    LazyLock::force(&FAMILIES);
    QUEUES.lock().unwrap_or_else(PoisonError::into_inner).push(queue);
}

/// Counts events that were lost.
pub(super) fn lost(loss: Loss, count: u64) {
    if count > 0 {
        FAMILIES.dropped.with(&[EVENTS, loss.reason()]).add(count);
    }
}

fn show_depth() {
    let mut queues = QUEUES.lock().unwrap_or_else(PoisonError::into_inner);
    queues.retain(|queue| queue.strong_count() > 0);
    let depth: usize = queues
        .iter()
        .filter_map(Weak::upgrade)
        .map(|queue| queue.depth())
        .sum();
    FAMILIES.depth.with(&[COLLECTOR]).set(depth as f64);
}
