//! Garbage, bombs, floods and silence: an answer of the class 4xx or a closed connection, and the next client is
//! served.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use prost::Message;
use telensic_server::receivers::otlp_http::Limits;

use crate::support::http::{JSON, PROTOBUF, connect, head, post, read_answer, write_post};
use crate::support::requests::{full_span, spans_of};
use crate::support::{Recorder, recorder, recorder_with};

/// Small enough that the tests need not wait or send much.
fn tight() -> Limits {
    let mut limits = Limits::default();
    limits.body = 64 << 10;
    limits.decompressed = 256 << 10;
    limits.idle = Duration::from_millis(300);
    limits.body_time = Duration::from_millis(300);
    limits
}

fn assert_up(address: SocketAddr) {
    let body = spans_of("prices", vec![full_span(0)]).encode_to_vec();
    assert_eq!(post(address, "/v1/traces", &[PROTOBUF], &body).status, 200);
}

fn assert_only_good(recorder: Recorder) {
    let recorded = recorder.finish();
    assert!(!recorded.spans().is_empty());
    assert!(recorded.spans().iter().all(|span| **span == full_span(0)));
}

#[test]
fn what_is_too_large_is_refused_with_413() {
    let recorder = recorder_with(tight(), Default::default());
    let address = recorder.receiver.address();
    let large = vec![0; 1 << 20];
    assert_eq!(post(address, "/v1/traces", &[PROTOBUF], &large).status, 413);
    let mut bomb = GzEncoder::new(Vec::new(), Compression::best());
    bomb.write_all(&vec![0; 16 << 20]).unwrap();
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 32 << 10);
    let gzip = ("content-encoding", "gzip");
    let answer = post(address, "/v1/traces", &[JSON, gzip], &bomb);
    assert_eq!((answer.status, answer.json()["code"].as_u64()), (413, Some(8)));
    // Announced, asked about, and never sent.
    let mut stream = connect(address);
    let headers = [
        PROTOBUF,
        ("content-length", "999999999999"),
        ("expect", "100-continue"),
    ];
    stream
        .write_all((head("POST", "/v1/traces", &headers) + "\r\n").as_bytes())
        .unwrap();
    assert_eq!(read_answer(&stream).unwrap().status, 413);
    // In chunks without end.
    let mut stream = connect(address);
    let endless = head(
        "POST",
        "/v1/traces",
        &[PROTOBUF, ("transfer-encoding", "chunked")],
    ) + "\r\n";
    stream.write_all(endless.as_bytes()).unwrap();
    let chunk = [b"4000\r\n", &[0; 0x4000][..], b"\r\n"].concat();
    for _ in 0..16 {
        stream.write_all(&chunk).unwrap();
    }
    stream.write_all(b"0\r\n\r\n").unwrap();
    assert_eq!(read_answer(&stream).unwrap().status, 413);
    assert_up(address);
    assert_only_good(recorder);
}

#[test]
fn a_head_that_is_too_large_or_no_http_is_refused() {
    let recorder = recorder_with(tight(), Default::default());
    let address = recorder.receiver.address();
    let many: String = (0..500).map(|n| format!("x-{n}: y\r\n")).collect();
    let long = format!("x-long: {}\r\n", "y".repeat(100_000));
    for headers in [many, long] {
        let mut stream = connect(address);
        // The server may close before it has read everything.
        let _ = stream.write_all((head("POST", "/v1/traces", &[]) + &headers + "\r\n").as_bytes());
        assert!(read_answer(&stream).is_none_or(|answer| answer.status == 431));
    }
    for garbage in [
        "\x16\x03\x01\x02\x00\x01\x00",
        "GET\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let mut stream = connect(address);
        let _ = stream.write_all(garbage.as_bytes());
        assert!(
            read_answer(&stream).is_none_or(|answer| answer.status == 400),
            "{garbage:?}"
        );
    }
    assert_up(address);
    assert_only_good(recorder);
}

