//! An error that is returned, and a panic, make the span a failed one that says why.

use std::error::Error;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use telensic::trace_span;

use crate::support::{ReadSpan, is_child, recorded};

#[derive(Debug)]
struct Refused(std::num::ParseIntError);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the provider refused")
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[trace_span]
fn with_sources(text: &str) -> Result<u32, Refused> {
    let value: u32 = text.parse().map_err(Refused)?;
    Ok(value)
}

#[trace_span]
fn boxed(text: &str) -> Result<u32, Box<dyn Error + Send + Sync>> {
    Ok(text.parse::<u32>()?)
}

#[trace_span]
fn text_only() -> Result<(), &'static str> {
    Err("no quotes")
}

#[derive(Debug)]
struct Code(#[expect(dead_code, reason = "it is shown")] i32);

#[trace_span]
fn debug_only() -> Result<(), Code> {
    Err(Code(3))
}

struct Mute;

#[trace_span]
fn mute() -> Result<(), Mute> {
    Err(Mute)
}

#[trace_span]
fn of_any<T, E>(error: E) -> Result<T, E> {
    Err(error)
}

type Answer<T> = Result<T, Refused>;

#[trace_span(err)]
fn by_another_name(text: &str) -> Answer<u32> {
    text.parse().map_err(Refused)
}

type QuoteResult<T> = Result<T, String>;

#[trace_span]
fn called_a_result() -> QuoteResult<u32> {
    Err("stale".to_owned())
}

/// Called a result, and none.
struct SearchResult;

#[trace_span]
fn no_result() -> SearchResult {
    SearchResult
}

#[trace_span(err = false)]
fn on_purpose() -> Result<(), &'static str> {
    Err("as expected")
}

#[trace_span]
fn panics(reason: &str) -> u32 {
    panic!("out of {reason}");
}

#[trace_span]
fn panics_for_a_result() -> Result<(), Refused> {
    let number: u32 = "none".parse().unwrap();
    assert_eq!(number, 0);
    Ok(())
}

#[trace_span]
async fn async_fails(text: &str) -> Result<u32, Refused> {
    tokio::task::yield_now().await;
    let value: u32 = text.parse().map_err(Refused)?;
    tokio::task::yield_now().await;
    Ok(value)
}

#[trace_span]
async fn async_panics() -> Result<u32, Refused> {
    tokio::task::yield_now().await;
    panic!("in a future");
}

fn exception(span: &ReadSpan) -> [&str; 3] {
    assert_eq!(span.status, 2, "{}", span.name);
    assert_eq!(span.events.len(), 1, "{}", span.name);
    let event = &span.events[0];
    assert_eq!(event.name, "exception");
    ["exception.type", "exception.message", "exception.stacktrace"]
        .map(|key| event.get(key).map_or("", |value| value.text()))
}

#[test]
fn every_kind_of_error_and_every_panic_is_told() {
    let read = recorded("what_goes_wrong_is_told::goes_wrong");
    const SOURCES: &str = "the provider refused\ncaused by: invalid digit found in string";
    for name in ["with_sources", "async_fails"] {
        let spans = read.named(name);
        assert_eq!((spans.len(), spans[0].status), (2, 0), "{name}");
        let [kind, message, trace] = exception(spans[1]);
        assert!(kind.ends_with("::Refused"), "{kind}");
        assert_eq!((message, trace), ("the provider refused", SOURCES));
        assert_eq!(spans[1].message, "the provider refused");
    }
    assert_eq!(exception(read.span("by_another_name"))[2], SOURCES);
    assert_eq!(exception(read.span("boxed"))[1], "invalid digit found in string");
    assert_eq!(exception(read.span("text_only")), ["&str", "no quotes", ""]);
    assert_eq!(
        exception(read.span("called_a_result")),
        ["alloc::string::String", "stale", ""]
    );
    assert_eq!(exception(read.span("debug_only"))[1], "Code(3)");
    assert!(exception(read.span("mute"))[1].ends_with("::Mute"));
    assert_eq!(exception(read.span("of_any"))[0], "alloc::vec::Vec<u8>");
    for name in ["no_result", "on_purpose"] {
        assert_eq!(
            (read.span(name).status, read.span(name).events.len()),
            (0, 0),
            "{name}"
        );
    }
    assert_eq!(exception(read.span("panics"))[..2], ["panic", "out of memory"]);
    assert_eq!(
        exception(read.span("async_panics"))[..2],
        ["panic", "in a future"]
    );
    let unwrapped = exception(read.span("panics_for_a_result"));
    assert!(unwrapped[1].contains("unwrap"), "{unwrapped:?}");
    assert!(
        unwrapped[2].contains("what_goes_wrong_is_told.rs"),
        "{unwrapped:?}"
    );
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn goes_wrong() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("wrong");
    assert_eq!(with_sources("5").unwrap(), 5);
    assert!(with_sources("x").is_err());
    assert!(boxed("x").is_err());
    assert!(text_only().is_err() && debug_only().is_err() && mute().is_err());
    assert!(of_any::<u32, _>(vec![1_u8]).is_err());
    assert!(by_another_name("x").is_err() && called_a_result().is_err() && on_purpose().is_err());
    no_result();
    assert!(catch_unwind(|| panics("memory")).is_err());
    assert!(catch_unwind(panics_for_a_result).is_err());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(async_fails("5")).unwrap(), 5);
    assert!(runtime.block_on(async_fails("x")).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| runtime.block_on(async_panics()))).is_err());
    assert!(telensic::current_context().is_empty());
}
