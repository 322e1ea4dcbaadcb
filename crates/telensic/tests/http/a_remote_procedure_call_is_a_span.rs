//! What both ends of a gRPC call record: one answer, a stream, an error, one who hangs up, nobody there.

use std::time::Duration;

use bytes::Bytes;
use telensic::InSpan as _;
use telensic::tonic::{ClientLayer, SendContext};
use tonic::Request;
use tonic::body::Body;
use tonic::service::interceptor::InterceptedService;
use tonic::transport::Channel;
use tower::{Layer as _, ServiceExt as _, service_fn};

use crate::quotes::{Calls, Raw, channel, path, serve_quotes, streaming, unary};
use crate::support::{Dir, Read, ReadSpan, Val, child, is_child, read, recorded, succeed};
use crate::wire::{CLIENT, SERVER, run, text};

const SCENARIO: &str = "a_remote_procedure_call_is_a_span::calls";

#[test]
fn it_is_a_span_on_either_side_with_the_code_of_its_end() {
    let read = recorded(SCENARIO);
    for (parent, method, code, on_client, on_server) in [
        ("one answer", "Get", 0, None, None),
        ("a stream", "Watch", 0, None, None),
        ("the caller's fault", "NotFound", 5, Some("NOT_FOUND"), None),
        (
            "the server's fault",
            "Broken",
            13,
            Some("INTERNAL"),
            Some("INTERNAL"),
        ),
        (
            "fails within",
            "Fails",
            14,
            Some("UNAVAILABLE"),
            Some("UNAVAILABLE"),
        ),
        (
            "no such method",
            "Nothing",
            12,
            Some("UNIMPLEMENTED"),
            Some("UNIMPLEMENTED"),
        ),
    ] {
        let (client, server) = ends(&read, parent);
        assert_eq!((client.kind, server.kind), (CLIENT, SERVER), "{parent}");
        assert_eq!(server.trace, client.trace, "{parent}");
        for (span, error) in [(client, on_client), (server, on_server)] {
            assert_eq!(span.name, format!("pricing.v1.Quotes/{method}"));
            assert_eq!(text(span, "rpc.system"), Some("grpc"));
            assert_eq!(text(span, "rpc.service"), Some("pricing.v1.Quotes"));
            assert_eq!(text(span, "rpc.method"), Some(method));
            assert_eq!(
                span.get("rpc.grpc.status_code"),
                Some(&Val::I64(code)),
                "{parent}"
            );
            assert_eq!(text(span, "error.type"), error, "{parent}");
            assert_eq!(span.status, if error.is_some() { 2 } else { 0 }, "{parent}");
        }
    }
    let (client, server) = ends(&read, "the server's fault");
    assert_eq!(
        (client.message.as_str(), server.message.as_str()),
        ("the book is torn", "the book is torn")
    );
    assert_eq!(text(client, "server.address"), Some("quotes.example"));
    assert_eq!(client.get("server.port"), Some(&Val::I64(50051)));
    assert_eq!(text(server, "server.address"), Some("127.0.0.1"));
    assert_eq!(text(server, "network.peer.address"), Some("127.0.0.1"));
    assert_eq!(text(server, "client.address"), Some("127.0.0.1"));
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
fn a_stream_is_over_with_its_last_message_or_when_it_is_let_go() {
    let read = recorded(SCENARIO);
    let (client, server) = ends(&read, "a stream");
    let last = read.span("last message");
    assert_eq!(last.parent, Some(server.id));
    assert!(server.end >= last.end && client.end >= last.end);
    let (client, server) = ends(&read, "let go");
    assert_eq!(client.get("rpc.grpc.status_code"), Some(&Val::I64(1)));
    assert_eq!(server.get("rpc.grpc.status_code"), Some(&Val::I64(1)));
    assert_eq!(
        (client.status, text(client, "error.type")),
        (2, Some("CANCELLED"))
    );
    assert_eq!((server.status, text(server, "error.type")), (0, None));
}

#[test]
fn a_call_that_gets_no_answer_says_why_and_has_the_code_that_its_caller_gets() {
    let read = recorded(SCENARIO);
    for (parent, kind, code) in [
        ("nobody there", "connection_refused", 14),
        ("too late", "timeout", 1),
    ] {
        let call = child_of(&read, read.span(parent));
        assert_eq!((call.status, text(call, "error.type")), (2, Some(kind)));
        assert_eq!(
            call.get("rpc.grpc.status_code"),
            Some(&Val::I64(code)),
            "{parent}"
        );
    }
}

#[test]
fn an_answer_that_is_none_of_grpc_s_fails_a_call_with_its_http_status() {
    let read = recorded(SCENARIO);
    let call = child_of(&read, read.span("a proxy"));
    assert_eq!((call.status, text(call, "error.type")), (2, Some("502")));
    assert_eq!(call.get("rpc.grpc.status_code"), None);
}

#[test]
fn the_newer_names_are_there_instead_or_as_well_if_asked_for() {
    let usual = ["rpc.grpc.status_code", "rpc.service", "rpc.system"];
    for (wanted, has_usual) in [("rpc", false), ("rpc/dup", true)] {
        let dir = Dir::new();
        succeed(child(&dir, SCENARIO).env("OTEL_SEMCONV_STABILITY_OPT_IN", wanted));
        let read = read(dir.path());
        let (client, server) = ends(&read, "the server's fault");
        for span in [client, server] {
            assert_eq!(text(span, "rpc.system.name"), Some("grpc"));
            assert_eq!(text(span, "rpc.method"), Some("pricing.v1.Quotes/Broken"));
            assert_eq!(text(span, "rpc.response.status_code"), Some("INTERNAL"));
            for name in usual {
                assert_eq!(span.get(name).is_some(), has_usual, "{wanted}: {name}");
            }
        }
    }
}

#[test]
fn an_interceptor_sends_the_context_and_records_nothing() {
    let read = recorded(SCENARIO);
    let parent = read.span("intercepted").id;
    let spans: Vec<_> = read
        .spans
        .iter()
        .filter(|span| span.parent == Some(parent))
        .collect();
    assert_eq!(spans.len(), 1);
    assert_eq!(spans[0].kind, SERVER);
}

/// The one span of a call in this one.
fn child_of<'r>(read: &'r Read, parent: &ReadSpan) -> &'r ReadSpan {
    let mut found = read
        .spans
        .iter()
        .filter(|span| span.parent == Some(parent.id) && span.kind != 1);
    let only = found
        .next()
        .unwrap_or_else(|| panic!("{} has no child: {read:#?}", parent.name));
    assert!(found.next().is_none());
    only
}

