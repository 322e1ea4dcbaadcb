//! A real Prometheus scrapes an adapter under load; what its queries say is held against the load's own count.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use serde_json::Value as Json;
use telensic::metrics::{self, AdapterError, ServeOptions};

use crate::peer::{Running, program, start};
use crate::scrape::ask;
use crate::support::Dir;

/// Between two scrapes.
const SCRAPE: Duration = Duration::from_millis(500);

/// How long the load lasts.
const LOAD: Duration = Duration::from_secs(10);

fn prometheus(dir: &Dir, target: SocketAddr) -> Option<Running> {
    let program = program("prometheus")?;
    let config = dir.path().join("prometheus.yml");
    std::fs::write(
        &config,
        format!(
            "global: {{scrape_interval: {}ms}}\nscrape_configs:\n- job_name: load\n  static_configs: [{{targets: ['{target}']}}]\n",
            SCRAPE.as_millis()
        ),
    )
    .unwrap();
    let config = format!("--config.file={}", config.display());
    let storage = format!("--storage.tsdb.path={}", dir.path().join("tsdb").display());
    let features = "--enable-feature=exemplar-storage";
    Some(start(&program, dir.path(), &[&config, &storage, features]))
}

fn asked(prometheus: &Running, path: &str) -> Json {
    let answer = ask(prometheus.address, "GET", path, "");
    let body = answer.text();
    // Chunked or not, the document is between the first and the last brace.
    let json = &body[body.find('{').unwrap()..=body.rfind('}').unwrap()];
    let json = json.replace("\r\n", "");
    serde_json::from_str(&json).unwrap_or_else(|error| panic!("{error}: {body}"))
}

/// The only value of a query, as of now.
fn query(prometheus: &Running, query: &str) -> Option<f64> {
    ask_for(prometheus, query, "")
}

/// The same as of this time, in seconds since 1970.
fn query_at(prometheus: &Running, query: &str, time: f64) -> f64 {
    ask_for(prometheus, query, &format!("&time={time:.3}")).unwrap()
}

fn ask_for(prometheus: &Running, query: &str, further: &str) -> Option<f64> {
    let query: String = query
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    let answer = asked(prometheus, &format!("/api/v1/query?query={query}{further}"));
    answer.pointer("/data/result/0/value/1")?.as_str()?.parse().ok()
}

#[test]
fn by_rate_quantile_and_success_rate() {
    let dir = Dir::new();
    let exporter = metrics::serve(&ServeOptions::at("127.0.0.1:0")).unwrap();
    let Some(prometheus) = prometheus(&dir, exporter.address()) else {
        return;
    };
    let operation = metrics::adapter("loaded").operation("quote");
    // Scraped once with zeros, so that nothing is counted before Prometheus looks.
    let is_seen = (0..600).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        query(&prometheus, "adapter_requests_total{status=\"success\"}") == Some(0.0)
    });
    assert!(is_seen, "Prometheus does not scrape");

    let begun = Instant::now();
    let (mut calls, mut errors) = (0_u32, 0_u32);
    while begun.elapsed() < LOAD {
        operation.request_start();
        // 4 of 5 take 8 ms, one takes 400 ms, as they say.
        let duration = if calls % 5 == 4 { 400 } else { 8 };
        if calls % 10 == 9 {
            operation.request_error(AdapterError::Timeout);
            errors += 1;
        } else {
            operation.request_success();
        }
        operation.request_end(Duration::from_millis(duration));
        calls += 1;
        std::thread::sleep(Duration::from_millis(2));
    }
    let metric = "adapter_requests_total{provider=\"loaded\"";
    let is_all_seen = (0..200).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        query(&prometheus, &format!("sum({metric}}})")) == Some(f64::from(calls))
    });
    assert!(is_all_seen, "Prometheus counts otherwise than the load");
    assert_eq!(
        query(&prometheus, &format!("{metric},status=\"error\"}}")),
        Some(f64::from(errors))
    );
    assert_eq!(
        query(&prometheus, "adapter_timeouts_total{provider=\"loaded\"}"),
        Some(f64::from(errors))
    );

    // `increase` reaches out beyond the samples it has to the whole of the time asked for; the load lies within.
    let within = |got: f64, expected: f64, part: f64| (got - expected).abs() <= expected * part;
    // All as of one moment, for Prometheus goes on scraping.
    let now = query(&prometheus, "vector(time())").unwrap();
    let increase = query_at(&prometheus, &format!("sum(increase({metric}}}[1m]))"), now);
    assert!(within(increase, f64::from(calls), 0.2), "{increase} of {calls}");
    let rate = query_at(&prometheus, &format!("sum(rate({metric}}}[1m]))"), now);
    assert!(within(rate * 60.0, increase, 1e-6), "{rate}");

    // Of 8 ms the bucket is 5 to 10 ms, of 400 ms 250 to 500 ms; Prometheus takes values as even within a bucket.
    let quantile = |share: &str| {
        let buckets = "adapter_request_duration_seconds_bucket{provider=\"loaded\"}";
        let query = format!("histogram_quantile({share}, sum by (le) (rate({buckets}[1m])))");
        query_at(&prometheus, &query, now)
    };
    assert!(within(quantile("0.4"), 0.0075, 0.02), "{}", quantile("0.4"));
    assert!(within(quantile("0.9"), 0.375, 0.02), "{}", quantile("0.9"));

    let shown = query(&prometheus, "adapter_success_rate{provider=\"loaded\"}").unwrap();
    // Of the last thousand calls, as many as a whole number of tens leaves.
    assert!((shown - 0.9).abs() <= 0.001, "{shown}");
    assert_eq!(
        query(&prometheus, "adapter_active_requests{provider=\"loaded\"}"),
        Some(0.0)
    );
    assert_eq!(query(&prometheus, "up"), Some(1.0));
}
