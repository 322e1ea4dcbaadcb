//! The example services as processes of their own.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of tests fail as tests do"
)]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use telensic_tape::otlp::AnyView;
use telensic_tape::{SpanId, Tape, TraceId};

/// A service that is killed, as by a crash, when it is let go.
struct Service {
    process: Child,
    address: SocketAddr,
}

impl Service {
    fn start(program: &str, dir: &Path, variables: &[(&str, &str)]) -> Self {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            let is_ours = ["OTEL_", "TELENSIC_", "TRACE"]
                .iter()
                .any(|prefix| name.starts_with(prefix));
            if is_ours || name == "RUN_ID" || name == "BAGGAGE" {
                command.env_remove(name);
            }
        }
        command.env("TELENSIC_DIR", dir).envs(variables.iter().copied());
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("listening on ")
            .unwrap()
            .parse()
            .unwrap();
        Self { process, address }
    }

    /// Posts JSON, and returns the status line and the body of the answer.
    fn post(&self, path: &str, headers: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let length = body.len();
        write!(
            stream,
            "POST {path} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
             connection: close\r\n{headers}\r\n{body}",
            self.address,
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.lines().next().unwrap().to_owned(), body.to_owned())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

struct Recorded {
    trace: TraceId,
    id: SpanId,
    parent: Option<SpanId>,
    name: String,
    status: u64,
    attributes: HashMap<String, String>,
    exceptions: Vec<String>,
}

/// All spans on the tapes of the services that record into this directory.
fn spans(dir: &Path) -> Vec<Recorded> {
    let mut spans = Vec::new();
    for entry in std::fs::read_dir(dir.join("tapes")).unwrap() {
        let tape = Tape::open(entry.unwrap().path()).unwrap();
        for chunk in tape.chunks() {
            let body = tape.body(chunk).unwrap();
            for span in body.spans() {
                let span = span.unwrap();
                let text = |value: AnyView<'_>| match value {
                    AnyView::Str(text) => text.to_owned(),
                    other => format!("{other:?}"),
                };
                let all = span.attributes().map(|pair| pair.unwrap());
                let events = span.events().map(|event| event.unwrap());
                let exceptions = events
                    .filter(|event| event.name == "exception")
                    .flat_map(|event| {
                        let all = event.attributes().map(|pair| pair.unwrap());
                        let trace = all.filter(|pair| pair.key == "exception.stacktrace");
                        trace.map(|pair| text(pair.value)).collect::<Vec<_>>()
                    });
                spans.push(Recorded {
                    trace: span.trace_id,
                    id: span.span_id,
                    parent: span.parent,
                    name: span.name.to_owned(),
                    status: span.status.code,
                    attributes: all.map(|pair| (pair.key.to_owned(), text(pair.value))).collect(),
                    exceptions: exceptions.collect(),
                });
            }
        }
    }
    spans
}

fn child<'s>(spans: &'s [Recorded], of: &Recorded, name: &str) -> &'s Recorded {
    let mut found = spans
        .iter()
        .filter(|span| span.parent == Some(of.id) && span.name == name);
    found
        .next()
        .unwrap_or_else(|| panic!("{} has no child {name}", of.name))
}