/// The client's span in this one, and the server's in that.
fn ends<'r>(read: &'r Read, parent: &str) -> (&'r ReadSpan, &'r ReadSpan) {
    let client = child_of(read, read.span(parent));
    (client, child_of(read, client))
}

#[test]
#[ignore = "the child of the tests above"]
fn calls() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("calls");
    run(async {
        let address = serve_quotes().await;
        let layer = ClientLayer::new().server("quotes.example", 50051);
        let calls = Calls::new(layer.layer(channel(address)));
        assert_eq!(unary(calls.clone(), "one answer", "Get").await.unwrap(), "42");
        for (parent, method) in [
            ("the caller's fault", "NotFound"),
            ("the server's fault", "Broken"),
            ("no such method", "Nothing"),
        ] {
            assert!(unary(calls.clone(), parent, method).await.is_err());
        }
        let (count, end) = streaming(calls.clone(), "a stream", "Watch", 9).await;
        assert!(count == 2 && end.is_none());
        let (count, end) = streaming(calls.clone(), "fails within", "Fails", 9).await;
        assert!(count == 2 && end.is_some());
        assert_eq!(streaming(calls.clone(), "let go", "Forever", 1).await.0, 1);

        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        let nobody = Calls::new(layer.layer(channel(closed)));
        let refused = unary(nobody, "nobody there", "Get").await.unwrap_err();
        assert_eq!(refused.code(), tonic::Code::Unavailable);

        // Somebody who takes calls and never answers.
        let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = Channel::from_shared(format!("http://{}", silent.local_addr().unwrap()));
        let hasty = endpoint
            .unwrap()
            .timeout(Duration::from_millis(50))
            .connect_lazy();
        let late = unary(Calls::new(layer.layer(hasty)), "too late", "Get").await;
        assert_eq!(late.unwrap_err().code(), tonic::Code::Cancelled);

        let proxy = service_fn(async |_: http::Request<Body>| {
            let answer = http::Response::builder().status(502).body(Body::empty());
            Ok::<_, std::convert::Infallible>(answer.unwrap())
        });
        let request = http::Request::post("http://quotes.example/pricing.v1.Quotes/Get");
        let called = layer.layer(proxy).oneshot(request.body(Body::empty()).unwrap());
        called.in_span(telensic::span("a proxy")).await.unwrap();

        let intercepted = InterceptedService::new(channel(address), SendContext);
        let mut plain = tonic::client::Grpc::new(intercepted);
        let called = async {
            plain.ready().await.unwrap();
            plain
                .unary(Request::new(Bytes::from("BTC")), path("Get"), Raw)
                .await
        };
        called.in_span(telensic::span("intercepted")).await.unwrap();
        // The server hears that a stream was let go a moment later.
        tokio::time::sleep(Duration::from_millis(100)).await;
    });
}
