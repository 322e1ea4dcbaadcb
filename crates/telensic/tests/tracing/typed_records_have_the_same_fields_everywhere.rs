//! Records of an operation, of data, and of a training: their names are those that readers look for.

use std::time::Duration;

use telensic::OperationStatus::{Completed, Failed, InProgress, Started};
use telensic::{log_data, log_operation, log_training};

use crate::support::{Val, is_child, recorded};

#[test]
fn each_field_arrives_under_its_name() {
    let read = recorded("typed_records_have_the_same_fields_everywhere::says_it_typed");
    for (text, severity, status) in [
        ("operation started", 9, "started"),
        ("operation in progress", 9, "in_progress"),
        ("operation completed", 9, "completed"),
        ("operation failed", 17, "failed"),
    ] {
        let log = read.log(text);
        assert_eq!(log.severity, severity);
        assert_eq!(log.get("operation.status"), Some(&Val::from(status)));
        assert_eq!(log.get("operation.id"), Some(&Val::from("op_17")));
        assert_eq!(log.get("operation.type"), Some(&Val::from("training")));
    }
    let completed = read.log("operation completed");
    assert_eq!(completed.get("duration_ms"), Some(&Val::F64(1250.0)));
    assert_eq!(completed.get("bars"), Some(&Val::I64(5000)));
    let data = read.log("bars loaded");
    for (key, value) in [
        ("symbol", "BTCUSDT"),
        ("timeframe", "1d"),
        ("start_date", "2024-01-01"),
        ("end_date", "2024-12-31"),
        ("provider", "finnhub"),
    ] {
        assert_eq!(data.get(key), Some(&Val::from(value)), "{key}");
    }
    let training = read.log("training started");
    for (key, value) in [
        ("model_id", Val::from("mlp-3")),
        ("strategy", Val::from("ith")),
        ("symbol", Val::from("BTCUSDT")),
        ("epochs", Val::I64(40)),
        ("batch_size", Val::I64(256)),
    ] {
        assert_eq!(training.get(key), Some(&value), "{key}");
    }
}

#[test]
#[ignore = "the child of the test above"]
fn says_it_typed() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("typed");
    for status in [Started, InProgress, Failed] {
        log_operation("op_17", "training", status).emit();
    }
    log_operation("op_17", "training", Completed)
        .duration(Duration::from_millis(1250))
        .with("bars", 5000)
        .emit();
    log_data("bars loaded", "BTCUSDT")
        .timeframe("1d")
        .start_date("2024-01-01")
        .end_date("2024-12-31")
        .provider("finnhub")
        .emit();
    log_training("training started", "mlp-3")
        .strategy("ith")
        .symbol("BTCUSDT")
        .epochs(40)
        .batch_size(256)
        .emit();
}
