//! What the store costs: spans a second per core into the log, bytes a span on disk, how long questions take.
//!
//! `cargo run --release -p telensic-store --example measure -- [MILLION_SPANS] [random|pipeline] [DIRECTORY]`
//!
//! Spans come in requests of 512, of some 256 bytes each, eight to a trace. `random` gives each two random texts, a
//! random integer and a float; `pipeline` gives them what the example pipeline says: run, profile, stage, symbol.

use std::fs::File;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use rustix::fs::{Advice, fadvise};
use rustix::time::{ClockId, clock_gettime};
use telensic_store::{
    Aggregation, Limits, PageRequest, Predicate, Store, StoreErrorKind, StoreOptions, Tenant, Upkeep, column,
};
use telensic_tape::otlp::{field, put_attribute, put_bytes, put_fixed64, put_message, put_varint_field};
use telensic_tape::{Signal, TraceId, UnixNanos, Value};

const SPANS: usize = 512;
const WRITERS: usize = 8;
const START: u64 = 1_790_000_000_000_000_000;
/// 10 M spans are ten hours.
const SPAN_NANOS: u64 = 3_600_000;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args().skip(1);
    let millions: f64 = arguments.next().map_or(Ok(1.0), |text| text.parse())?;
    let kind = match arguments.next().as_deref() {
        Some("pipeline") => Kind::Pipeline,
        _ => Kind::Random,
    };
    let dir = arguments.next().map_or_else(
        || std::env::temp_dir().join("telensic-store-measure"),
        PathBuf::from,
    );
    match std::fs::remove_dir_all(&dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let requests = (millions * 1e6) as usize / SPANS;
    visitor_against_prost(kind)?;
    acknowledged(&dir.join("log-only"), kind, requests.min(2000))?;
    let store = stored(&dir.join("store"), kind, requests)?;
    columns(&dir.join("store"))?;
    questions(&dir.join("store"), &store, requests)?;
    drop(store);
    restart(&dir.join("store"))?;
    std::fs::remove_dir_all(&dir)?;
    Ok(())
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Random,
    Pipeline,
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }
}

fn trace_id(number: u64) -> [u8; 16] {
    let mut numbers = Numbers(number.wrapping_mul(77));
    let (high, low) = (numbers.next(), numbers.next());
    ((u128::from(high) << 64) | u128::from(low)).to_be_bytes()
}

/// The request of this number.
fn request(kind: Kind, number: usize) -> Bytes {
    let mut numbers = Numbers(number as u64);
    let mut scope = Vec::new();
    let mut span_ids = [0u64; 8];
    for at in 0..SPANS {
        let index = (number * SPANS + at) as u64;
        let within = at % 8;
        span_ids[within] = numbers.next();
        let mut span = Vec::with_capacity(300);
        put_bytes(&mut span, field::span::TRACE_ID, &trace_id(index / 8));
        put_bytes(&mut span, field::span::SPAN_ID, &span_ids[within].to_be_bytes());
        if within > 0 {
            put_bytes(
                &mut span,
                field::span::PARENT_SPAN_ID,
                &span_ids[(within - 1) / 2].to_be_bytes(),
            );
        }
        let operation = numbers.next() % 50;
        put_bytes(
            &mut span,
            field::span::NAME,
            format!("operation number {operation}").as_bytes(),
        );
        put_varint_field(&mut span, field::span::KIND, 1 + numbers.next() % 3);
        let start = START + index * SPAN_NANOS + numbers.next() % 1_000_000;
        put_fixed64(&mut span, field::span::START, start);
        put_fixed64(
            &mut span,
            field::span::END,
            start + numbers.next() % (1 << (10 + numbers.next() % 22)),
        );
        let mut attribute =
            |key: &str, value: Value<'_>| put_attribute(&mut span, field::span::ATTRIBUTE, key, value);
        attribute(
            "run_id",
            Value::Str(&format!("20261121-0930{:02}-1a2b", number / 400 % 60)),
        );
        match kind {
            Kind::Random => {
                attribute("request.key", Value::Str(&format!("{:016x}", numbers.next())));
                attribute("customer", Value::Str(&format!("c-{}", numbers.next() % 100_000)));
                attribute("amount", Value::I64((numbers.next() % 1_000_000) as i64));
                attribute("score", Value::F64(numbers.next() as f64 / 1e18));
            }
            Kind::Pipeline => {
                attribute("profile", Value::Str("nightly"));
                attribute("stage_id", Value::Str(&format!("stage_{}", numbers.next() % 12)));
                attribute(
                    "symbol",
                    Value::Str(["BTC", "ETH", "SOL", "XRP"][(numbers.next() % 4) as usize]),
                );
                attribute("n_rows", Value::I64((numbers.next() % 20) as i64 * 100));
            }
        }
        let code = if numbers.next().is_multiple_of(50) { 2 } else { 1 };
        put_message(&mut span, field::span::STATUS, |status| {
            put_varint_field(status, field::status::CODE, code);
        });
        put_bytes(&mut scope, field::scope_records::RECORD, &span);
    }
    let mut resource = Vec::new();
    let service = format!("service-{}", number % 10);
    put_attribute(
        &mut resource,
        field::resource::ATTRIBUTE,
        "service.name",
        Value::Str(&service),
    );
    let mut resources = Vec::new();
    put_bytes(&mut resources, 1, &resource);
    put_bytes(&mut resources, 2, &scope);
    let mut request = Vec::new();
    put_bytes(&mut request, 1, &resources);
    request.into()
}

fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn say(what: &str, figure: impl std::fmt::Display) {
    use std::io::Write;
    // A closed pipe is no reason to stop measuring.
    let _ = writeln!(std::io::stdout(), "{what:<58} {figure}");
}

fn rate(rows: usize, took: Duration) -> String {
    format!("{:>8.0} k spans/s", rows as f64 / took.as_secs_f64() / 1e3)
}

fn visitor_against_prost(kind: Kind) -> Outcome<()> {
    let bodies: Vec<Bytes> = (0..200).map(|number| request(kind, number)).collect();
    let rows = bodies.len() * SPANS;
    let bytes: usize = bodies.iter().map(Bytes::len).sum();
    say("bytes a span as it comes", bytes / rows);
    for _ in 0..2 {
        let begun = cpu();
        for body in &bodies {
            black_box(telensic_store::check_request(Signal::Spans, body)?);
        }
        say("check, one core", rate(rows, cpu() - begun));
        let begun = cpu();
        for body in &bodies {
            black_box(ExportTraceServiceRequest::decode(body.as_ref())?);
        }
        say("prost decode, one core (the rival)", rate(rows, cpu() - begun));
    }
    Ok(())
}

/// What it costs until a request is durable, without making segments.
fn acknowledged(dir: &Path, kind: Kind, requests: usize) -> Outcome<()> {
    let options = StoreOptions {
        upkeep: Upkeep::OnCall,
        memory_bytes: usize::MAX,
        ..StoreOptions::default()
    };
    let store = Store::open(dir, options)?.store;
    let bodies: Vec<Bytes> = (0..requests).map(|number| request(kind, number)).collect();
    let (wall, begun) = (Instant::now(), cpu());
    append_all(&store, &bodies)?;
    let (wall, took) = (wall.elapsed(), cpu() - begun);
    let rows = requests * SPANS;
    say("acknowledged durable (fdatasync), wall", rate(rows, wall));
    say(
        "acknowledged durable (fdatasync), per core of CPU",
        rate(rows, took),
    );
    let log = store.state().log;
    say(
        "requests a commit",
        format!("{:.1}", log.frames as f64 / log.commits as f64),
    );
    Ok(())
}

/// Several writers, each waiting for its answers, some of them on the way.
fn append_all(store: &Store, bodies: &[Bytes]) -> Outcome<()> {
    let tenant = Tenant::default();
    let append = |body: &Bytes| loop {
        match store.append(Signal::Spans, &tenant, body.clone()) {
            Err(error) if error.kind() == StoreErrorKind::Busy => {
                std::thread::sleep(Duration::from_millis(1))
            }
            other => return other,
        }
    };
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || {
                    for bodies in bodies.chunks(WRITERS * 4) {
                        let receipts: Result<Vec<_>, _> =
                            bodies.iter().skip(writer).step_by(WRITERS).map(append).collect();
                        for appended in receipts? {
                            appended.receipt.wait()?;
                        }
                    }
                    Ok::<_, telensic_store::StoreError>(())
                })
            })
            .collect();
        for writer in writers {
            writer.join().map_err(|_| "a writer panicked")??;
        }
        Ok(())
    })
}

