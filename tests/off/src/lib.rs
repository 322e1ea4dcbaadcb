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
