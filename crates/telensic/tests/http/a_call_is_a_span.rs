//! What a client records of its calls, and what it sends along.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use http::Extensions;
use telensic::InSpan as _;
use telensic::reqwest::{Resolver, TelensicMiddleware, UrlTemplate};
use telensic::tower::TelensicLayer;

use crate::support::{Dir, Val, child, is_child, read, recorded, succeed};
use crate::wire::{CLIENT, client, run, serve, text};

const SCENARIO: &str = "a_call_is_a_span::calls";

#[test]
fn it_says_what_was_called_and_who_answered() {
    let read = recorded(SCENARIO);
    let span = read.span("GET /quotes/{symbol}");
    assert_eq!(span.kind, CLIENT);
    assert_eq!(span.parent, Some(read.span("first").id));
    let (port, url) = (span.get("server.port").unwrap(), text(span, "url.full").unwrap());
    let Val::I64(number) = port else {
        panic!("{port:?}")
    };
    assert_eq!(url, format!("http://127.0.0.1:{number}/quotes/BTCUSDT?from=2024"));
    assert_eq!(text(span, "http.request.method"), Some("GET"));
    assert_eq!(text(span, "server.address"), Some("127.0.0.1"));
    assert_eq!(text(span, "network.peer.address"), Some("127.0.0.1"));
    assert_eq!(span.get("network.peer.port"), Some(port));
    assert_eq!(text(span, "network.protocol.version"), Some("1.1"));
    assert_eq!(text(span, "url.template"), Some("/quotes/{symbol}"));
    assert_eq!(span.get("http.response.status_code"), Some(&Val::I64(200)));
    assert_eq!(
        span.get("http.request.header.x-desk"),
        Some(&Val::List(vec!["fx".into()]))
    );
    assert_eq!(
        span.get("http.response.header.x-cost"),
        Some(&Val::List(vec!["3".into()]))
    );
    assert_eq!((span.status, span.get("error.type")), (0, None));
    assert_eq!(span.get("http.request.resend_count"), None);
}

#[test]
fn the_server_s_span_is_its_child_and_gets_the_baggage() {
    let read = recorded(SCENARIO);
    let call = read.span("GET /quotes/{symbol}");
    let served = read.span("GET /served/{symbol}");
    assert_eq!((served.trace, served.parent), (call.trace, Some(call.id)));
    assert_eq!(text(read.span("in the handler"), "baggage"), Some("run_id=r-42"));
    assert_eq!(text(read.span("not told"), "traceparent"), Some(""));
}

#[test]
fn an_answer_of_4xx_or_5xx_fails_it() {
    let read = recorded(SCENARIO);
    for (parent, code) in [("missed", 404), ("failed", 503)] {
        let parent = read.span(parent).id;
        let call = read
            .spans
            .iter()
            .find(|span| span.parent == Some(parent))
            .unwrap();
        assert_eq!(call.get("http.response.status_code"), Some(&Val::I64(code)));
        assert_eq!(
            (call.status, text(call, "error.type")),
            (2, Some(code.to_string().as_str()))
        );
    }
}

#[test]
fn each_attempt_is_a_span_and_says_the_how_manyeth_it_is() {
    let read = recorded(SCENARIO);
    let parent = read.span("retried").id;
    let mut attempts: Vec<_> = read
        .spans
        .iter()
        .filter(|span| span.parent == Some(parent))
        .collect();
    attempts.sort_by_key(|span| span.start);
    let counts: Vec<_> = attempts
        .iter()
        .map(|span| span.get("http.request.resend_count"))
        .collect();
    assert_eq!(counts, [None, Some(&Val::I64(1)), Some(&Val::I64(2))]);
}

#[test]
fn looking_a_name_up_is_timed_in_the_call_that_needs_it() {
    let read = recorded(SCENARIO);
    let parent = read.span("by name").id;
    let call = read
        .spans
        .iter()
        .find(|span| span.parent == Some(parent))
        .unwrap();
    assert!(
        matches!(call.get("dns.lookup.duration"), Some(Val::F64(seconds)) if *seconds > 0.0),
        "{call:?}"
    );
    let event = call
        .events
        .iter()
        .find(|event| event.name == "dns.lookup")
        .unwrap();
    assert_eq!(event.get("dns.question.name"), Some(&Val::from("localhost")));
    assert!(matches!(event.get("dns.answers.count"), Some(Val::I64(count)) if *count > 0));
    assert_eq!(text(call, "server.address"), Some("localhost"));
}