/// The whole way, into segments.
fn stored(dir: &Path, kind: Kind, requests: usize) -> Outcome<Store> {
    let store = Store::open(dir, StoreOptions::default())?.store;
    let (mut wall, mut took, mut number) = (Duration::ZERO, Duration::ZERO, 0);
    while number < requests {
        let until = (number + 512).min(requests);
        let bodies: Vec<Bytes> = (number..until).map(|number| request(kind, number)).collect();
        let (begun, begun_cpu) = (Instant::now(), cpu());
        append_all(&store, &bodies)?;
        wall += begun.elapsed();
        took += cpu() - begun_cpu;
        number = until;
    }
    let (begun, begun_cpu) = (Instant::now(), cpu());
    store.flush()?;
    store.compact()?;
    let rows = requests * SPANS;
    say("into segments, wall", rate(rows, wall + begun.elapsed()));
    say(
        "into segments, per core of CPU",
        rate(rows, took + (cpu() - begun_cpu)),
    );
    let state = store.state();
    say("spans in segments", state.segment_rows);
    say("segments", state.segments);
    say(
        "bytes a span on disk",
        format!("{:.1}", state.segment_bytes as f64 / state.segment_rows as f64),
    );
    say("resident memory, MB", resident()? / 1000);
    Ok(store)
}

/// In kB.
fn resident() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS:"))
        .unwrap_or_default();
    Ok(line.split_whitespace().nth(1).unwrap_or("0").parse()?)
}

fn questions(dir: &Path, store: &Store, requests: usize) -> Outcome<()> {
    let (tenant, limits) = (Tenant::default(), Limits::default());
    let spans = (requests * SPANS) as u64;
    let hour = UnixNanos(START + spans / 2 * SPAN_NANOS);
    let within_hour = hour..UnixNanos(hour.0 + 3_600_000_000_000);
    let page = |predicate: Predicate| PageRequest {
        signal: Signal::Spans,
        tenant: tenant.clone(),
        predicate,
        rows: 20,
        after: None,
        limits,
    };
    // Somewhere in that hour: the first random text of the first span of its first request.
    let mut round = 0u64;
    ask(dir, "trace by id", || {
        round += 1;
        let id = TraceId::from_bytes(trace_id(spans / 8 / 20 * round)).ok_or("no id")?;
        let rows = store.trace(Signal::Spans, &tenant, id, limits)?;
        if rows.len() == 8 {
            Ok(rows.len())
        } else {
            Err(format!("{} spans", rows.len()).into())
        }
    })?;
    let rare = format!("c-{}", 4711);
    let rare = page(
        Predicate::default()
            .within(within_hour.clone())
            .attribute("customer", &rare),
    );
    ask(dir, "search by a rare attribute within an hour", || {
        Ok(store.page(&rare)?.rows.len())
    })?;
    let missing = page(
        Predicate::default()
            .within(within_hour.clone())
            .attribute("customer", "nobody"),
    );
    ask(dir, "search by an attribute that nothing has, an hour", || {
        Ok(store.page(&missing)?.rows.len())
    })?;
    let failed = Predicate::default()
        .within(within_hour)
        .text(column::SERVICE, "service-3");
    let failed = page(
        failed
            .number(column::STATUS_CODE, 2)
            .at_least(column::DURATION, 1_000_000),
    );
    ask(dir, "search by service, status, duration within an hour", || {
        Ok(store.page(&failed)?.rows.len())
    })?;
    ask(dir, "20 slowest of all", || {
        Ok(store.slowest(&tenant, Predicate::default(), 20, limits)?.len())
    })?;
    let by_operation = Aggregation {
        signal: Signal::Spans,
        tenant: tenant.clone(),
        predicate: Predicate::default(),
        by: vec![column::NAME.to_owned()],
        bucket: None,
        of: Some(column::DURATION.to_owned()),
        limits,
    };
    ask(dir, "p95 by operation, all", || {
        let groups = store.aggregate(&by_operation)?;
        Ok(groups
            .iter()
            .filter(|group| group.values.quantile(0.95).is_some())
            .count())
    })?;
    ask(dir, "operations of all services", || {
        Ok(store.operations(Signal::Spans, &tenant, limits)?.len())
    })?;
    Ok(())
}

