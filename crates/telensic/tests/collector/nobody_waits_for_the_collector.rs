//! A full queue, a subscriber that hangs or panics: those who add events go on, and what is lost is counted.

use std::sync::mpsc;
use std::sync::{Arc, Barrier, Mutex};
use std::time::Duration;

use telensic::collector::{CollectorConfig, EventFilter, TelemetryCollector, TelemetryEvent};
use telensic::metrics::{self, Format};

use crate::scrape::value;
use crate::support::Dir;

const PATIENCE: Duration = Duration::from_secs(20);

/// A collector whose thread is within a subscriber until the sender is dropped, and an event that brought it there.
fn stuck(
    config: CollectorConfig,
) -> (
    TelemetryCollector,
    mpsc::Sender<()>,
    telensic::collector::Subscription,
) {
    let collector = TelemetryCollector::new(config.batch_size(1));
    let (release, released) = mpsc::channel::<()>();
    let (entered, is_entered) = mpsc::channel();
    let released = Mutex::new(released);
    let subscription = collector.subscribe(EventFilter::new(), move |_| {
        let _ = entered.send(());
        let _ = released.lock().unwrap().recv();
    });
    collector.add(TelemetryEvent::custom("first"));
    is_entered.recv_timeout(PATIENCE).unwrap();
    (collector, release, subscription)
}

#[test]
fn the_oldest_events_give_way_and_are_counted() {
    let dropped = || {
        let text = metrics::render(Format::Prometheus);
        value(
            &text,
            "telensic_records_dropped_total{signal=\"events\",reason=\"queue_full\"}",
        )
        .unwrap_or(0.0)
    };
    let before = dropped();
    let (collector, release, subscription) = stuck(CollectorConfig::new().max_events(10));
    for number in 0..25 {
        collector.add_performance_event("quote", Duration::from_millis(number), "finnhub");
    }
    assert_eq!((collector.depth(), collector.dropped()), (10, 15));
    assert!(dropped() - before >= 15.0);
    let text = metrics::render(Format::Prometheus);
    assert!(value(&text, "telensic_queue_depth{queue=\"collector\"}").unwrap() >= 10.0);
    assert!(!collector.flush(Duration::from_millis(20)), "its thread is busy");
    drop(subscription);
    drop(release);
    assert!(collector.flush(PATIENCE));
    let quote = collector.aggregate("finnhub", "quote").unwrap();
    assert_eq!((quote.count, quote.min), (10, Some(0.015)), "the latest ten");
    assert_eq!(collector.depth(), 0);
}

#[test]
fn what_the_queue_drops_is_in_the_file_all_the_same() {
    let dir = Dir::new();
    let file = dir.path().join("events.jsonl");
    let (collector, release, _subscription) =
        stuck(CollectorConfig::new().max_events(10).persistence_file(&file));
    for number in 0..1_000 {
        collector.add_metric_event("number", f64::from(number), &[]);
    }
    assert_eq!(collector.dropped(), 990);
    // The subscriber still hangs: only the file is waited for.
    assert!(!collector.flush(Duration::from_secs(2)));
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text.lines().count(), 1_001);
    drop(release);
}

#[test]
fn a_subscriber_that_panics_is_told_of_further_events_and_harms_no_other() {
    let collector = TelemetryCollector::new(CollectorConfig::new().batch_size(1));
    let _panics = collector.subscribe(EventFilter::new(), |_| panic!("a broken subscriber"));
    let seen = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&seen);
    let _counts = collector.subscribe(EventFilter::new(), move |events| {
        *counted.lock().unwrap() += events.len()
    });
    for _ in 0..3 {
        collector.add(TelemetryEvent::custom("something"));
    }
    assert!(collector.flush(PATIENCE));
    assert_eq!(*seen.lock().unwrap(), 3);
}

#[test]
fn many_threads_add_at_once_and_every_event_is_settled() {
    const THREADS: usize = 16;
    const EVENTS: usize = 2_000;
    let collector = TelemetryCollector::new(CollectorConfig::new().max_events(1_000));
    let begin = Barrier::new(THREADS);
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                begin.wait();
                for _ in 0..EVENTS {
                    collector.add_performance_event("quote", Duration::from_millis(1), "finnhub");
                }
            });
        }
    });
    assert!(collector.flush(PATIENCE));
    let counted = collector.aggregate("finnhub", "quote").unwrap().count;
    assert_eq!(counted + collector.dropped(), (THREADS * EVENTS) as u64);
}

#[test]
fn what_is_added_after_the_end_is_counted_as_lost() {
    let collector = TelemetryCollector::default();
    assert!(collector.stop(PATIENCE));
    assert!(collector.stop(PATIENCE), "also a second time");
    collector.add(TelemetryEvent::custom("late"));
    assert_eq!(collector.depth(), 0);
}
