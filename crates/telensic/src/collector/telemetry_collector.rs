//! The collector as its users see it.

use std::error::Error;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use telensic_tape::{Clock, forks};

use super::aggregate::Windows;
use super::dispatch::{Dispatch, THREAD};
use super::journal::Journal;
use super::queue::Queue;
use super::self_metrics::{Loss, lost, watch};
use super::subscribers::Subscribers;
use super::{Aggregate, CollectorConfig, EventFilter, Subscription, TelemetryEvent};
use crate::say::say_once;

/// Takes events, aggregates them, hands them on, and keeps them.
///
/// Dropping it hands on what it has, within five seconds.
pub struct TelemetryCollector {
    config: CollectorConfig,
    queue: Arc<Queue>,
    windows: Arc<Mutex<Windows>>,
    subscribers: Arc<Subscribers>,
    journal: Option<Journal>,
    is_stopped: AtomicBool,
    /// Its threads are in this process, and in none that is forked from it.
    forks: u32,
}

/// How long whoever asks for aggregates waits for the latest events to be in them.
const UP_TO_DATE: Duration = Duration::from_secs(1);

/// How long the end may take.
const END: Duration = Duration::from_secs(5);

impl TelemetryCollector {
    /// Makes one, and starts its threads.
    pub fn new(config: CollectorConfig) -> Self {
        let queue = Arc::new(Queue::default());
        watch(Arc::downgrade(&queue));
        let collector = Self {
            windows: Arc::new(Mutex::new(Windows::new(config.window))),
            subscribers: Arc::default(),
            journal: config
                .persistence_file
                .as_deref()
                .and_then(|file| Journal::start(file, &config)),
            is_stopped: AtomicBool::new(false),
            forks: forks(),
            queue,
            config,
        };
        let dispatch = Dispatch {
            queue: Arc::clone(&collector.queue),
            windows: Arc::clone(&collector.windows),
            subscribers: Arc::clone(&collector.subscribers),
            batch: collector.config.batch_size.min(collector.config.max_events),
            interval: collector.config.flush_interval,
        };
        dispatch.start();
        collector
    }

    /// Takes an event. This never waits.
    pub fn add(&self, event: TelemetryEvent) {
        if self.forks != forks() {
            say_once(
                "an event collector was used in the child of a fork, where its threads are not: make another one there",
            );
            return lost(Loss::QueueFull, 1);
        }
        if self.is_stopped.load(Ordering::Relaxed) {
            return lost(Loss::QueueFull, 1);
        }
        if let Some(journal) = &self.journal {
            journal.add(&event);
        }
        if self.config.filter.passes(&event) && self.queue.push(event, self.config.max_events, self.batch()) {
            lost(Loss::QueueFull, 1);
        }
    }

    /// A call of a provider took this long.
    pub fn add_performance_event(&self, operation: &str, duration: Duration, provider: &str) {
        self.add(TelemetryEvent::performance(operation, duration).provider(provider));
    }

    /// A call of a provider failed.
    pub fn add_error_event<E: Error + ?Sized>(&self, error: &E, provider: &str, operation: &str) {
        self.add(TelemetryEvent::error(operation, error).provider(provider));
    }

    /// Something was measured.
    pub fn add_metric_event(&self, name: &str, value: f64, labels: &[(&str, &str)]) {
        let event = TelemetryEvent::metric(name, value);
        self.add(
            labels
                .iter()
                .fold(event, |event, (key, value)| event.with(key, *value)),
        );
    }

    /// Has the handler called with every batch of events that the filter lets pass, on the collector's thread, until the
    /// subscription is dropped. One that takes long delays the others, never those who add events.
    pub fn subscribe(
        &self,
        filter: EventFilter,
        handler: impl Fn(&[&TelemetryEvent]) + Send + Sync + 'static,
    ) -> Subscription {
        self.subscribers.add(filter, handler)
    }

    /// What happened in the window, by provider and operation, up to the latest event.
    pub fn get_aggregated_data(&self) -> Vec<Aggregate> {
        self.up_to_date(|windows| windows.each(Clock::get().now()))
    }

    /// What the calls of one operation of a provider came to in the window.
    pub fn aggregate(&self, provider: &str, operation: &str) -> Option<Aggregate> {
        self.up_to_date(|windows| windows.of(provider, operation, Clock::get().now()))
    }

    /// What the calls of all operations together came to in the window, of the providers that the filter names.
    pub fn merged(&self, filter: &EventFilter) -> Option<Aggregate> {
        self.up_to_date(|windows| windows.merged(filter, Clock::get().now()))
    }

    /// How many events gave way to newer ones.
    pub fn dropped(&self) -> u64 {
        self.queue.dropped()
    }

    /// How many events wait to be handed on.
    pub fn depth(&self) -> usize {
        self.queue.depth()
    }

    /// Waits until all events added before are handed on and written; false if that takes longer.
    pub fn flush(&self, within: Duration) -> bool {
        if self.forks != forks() {
            return true;
        }
        let begun = Instant::now();
        let is_written = self.journal.as_ref().is_none_or(|journal| journal.flush(within));
        is_written & self.queue.flush(within.saturating_sub(begun.elapsed()))
    }

    /// Hands on what there is and ends the threads; false if that takes longer. What is added afterwards is lost, and
    /// counted.
    pub fn stop(&self, within: Duration) -> bool {
        if self.forks != forks() || self.is_stopped.swap(true, Ordering::Relaxed) {
            return true;
        }
        let begun = Instant::now();
        let is_written = self.journal.as_ref().is_none_or(|journal| journal.close(within));
        self.queue.close();
        is_written & self.queue.flush(within.saturating_sub(begun.elapsed()))
    }

    fn batch(&self) -> usize {
        self.config.batch_size.min(self.config.max_events)
    }

    fn up_to_date<T>(&self, read: impl FnOnce(&Windows) -> T) -> T {
        // A handler that asks is on the thread it would wait for.
        let is_handler = std::thread::current().name() == Some(THREAD);
        if self.forks == forks() && !is_handler {
            self.queue.flush(UP_TO_DATE);
        }
        read(&self.windows.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for TelemetryCollector {
    fn default() -> Self {
        Self::new(CollectorConfig::new())
    }
}

impl Drop for TelemetryCollector {
    fn drop(&mut self) {
        self.stop(END);
    }
}

impl fmt::Debug for TelemetryCollector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TelemetryCollector")
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}
