//! `tracing-subscriber`'s JSON lines: through a buffer, and with a `write` for every line.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tracing::info_span;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt as _;

use super::{Contender, Track};
use crate::Outcome;
use crate::delivery::Delivered;
use crate::scenario::Scenario;
use crate::tally::Tally;
use crate::workload::{Attributes, Rows};

pub(crate) const BUFFERED: Contender = Contender {
    name: "tracing-subscriber JSON",
    note: "JSON layer with the current span and without the span list, through a `BufWriter` of 64 KiB: what is \
           in the buffer dies with the process. It knows no ids; the span carries `trace_id` and `span_id` as \
           fields, formatted once, and every line repeats them.",
    scenarios: &[Scenario::LogEvent],
    enter: |_, directory| {
        enter(directory, |file| {
            Box::new(BufWriter::with_capacity(64 * 1024, file))
        })
    },
};

pub(crate) const UNBUFFERED: Contender = Contender {
    name: "tracing-subscriber JSON, unbuffered",
    note: "The same with one `write` a line, so that a line outlives the process that wrote it.",
    scenarios: &[Scenario::LogEvent],
    enter: |_, directory| enter(directory, |file| Box::new(file)),
};

fn enter(directory: &Path, wrap: fn(File) -> Box<dyn Write + Send>) -> Outcome<Box<dyn Track>> {
    let path = directory.join("delivered.ndjson");
    let output = Output(Arc::new(Mutex::new(wrap(File::create_new(&path)?))));
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(output.clone());
    let subscriber = tracing_subscriber::registry().with(LevelFilter::INFO).with(layer);
    tracing::subscriber::set_global_default(subscriber)?;
    Ok(Box::new(TracingJson { output, path }))
}

/// Where the lines go; kept by the track too, which flushes it.
#[derive(Clone)]
struct Output(Arc<Mutex<Box<dyn Write + Send>>>);

impl Output {
    /// A poisoned lock is taken all the same: a line that is cut short is found when it is read back.
    fn lock(&self) -> MutexGuard<'_, Box<dyn Write + Send>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'a> MakeWriter<'a> for Output {
    type Writer = Line<'a>;

    fn make_writer(&'a self) -> Line<'a> {
        Line(self.lock())
    }
}

/// The output, locked for a line, which the layer formats in memory and writes in one call.
struct Line<'a>(MutexGuard<'a, Box<dyn Write + Send>>);

impl Write for Line<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

struct TracingJson {
    output: Output,
    path: PathBuf,
}

impl Track for TracingJson {
    fn record(&self, rows: Rows) {
        let trace_id = "0af7651916cd43dd8448eb211c80319c";
        let _active = info_span!("active", trace_id, span_id = "b7ad6b7169203331").entered();
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

    fn deliver(&self) -> Outcome<()> {
        Ok(self.output.lock().flush()?)
    }

    fn read_back(&self, tally: &mut Tally) -> Outcome<()> {
        let lines = BufReader::with_capacity(1 << 20, File::open(&self.path)?).lines();
        for line in lines {
            tally.add(&from_json(&serde_json::from_str(&line?)?))?;
        }
        Ok(())
    }
}

fn from_json(line: &Value) -> Delivered {
    let mut attributes = Vec::new();
    let mut name = String::new();
    for (key, value) in line["fields"].as_object().into_iter().flatten() {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Number(number) if number.is_f64() => number.as_f64().unwrap_or(f64::NAN).to_string(),
            other => other.to_string(),
        };
        if key == "message" {
            name = value;
        } else {
            attributes.push((key.clone(), value));
        }
    }
    let id = |key| {
        line["span"][key]
            .as_str()
            .and_then(|text| u128::from_str_radix(text, 16).ok())
            .unwrap_or(0)
    };
    let has_time = line["timestamp"]
        .as_str()
        .is_some_and(|time| time.starts_with("20") && time.ends_with('Z'));
    Delivered {
        name,
        trace_id: id("trace_id"),
        span_id: id("span_id") as u64,
        // When it was is not compared, only that a time is there.
        start_ns: u64::from(has_time),
        end_ns: u64::from(has_time),
        attributes,
        ..Delivered::default()
    }
}
