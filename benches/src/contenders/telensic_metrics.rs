//! Telensic's metrics, while its recorder runs with all that it does.

use std::hint::black_box;
use std::path::Path;

use telensic::Guard;
use telensic::metrics::{self, Counter, Family, Format, Histogram, series};

use super::telensic::{flush, read_tape, recorder, with_attributes};
use super::{Contender, Track};
use crate::Outcome;
use crate::scenario::{SERIES, Scenario};
use crate::tally::Tally;
use crate::workload::{self, Attributes, BOUNDS, LABELS, OPERATION, Rows};

/// The same counter through `series!`.
pub(crate) const AT_ONE_PLACE: Contender = Contender {
    name: "telensic, series!",
    note: "Looked up by `series!`, which looks first where the same line found its series last; here it always is there.",
    scenarios: &[Scenario::CounterLookedUp, Scenario::LookedUpTwoThreads],
    enter: |scenario, directory| enter_as(scenario, directory, true),
};

pub(super) fn enter(scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    enter_as(scenario, directory, false)
}

fn enter_as(scenario: Scenario, directory: &Path, at_one_place: bool) -> Outcome<Box<dyn Track>> {
    let orders = metrics::counter("orders_total")
        .help("orders sent")
        .labels(&LABELS)
        .series_limit(SERIES as usize)
        .register();
    let series = if scenario == Scenario::Scrape { SERIES } else { 0 };
    for number in 0..series {
        orders.with(&["kraken", "buy", &number.to_string()]).add(number);
    }
    Ok(Box::new(Metrics {
        scenario,
        at_one_place,
        bound: (series == 0).then(|| orders.with(&workload::labels()).clone()),
        orders,
        values: metrics::histogram("order_seconds")
            .buckets(&BOUNDS)
            .register()
            .alone()
            .clone(),
        guard: recorder(directory),
    }))
}

struct Metrics {
    scenario: Scenario,
    at_one_place: bool,
    orders: Family<Counter>,
    bound: Option<Counter>,
    values: Histogram,
    guard: Guard,
}

impl Track for Metrics {
    fn record(&self, rows: Rows) {
        match (self.scenario, &self.bound) {
            (Scenario::CounterBound | Scenario::BoundTwoThreads, Some(bound)) => {
                for _ in rows {
                    black_box(bound).inc();
                }
            }
            (Scenario::Histogram, _) => rows.for_each(|row| self.values.observe(workload::seconds(row))),
            (Scenario::Scrape, _) => {
                black_box(metrics::render(Format::Prometheus));
                self.values.observe(0.0);
            }
            (Scenario::AdapterCall, _) => {
                let quote = metrics::adapter("kraken").operation("quote");
                for row in rows {
                    call(&quote, row);
                }
            }
            _ if self.at_one_place => {
                let [venue, side, status] = workload::labels();
                for _ in rows {
                    series!(self.orders, [venue, side, status]).inc();
                }
            }
            _ => {
                let labels = workload::labels();
                for _ in rows {
                    self.orders.with(&labels).inc();
                }
            }
        }
    }

    fn deliver(&self) -> Outcome<()> {
        match self.scenario {
            Scenario::AdapterCall => flush(),
            _ => Ok(()),
        }
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        let _recording = &self.guard;
        match (self.scenario, &self.bound) {
            (Scenario::Histogram, _) => tally.count(self.values.count()),
            (Scenario::Scrape, _) => {
                workload::check_text(&metrics::render(Format::Prometheus), "orders_total{")?;
                tally.count(self.values.count() * SERIES);
            }
            (Scenario::AdapterCall, _) => {
                let adapter = metrics::adapter("kraken");
                if (adapter.active_requests(), adapter.success_rate()) != (0, Some(1.0)) {
                    return Err(format!("{adapter:?} does not say that all calls succeeded").into());
                }
                let text = metrics::render(Format::Prometheus);
                let sample =
                    "adapter_requests_total{provider=\"kraken\",operation=\"quote\",status=\"success\"} ";
                let count = text.lines().find_map(|line| line.strip_prefix(sample));
                tally.count(count.unwrap_or_default().parse()?);
                read_tape(self.scenario, tally)?;
            }
            (_, Some(bound)) => tally.count(bound.value() as u64),
            (_, None) => return Err("there is no counter".into()),
        }
        Ok(())
    }
}

/// What `#[instrument_adapter]` puts around a method.
#[inline]
fn call(quote: &metrics::AdapterOperation, row: Attributes) {
    let _span = with_attributes(telensic::root_span(OPERATION), row).entered();
    quote.begin().succeed();
}
