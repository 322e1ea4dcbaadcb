//! Metrics that make no sense: a clear error, no panic, and the rest goes on.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use telensic::metrics::{self, Format, MetricErrorKind, PushOptions, Registry, ServeOptions};

use crate::peer::free_address;
use crate::scrape::value;
use crate::support::{Dir, child, is_child, our_lines, succeed};

#[test]
fn names_that_prometheus_does_not_take_are_refused() {
    let registry = Registry::new();
    for name in ["", "9lives", "with space", "with-dash", "\u{20ac}uro", "a\nb"] {
        let error = registry.counter(name).try_register().unwrap_err();
        assert_eq!(error.kind(), MetricErrorKind::Name, "{name:?}");
        assert!(error.to_string().contains("cannot name a metric"), "{error}");
    }
    for labels in [&["a-b"][..], &[""], &["__name__"], &["a", "a"], &["9"]] {
        let error = registry.gauge("fine").labels(labels).try_register().unwrap_err();
        assert_eq!(error.kind(), MetricErrorKind::Name, "{labels:?}");
    }
    let reserved = registry.histogram("fine").labels(&["le"]).try_register();
    assert_eq!(reserved.unwrap_err().kind(), MetricErrorKind::Name);
    assert!(
        registry
            .gauge("le_is_no_histogram")
            .labels(&["le"])
            .try_register()
            .is_ok()
    );
    assert!(registry.set_prefix("with space", "").is_err());
}

#[test]
fn buckets_that_do_not_rise_are_refused() {
    let registry = Registry::new();
    for buckets in [
        &[1.0, 1.0][..],
        &[2.0, 1.0],
        &[f64::NAN],
        &[f64::NEG_INFINITY, 1.0],
    ] {
        let error = registry
            .histogram("h")
            .buckets(buckets)
            .try_register()
            .unwrap_err();
        assert_eq!(error.kind(), MetricErrorKind::Buckets, "{buckets:?}");
    }
    let infinite = registry
        .histogram("h")
        .buckets(&[1.0, f64::INFINITY])
        .try_register();
    infinite.unwrap().alone().observe(2.0);
    let text = registry.render(Format::Prometheus);
    assert_eq!(value(&text, "h_bucket{le=\"+Inf\"}"), Some(1.0));
    assert_eq!(text.matches("_bucket").count(), 2, "{text}");
}

#[test]
fn the_same_metric_twice_is_one_and_another_one_of_its_name_is_refused() {
    let registry = Registry::new();
    let first = registry
        .counter("orders_total")
        .help("orders")
        .labels(&["side"])
        .register();
    let second = registry
        .counter("orders_total")
        .help("orders")
        .labels(&["side"])
        .register();
    first.with(&["buy"]).inc();
    second.with(&["buy"]).inc();
    assert_eq!(first.with(&["buy"]).value(), 2.0);

    let labels = registry
        .counter("orders_total")
        .help("orders")
        .labels(&["venue"])
        .try_register();
    let error = labels.unwrap_err();
    assert_eq!(error.kind(), MetricErrorKind::Conflict);
    assert_eq!(
        error.to_string(),
        "metric \"orders_total\" exists already and has the labels [\"side\"], not [\"venue\"]: use another name, or \
         the same definition"
    );
    let kind = registry
        .gauge("orders")
        .help("orders")
        .labels(&["side"])
        .try_register();
    assert!(
        kind.unwrap_err()
            .to_string()
            .contains("is a Counter, not a Gauge")
    );
}