#[test]
fn the_older_names_are_there_too_if_asked_for() {
    let dir = Dir::new();
    succeed(child(&dir, SCENARIO).env("OTEL_SEMCONV_STABILITY_OPT_IN", "http/dup"));
    let read = read(dir.path());
    let span = read.span("GET /quotes/{symbol}");
    for (older, stable) in [
        ("http.method", "http.request.method"),
        ("http.url", "url.full"),
        ("http.status_code", "http.response.status_code"),
        ("net.peer.name", "server.address"),
        ("net.peer.port", "server.port"),
    ] {
        assert!(span.get(older).is_some(), "{older}");
        assert_eq!(span.get(older), span.get(stable), "{older}");
    }
}

#[test]
fn of_a_trace_that_is_not_sampled_the_context_travels_and_nothing_is_recorded() {
    let dir = Dir::new();
    // That the baggage has come is asserted in the handler.
    succeed(child(&dir, SCENARIO).env("OTEL_TRACES_SAMPLER", "always_off"));
    assert_eq!(read(dir.path()).spans.len(), 0);
}

/// Sends a request thrice, as middlewares that retry do.
struct Thrice;

#[async_trait::async_trait]
impl reqwest_middleware::Middleware for Thrice {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: reqwest_middleware::Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        for _ in 0..2 {
            let again = request.try_clone().unwrap();
            next.clone().run(again, extensions).await?;
        }
        next.run(request, extensions).await
    }
}

#[test]
#[ignore = "the child of the tests above"]
fn calls() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("calls");
    run(async {
        let baggage = async |headers: HeaderMap| {
            let sent = headers.get("baggage").unwrap().to_str().unwrap().to_owned();
            telensic::span("in the handler").with("baggage", &sent).end();
            ([("x-cost", "3")], "42")
        };
        let told = Arc::new(Mutex::new(String::new()));
        let seen = Arc::clone(&told);
        let stranger = async move |headers: HeaderMap| {
            let sent = headers
                .get("traceparent")
                .map(|value| value.to_str().unwrap().to_owned());
            *seen.lock().unwrap() = sent.unwrap_or_default();
        };
        let served = Router::new().route("/quotes/{symbol}", get(baggage)).layer(
            TelensicLayer::new()
                .route_of(|uri, _| uri.path().starts_with("/quotes").then_some("/served/{symbol}")),
        );
        let routes = served
            .route("/busy", post(async || StatusCode::SERVICE_UNAVAILABLE))
            .route("/stranger", get(stranger));
        let address = serve(routes).await;
        let base = format!("http://{address}");
        let middleware = TelensicMiddleware::new()
            .request_headers(["x-desk"])
            .response_headers(["x-cost"]);
        let calls = client(middleware.clone());

        let carried =
            telensic::context::Context::new().with_baggage(telensic::context::Baggage::parse("run_id=r-42"));
        let first = telensic::SpanBuilder::new("first").parent(&carried).start();
        let quote = calls
            .get(format!("{base}/quotes/BTCUSDT?from=2024"))
            .header("x-desk", "fx")
            .with_extension(UrlTemplate("/quotes/{symbol}"));
        let answer = quote.send().in_span(first).await.unwrap();
        assert_eq!(answer.url().path(), "/quotes/BTCUSDT");
        assert_eq!(answer.text().await.unwrap(), "42");

        let missed = calls.get(format!("{base}/nowhere")).send();
        missed.in_span(telensic::span("missed")).await.unwrap();
        let failed = calls.post(format!("{base}/busy")).send();
        failed.in_span(telensic::span("failed")).await.unwrap();

        let untold = client(TelensicMiddleware::new().without_propagation());
        untold.get(format!("{base}/stranger")).send().await.unwrap();
        telensic::span("not told")
            .with("traceparent", &*told.lock().unwrap())
            .end();

        let retrying = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
            .with(Thrice)
            .with(middleware);
        let retried = retrying.build().get(format!("{base}/stranger")).send();
        retried.in_span(telensic::span("retried")).await.unwrap();

        let resolving = reqwest::Client::builder()
            .dns_resolver(Resolver::new())
            .build()
            .unwrap();
        let resolving = reqwest_middleware::ClientBuilder::new(resolving)
            .with(TelensicMiddleware::new())
            .build();
        let by_name = resolving
            .get(format!("http://localhost:{}/stranger", address.port()))
            .send();
        by_name.in_span(telensic::span("by name")).await.unwrap();
    });
}
