//! `tracing` spans and events through Telensic's layer to its tape.

use std::path::Path;

use ::telensic::Guard;
use tracing::{Span, info_span};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{Contender, Track, telensic as native};
use crate::Outcome;
use crate::scenario::{CHILDREN, Scenario};
use crate::tally::Tally;
use crate::workload::{Attributes, Rows};

pub(crate) const CONTENDER: Contender = Contender {
    name: "telensic, tracing layer",
    note: "`info_span!`, entered and closed, and `info!`, level INFO, through `tracing_layer` on the registry of \
           `tracing-subscriber`; the recorder as for `telensic`.",
    scenarios: &[Scenario::Nested, Scenario::TracingSpan, Scenario::LogEvent],
    enter,
};

fn enter(scenario: Scenario, directory: &Path) -> Outcome<Box<dyn Track>> {
    let guard = native::recorder(directory);
    let subscriber = tracing_subscriber::registry()
        .with(LevelFilter::INFO)
        .with(::telensic::tracing_layer());
    tracing::subscriber::set_global_default(subscriber)?;
    Ok(Box::new(TelensicTracing {
        scenario,
        _guard: guard,
    }))
}

struct TelensicTracing {
    scenario: Scenario,
    _guard: Guard,
}

impl Track for TelensicTracing {
    fn record(&self, rows: Rows) {
        match self.scenario {
            Scenario::Nested => {
                let mut rows = rows;
                while let Some(row) = rows.next() {
                    let _root = root(row).entered();
                    for row in rows.by_ref().take(CHILDREN) {
                        let _entered = child(row).entered();
                    }
                }
            }
            Scenario::LogEvent => {
                let _active = info_span!("active").entered();
                for Attributes {
                    symbol,
                    rows,
                    ratio,
                    ok,
                } in rows
                {
                    tracing::info!(symbol, rows, ratio, ok, "order filled");
                }
            }
            _ => {
                for row in rows {
                    let _entered = operation(row).entered();
                }
            }
        }
    }

    fn deliver(&self) -> Outcome<()> {
        native::flush()
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        native::read_tape(self.scenario, tally)
    }
}

#[inline]
fn operation(row: Attributes) -> Span {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    info_span!("operation", symbol, rows, ratio, ok)
}

#[inline]
fn root(row: Attributes) -> Span {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    info_span!("root", symbol, rows, ratio, ok)
}

#[inline]
fn child(row: Attributes) -> Span {
    let Attributes {
        symbol,
        rows,
        ratio,
        ok,
    } = row;
    info_span!("child", symbol, rows, ratio, ok)
}