#[test]
#[ignore = "the child of the test below"]
fn misuses() {
    if !is_child() {
        return;
    }
    let counter = metrics::counter("steps_total")
        .help("steps")
        .labels(&["side"])
        .register();
    for amount in [-1.0, f64::NAN, f64::INFINITY, -1.0] {
        counter.with(&["buy"]).add_f64(amount);
    }
    counter.with(&["buy"]).add_f64(0.5);
    // Too many and too few values.
    counter.with(&["sell", "surplus"]).inc();
    counter.with(&[]).inc();
    let histogram = metrics::histogram("sizes").register();
    histogram.alone().observe(f64::NAN);
    histogram.alone().observe_all(&[f64::NAN, 1.0]);
    let detached = metrics::gauge("steps").register();
    detached.alone().set(3.0);
    assert_eq!(detached.alone().value(), 3.0);

    let text = metrics::render(Format::Prometheus);
    assert_eq!(value(&text, "steps_total{side=\"buy\"}"), Some(0.5));
    assert_eq!(value(&text, "steps_total{side=\"sell\"}"), Some(1.0));
    assert_eq!(value(&text, "steps_total{side=\"\"}"), Some(1.0));
    assert_eq!(value(&text, "sizes_count"), Some(1.0));
    assert_eq!(value(&text, "steps"), None);
    let refused = |reason| {
        let sample = format!("telensic_metric_updates_refused_total{{reason=\"{reason}\"}}");
        value(&metrics::render(Format::Prometheus), &sample)
    };
    assert_eq!(refused("counter_step"), Some(4.0));
    assert_eq!(refused("label_count"), Some(2.0));
    assert_eq!(refused("histogram_value"), Some(2.0));
}

#[test]
fn each_misuse_is_counted_and_said_once() {
    let dir = Dir::new();
    let said = succeed(&mut child(&dir, "misuse_is_told_and_harms_nothing::misuses"));
    let lines = our_lines(&said);
    let mentions = |part: &str| lines.iter().filter(|line| line.contains(part)).count();
    assert_eq!(mentions("changed by -1: counters only grow"), 1, "{said}");
    assert_eq!(mentions("steps_total was given"), 2, "{said}");
    assert_eq!(mentions("a histogram was given NaN"), 1, "{said}");
    assert_eq!(mentions("it counts, but nobody sees it"), 1, "{said}");
}

#[test]
fn secrets_in_label_values_are_masked_and_long_ones_cut() {
    let registry = Registry::new();
    let calls = registry
        .counter("calls_total")
        .labels(&["url", "api_key"])
        .register();
    let url = "https://user:hunter2hunter2@host/x";
    calls.with(&[url, "abcdefghijkl"]).inc();
    calls.with(&[url, "abcdefghijkl"]).inc();
    calls.with(&[&"x".repeat(10_000), ""]).inc();
    assert_eq!(calls.series_count(), 2);
    let text = registry.render(Format::Prometheus);
    assert!(
        !text.contains("hunter2") && !text.contains("abcdefghijkl"),
        "{text}"
    );
    assert!(text.len() < 2_000);
    assert_eq!(calls.with(&[url, "abcdefghijkl"]).value(), 2.0);
}

#[test]
fn an_address_that_cannot_be_had_is_told_with_what_to_do() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let error = metrics::serve(&ServeOptions::at(&address)).unwrap_err();
    assert_eq!(error.kind(), MetricErrorKind::Address);
    assert!(error.to_string().contains("choose another port"), "{error}");
    for (address, part) in [
        ("0.0.0.0:0", "other machines could read them"),
        ("[::]:0", "other machines could read them"),
        ("nonsense", "an address is like 127.0.0.1:9464"),
    ] {
        let error = metrics::serve(&ServeOptions::at(address)).unwrap_err();
        assert!(error.to_string().contains(part), "{error}");
    }
    let everywhere = metrics::serve(&ServeOptions::at("0.0.0.0:0").beyond_loopback()).unwrap();
    assert!(everywhere.address().port() > 0);
}

#[test]
fn a_gateway_that_is_not_there_holds_nobody_up() {
    let nobody = free_address();
    let options = PushOptions::to(format!("http://{nobody}")).job("j");
    let pusher = metrics::push(&options).unwrap();
    let begun = Instant::now();
    assert!(!pusher.push_now(Duration::from_secs(20)));
    drop(pusher);
    // Not a measure of speed: three attempts with a second between them, twice, and never the interval of a minute.
    assert!(begun.elapsed() < Duration::from_secs(30));
}
