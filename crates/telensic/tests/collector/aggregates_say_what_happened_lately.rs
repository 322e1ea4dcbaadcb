//! Aggregates of a sliding window, by provider and operation.

use std::io;
use std::time::Duration;

use telensic::collector::{
    CollectorConfig, EventFilter, EventType, TelemetryCollector, TelemetryEvent, configure, get_collector,
};

fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[test]
fn of_calls_by_duration_and_error_share() {
    let collector = TelemetryCollector::default();
    for call in 1..=100 {
        collector.add_performance_event("quote", millis(call), "finnhub");
    }
    let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
    for _ in 0..20 {
        collector.add_error_event(&refused, "finnhub", "quote");
    }
    let late = TelemetryEvent::error("quote", &refused)
        .provider("finnhub")
        .duration(millis(5_000));
    collector.add(late);
    collector.add_performance_event("quote", millis(30), "yahoo");

    let quote = collector.aggregate("finnhub", "quote").unwrap();
    assert_eq!((quote.count, quote.errors), (121, 21));
    assert_eq!(quote.error_share, 21.0 / 121.0);
    assert_eq!((quote.min, quote.max), (Some(0.001), Some(5.0)));
    let mean = quote.mean.unwrap();
    assert!((mean - 10.05 / 101.0).abs() < 1e-9, "{mean}");
    for (quantile, exact) in [(quote.p50, 0.051), (quote.p95, 0.096), (quote.p99, 0.1)] {
        let quantile = quantile.unwrap();
        assert!((quantile - exact).abs() <= exact * 0.011, "{quantile} {exact}");
    }
    // All within a second or a little more.
    assert!(quote.rate > 1.0 && quote.rate <= 121.0, "{}", quote.rate);

    let both = collector.merged(&EventFilter::new()).unwrap();
    assert_eq!((both.count, both.errors, both.max), (122, 21, Some(5.0)));
    let one = collector
        .merged(&EventFilter::new().of_provider("yahoo"))
        .unwrap();
    assert_eq!((one.count, one.errors, one.min), (1, 0, Some(0.03)));
    assert_eq!(collector.merged(&EventFilter::new().of_provider("nobody")), None);
    assert_eq!(collector.aggregate("nobody", "quote"), None);
}

#[test]
fn of_errors_alone_which_have_no_least_duration() {
    let collector = TelemetryCollector::default();
    collector.add_error_event(&io::Error::other("no"), "finnhub", "quote");
    let quote = collector.aggregate("finnhub", "quote").unwrap();
    assert_eq!((quote.count, quote.error_share), (1, 1.0));
    assert_eq!(
        (quote.min, quote.max, quote.mean, quote.p99),
        (None, None, None, None)
    );
}

#[test]
fn of_measured_values_and_other_events_too() {
    let collector = TelemetryCollector::default();
    for value in [75.5, 20.0, -3.0] {
        collector.add_metric_event("cpu_usage", value, &[("host", "server1")]);
    }
    collector.add(TelemetryEvent::custom("cache_rebuilt"));
    let all = collector.get_aggregated_data();
    let shown: Vec<_> = all
        .iter()
        .map(|one| {
            (
                one.operation.as_str(),
                one.event_type,
                one.count,
                one.min,
                one.max,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("cache_rebuilt", EventType::Custom, 1, None, None),
            ("cpu_usage", EventType::Metric, 3, Some(-3.0), Some(75.5)),
        ]
    );
}

#[test]
fn that_are_forgotten_when_the_window_has_passed() {
    let collector = TelemetryCollector::new(CollectorConfig::new().window(Duration::from_secs(1)));
    collector.add_performance_event("quote", millis(1), "finnhub");
    assert_eq!(collector.get_aggregated_data().len(), 1);
    let is_forgotten = (0..600).any(|_| {
        std::thread::sleep(millis(50));
        collector.get_aggregated_data().is_empty()
    });
    assert!(is_forgotten);
}

#[test]
fn whose_number_is_bounded_and_whose_total_is_right_all_the_same() {
    let collector = TelemetryCollector::new(CollectorConfig::new().max_events(100_000));
    for operation in 0..3_000 {
        collector.add_performance_event(&format!("quote {operation}"), millis(1), "finnhub");
    }
    let all = collector.get_aggregated_data();
    assert!(all.len() <= 1_001, "{}", all.len());
    assert_eq!(all.iter().map(|one| one.count).sum::<u64>(), 3_000);
}

#[test]
fn of_the_collector_that_is_there_without_being_made() {
    assert!(configure(CollectorConfig::new().batch_size(7)));
    get_collector().add_performance_event("fetch", millis(2), "global");
    assert_eq!(get_collector().aggregate("global", "fetch").unwrap().count, 1);
    assert!(!configure(CollectorConfig::new()), "it is too late");
}
