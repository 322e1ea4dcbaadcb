//! What goes wrong at the market data service is counted, retried and told of.

use crate::bench::{Bench, finish, text};

fn metric(text: &str, series: &str) -> f64 {
    let line = text.lines().find(|line| line.starts_with(series));
    let line = line.unwrap_or_else(|| panic!("no {series} in {text}"));
    line.rsplit_once(' ').unwrap().1.parse().unwrap()
}

#[test]
fn refusals_and_errors_end_in_retries() {
    let bench = Bench::new();
    let (_, run) = bench.run(&[
        "--market-data-rate-limited",
        "2",
        "--market-data-errors",
        "1",
        "--market-data-latency",
        "2",
    ]);
    let health = bench.json(&["report", text(&run)]);
    let stages = health["stages"].as_array().unwrap();
    let load = stages.iter().find(|stage| stage["id"] == "load").unwrap();
    assert_eq!(
        (&load["retries"], &load["status"]),
        (&3.into(), &"ok".into()),
        "{load}"
    );
    let metrics = std::fs::read_to_string(run.join("metrics.prom")).unwrap();
    for (series, count) in [
        ("adapter_rate_limited_total{provider=\"market-data\"}", 2.0),
        (
            "adapter_errors_total{provider=\"market-data\",operation=\"nav\",error_type=\"refused\"}",
            1.0,
        ),
        (
            "adapter_requests_total{provider=\"market-data\",operation=\"nav\",status=\"success\"}",
            4.0,
        ),
        (
            "adapter_data_volume_total{provider=\"market-data\",data_type=\"bars\"}",
            2_400.0,
        ),
        ("stage_success_total{stage_id=\"load\"}", 1.0),
    ] {
        assert_eq!(metric(&metrics, series), count, "{series}");
    }
}

#[test]
fn a_service_that_stays_broken_fails_the_stage_and_skips_the_others() {
    let bench = Bench::new();
    let said = finish(&mut bench.ith(&["--market-data-errors", "1000"]));
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.err
            .contains("stage load failed: the market data service answered 503"),
        "{said:?}"
    );
    assert!(
        said.err.contains("skipped: validate, sleeves, features"),
        "{said:?}"
    );
    let run = bench.only_run().unwrap();
    let health = bench.json(&["report", text(&run)]);
    assert_eq!(health["status"], "failed");
    let verified = bench.telensic(&["verify", text(&run)]);
    assert_eq!(verified.code, Some(0), "{verified:?}");
}
