//! Subscribers get the events of the types and providers they name, in batches and in order.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use telensic::collector::{
    CollectorConfig, EventFilter, EventType, EventValue, TelemetryCollector, TelemetryEvent,
};

use crate::support::{is_child, recorded};

const PATIENCE: Duration = Duration::from_secs(20);

/// What a subscriber with this filter was told, each batch by itself.
fn told(
    collector: &TelemetryCollector,
    filter: EventFilter,
) -> (Arc<Mutex<Vec<Vec<String>>>>, telensic::collector::Subscription) {
    let told: Arc<Mutex<Vec<Vec<String>>>> = Arc::default();
    let into = Arc::clone(&told);
    let subscription = collector.subscribe(filter, move |events| {
        let batch = events.iter().map(|event| event.operation().to_owned()).collect();
        into.lock().unwrap().push(batch);
    });
    (told, subscription)
}

#[test]
fn by_type_and_by_provider() {
    let collector = TelemetryCollector::default();
    let (everything, _one) = told(&collector, EventFilter::new());
    let (errors, _two) = told(&collector, EventFilter::new().of_type(EventType::Error));
    let finnhub = EventFilter::new().of_provider("finnhub").of_provider("yahoo");
    let (named, _three) = told(&collector, finnhub.of_type(EventType::Performance));
    collector.add_performance_event("a", PATIENCE, "finnhub");
    collector.add_error_event(&std::fmt::Error, "finnhub", "b");
    collector.add_performance_event("c", PATIENCE, "kraken");
    collector.add_metric_event("d", 1.0, &[]);
    collector.add_performance_event("e", PATIENCE, "yahoo");
    assert!(collector.flush(PATIENCE));
    assert_eq!(everything.lock().unwrap().concat(), ["a", "b", "c", "d", "e"]);
    assert_eq!(errors.lock().unwrap().concat(), ["b"]);
    assert_eq!(named.lock().unwrap().concat(), ["a", "e"]);
}

#[test]
fn in_batches_as_soon_as_there_is_one_and_until_they_unsubscribe() {
    let config = CollectorConfig::new()
        .batch_size(10)
        .flush_interval(Duration::from_secs(600));
    let collector = TelemetryCollector::new(config);
    let (batches, subscription) = told(&collector, EventFilter::new());
    for _ in 0..25 {
        collector.add(TelemetryEvent::custom("x"));
    }
    assert!(collector.flush(PATIENCE));
    let sizes: Vec<_> = batches.lock().unwrap().iter().map(Vec::len).collect();
    assert_eq!(sizes.iter().sum::<usize>(), 25);
    assert!(sizes.iter().all(|size| *size <= 10), "{sizes:?}");
    drop(subscription);
    collector.add(TelemetryEvent::custom("y"));
    assert!(collector.flush(PATIENCE));
    assert_eq!(batches.lock().unwrap().concat().len(), 25);
}

#[test]
fn after_the_interval_also_those_that_make_no_batch() {
    let config = CollectorConfig::new().flush_interval(Duration::from_millis(20));
    let collector = TelemetryCollector::new(config);
    let (batches, _subscription) = told(&collector, EventFilter::new());
    collector.add(TelemetryEvent::custom("alone"));
    let is_told = (0..1_000).any(|_| {
        std::thread::sleep(Duration::from_millis(10));
        !batches.lock().unwrap().is_empty()
    });
    assert!(is_told);
}

#[test]
fn a_collector_with_a_filter_queues_nothing_else() {
    let only_errors = EventFilter::new().of_type(EventType::Error);
    let collector = TelemetryCollector::new(CollectorConfig::new().filter(only_errors));
    collector.add(TelemetryEvent::custom("x"));
    collector.add_error_event(&std::fmt::Error, "finnhub", "y");
    let all = collector.get_aggregated_data();
    assert_eq!(
        all.iter().map(|one| one.operation.as_str()).collect::<Vec<_>>(),
        ["y"]
    );
}

#[test]
fn an_event_belongs_to_the_span_in_which_it_is_made() {
    let read = recorded("subscribers_get_what_they_want::adds_within_a_span");
    assert_eq!(read.named("adapter.quote").len(), 1);
}

#[test]
#[ignore = "the child of the test above"]
fn adds_within_a_span() {
    if !is_child() {
        return;
    }
    let guard = telensic::init("pricing");
    let outside = TelemetryEvent::custom("outside");
    assert_eq!((outside.span_context(), outside.source_name()), (None, "pricing"));
    {
        let span = telensic::span("adapter.quote").entered();
        let event = TelemetryEvent::custom("inside")
            .source("loader")
            .with("rows", 5)
            .with("rows", 6);
        assert_eq!(event.span_context(), span.span_context().as_ref());
        assert_eq!(event.source_name(), "loader");
        assert_eq!(event.data().collect::<Vec<_>>(), [("rows", &EventValue::I64(6))]);
    }
    drop(guard);
}