#[test]
fn an_operation_is_one_trace_through_both_services_and_a_dead_one_is_its_cause() {
    let dir = tempfile::tempdir().unwrap();
    let host = Service::start(env!("CARGO_BIN_EXE_host_service"), dir.path(), &[]);
    let base = format!("http://{}", host.address);
    let api = Service::start(
        env!("CARGO_BIN_EXE_api_service"),
        dir.path(),
        &[("HOST_SERVICE", &base)],
    );
    let order = |id: &str| {
        let body = format!("{{\"operation_id\":\"{id}\",\"symbol\":\"AAPL\",\"bars\":10}}");
        api.post("/api/v1/data/load", "", &body)
    };
    assert!(order("op-well").0.ends_with("200 OK"));
    drop(host);
    assert!(order("op-dead").0.ends_with("502 Bad Gateway"));
    drop(api);

    let spans = spans(dir.path());
    let operation = |id: &str| {
        let is_wanted = |span: &&Recorded| {
            span.name == "operation.start" && span.attributes.get("operation.id").is_some_and(|of| of == id)
        };
        spans.iter().find(is_wanted).unwrap()
    };
    let well = operation("op-well");
    assert_eq!(well.status, 1);
    let download = "POST /download_historical_data";
    let served = child(&spans, child(&spans, well, download), download);
    assert_eq!(served.trace, well.trace);
    child(&spans, served, "gateway.bars");
    child(&spans, well, "operation.complete");

    let dead = operation("op-dead");
    let call = child(&spans, dead, download);
    assert_eq!(call.attributes["error.type"], "connection_refused");
    assert!(call.attributes["url.full"].starts_with(&base));
    child(&spans, dead, "operation.fail");
    for span in [dead, call] {
        assert_eq!(span.status, 2);
        assert!(
            span.exceptions[0].contains("Connection refused"),
            "{:?}",
            span.exceptions
        );
    }
    let request = spans.iter().find(|span| dead.parent == Some(span.id)).unwrap();
    assert_eq!(
        (request.name.as_str(), request.status),
        ("POST /api/v1/data/load", 2)
    );
    assert_eq!(request.attributes["error.type"], "502");
}

/// What the W3C's harness asks, as it asks it: the service is told to call back, and the callback's headers are read.
#[test]
fn the_trace_context_goes_through_a_service_as_the_w3c_asks() {
    let dir = tempfile::tempdir().unwrap();
    let service = Service::start(env!("CARGO_BIN_EXE_trace_context_service"), dir.path(), &[]);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let callback = format!(
        "[{{\"url\":\"http://{}/\",\"arguments\":[]}}]",
        listener.local_addr().unwrap()
    );
    let called = |headers: &str| {
        std::thread::scope(|scope| {
            let answered = scope.spawn(|| {
                let (stream, _) = listener.accept().unwrap();
                let mut lines = BufReader::new(&stream).lines().map(|line| line.unwrap());
                let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
                (&stream)
                    .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
                    .unwrap();
                head
            });
            let (status, body) = service.post("/test", headers, &callback);
            assert!(status.ends_with("200 OK"), "{status} {body}");
            let head = answered.join().unwrap();
            let of = |name: &str| {
                let values = head.iter().filter_map(|line| line.split_once(": "));
                let mut found = values
                    .filter(|(key, _)| *key == name)
                    .map(|(_, value)| value.to_owned());
                let first = found.next();
                assert_eq!(found.next(), None, "{name} was sent twice");
                first
            };
            (of("traceparent").unwrap(), of("tracestate"))
        })
    };
    const TRACE: &str = "12345678901234567890123456789012";
    let valid = format!("traceparent: 00-{TRACE}-1234567890123456-01\r\n");
    for headers in [
        valid.clone(),
        format!("TraceParent: 00-{TRACE}-1234567890123456-00\r\n"),
        format!("traceparent: cc-{TRACE}-1234567890123456-01-what-the-future-will-be-like\r\n"),
    ] {
        let (parent, _) = called(&headers);
        assert_eq!(parent.len(), 55);
        assert!(parent.starts_with(&format!("00-{TRACE}-")), "{headers} {parent}");
        assert!(!parent.contains("1234567890123456-0"), "{headers} {parent}");
    }
    for headers in [
        String::new(),
        format!("{valid}{valid}"),
        format!("traceparent: ff-{TRACE}-1234567890123456-01\r\n"),
        format!("traceparent: 00-{TRACE}-0000000000000000-01\r\n"),
        format!("traceparent: 00-{TRACE}-1234567890123456-01-more\r\n"),
        format!("tracestate: foo=1\r\ntraceparent: 00-{TRACE}-123456789012345.-01\r\n"),
    ] {
        let (parent, state) = called(&headers);
        assert_eq!(parent.len(), 55);
        assert!(!parent.contains(TRACE), "{headers} {parent}");
        assert_eq!(state, None, "{headers}");
    }
    let (_, state) = called(&format!(
        "{valid}tracestate: foo=1,bar=2\r\nTraceState: rojo=1\r\n"
    ));
    assert_eq!(state.as_deref(), Some("foo=1,bar=2,rojo=1"));
    let (_, state) = called(&format!("{valid}tracestate: Foo=1,bar=2\r\n"));
    assert_eq!(state, None);
}
