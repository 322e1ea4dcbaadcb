//! The status, the error's code and a sentence, in the encoding that the client speaks.

use prost::Message;

use crate::support::http::{JSON, PROTOBUF, connect, head, post, read_answer};
use crate::support::recorder;
use std::io::Write;

/// `google.rpc.Status`.
#[derive(Clone, PartialEq, Message)]
struct RpcStatus {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, tag = "2")]
    message: String,
}

/// Path, headers and body; status, code, and a word that the message has.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], &'a [u8], u16, i64, &'a str);

#[test]
fn what_is_no_otlp_request_is_refused_in_words() {
    let recorder = recorder();
    let address = recorder.receiver.address();
    let text = ("content-type", "text/plain");
    let br = ("content-encoding", "br");
    let gzip = ("content-encoding", "gzip");
    let cases: [Case<'_>; 9] = [
        ("/", &[JSON], b"{}", 404, 5, "/v1/traces"),
        ("/v1/profiles", &[JSON], b"{}", 404, 5, "no such path"),
        ("/v1/traces", &[text], b"hello", 415, 3, "application/x-protobuf"),
        ("/v1/traces", &[], b"hello", 415, 3, "unknown content type"),
        ("/v1/traces", &[JSON, br], b"{}", 415, 3, "gzip"),
        (
            "/v1/traces",
            &[JSON, gzip],
            b"{}",
            400,
            3,
            "cannot be decompressed",
        ),
        ("/v1/traces", &[JSON], b"[]", 400, 3, "not an OTLP export request"),
        (
            "/v1/traces",
            &[JSON],
            b"{\"resourceSpans\": [{]}",
            400,
            3,
            "line 1",
        ),
        ("/v1/traces", &[JSON], b"{} trailing", 400, 3, "trailing"),
    ];
    for (path, headers, body, status, code, word) in cases {
        let answer = post(address, path, headers, body);
        let error = answer.json();
        assert_eq!(answer.status, status, "{path} {error}");
        assert_eq!(error["code"], code, "{error}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(word) && !message.contains('\n'), "{message}");
    }
    let answer = post(address, "/v1/traces", &[PROTOBUF], b"\x0a\xff\xff");
    assert_eq!(answer.header("content-type"), Some("application/x-protobuf"));
    let error = RpcStatus::decode(&answer.body[..]).unwrap();
    assert_eq!((answer.status, error.code), (400, 3));
    assert!(error.message.contains("not an OTLP export request"), "{error:?}");
    assert_eq!(recorder.receiver.refused_requests(), 10);
    assert!(recorder.finish().tapes.is_empty());
}

#[test]
fn only_post_is_allowed_and_that_is_said() {
    let recorder = recorder();
    for method in ["GET", "PUT", "OPTIONS", "DELETE"] {
        let mut stream = connect(recorder.receiver.address());
        let request = head(method, "/v1/metrics", &[]) + "\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        let answer = read_answer(&stream).unwrap();
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, Some("POST")),
            "{method}"
        );
    }
    recorder.finish();
}
