//! The `prometheus-client` crate.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::{Contender, Track};
use crate::Outcome;
use crate::scenario::{SERIES, Scenario};
use crate::tally::Tally;
use crate::workload::{self, BOUNDS, Rows};

pub(crate) const CONTENDER: Contender = Contender {
    name: "prometheus-client",
    note: "`Family` with a label set of three `&'static str`, its best case: a `String` would be allocated at each look-up.",
    scenarios: &[
        Scenario::CounterBound,
        Scenario::BoundTwoThreads,
        Scenario::CounterLookedUp,
        Scenario::LookedUpTwoThreads,
        Scenario::Histogram,
        Scenario::Scrape,
    ],
    enter: |scenario, _| Ok(enter(scenario)),
};

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Labels {
    venue: &'static str,
    side: &'static str,
    status: &'static str,
}

fn labels() -> Labels {
    let [venue, side, status] = workload::labels();
    Labels { venue, side, status }
}

fn enter(scenario: Scenario) -> Box<dyn Track> {
    let mut registry = Registry::default();
    let orders = Family::<Labels, Counter>::default();
    let values = Histogram::new(BOUNDS);
    registry.register("orders", "orders sent", orders.clone());
    registry.register("order_seconds", "time", values.clone());
    let series = if scenario == Scenario::Scrape { SERIES } else { 0 };
    for number in 0..series {
        let status = number.to_string().leak();
        orders
            .get_or_create(&Labels { status, ..labels() })
            .inc_by(number);
    }
    Box::new(PrometheusClient {
        scenario,
        registry,
        bound: (series == 0).then(|| orders.get_or_create_owned(&labels())),
        orders,
        values,
        recorded: AtomicU64::new(0),
    })
}

struct PrometheusClient {
    scenario: Scenario,
    registry: Registry,
    orders: Family<Labels, Counter>,
    bound: Option<Counter>,
    values: Histogram,
    /// Scrapes.
    recorded: AtomicU64,
}

impl PrometheusClient {
    fn text(&self) -> Outcome<String> {
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

impl Track for PrometheusClient {
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
                    self.recorded.fetch_add(1, Ordering::Relaxed);
                }
            }
            _ => {
                let labels = labels();
                for _ in rows {
                    self.orders.get_or_create(&labels).inc();
                }
            }
        }
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        match (self.scenario, &self.bound) {
            (Scenario::Histogram, _) => {
                let text = self.text()?;
                let count = text
                    .lines()
                    .find_map(|line| line.strip_prefix("order_seconds_count "));
                tally.count(count.unwrap_or_default().parse()?);
            }
            (Scenario::Scrape, _) => {
                workload::check_text(&self.text()?, "orders_total{")?;
                tally.count(self.recorded.load(Ordering::Relaxed) * SERIES);
            }
            (_, Some(bound)) => tally.count(bound.get()),
            (_, None) => return Err("there is no counter".into()),
        }
        Ok(())
    }
}
