//! The `metrics` facade, and its exporter for Prometheus.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};

use super::{Contender, Track};
use crate::Outcome;
use crate::scenario::{SERIES, Scenario};
use crate::tally::Tally;
use crate::workload::{self, BOUNDS, Rows};

pub(crate) const CONTENDER: Contender = Contender {
    name: "metrics + exporter",
    note: "`counter!` and `histogram!` with `metrics-exporter-prometheus` as the recorder. Its histogram keeps every value \
           until a scrape or `run_upkeep` puts it into buckets; both are part of the whole cost.",
    scenarios: &[
        Scenario::CounterBound,
        Scenario::BoundTwoThreads,
        Scenario::CounterLookedUp,
        Scenario::LookedUpTwoThreads,
        Scenario::Histogram,
        Scenario::Scrape,
    ],
    enter: |scenario, _| enter(scenario),
};

fn enter(scenario: Scenario) -> Outcome<Box<dyn Track>> {
    let recorder = PrometheusBuilder::new().set_buckets(&BOUNDS)?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).map_err(|error| error.to_string())?;
    let series = if scenario == Scenario::Scrape { SERIES } else { 0 };
    for number in 0..series {
        metrics::counter!("orders_total", "venue" => "kraken", "side" => "buy", "status" => number.to_string())
            .increment(number);
    }
    Ok(Box::new(Metrics {
        scenario,
        handle,
        recorded: AtomicU64::new(0),
    }))
}

struct Metrics {
    scenario: Scenario,
    handle: PrometheusHandle,
    /// Scrapes.
    recorded: AtomicU64,
}

#[inline]
fn counter([venue, side, status]: [&'static str; 3]) -> metrics::Counter {
    metrics::counter!("orders_total", "venue" => venue, "side" => side, "status" => status)
}

impl Track for Metrics {
    fn record(&self, rows: Rows) {
        let labels = workload::labels();
        match self.scenario {
            Scenario::CounterBound | Scenario::BoundTwoThreads => {
                let bound = counter(labels);
                for _ in rows {
                    black_box(&bound).increment(1);
                }
            }
            Scenario::Histogram => {
                let values = metrics::histogram!("order_seconds");
                rows.for_each(|row| values.record(workload::seconds(row)));
            }
            Scenario::Scrape => {
                black_box(self.handle.render());
                self.recorded.fetch_add(1, Ordering::Relaxed);
            }
            _ => {
                for _ in rows {
                    counter(labels).increment(1);
                }
            }
        }
    }

    fn deliver(&self) -> Outcome<()> {
        self.handle.run_upkeep();
        Ok(())
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        let text = self.handle.render();
        if self.scenario == Scenario::Scrape {
            workload::check_text(&text, "orders_total{")?;
            tally.count(self.recorded.load(Ordering::Relaxed) * SERIES);
            return Ok(());
        }
        let name = match self.scenario {
            Scenario::Histogram => "order_seconds_count",
            _ => "orders_total",
        };
        let line = text.lines().find(|line| line.starts_with(name));
        let count = line.and_then(|line| line.rsplit_once(' '));
        tally.count(count.map(|(_, count)| count).unwrap_or_default().parse()?);
        Ok(())
    }
}
