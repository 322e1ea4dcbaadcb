//! What it costs to read a run of a million spans: `cargo run --release --example million [SPANS]`.
//!
//! Writes tapes of a pipeline that hands out sleeves to eight workers, in a temporary directory, then reads them in
//! another process, so that the peak of memory is the reader's.

use std::io::{BufWriter, Write, sink};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use telensic_forensics::critical_path::{Change, CriticalPath, PathOptions, Reach, WhatIf};
use telensic_forensics::report::{bytes, markdown};
use telensic_forensics::{Health, Timeline, TraceFile};
use telensic_run::{DataRoot, Manifest, RunDir, RunId, names};
use telensic_tape::otlp::{self, SpanHead, field};
use telensic_tape::{Clerk, Lane, Mode, Signal, SpanId, TapeOptions, TapeWriter, TraceId, UnixNanos, Value};

const STAGES: u64 = 20;
const SLEEVES: u64 = 100;
const STEPS: u64 = 10;
const WORKERS: u64 = 8;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let first = arguments.next();
    if first.as_deref() == Some("read") {
        return read(Path::new(&arguments.next().ok_or("read what?")?));
    }
    let spans: u64 = first.map_or(Ok(1_000_000), |spans| spans.parse())?;
    let root = std::env::temp_dir().join(format!("million-{}", std::process::id()));
    let run = DataRoot::new(&root).create_run(RunId::new())?;
    run.write_manifest(&Manifest::begin(run.id(), "million"))?;
    write(&run, spans)?;
    let reader = std::process::Command::new(std::env::current_exe()?)
        .arg("read")
        .arg(run.path())
        .status()?;
    std::fs::remove_dir_all(root)?;
    match reader.success() {
        true => Ok(()),
        false => Err("the reader failed".into()),
    }
}

struct Tape {
    clerk: Clerk,
    lane: Lane,
}

impl Tape {
    fn new(run: &RunDir, service: &str) -> Self {
        let mut resource = Vec::new();
        otlp::put_text(
            &mut resource,
            field::resource::ATTRIBUTE,
            names::key::SERVICE_NAME,
            service,
        );
        let (writer, clerk) =
            TapeWriter::create(TapeOptions::new(run.tapes()).mode(Mode::Run).resource(resource));
        let mut scope = Vec::new();
        otlp::put_scope(&mut scope, "million", "1");
        let lane = writer.lane(Signal::Spans, Arc::from(scope), true, 1);
        Self { clerk, lane }
    }

    fn span(&mut self, span: u64, parent: u64, name: &str, from: u64, to: u64) -> Result<(), Failure> {
        let mut record = Vec::with_capacity(256);
        let head = SpanHead {
            trace_id: TraceId::from_bytes([7; 16]).ok_or("a trace id")?,
            span_id: SpanId::from_bytes(span.to_be_bytes()).ok_or("a span id")?,
            parent: SpanId::from_bytes(parent.to_be_bytes()),
            flags: 1,
            kind: 1,
            start: UnixNanos(START + from),
            name,
        };
        head.put(&mut record);
        let attributes = [
            ("run_id", Value::Str("20261121-093000-1a2b")),
            ("symbol", Value::Str("BTCUSDT")),
            ("bar", Value::I64(span as i64)),
            ("price", Value::F64(from as f64)),
        ];
        for (key, value) in attributes {
            otlp::put_attribute(&mut record, field::span::ATTRIBUTE, key, value);
        }
        otlp::put_fixed64(&mut record, field::span::END, START + to);
        self.lane
            .append(&record, UnixNanos(START + to))
            .map_err(|loss| loss.name().into())
    }

    fn close(self) {
        drop(self.lane);
        self.clerk.close(&mut |_| {});
    }
}

const START: u64 = 1_800_000_000_000_000_000;

