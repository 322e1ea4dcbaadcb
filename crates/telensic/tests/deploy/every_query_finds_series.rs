//! A real Prometheus that scrapes a real program finds series for every query of the dashboards, and fires the alert of a
//! stage that failed.

use std::net::SocketAddr;
use std::path::Path;
use std::time::{Duration, Instant};

use telensic::metrics::{self, ServeOptions};
use telensic::spans;
use telensic::{Status, instrument_adapter};

use crate::prometheus::Prometheus;
use crate::shipped::{dashboards, files};
use crate::support::{Dir, child, is_child, reap, until};

const ADDRESS: &str = "address";
const ENOUGH: &str = "enough";

/// The longest that the program runs if nobody ends it.
const LONGEST: Duration = Duration::from_secs(150);

/// The query as a dashboard sends it, with everything selected.
fn as_sent(query: &str) -> String {
    [
        ("$__rate_interval", "10s"),
        ("$__range", "1m"),
        ("$job", ".*"),
        ("$provider", ".*"),
        ("$operation", ".*"),
        ("$stage", ".*"),
    ]
    .iter()
    .fold(query.to_owned(), |query, (variable, value)| {
        query.replace(variable, value)
    })
}

#[test]
fn of_every_panel_and_every_variable() {
    let dir = Dir::new();
    let mut program = child(&dir, "every_query_finds_series::runs_a_program")
        .spawn()
        .unwrap();
    let address = dir.path().join(ADDRESS);
    until("the program's address", || address.is_file());
    let address: SocketAddr = std::fs::read_to_string(&address).unwrap().parse().unwrap();
    if let Some(prometheus) = Prometheus::scraping(&dir, address, &files("prometheus/rules", "yml")) {
        for dashboard in dashboards() {
            for (title, query) in [dashboard.queries(), dashboard.variables()].concat() {
                let query = as_sent(&query);
                assert!(!query.contains('$'), "{title}: {query} has an unknown variable");
                prometheus.until(&format!("{title}: {query}"), |prometheus| {
                    !prometheus.query(&query).is_empty()
                });
            }
        }
        prometheus.until("the alert of the stage that failed", |prometheus| {
            prometheus.firing().contains(&"StageFailed".to_owned())
        });
        let lost = prometheus.query("telensic_records_dropped_total > 0");
        assert!(lost.is_empty(), "{lost:?}");
        assert!(!prometheus.firing().contains(&"RecordsDropped".to_owned()));
    }
    std::fs::write(dir.path().join(ENOUGH), "").unwrap();
    assert!(reap(&mut program).success());
}

struct Feed;

#[instrument_adapter("finnhub")]
impl Feed {
    pub(crate) fn quote(&self, call: u32) -> std::io::Result<u32> {
        match call % 10 {
            0 => Err(std::io::ErrorKind::TimedOut.into()),
            1 => Err(std::io::ErrorKind::ConnectionRefused.into()),
            _ => Ok(call),
        }
    }
}

#[test]
#[ignore = "the program of the test above"]
fn runs_a_program() {
    if !is_child() {
        return;
    }
    let dir = std::path::PathBuf::from(std::env::var_os("TELENSIC_DIR").unwrap());
    let guard = telensic::Builder::new("program").log_files(false).init();
    let exporter = metrics::serve(&ServeOptions::at("127.0.0.1:0")).unwrap();
    let address = dir.join("address.part");
    std::fs::write(&address, exporter.address().to_string()).unwrap();
    std::fs::rename(address, dir.join(ADDRESS)).unwrap();
    let begun = Instant::now();
    let mut round = 0;
    while !is_enough(&dir) && begun.elapsed() < LONGEST {
        work(round);
        round += 1;
        std::thread::sleep(Duration::from_millis(5));
    }
    drop(guard);
}

fn is_enough(dir: &Path) -> bool {
    dir.join(ENOUGH).exists()
}

/// Something of everything that is shown.
fn work(round: u32) {
    let _ = Feed.quote(round);
    let finnhub = metrics::adapter("finnhub");
    match round % 3 {
        0 => finnhub.cache_miss("quotes"),
        _ => finnhub.cache_hit("quotes"),
    }
    finnhub.data_volume("ticks", 100);
    if round.is_multiple_of(20) {
        finnhub.rate_limited();
    }
    spans::run_stage("load").end();
    let mut features = spans::run_stage("features");
    if round.is_multiple_of(10) {
        features.set_status(Status::error("no data"));
    }
    features.end();
    let id = format!("op-{round}");
    let operation = spans::operation(&id, "backtest");
    operation.start().end();
    operation.complete().end();
    telensic::event("data.load")
        .with("row_count", "not a number")
        .emit();
    telensic::collector::get_collector().add_metric_event("round", f64::from(round), &[]);
}
