//! One program that uses every name of telensic's face, and two functions of which one is instrumented.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use telensic::context::Context;
use telensic::{Builder, InSpan, Key, Sampler, ScopeId, Severity, SpanBuilder, SpanKind, Status};

/// What both functions below do.
#[inline(always)]
fn work(input: u64) -> u64 {
    input.wrapping_mul(3) + 1
}

/// The work, with telemetry all around it.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn telensic_off_instrumented(input: u64) -> u64 {
    const SYMBOL: Key<'static> = Key::new("symbol");
    let mut span = telensic::span("work").with(SYMBOL, "BTCUSDT").with("input", input).entered();
    telensic::log(Severity::Info, "working").with("input", input).emit();
    let output = work(input);
    span.set("output", output);
    span.event("done");
    span.set_status(Status::Ok);
    output
}

/// The work, with an attribute that would record all there is of it.
#[unsafe(no_mangle)]
#[inline(never)]
#[telensic::trace_span("run_stage:{input}", args, fields(expensive = expensive(input), ?input), ret, kind = client)]
pub extern "C" fn telensic_off_attributed(input: u64) -> u64 {
    work(input)
}

/// What is to be recorded, and has to be worked out for that.
#[inline(never)]
fn expensive(input: u64) -> u64 {
    std::hint::black_box(input)
}

/// The work alone, of which errors are told.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn telensic_off_fallible_plain(input: u64) -> u64 {
    fallible_plain(input).unwrap_or(0)
}

#[inline(always)]
fn fallible_plain(input: u64) -> Result<u64, std::num::TryFromIntError> {
    let narrow = u32::try_from(input)?;
    Ok(work(u64::from(narrow)))
}

/// The same with an attribute.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn telensic_off_fallible_attributed(input: u64) -> u64 {
    fallible_attributed(input).unwrap_or(0)
}

#[telensic::trace_span("{input} is read", args, ret)]
#[inline(always)]
fn fallible_attributed(input: u64) -> Result<u64, std::num::TryFromIntError> {
    let narrow = u32::try_from(input)?;
    Ok(work(u64::from(narrow)))
}

/// A client of a data provider.
pub struct Feed;

/// Says of itself why a call failed, which costs something.
#[derive(Debug)]
pub struct Refused(pub u64);

impl telensic::adapter::ClassifyError for Refused {
    fn classify(&self) -> telensic::adapter::AdapterError<'_> {
        match expensive(self.0) {
            429 => telensic::adapter::AdapterError::RateLimited,
            _ => telensic::adapter::AdapterError::Other("refused"),
        }
    }
}

#[telensic::instrument_adapter("off")]
impl Feed {
    /// The work, of which everything is recorded.
    #[adapter(fields(input, expensive = expensive(input)))]
    #[inline(always)]
    pub fn quote(&self, input: u64) -> u64 {
        work(input)
    }

    /// The work, which may fail.
    #[inline(always)]
    pub fn candles(&self, input: u64) -> Result<u64, Refused> {
        if input > 1_000 {
            return Err(Refused(input));
        }
        Ok(work(input))
    }
}

/// A call of an instrumented method.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn telensic_off_adapter(input: u64) -> u64 {
    Feed.quote(input)
}

/// A call of one that may fail.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn telensic_off_adapter_fallible(input: u64) -> u64 {
    Feed.candles(input).unwrap_or(0)
}

/// The same without an attribute.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn telensic_off_adapter_fallible_plain(input: u64) -> u64 {
    if input > 1_000 { 0 } else { work(input) }
}

/// The work alone.
#[unsafe(no_mangle)]
#[inline(never)]
pub extern "C" fn telensic_off_plain(input: u64) -> u64 {
    work(input)
}

/// Calls everything there is; compiled against the recorder and against nothing.
pub fn every_name(dir: &std::path::Path) {
    let guard = Builder::new("off")
        .version("1")
        .environment("test")
        .run_id("r")
        .resource_attribute("team", "a")
        .dir(dir)
        .log_dir(dir.join("logs"))
        .sampler(Sampler::AlwaysOn)
        .propagators(telensic::context::Propagators::default())
        .log_level(Severity::Debug)
        .log_files(false)
        .console(false)
        .panics(false)
        .shutdown(Duration::from_secs(1))
        .init();
    let scope = ScopeId::named("off", "1");
    let name = String::from("dynamic");
    let mut span = SpanBuilder::new("a").kind(SpanKind::Client).scope(scope).parent(&Context::new()).start();
    span.set(&name, 1);
    span.set(Key::dynamic("other"), true);
    span.event_with("e", |event| {
        event.set("k", 1.5);
    });
    span.event_at("e", SystemTime::now(), |_| {});
    span.link(&Context::new());
    span.link_with(&Context::new(), |_| {});
    span.record_error(&std::fmt::Error);
    span.set_name("b");
    let _ = (span.is_recording(), span.span_context(), span.context());
    span.in_scope(|| telensic::current().set("deep", "value"));
    let mut entered = telensic::root_span("c").entered();
    let _ = (entered.span_context(), entered.context());
    entered.leave().end_at(SystemTime::now());
    SpanBuilder::new("d").start_at(SystemTime::now()).end();
    drop(std::future::ready(1).in_span(telensic::Span::none()));
    telensic::spans::pipeline("nightly", "backtest").end();
    telensic::spans::run_stage("load").end();
    telensic::spans::run_step("clean", true).end();
    telensic::spans::execute_sleeves(8, 2).end();
    telensic::spans::run_pipeline("nightly", "10.0.0.1").end();
    let operation = telensic::spans::operation("op-7", "backtest").symbol("BTCUSDT").strategy("ith");
    operation.start().end();
    operation.progress(40.0, "features").end();
    operation.complete().end();
    operation.fail().end();
    let mut record = telensic::event("data.load").with("rows", 1).scope(scope).at(SystemTime::now());
    record.set("more", 2);
    let _ = record.is_recording();
    record.error(&std::fmt::Error).body("text").emit();
    let mut headers = HashMap::new();
    telensic::inject(&telensic::current_context(), &mut headers);
    let _attached = telensic::attach(telensic::extract(&headers));
    telensic::flush(Duration::from_secs(1));
    let _ = telensic::tape_path();
    span.end();
    assert!(guard.shutdown());
}
