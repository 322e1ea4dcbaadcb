//! The metrics of an adapter, by typed calls.

use std::time::Duration;

use telensic::metrics::{self, AdapterError, Format};

use crate::scrape::value;

#[test]
fn each_call_is_counted_by_how_it_ended() {
    let adapter = metrics::adapter("typed");
    assert_eq!(adapter.success_rate(), None);
    let quote = adapter.operation("quote");
    let under_way = quote.begin();
    assert_eq!(adapter.active_requests(), 1);
    under_way.succeed();
    assert_eq!(
        (adapter.active_requests(), adapter.success_rate()),
        (0, Some(1.0))
    );
    for error in [
        AdapterError::RateLimited,
        AdapterError::Timeout,
        AdapterError::Connection,
        AdapterError::Other("decode"),
    ] {
        adapter.request_start("quote").fail(error);
    }
    drop(adapter.request_start("quote"));
    // Told in four steps, as by code that is not written around one value.
    quote.request_start();
    quote.request_success();
    quote.request_end(Duration::from_millis(30));
    quote.record_all(&[
        (Duration::from_millis(3), None),
        (Duration::from_secs(60), Some(AdapterError::Timeout)),
    ]);
    adapter.cache_hit("quotes");
    adapter.cache_miss("quotes");
    adapter.cache_miss("quotes");
    adapter.data_volume("ticks", 5_000);
    adapter.rate_limited();
    adapter.connection_error();
    adapter.timeout("quote");

    let text = metrics::render(Format::Prometheus);
    let get = |name: &str, labels: &str| {
        let sample = format!("adapter_{name}{{provider=\"typed\"{labels}}}");
        value(&text, &sample).unwrap_or_else(|| panic!("{sample} is not in {text}"))
    };
    let quote = ",operation=\"quote\"";
    assert_eq!(get("requests_total", &format!("{quote},status=\"success\"")), 3.0);
    assert_eq!(get("requests_total", &format!("{quote},status=\"error\"")), 6.0);
    for (error, count) in [
        ("rate_limited", 1.0),
        ("timeout", 2.0),
        ("connection", 1.0),
        ("decode", 1.0),
        ("cancelled", 1.0),
    ] {
        let labels = format!("{quote},error_type=\"{error}\"");
        assert_eq!(get("errors_total", &labels), count, "{error}");
    }
    assert_eq!(get("success_rate", ""), 3.0 / 9.0);
    assert_eq!(get("active_requests", ""), 0.0);
    assert_eq!(get("request_duration_seconds_count", quote), 9.0);
    assert_eq!(
        get(
            "request_duration_seconds_bucket",
            &format!("{quote},le=\"0.025\"")
        ),
        7.0
    );
    assert_eq!(get("cache_hits_total", ",cache_type=\"quotes\""), 1.0);
    assert_eq!(get("cache_misses_total", ",cache_type=\"quotes\""), 2.0);
    assert_eq!(get("data_volume_total", ",data_type=\"ticks\""), 5_000.0);
    assert_eq!(get("rate_limited_total", ""), 2.0);
    assert_eq!(get("connection_errors_total", ""), 2.0);
    assert_eq!(get("timeouts_total", quote), 3.0);
}

#[test]
fn no_call_of_many_threads_is_left_under_way() {
    let adapter = metrics::adapter("threads");
    std::thread::scope(|scope| {
        for worker in 0..16 {
            let operation = adapter.operation("quote");
            scope.spawn(move || {
                for call in 0..1_000 {
                    let under_way = operation.begin();
                    match (worker + call) % 3 {
                        0 => under_way.succeed(),
                        1 => under_way.fail(AdapterError::Timeout),
                        _ => drop(under_way),
                    }
                }
            });
        }
    });
    assert_eq!(adapter.active_requests(), 0);
    let text = metrics::render(Format::Prometheus);
    let labels = "{provider=\"threads\",operation=\"quote\"";
    let ended = |status: &str| {
        value(
            &text,
            &format!("adapter_requests_total{labels},status=\"{status}\"}}"),
        )
        .unwrap()
    };
    assert_eq!(ended("success") + ended("error"), 16_000.0);
    let timed = value(
        &text,
        &format!("adapter_request_duration_seconds_count{labels}}}"),
    );
    assert_eq!(timed, Some(16_000.0));
}