fn write(run: &RunDir, spans: u64) -> Result<(), Failure> {
    const CALL: u64 = 10_000;
    let calls = (spans / (STAGES * SLEEVES * STEPS)).max(1);
    let mut engine = Tape::new(run, "engine");
    let mut workers: Vec<Tape> = (0..WORKERS).map(|_| Tape::new(run, "worker")).collect();
    let mut ids = 1..;
    let mut id = || ids.next().ok_or("an id");
    let root = id()?;
    let sleeve_ns = STEPS * (calls + 1) * CALL;
    let stage_ns = sleeve_ns * SLEEVES.div_ceil(WORKERS) + 2 * CALL;
    for stage in 0..STAGES {
        let begin = stage * stage_ns;
        let (stage_id, fan_out) = (id()?, id()?);
        for sleeve in 0..SLEEVES {
            let worker = &mut workers[(sleeve % WORKERS) as usize];
            let (sleeve_id, begin) = (id()?, begin + CALL + sleeve / WORKERS * sleeve_ns);
            for step in 0..STEPS {
                let (step_id, begin) = (id()?, begin + step * (calls + 1) * CALL);
                for call in 0..calls {
                    let from = begin + call * CALL;
                    worker.span(id()?, step_id, "adapter.fetch_bars", from, from + CALL - 500)?;
                }
                worker.span(
                    step_id,
                    sleeve_id,
                    "run_step:features",
                    begin,
                    begin + calls * CALL,
                )?;
            }
            worker.span(
                sleeve_id,
                fan_out,
                names::span::RUN_PIPELINE,
                begin,
                begin + sleeve_ns,
            )?;
        }
        let name = names::span::stage(&format!("stage-{stage}"));
        engine.span(
            fan_out,
            stage_id,
            names::span::EXECUTE_SLEEVES,
            begin + CALL,
            begin + stage_ns - CALL,
        )?;
        engine.span(stage_id, root, &name, begin, begin + stage_ns)?;
    }
    engine.span(root, 0, &names::span::pipeline("million"), 0, STAGES * stage_ns)?;
    workers.into_iter().for_each(Tape::close);
    engine.close();
    Ok(())
}

fn read(path: &Path) -> Result<(), Failure> {
    let run = RunDir::open(path)?;
    let manifest = run.manifest()?;
    let mut out = std::io::stdout().lock();
    let begun = Instant::now();
    let timeline = Timeline::read(&run)?;
    let (read, read_cpu) = (begun.elapsed(), cpu_seconds()?);
    let health = Health::of(&timeline, &manifest, &[]);
    let (healthy, healthy_cpu) = (begun.elapsed(), cpu_seconds()?);
    writeln!(
        out,
        "{} spans, {} of records",
        health.span_count,
        bytes(health.record.bytes)
    )?;
    writeln!(out, "Timeline::read          {read:>12.1?}, CPU {read_cpu:.2} s")?;
    writeln!(
        out,
        "Health::of              {:>12.1?}, CPU {:.2} s",
        healthy - read,
        healthy_cpu - read_cpu
    )?;
    writeln!(
        out,
        "both                    {healthy:>12.1?}, peak memory {}",
        peak_memory()?
    )?;

    let begun = Instant::now();
    let page = markdown::health(&health);
    writeln!(
        out,
        "Markdown                {:>12.1?}, {}",
        begun.elapsed(),
        bytes(page.len() as u64)
    )?;
    let root = *timeline.roots().first().ok_or("no root")?;
    let begun = Instant::now();
    let segments = CriticalPath::of(&timeline, root, PathOptions::default())
        .segments()
        .len();
    writeln!(
        out,
        "critical path           {:>12.1?}, {segments} segments",
        begun.elapsed()
    )?;
    let begun = Instant::now();
    let named = timeline.names().find("adapter.fetch_bars");
    let change = Change {
        spans: timeline
            .indices()
            .filter(|index| Some(timeline.span(*index).name) == named)
            .collect(),
        reach: Reach::Itself,
        speedup: 2.0,
    };
    let wall = WhatIf::new(&timeline, root, PathOptions::default()).wall(&change);
    writeln!(
        out,
        "what if (all spans)     {:>12.1?}, {:.1} % of the wall clock",
        begun.elapsed(),
        100.0 * wall as f64 / health.wall_ns as f64
    )?;
    let begun = Instant::now();
    let mut counted = Counted(BufWriter::new(sink()), 0);
    TraceFile::new(&timeline).write_to(&mut counted)?;
    writeln!(
        out,
        "forensic_trace.json     {:>12.1?}, {}",
        begun.elapsed(),
        bytes(counted.1)
    )?;
    writeln!(out, "peak memory {}", peak_memory()?)?;
    Ok(())
}

struct Counted<W>(W, u64);

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.0.write(bytes)?;
        self.1 += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

/// Seconds of CPU time of this process so far, which other processes on the machine do not lengthen much.
fn cpu_seconds() -> Result<f64, Failure> {
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).ok_or("too few fields in /proc/self/stat");
    let (user, system): (f64, f64) = (ticks(11)?.parse()?, ticks(12)?.parse()?);
    Ok((user + system) / TICKS_PER_SECOND)
}

/// The most memory that this process had at once, as the system says.
fn peak_memory() -> Result<String, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kib: u64 = line
        .and_then(|line| line.split_whitespace().nth(1))
        .ok_or("no VmHWM in /proc/self/status")?
        .parse()?;
    Ok(bytes(kib << 10))
}