/// The median of some answers by clock and by the CPU of all cores, and the first one when nothing of the segments is
/// in memory.
fn ask(dir: &Path, what: &str, mut question: impl FnMut() -> Outcome<usize>) -> Outcome<()> {
    forget_pages(dir)?;
    let begun = Instant::now();
    let rows = question()?;
    let cold = begun.elapsed();
    let (mut times, mut cpus) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        let (begun, begun_cpu) = (Instant::now(), cpu());
        question()?;
        times.push(begun.elapsed());
        cpus.push(cpu() - begun_cpu);
    }
    times.sort_unstable();
    cpus.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let (warm, cold, busy) = (millis(times[4]), millis(cold), millis(cpus[4]));
    say(
        what,
        format!("{warm:>8.1} ms warm, {busy:>7.1} ms of CPU, {cold:>8.1} ms cold, {rows} rows"),
    );
    Ok(())
}

/// What the columns of a segment take that take most.
fn columns(dir: &Path) -> Outcome<()> {
    use parquet::file::reader::{FileReader, SerializedFileReader};
    let mut segments =
        std::fs::read_dir(dir.join("segments/spans/default"))?.collect::<Result<Vec<_>, _>>()?;
    segments.sort_by_key(|entry| entry.metadata().map_or(0, |metadata| metadata.len()));
    let Some(largest) = segments.pop() else {
        return Ok(());
    };
    let reader = SerializedFileReader::new(File::open(largest.path())?)?;
    let metadata = reader.metadata();
    let rows = metadata.file_metadata().num_rows() as f64;
    let mut sizes: Vec<(f64, String)> = Vec::new();
    for column in 0..metadata.file_metadata().schema_descr().num_columns() {
        let chunks = metadata.row_groups().iter().map(|group| group.column(column));
        let bytes: i64 = chunks.map(|chunk| chunk.compressed_size()).sum();
        let path = metadata.row_group(0).column(column).column_path().string();
        sizes.push((bytes as f64 / rows, path));
    }
    sizes.sort_by(|one, other| other.0.total_cmp(&one.0));
    let total: f64 = sizes.iter().map(|(size, _)| size).sum();
    for (size, path) in sizes.iter().take(12) {
        say(&format!("  bytes a span of {path}"), format!("{size:.2}"));
    }
    let others = sizes.iter().skip(12).map(|(size, _)| size).sum::<f64>();
    say("  bytes a span of all other columns", format!("{others:.2}"));
    let len = largest.metadata()?.len() as f64;
    say(
        "  bytes a span of bloom filters, indices, footer",
        format!("{:.2}", len / rows - total),
    );
    Ok(())
}

/// Asks the system to drop its cached pages of the segments.
fn forget_pages(dir: &Path) -> Outcome<()> {
    for entry in std::fs::read_dir(dir)? {
        let path = entry?.path();
        if path.is_dir() {
            forget_pages(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "parquet") {
            fadvise(File::open(&path)?, 0, None, Advice::DontNeed)?;
        }
    }
    Ok(())
}

fn restart(dir: &Path) -> Outcome<()> {
    let begun = Instant::now();
    let opened = Store::open(dir, StoreOptions::default())?;
    let tenant = Tenant::default();
    opened
        .store
        .append(Signal::Spans, &tenant, request(Kind::Random, 1))?
        .receipt
        .wait()?;
    say(
        "start to first accepted request",
        format!("{:>8.1} ms", begun.elapsed().as_secs_f64() * 1e3),
    );
    Ok(())
}
