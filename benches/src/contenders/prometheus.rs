//! The `prometheus` crate.

use std::hint::black_box;

use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, Registry, TextEncoder};

use super::{Contender, Track};
use crate::Outcome;
use crate::scenario::{SERIES, Scenario};
use crate::tally::Tally;
use crate::workload::{self, BOUNDS, LABELS, Rows};

pub(crate) const CONTENDER: Contender = Contender {
    name: "prometheus",
    note: "`IntCounterVec` and `Histogram` in a registry of their own; a histogram collects under a lock.",
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
    let registry = Registry::new();
    let orders = IntCounterVec::new(Opts::new("orders_total", "orders sent"), &LABELS)?;
    let values = Histogram::with_opts(HistogramOpts::new("order_seconds", "time").buckets(BOUNDS.to_vec()))?;
    registry.register(Box::new(orders.clone()))?;
    registry.register(Box::new(values.clone()))?;
    let series = if scenario == Scenario::Scrape { SERIES } else { 0 };
    for number in 0..series {
        orders
            .with_label_values(&["kraken", "buy", &number.to_string()])
            .inc_by(number);
    }
    Ok(Box::new(Prometheus {
        scenario,
        bound: (series == 0).then(|| orders.with_label_values(&workload::labels())),
        registry,
        orders,
        values,
    }))
}

struct Prometheus {
    scenario: Scenario,
    registry: Registry,
    orders: IntCounterVec,
    bound: Option<IntCounter>,
    values: Histogram,
}

impl Prometheus {
    fn text(&self) -> Outcome<String> {
        Ok(TextEncoder::new().encode_to_string(&self.registry.gather())?)
    }
}

impl Track for Prometheus {
    fn record(&self, rows: Rows) {
        match (self.scenario, &self.bound) {
            (Scenario::CounterBound | Scenario::BoundTwoThreads, Some(bound)) => {
                for _ in rows {
                    black_box(bound).inc();
                }
            }
            (Scenario::Histogram, _) => rows.for_each(|row| self.values.observe(workload::seconds(row))),
            (Scenario::Scrape, _) => {
                if black_box(self.text()).is_ok() {
                    self.values.observe(0.0);
                }
            }
            _ => {
                let labels = workload::labels();
                for _ in rows {
                    self.orders.with_label_values(&labels).inc();
                }
            }
        }
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        match (self.scenario, &self.bound) {
            (Scenario::Histogram, _) => tally.count(self.values.get_sample_count()),
            (Scenario::Scrape, _) => {
                workload::check_text(&self.text()?, "orders_total{")?;
                tally.count(self.values.get_sample_count() * SERIES);
            }
            (_, Some(bound)) => tally.count(bound.get()),
            (_, None) => return Err("there is no counter".into()),
        }
        Ok(())
    }
}
