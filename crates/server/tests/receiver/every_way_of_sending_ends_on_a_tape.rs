//! Every encoding, compression and framing that a client may use, for every signal.

use std::io::Write;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
use prost::Message;

use crate::support::http::{JSON, PROTOBUF, connect, head, post, read_answer, write_post};
use crate::support::recorder;
use crate::support::requests::{counter, full_span, log, logs_of, metrics_of, spans_of};

fn packings(body: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(body).unwrap();
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
    zlib.write_all(body).unwrap();
    let mut raw = DeflateEncoder::new(Vec::new(), Compression::default());
    raw.write_all(body).unwrap();
    vec![
        ("identity", body.to_vec()),
        ("gzip", gzip.finish().unwrap()),
        ("deflate", zlib.finish().unwrap()),
        ("deflate", raw.finish().unwrap()),
        ("zstd", zstd::encode_all(body, 3).unwrap()),
    ]
}

#[test]
fn every_signal_arrives_whole_in_every_encoding() {
    let recorder = recorder();
    let address = recorder.receiver.address();
    let spans = spans_of("prices", vec![full_span(0), full_span(1)]);
    let logs = logs_of("prices", vec![log("said")]);
    let metrics = metrics_of("prices", vec![counter("runs_total", i64::MAX)]);
    let bodies = [
        ("/v1/traces", PROTOBUF, spans.encode_to_vec()),
        ("/v1/traces", JSON, serde_json::to_vec(&spans).unwrap()),
        ("/v1/logs", PROTOBUF, logs.encode_to_vec()),
        ("/v1/logs", JSON, serde_json::to_vec(&logs).unwrap()),
        ("/v1/metrics", PROTOBUF, metrics.encode_to_vec()),
        ("/v1/metrics", JSON, serde_json::to_vec(&metrics).unwrap()),
    ];
    for (path, content_type, body) in &bodies {
        for (encoding, packed) in packings(body) {
            let headers = [*content_type, ("content-encoding", encoding)];
            let answer = post(address, path, &headers, &packed);
            let said = String::from_utf8_lossy(&answer.body).into_owned();
            assert_eq!(answer.status, 200, "{path} {encoding}: {said}");
            assert_eq!(answer.header("content-type"), Some(content_type.1));
            assert_eq!(said, if *content_type == JSON { "{}" } else { "" });
        }
    }
    let recorded = recorder.finish();
    assert_eq!(recorded.tapes.len(), 1, "one resource, one tape");
    assert_eq!(recorded.spans().len(), 20);
    assert!(
        recorded
            .spans()
            .iter()
            .all(|span| **span == full_span(0) || **span == full_span(1))
    );
    assert_eq!(recorded.logs(), vec![&log("said"); 10]);
    assert_eq!(recorded.metrics(), vec![&counter("runs_total", i64::MAX); 10]);
    assert_eq!(recorded.tapes[0].spans[0].0.name, "library");
    let keys: Vec<&str> = recorded.tapes[0]
        .resource
        .attributes
        .iter()
        .map(|pair| pair.key.as_str())
        .collect();
    assert_eq!(keys, ["service.name", "telensic.receiver"]);
    let summary = recorded.summary;
    assert_eq!(
        (
            summary.requests,
            summary.spans,
            summary.logs,
            summary.metrics,
            summary.tapes
        ),
        (30, 20, 10, 10, 1)
    );
    assert_eq!((summary.masked_values, summary.rejected.len()), (0, 0));
}

#[test]
fn one_connection_takes_many_requests_chunked_and_asked_for() {
    let recorder = recorder();
    let body = spans_of("prices", vec![full_span(0)]).encode_to_vec();
    let mut stream = connect(recorder.receiver.address());
    for _ in 0..3 {
        write_post(&mut stream, "/v1/traces", &[PROTOBUF], &body);
        assert_eq!(read_answer(&stream).unwrap().status, 200);
    }
    // In chunks of a few bytes.
    let mut request = head(
        "POST",
        "/v1/traces",
        &[PROTOBUF, ("transfer-encoding", "chunked")],
    )
    .into_bytes();
    request.extend_from_slice(b"\r\n");
    for chunk in body.chunks(7) {
        request.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
        request.extend_from_slice(chunk);
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"0\r\n\r\n");
    stream.write_all(&request).unwrap();
    assert_eq!(read_answer(&stream).unwrap().status, 200);
    // With the body only after the server has asked for it.
    let length = body.len().to_string();
    let headers = [PROTOBUF, ("content-length", &length), ("expect", "100-continue")];
    let head = head("POST", "/v1/traces?ignored=1", &headers) + "\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    assert_eq!(read_answer(&stream).unwrap().status, 100);
    stream.write_all(&body).unwrap();
    assert_eq!(read_answer(&stream).unwrap().status, 200);
    // Two at once.
    write_post(&mut stream, "/v1/traces", &[PROTOBUF], &body);
    write_post(
        &mut stream,
        "/v1/traces",
        &[("Content-Type", "application/x-protobuf; x=y")],
        &body,
    );
    assert_eq!(
        recorder.finish().spans().len(),
        7,
        "what was sent before the end is heard"
    );
}

#[test]
fn an_empty_request_is_taken_and_makes_no_tape() {
    let recorder = recorder();
    let address = recorder.receiver.address();
    assert_eq!(post(address, "/v1/traces", &[PROTOBUF], b"").status, 200);
    assert_eq!(post(address, "/v1/logs", &[JSON], b"{}").status, 200);
    let nothing = spans_of("prices", Vec::new()).encode_to_vec();
    assert_eq!(post(address, "/v1/traces", &[PROTOBUF], &nothing).status, 200);
    assert!(recorder.finish().tapes.is_empty());
}
