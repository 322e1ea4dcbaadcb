//! Records of the `log` crate, with the ids of the span, and no record twice though `tracing` repeats its events.

use log::{Level, debug, error, info, warn};
use tracing::{Span, info_span};

use crate::support::{Dir, child, read, succeed};
use crate::support::{Read, Val, is_child, our_lines, recorded};

fn run(scenario: &str) -> Read {
    recorded(&format!("records_of_the_log_crate_are_recorded_once::{scenario}"))
}

#[test]
fn target_level_text_and_pairs_arrive_with_the_ids_of_the_span() {
    let read = run("logs");
    let span = read.span("stage");
    let log = read.log("loaded 5 rows");
    assert_eq!(
        (log.span, log.trace, log.severity),
        (Some(span.id), Some(span.trace), 9)
    );
    for (key, value) in [
        ("symbol", Val::from("BTCUSDT")),
        ("rows", Val::I64(5)),
        ("ratio", Val::F64(0.5)),
        ("ok", Val::Bool(true)),
        ("huge", Val::from("18446744073709551615")),
        ("list", Val::from("[1]")),
    ] {
        assert_eq!(log.get(key), Some(&value), "{key}");
    }
    assert_eq!(read.log("bad").severity, 17);
    assert_eq!(read.log("not of the kept levels but of the filter").severity, 5);
    assert_eq!(read.logs.len(), 3, "{:#?}", read.logs);
    let scopes = scopes_of_logs(&read);
    assert!(scopes.contains(&"orders".to_owned()), "{scopes:?}");
}

fn scopes_of_logs(read: &Read) -> Vec<String> {
    let mut scopes = Vec::new();
    for tape in &read.tapes {
        for chunk in tape.chunks() {
            let body = tape.body(chunk).unwrap();
            if body.logs().next().is_some() {
                scopes.push(body.scope().unwrap().name.to_owned());
            }
        }
    }
    scopes
}

#[test]
#[ignore = "the child of the test above"]
fn logs() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("logs");
    telensic::Logging::new()
        .filter("info,fine=debug")
        .setup()
        .unwrap();
    let _stage = info_span!("stage").entered();
    info!(target: "orders", symbol = "BTCUSDT", rows = 5, ratio = 0.5, ok = true, huge = u64::MAX, list:? = [1];
        "loaded {} rows", 5);
    error!("bad");
    debug!("too fine");
    debug!(target: "fine", "not of the kept levels but of the filter");
    assert!(log::log_enabled!(Level::Info));
    assert!(!log::log_enabled!(Level::Debug));
}

#[test]
fn what_tracing_repeats_is_recorded_once_and_what_log_says_itself_is_not_taken_for_that() {
    let read = run("is_told_twice");
    let texts: Vec<&str> = read.logs.iter().map(|log| log.body.text()).collect();
    assert_eq!(
        texts,
        [
            "by tracing",
            "by tracing",
            "by log",
            "by tracing too",
            "by log too",
            "by log",
            "in a span"
        ]
    );
    assert_eq!(read.spans.len(), 1);
    assert_eq!(read.log("in a span").get("field"), Some(&Val::I64(1)));
}

macro_rules! both_on_one_line {
    () => {
        tracing::info!("by tracing too");
        info!("by log too");
    };
}

#[test]
#[ignore = "the child of the test above"]
fn is_told_twice() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("twice");
    telensic::setup_logging().unwrap();
    for _ in 0..2 {
        tracing::info!("by tracing");
    }
    info!("by log");
    both_on_one_line!();
    warn!("by log");
    let span: Span = info_span!("span", key = 1);
    span.in_scope(|| tracing::info!(field = 1, "in a span"));
}

#[test]
fn a_logger_that_was_there_first_is_named() {
    let dir = Dir::new();
    let test = "records_of_the_log_crate_are_recorded_once::comes_second";
    let said = succeed(&mut child(&dir, test));
    let lines = our_lines(&said);
    assert_eq!(lines.len(), 1, "{said}");
    assert!(
        lines[0].contains("another logger of the `log` crate was there first"),
        "{said}"
    );
    assert_eq!(read(dir.path()).logs.len(), 1);
}

struct Quiet;

impl log::Log for Quiet {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        false
    }
    fn log(&self, _: &log::Record<'_>) {}
    fn flush(&self) {}
}

#[test]
#[ignore = "the child of the test above"]
fn comes_second() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("second");
    log::set_logger(&Quiet).unwrap();
    telensic::setup_logging().unwrap();
    tracing::info!("by tracing");
    info!("by log");
}
