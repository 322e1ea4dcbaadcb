//! What the recorder says of itself: nothing is lost without a count.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use telensic_run::names::metric;
use telensic_tape::{Loss, Signal, TapeWriter};

use super::registry::global;
use super::{Counter, Family, Gauge};

struct Families {
    written: Family<Counter>,
    dropped: Family<Counter>,
    unlisted: Family<Counter>,
    invalid: Family<Counter>,
    tape_bytes: Family<Gauge>,
    #[cfg(feature = "otlp")]
    exported: Family<Counter>,
    #[cfg(feature = "otlp")]
    queued: Family<Gauge>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let registry = global();
    Families {
        written: registry.standard(&metric::RECORDS_WRITTEN_TOTAL),
        dropped: registry.standard(&metric::RECORDS_DROPPED_TOTAL),
        unlisted: registry.standard(&metric::OPEN_SPANS_UNLISTED_TOTAL),
        invalid: registry.standard(&metric::EVENTS_INVALID_TOTAL),
        tape_bytes: registry.standard(&metric::TAPE_BYTES),
        #[cfg(feature = "otlp")]
        exported: registry.standard(&metric::RECORDS_EXPORTED_TOTAL),
        #[cfg(feature = "otlp")]
        queued: registry.standard(&metric::QUEUE_DEPTH),
    }
});

const SIGNALS: [Signal; 3] = [Signal::Spans, Signal::Logs, Signal::Metrics];

/// Records of the tape are lost whatever signal they are of.
const ANY_SIGNAL: &str = "any";

/// A tape that is written, and what of its counts is in the metrics already: a process may have several tapes, one after
/// the other or, in a run, two at once.
struct Tally {
    id: TallyId,
    tape: TapeWriter,
    written: [u64; SIGNALS.len()],
    lost: [u64; Loss::ALL.len()],
    unlisted: u64,
}

/// Names a tally.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TallyId(u64);

static TALLIES: Mutex<Vec<Tally>> = Mutex::new(Vec::new());

/// Counts what is written to this tape from now on.
pub(super) fn begin(tape: &TapeWriter) -> TallyId {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let id = TallyId(NEXT.fetch_add(1, Ordering::Relaxed));
    lock().push(Tally {
        id,
        tape: tape.clone(),
        written: Default::default(),
        lost: Default::default(),
        unlisted: 0,
    });
    id
}

/// Counts what there still is, and lets go of the tape.
pub(super) fn end(id: TallyId) {
    let mut tallies = lock();
    if let Some(place) = tallies.iter().position(|tally| tally.id == id) {
        tallies.swap_remove(place).count();
    }
}

/// Forgets the tapes of a process that this one was forked from.
pub(super) fn begin_anew() {
    if let Ok(mut tallies) = TALLIES.try_lock() {
        tallies.clear();
    }
}

fn lock() -> MutexGuard<'static, Vec<Tally>> {
    TALLIES.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Brings the metrics up to date.
pub(super) fn observe() {
    let mut tallies = lock();
    tallies.iter_mut().for_each(Tally::count);
    if !tallies.is_empty() {
        let bytes: u64 = tallies.iter().map(|tally| tally.tape.disk_bytes()).sum();
        FAMILIES.tape_bytes.alone().set(bytes as f64);
    }
    drop(tallies);
    #[cfg(feature = "otlp")]
    exported();
}

impl Tally {
    fn count(&mut self) {
        let families = &*FAMILIES;
        for (signal, before) in SIGNALS.into_iter().zip(&mut self.written) {
            let counter = families.written.with(&[signal.name()]);
            count(counter, before, self.tape.written(signal));
        }
        for (loss, before) in Loss::ALL.into_iter().zip(&mut self.lost) {
            let counter = families.dropped.with(&[ANY_SIGNAL, loss.name()]);
            count(counter, before, self.tape.lost(loss));
        }
        count(
            families.unlisted.alone(),
            &mut self.unlisted,
            self.tape.unlisted(),
        );
    }
}

/// Adds what came since the last look.
fn count(counter: &Counter, before: &mut u64, now: u64) {
    counter.add(now.saturating_sub(*before));
    *before = now.max(*before);
}

#[cfg(feature = "otlp")]
fn exported() {
    const EXPORTER: &str = "otlp";
    let families = &*FAMILIES;
    let stats = crate::export::stats();
    for (signal, stats) in SIGNALS.into_iter().zip([stats.traces, stats.logs, stats.metrics]) {
        let name = signal.name();
        families.exported.with(&[name, EXPORTER]).follow(stats.exported);
        families
            .queued
            .with(&[&format!("{EXPORTER}_{name}")])
            .set(stats.waiting as f64);
        for (reason, count) in [
            ("rejected", stats.rejected),
            ("refused", stats.dropped),
            ("damaged", stats.damaged),
        ] {
            families.dropped.with(&[name, reason]).follow(count);
        }
    }
}

/// An event did not fit its schema.
pub(crate) fn event_invalid(event: &str) {
    FAMILIES.invalid.with(&[event]).inc();
}