#[test]
fn a_client_that_sends_nothing_more_is_disconnected() {
    let recorder = recorder_with(tight(), Default::default());
    let address = recorder.receiver.address();
    let mut silent = connect(address);
    let mut within_head = connect(address);
    within_head.write_all(b"POST /v1/tra").unwrap();
    let mut within_body = connect(address);
    let begun = head("POST", "/v1/traces", &[JSON, ("content-length", "100")]) + "\r\n{";
    within_body.write_all(begun.as_bytes()).unwrap();
    assert_eq!(read_answer(&within_body).unwrap().status, 408);
    for stream in [&mut silent, &mut within_head] {
        let mut rest = Vec::new();
        // Its end, or a reset: either way the connection is gone.
        let _ = stream.read_to_end(&mut rest);
    }
    assert_up(address);
    assert_only_good(recorder);
}

#[test]
fn connections_beyond_the_limit_wait_for_their_turn() {
    let mut limits = tight();
    limits.connections = 2;
    let recorder = recorder_with(limits, Default::default());
    let address = recorder.receiver.address();
    let idle: Vec<_> = (0..6).map(|_| connect(address)).collect();
    assert_up(address);
    drop(idle);
    assert_only_good(recorder);
}

#[test]
fn values_nested_ten_thousand_deep_are_no_trouble() {
    let recorder = recorder();
    let address = recorder.receiver.address();
    let mut any = Vec::new();
    for _ in 0..10_000 {
        let (mut array, mut outer) = (Vec::new(), Vec::new());
        telensic_tape::otlp::put_bytes(&mut array, 1, &any);
        telensic_tape::otlp::put_bytes(&mut outer, 5, &array);
        any = outer;
    }
    let mut body = spans_of("prices", vec![full_span(0)]).encode_to_vec();
    let (mut pair, mut span, mut scope, mut resource) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    telensic_tape::otlp::put_bytes(&mut pair, 2, &any);
    telensic_tape::otlp::put_bytes(&mut span, 9, &pair);
    telensic_tape::otlp::put_bytes(&mut scope, 2, &span);
    telensic_tape::otlp::put_bytes(&mut resource, 2, &scope);
    telensic_tape::otlp::put_bytes(&mut body, 1, &resource);
    assert_eq!(post(address, "/v1/traces", &[PROTOBUF], &body).status, 200);
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let body = format!("{{\"x\":{}1{}}}", open.repeat(10_000), close.repeat(10_000));
        let status = post(address, "/v1/traces", &[JSON], body.as_bytes()).status;
        // An unknown name is passed over, however deep.
        assert_eq!(status, 200);
        let body = format!(
            "{{\"resourceSpans\":{}1{}}}",
            open.repeat(10_000),
            close.repeat(10_000)
        );
        assert_eq!(post(address, "/v1/traces", &[JSON], body.as_bytes()).status, 400);
    }
    let recorded = recorder.finish();
    assert_eq!(recorded.spans(), [&full_span(0)]);
    assert_eq!(recorded.summary.rejected["too_deep"], 1);
}

#[test]
fn no_bytes_bring_it_down() {
    let recorder = recorder();
    let address = recorder.receiver.address();
    let good = spans_of("prices", vec![full_span(0), full_span(1)]);
    let seeds = [
        (PROTOBUF, good.encode_to_vec()),
        (JSON, serde_json::to_vec(&good).unwrap()),
    ];
    let mut stream = connect(address);
    let mut send = |content_type, path: &str, body: &[u8]| {
        write_post(&mut stream, path, &[content_type], body);
        let status = read_answer(&stream).unwrap().status;
        assert!(status == 200 || status == 400, "{status}");
    };
    let mut runner = TestRunner::deterministic();
    let paths = prop_oneof![Just("/v1/traces"), Just("/v1/logs"), Just("/v1/metrics")];
    let change = (any::<prop::sample::Index>(), any::<u8>());
    let strategy = (
        paths,
        0..2usize,
        proptest::collection::vec(change, 0..4),
        proptest::collection::vec(any::<u8>(), 0..200),
    );
    for _ in 0..300 {
        let (path, seed, changes, random) = strategy.new_tree(&mut runner).unwrap().current();
        let (content_type, body) = &seeds[seed];
        let mut changed = body.clone();
        for (at, byte) in changes {
            let at = at.index(changed.len());
            changed[at] = byte;
        }
        send(*content_type, path, &changed);
        send(*content_type, path, &random);
    }
    assert_up(address);
    // Whatever was taken is sound: reading it decodes every record with OpenTelemetry's classes.
    assert!(!recorder.finish().spans().is_empty());
}
