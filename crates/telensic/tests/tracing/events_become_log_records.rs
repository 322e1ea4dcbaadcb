//! An event is a log record with the ids of the span it was made in.

use telensic::Builder;
use tracing::{Level, debug, error, event, info, info_span, instrument, trace, warn};
use tracing_subscriber::layer::SubscriberExt as _;

use crate::support::{Dir, Read, Val, child, is_child, lines, read, recorded, succeed};

fn run(scenario: &str) -> Read {
    recorded(&format!("events_become_log_records::{scenario}"))
}

fn subscribe(layer: telensic::TracingLayer) {
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer)).unwrap();
}

#[test]
fn message_level_fields_and_ids_are_there() {
    let read = run("says_things");
    let span = read.span("stage");
    for (text, severity) in [
        ("finest", 1),
        ("fine", 5),
        ("loaded 5 rows", 9),
        ("odd", 13),
        ("bad", 17),
    ] {
        let log = read.log(text);
        assert_eq!(log.severity, severity, "{text}");
        assert_eq!((log.trace, log.span), (Some(span.trace), Some(span.id)), "{text}");
        assert_eq!(log.event_name, "", "{text}");
    }
    let log = read.log("loaded 5 rows");
    assert_eq!(log.get("rows"), Some(&Val::I64(5)));
    assert_eq!(log.get("path"), Some(&Val::from("nav.csv")));
    assert_eq!(log.get("message"), None);
    let log = read
        .logs
        .iter()
        .find(|log| log.get("only") == Some(&Val::Bool(true)));
    assert_eq!(log.unwrap().body, Val::Empty);
    assert_eq!(read.log("outside").span, None);
}

#[test]
#[ignore = "the child of the test above"]
fn says_things() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("events");
    subscribe(telensic::tracing_layer().with_every_level(true));
    info!("outside");
    let _stage = info_span!("stage").entered();
    trace!("finest");
    debug!("fine");
    info!(rows = 5, path = %"nav.csv", "loaded {} rows", 5);
    warn!("odd");
    error!("bad");
    info!(only = true);
}

#[test]
fn an_error_event_fails_its_span_unless_somebody_said_how_it_ends() {
    let read = run("fails");
    let failed = read.span("failed");
    assert_eq!((failed.status, failed.message.as_str()), (2, "no such file"));
    let decided = read.span("decided");
    assert_eq!(decided.status, 1);
    assert_eq!(read.span("warned").status, 0);
    assert_eq!(read.span("named").message, "of another span");
    assert_eq!(read.span("current").status, 0);
    let function = read.span("load");
    assert_eq!(
        (function.status, function.message.as_str()),
        (2, "invalid digit found in string")
    );
    let log = read.log("invalid digit found in string");
    assert_eq!(log.span, Some(function.id));
    assert_eq!(
        log.get("error"),
        Some(&Val::from("invalid digit found in string"))
    );
    let log = read.log("with its sources");
    assert_eq!(
        log.get("exception.message"),
        Some(&Val::from("invalid digit found in string"))
    );
    assert_eq!(
        log.get("error"),
        Some(&Val::from("invalid digit found in string"))
    );
}

#[instrument(err, skip_all)]
fn load(text: &str) -> Result<u8, std::num::ParseIntError> {
    text.parse()
}

#[test]
#[ignore = "the child of the test above"]
fn fails() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("fails");
    subscribe(telensic::tracing_layer());
    info_span!("failed").in_scope(|| error!(path = "x", "no such file"));
    info_span!("decided", otel.status_code = "OK").in_scope(|| error!("but it does not matter"));
    info_span!("warned").in_scope(|| warn!("careful"));
    let named = info_span!("named");
    info_span!("current").in_scope(|| error!(parent: &named, "of another span"));
    assert!(load("x").is_err());
    let error = "x".parse::<u8>().unwrap_err();
    let error: &(dyn std::error::Error + 'static) = &error;
    warn!(error, "with its sources");
}

#[test]
fn below_the_level_that_is_kept_nothing_is_recorded_nor_even_formatted() {
    let read = run("is_quiet");
    assert_eq!(read.logs.len(), 1);
    assert_eq!(read.log("grave").span, Some(read.span("finest").id));
}

struct Unformatted;

impl std::fmt::Debug for Unformatted {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        panic!("nobody asked")
    }
}

#[test]
#[ignore = "the child of the test above"]
fn is_quiet() {
    if !is_child() {
        return;
    }
    let _guard = Builder::new("quiet").log_level(telensic::Severity::Error).init();
    subscribe(telensic::tracing_layer());
    let _span = tracing::trace_span!("finest").entered();
    warn!(value = ?Unformatted, "not grave");
    error!("grave");
}

#[test]
fn an_event_that_has_a_name_is_a_typed_one() {
    let read = run("has_names");
    let log = read
        .logs
        .iter()
        .find(|log| log.event_name == "epoch_opened")
        .unwrap();
    assert_eq!(log.get("epoch_index"), Some(&Val::I64(3)));
    assert_eq!(log.severity, 5);
    // One that does not fit its schema is recorded all the same, with the reason.
    let log = read
        .logs
        .iter()
        .find(|log| log.event_name == "event.invalid")
        .unwrap();
    assert_eq!(log.get("event_name"), Some(&Val::from("data.load")), "{log:#?}");
}

#[test]
#[ignore = "the child of the test above"]
fn has_names() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("names");
    subscribe(telensic::tracing_layer());
    event!(name: "epoch_opened", Level::DEBUG, epoch_index = 3);
    event!(name: "data.load", Level::INFO, row_count = "many");
}

#[test]
fn the_lines_of_the_log_files_have_the_ids_and_the_target() {
    let dir = Dir::new();
    succeed(&mut child(&dir, "events_become_log_records::says_a_line"));
    let read = read(dir.path());
    let lines = lines(&dir.path().join("logs"));
    let [line] = &lines[..] else { panic!("{lines:?}") };
    let span = read.span("stage");
    assert_eq!(line["msg"], "filled");
    assert_eq!(line["level"], "INFO");
    assert_eq!(line["package"], "orders");
    assert_eq!(line["trace_id"], span.trace.to_string());
    assert_eq!(line["span_id"], span.id.to_string());
    assert_eq!(line["context"]["nan"], serde_json::Value::from("NaN"));
}

#[test]
#[ignore = "the child of the test above"]
fn says_a_line() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("line");
    subscribe(telensic::tracing_layer());
    info_span!("stage").in_scope(|| info!(target: "orders::book", nan = f64::NAN, "filled"));
}
