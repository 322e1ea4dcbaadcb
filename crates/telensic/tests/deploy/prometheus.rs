//! A Prometheus that scrapes one program, and what it answers.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use crate::peer::{Running, program, start};
use crate::scrape::ask;
use crate::support::{Dir, until};

/// A guard against hangs, not a measure of speed.
const PATIENCE: Duration = Duration::from_secs(90);

/// Between two scrapes, and between two evaluations of rules.
const INTERVAL: Duration = Duration::from_millis(500);

pub(crate) struct Prometheus(Running);

/// A series, and its value.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) labels: BTreeMap<String, String>,
    pub(crate) value: f64,
}

impl Prometheus {
    /// Starts one with these rules; `None`, and a line that says so, if it is not installed.
    pub(crate) fn scraping(dir: &Dir, target: SocketAddr, rules: &[PathBuf]) -> Option<Self> {
        let program = program("prometheus")?;
        let rules: String = rules
            .iter()
            .map(|file| format!("- {}\n", file.display()))
            .collect();
        let millis = INTERVAL.as_millis();
        let config = format!(
            "global: {{scrape_interval: {millis}ms, evaluation_interval: {millis}ms}}\n\
             rule_files:\n{rules}\
             scrape_configs:\n- job_name: test\n  static_configs: [{{targets: ['{target}']}}]\n"
        );
        let file = dir.path().join("prometheus.yml");
        std::fs::write(&file, config).unwrap();
        let file = format!("--config.file={}", file.display());
        let storage = format!("--storage.tsdb.path={}", dir.path().join("tsdb").display());
        let running = start(&program, dir.path(), &[&file, &storage]);
        // It listens before it answers.
        until("Prometheus to be ready", || {
            ask(running.address, "GET", "/-/ready", "")
                .head
                .starts_with("http/1.1 200")
        });
        Some(Self(running))
    }

    /// What a query comes to now.
    pub(crate) fn query(&self, query: &str) -> Vec<Series> {
        let answer = ask(
            self.0.address,
            "GET",
            &format!("/api/v1/query?query={}", encoded(query)),
            "",
        );
        let body = answer.text();
        // Chunked or not, the document is between the first and the last brace.
        let json = body[body.find('{').unwrap()..=body.rfind('}').unwrap()].to_owned();
        let json: Json =
            serde_json::from_str(&unchunked(&json)).unwrap_or_else(|error| panic!("{error}: {body}"));
        assert_eq!(json["status"], "success", "{query}: {json}");
        let result = json["data"]["result"].as_array().unwrap();
        result.iter().map(Series::of).collect()
    }

    /// The value of a query that comes to one series.
    pub(crate) fn value(&self, query: &str) -> Option<f64> {
        match self.query(query).as_slice() {
            [] => None,
            [one] => Some(one.value),
            several => panic!("{query} comes to {several:?}"),
        }
    }

    /// The names of the alerts that fire.
    pub(crate) fn firing(&self) -> Vec<String> {
        let alerts = self.query("sum by (alertname) (ALERTS{alertstate=\"firing\"})");
        let mut names: Vec<String> = alerts
            .iter()
            .map(|alert| alert.labels["alertname"].clone())
            .collect();
        names.sort();
        names
    }

    /// Looks again until it is as wanted; never being so fails the test.
    pub(crate) fn until(&self, what: &str, mut reached: impl FnMut(&Self) -> bool) {
        let begun = Instant::now();
        while !reached(self) {
            assert!(
                begun.elapsed() < PATIENCE,
                "never came: {what}; firing are {:?}",
                self.firing()
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Series {
    fn of(json: &Json) -> Self {
        let labels = json["metric"].as_object().unwrap().iter();
        Self {
            labels: labels
                .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
                .collect(),
            value: json["value"][1].as_str().unwrap().parse().unwrap(),
        }
    }
}

/// Takes the lengths of chunks out, which stand on lines of their own; the document has none.
fn unchunked(body: &str) -> String {
    let mut text = String::new();
    let mut parts = body.split("\r\n");
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        let is_length =
            !part.is_empty() && part.len() <= 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_length {
            text.push_str(part);
        }
    }
    text
}

fn encoded(query: &str) -> String {
    query
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
