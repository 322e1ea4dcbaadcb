use super::*;
use crate::sink::{ConsoleForm, ConsoleSink, LogLayout};

use super::console_lines::Screen;

pub(super) fn line(layout: LogLayout, scope: &str, origin: Arc<LogOrigin>, log: &Log) -> String {
    let screen = Screen::default();
    let mut sink = ConsoleSink::to(
        Box::new(screen.clone()),
        ConsoleForm::Json(layout),
        origin,
        Reports::default().callback(),
    );
    log.to_scope(&mut sink, scope);
    sink.close();
    screen.text()
}

fn rich() -> Log {
    Log::at(0)
        .body("say \"hi\"\n")
        .in_span()
        .with("thread.id", 7)
        .with("qty", 0.5)
        .with("level", "deep")
        .with("sides", &["buy", "sell"])
        .with("exception.type", "ValueError")
        .with("exception.message", "no")
        .with("provenance.input_hash", "sha256:ab")
        .with("qty", 9)
        .event("order.filled")
}

#[test]
fn telensic_layout_with_all_there_is() {
    assert_eq!(
        line(LogLayout::Telensic, "quant_core::orders", origin(), &rich()),
        concat!(
            r#"{"ts":"2026-01-25T12:00:00.123456Z","level":"INFO","msg":"say \"hi\"\n","component":"quant_core","#,
            r#""package":"quant_core","env":"production","host":"node-1","pid":4242,"tid":7,"service":"trader","#,
            r#""trace_id":"4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b","span_id":"0a0a0a0a0a0a0a0a","#,
            r#""run_id":"20260125-120000-ab12","provenance":{"session_id":"sess_20260125_120000","#,
            r#""git_sha":"0dc100c","input_hash":"sha256:ab","random_seed":42},"#,
            r#""context":{"event_type":"order.filled","qty":0.5,"level":"deep","sides":["buy","sell"]},"#,
            r#""exception":{"type":"ValueError","message":"no","stacktrace":null}}"#,
            "\n"
        )
    );
}

#[test]
fn telensic_layout_with_nothing_known() {
    let origin = Arc::new(LogOrigin {
        service: "trader".to_owned(),
        ..LogOrigin::default()
    });
    let mut nothing = Log::default();
    put_fixed64(&mut nothing.0, field::log::TIME, 0);
    assert_eq!(
        line(LogLayout::Telensic, "", origin, &nothing),
        concat!(
            r#"{"ts":"1970-01-01T00:00:00.000000Z","level":null,"msg":"","component":"trader","package":"","#,
            r#""env":null,"host":null,"pid":0,"tid":null,"service":"trader","trace_id":null,"span_id":null,"#,
            r#""run_id":null,"provenance":{"session_id":null,"git_sha":null,"input_hash":null,"#,
            r#""random_seed":null},"context":{},"exception":null}"#,
            "\n"
        )
    );
}

#[test]
fn standard_layout_puts_fields_flat_and_renames_what_collides() {
    assert_eq!(
        line(
            LogLayout::Standard,
            "quant_core::orders",
            origin(),
            &rich().with("context.level", 1)
        ),
        concat!(
            r#"{"timestamp":"2026-01-25T12:00:00.123456Z","level":"INFO","message":"say \"hi\"\n","#,
            r#""trace_id":"4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b","span_id":"0a0a0a0a0a0a0a0a","#,
            r#""run_id":"20260125-120000-ab12","event_type":"order.filled","thread.id":7,"qty":0.5,"#,
            r#""context.context.level":"deep","sides":["buy","sell"],"exception.type":"ValueError","#,
            r#""exception.message":"no","provenance.input_hash":"sha256:ab","context.level":1}"#,
            "\n"
        )
    );
}

#[test]
fn otel_layout_has_the_names_of_the_python_instrumentation() {
    let log = Log::at(0)
        .body("Training started")
        .in_span()
        .with("symbol", "AAPL")
        .with("epochs", 100);
    assert_eq!(
        line(
            LogLayout::Otel,
            "quant_core::orders",
            origin(),
            &log.with("run_id", "other")
        ),
        concat!(
            r#"{"timestamp":"2026-01-25T12:00:00.123456Z","level":"INFO","message":"Training started","#,
            r#""otelTraceID":"4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b4b","otelSpanID":"0a0a0a0a0a0a0a0a","#,
            r#""otelServiceName":"trader","run_id":"other","symbol":"AAPL","epochs":100}"#,
            "\n"
        )
    );
}

#[test]
fn what_a_record_says_of_itself_goes_before_what_is_derived() {
    let log = Log::at(0)
        .event("data.load")
        .with("component", "loader")
        .with("package", "ith-python")
        .with("run_id", "r2")
        .with("provenance.random_seed", 7)
        .with("provenance.git_sha", 9)
        .with("event_type", "mine");
    let line = line(LogLayout::Telensic, "quant.risk::x", origin(), &log);
    let json: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(json["msg"], "data.load");
    assert_eq!(
        (&json["component"], &json["package"]),
        (&"loader".into(), &"ith-python".into())
    );
    assert_eq!(
        (&json["run_id"], &json["provenance"]["random_seed"]),
        (&"r2".into(), &7.into())
    );
    // Of the wrong type, so no provenance; and the name of the event is taken.
    assert_eq!(json["provenance"]["git_sha"], "0dc100c");
    assert_eq!(
        json["context"],
        serde_json::json!({"event_type": "data.load", "provenance.git_sha": 9, "context.event_type": "mine"})
    );
}

#[test]
fn a_level_is_its_text_or_the_name_of_its_number() {
    for (number, text, expected) in [
        (1, "", "TRACE"),
        (8, "", "DEBUG"),
        (10, "", "INFO"),
        (13, "", "WARN"),
        (20, "", "ERROR"),
        (24, "", "FATAL"),
        (9, "notice", "notice"),
    ] {
        let mut log = Log::default();
        put_varint_field(&mut log.0, field::log::SEVERITY, number);
        let log = log.raw(field::log::SEVERITY_TEXT, text.as_bytes());
        let line = line(LogLayout::Standard, "", origin(), &log);
        assert!(line.contains(&format!("\"level\":\"{expected}\"")), "{line}");
    }
}
