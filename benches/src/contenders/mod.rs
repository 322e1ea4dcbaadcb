//! The contenders, one file each. To add one: a file with a `pub(crate) const CONTENDER` and a
//! [`Track`], a `mod` line and a line in [`ALL`] below.

mod empty;
mod fastrace;
mod metrics;
mod otel;
mod otel_logs;
mod otel_metrics;
mod prometheus;
mod prometheus_client;
mod telensic;
mod telensic_metrics;
mod telensic_tracing;
mod tracing_json;
mod tracing_otel;

use std::path::Path;

use crate::Outcome;
use crate::delivery::Sink;
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::workload::Rows;

/// Everyone who races, in the order of the table.
pub(crate) const ALL: &[&Contender] = &[
    &telensic::CONTENDER,
    &telensic_metrics::AT_ONE_PLACE,
    &telensic_tracing::CONTENDER,
    &otel::CONTENDER,
    &fastrace::CONTENDER,
    &tracing_otel::CONTENDER,
    &otel_logs::CONTENDER,
    &otel_metrics::CONTENDER,
    &prometheus::CONTENDER,
    &prometheus_client::CONTENDER,
    &metrics::CONTENDER,
    &tracing_json::BUFFERED,
    &tracing_json::UNBUFFERED,
    &empty::CONTENDER,
];

/// The contender that the ratios are counted from.
pub(crate) const REFERENCE: &str = "telensic";

/// Who races, and where.
pub(crate) struct Contender {
    pub(crate) name: &'static str,
    /// What a reader must know to read its figures: configuration and differences.
    pub(crate) note: &'static str,
    pub(crate) scenarios: &'static [Scenario],
    /// Sets it up for one scenario of the above, its files in the directory.
    pub(crate) enter: fn(Scenario, &Path) -> Outcome<Box<dyn Track>>,
}

pub(crate) fn named(name: &str) -> Outcome<&'static Contender> {
    let found = ALL.iter().find(|contender| contender.name == name);
    found
        .copied()
        .ok_or_else(|| format!("no contender is called `{name}`").into())
}

/// A contender set up for one scenario.
pub(crate) trait Track: Sync {
    /// Records each row, as a span or a log record, on the calling thread.
    fn record(&self, rows: Rows);

    /// Returns when all that was recorded is in the kernel.
    fn deliver(&self) -> Outcome<()> {
        Ok(())
    }

    /// What must not grow beyond a limit, for contenders whose background thread would drop.
    fn backlog(&self) -> Option<Backlog<'_>> {
        None
    }

    /// Decodes everything that was delivered and gives it to the tally.
    fn read_back(&self, tally: &mut Tally) -> Outcome<()>;
}

/// How many records may be under way to a sink.
pub(crate) struct Backlog<'a> {
    pub(crate) limit: u64,
    pub(crate) sink: &'a Sink,
}
