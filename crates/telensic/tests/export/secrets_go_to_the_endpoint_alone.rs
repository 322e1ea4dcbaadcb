//! Headers, credentials and queries are sent to the endpoint and shown nowhere.

use crate::backend::{Backend, Mood};
use crate::support::{Dir, succeed};
use crate::work::records;

#[test]
fn they_arrive_and_are_never_shown_even_if_the_backend_sends_them_back() {
    let refusal = "no such key: s3cr3t,value; user bob:hunter2".to_owned();
    let mut status = vec![0x12, refusal.len() as u8];
    status.extend_from_slice(refusal.as_bytes());
    let moods = vec![Mood::Status(401, "", String::from_utf8(status).unwrap())];
    let (dir, backend) = (Dir::new(), Backend::start(moods));
    let endpoint = format!("http://bob:hunter2@127.0.0.1:{}/?token=quer7", backend.port());
    let mut command = records(&dir, &endpoint, 0, 200);
    command.env(
        "OTEL_EXPORTER_OTLP_HEADERS",
        "x-api-key=s3cr3t%2Cvalue,x-team=quant",
    );
    command
        .env("OTEL_LOGS_EXPORTER", "none")
        .env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "100");
    let said = succeed(&mut command);
    assert!(said.contains("refuses spans: status 401"), "{said}");
    for secret in ["s3cr3t", "hunter2", "quer7", "Ym9iOmh1bnRlcjI"] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
    let taken = backend.taken();
    assert_eq!(taken[0].path, "/v1/traces?token=quer7");
    assert_eq!(taken[0].headers["x-api-key"], "s3cr3t,value");
    assert_eq!(taken[0].headers["x-team"], "quant");
    assert_eq!(taken[0].headers["authorization"], "Basic Ym9iOmh1bnRlcjI=");
}

#[test]
fn a_wrong_list_of_headers_is_told_without_its_values() {
    let (dir, backend) = (Dir::new(), Backend::start(Vec::new()));
    let mut command = records(&dir, &backend.endpoint(), 0, 1);
    command.env("OTEL_EXPORTER_OTLP_HEADERS", "x-api-key=s3cr3t,broken");
    let said = succeed(&mut command);
    assert!(
        said.contains("OTEL_EXPORTER_OTLP_HEADERS has no key=value pair that can be a header at place 2"),
        "{said}"
    );
    assert!(!said.contains("s3cr3t") && !said.contains("broken"), "{said}");
    assert!(
        backend
            .taken()
            .iter()
            .all(|taken| !taken.headers.contains_key("x-api-key"))
    );
}
