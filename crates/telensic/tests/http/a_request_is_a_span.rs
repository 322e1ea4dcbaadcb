//! What a server records of a request.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::routing::{any, get, post};
use telensic::tower::TelensicLayer;

use crate::support::{Dir, Read, Val, child, is_child, read, recorded, succeed};
use crate::wire::{SERVER, run, serve, text};

const SCENARIO: &str = "a_request_is_a_span::requests";

#[test]
fn its_name_has_the_method_and_the_route_and_never_the_path() {
    let read = recorded(SCENARIO);
    for name in [
        "GET /quotes/{symbol}",
        "POST /orders",
        "GET /nested/{id}/legs",
        "GET",
        "HTTP /any",
    ] {
        assert_eq!(read.span(name).kind, SERVER, "{name}");
    }
    assert!(
        read.spans
            .iter()
            .all(|span| !span.name.contains("BTC") && !span.name.contains("healthz"))
    );
    let span = read.span("GET /quotes/{symbol}");
    assert_eq!(text(span, "http.route"), Some("/quotes/{symbol}"));
    assert_eq!(read.span("GET").get("http.route"), None);
    let other = read.span("HTTP /any");
    assert_eq!(text(other, "http.request.method"), Some("_OTHER"));
    assert_eq!(text(other, "http.request.method_original"), Some("PURGE"));
}

#[test]
fn it_has_the_attributes_of_the_stable_conventions_and_no_others() {
    let read = recorded(SCENARIO);
    let span = read.span("GET /quotes/{symbol}");
    let mut keys: Vec<&str> = span.attributes.iter().map(|(key, _)| key.as_str()).collect();
    keys.sort_unstable();
    assert_eq!(
        keys,
        [
            "client.address",
            "http.request.header.x-request-id",
            "http.request.method",
            "http.response.header.x-cost",
            "http.response.status_code",
            "http.route",
            "network.peer.address",
            "network.peer.port",
            "network.protocol.version",
            "server.address",
            "server.port",
            "url.path",
            "url.query",
            "url.scheme",
            "user_agent.original",
        ]
    );
    for (key, value) in [
        ("client.address", "127.0.0.1"),
        ("http.request.method", "GET"),
        ("network.peer.address", "127.0.0.1"),
        ("network.protocol.version", "1.1"),
        ("server.address", "127.0.0.1"),
        ("url.path", "/quotes/BTCUSDT"),
        ("url.query", "from=2024"),
        ("url.scheme", "http"),
        ("user_agent.original", "test/1"),
    ] {
        assert_eq!(text(span, key), Some(value), "{key}");
    }
    assert_eq!(span.get("http.response.status_code"), Some(&Val::I64(200)));
    let ids = Val::List(vec!["one".into(), "two".into()]);
    assert_eq!(span.get("http.request.header.x-request-id"), Some(&ids));
    assert_eq!(
        span.get("http.response.header.x-cost"),
        Some(&Val::List(vec!["3".into()]))
    );
}

#[test]
fn it_continues_the_trace_that_the_headers_name_and_is_current_in_the_handler() {
    let read = recorded(SCENARIO);
    let span = read.span("GET /quotes/{symbol}");
    assert_eq!(span.trace.to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(span.parent.unwrap().to_string(), "00f067aa0ba902b7");
    assert_eq!(read.span("look up").parent, Some(span.id));
    assert_eq!(read.span("look up again").parent, Some(span.id));
    assert_eq!(text(read.span("look up"), "desk"), Some("fx"));
    assert_eq!(read.span("POST /orders").parent, None);
}

#[test]
fn an_answer_of_5xx_fails_it_and_one_of_4xx_does_not() {
    let read = recorded(SCENARIO);
    let failed = read.span("POST /orders");
    assert_eq!((failed.status, failed.message.as_str()), (2, ""));
    assert_eq!(text(failed, "error.type"), Some("503"));
    let missed = read.span("GET");
    assert_eq!(missed.get("http.response.status_code"), Some(&Val::I64(404)));
    assert_eq!((missed.status, missed.get("error.type")), (0, None));
}

#[test]
fn the_older_names_are_there_too_if_asked_for() {
    let dir = Dir::new();
    succeed(child(&dir, SCENARIO).env("OTEL_SEMCONV_STABILITY_OPT_IN", "database,http/dup"));
    let read: Read = read(dir.path());
    let span = read.span("GET /quotes/{symbol}");
    for (older, stable) in [
        ("http.method", "http.request.method"),
        ("http.status_code", "http.response.status_code"),
        ("http.scheme", "url.scheme"),
        ("net.host.name", "server.address"),
        ("net.host.port", "server.port"),
        ("http.client_ip", "client.address"),
        ("http.user_agent", "user_agent.original"),
        ("http.flavor", "network.protocol.version"),
        ("net.sock.peer.addr", "network.peer.address"),
        ("net.sock.peer.port", "network.peer.port"),
    ] {
        assert!(span.get(older).is_some(), "{older}");
        assert_eq!(span.get(older), span.get(stable), "{older}");
    }
    assert_eq!(text(span, "http.target"), Some("/quotes/BTCUSDT?from=2024"));
}

#[test]
fn headers_and_methods_are_named_by_the_environment_as_well() {
    let dir = Dir::new();
    succeed(
        child(&dir, SCENARIO)
            .env(
                "OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_SERVER_REQUEST",
                "Accept, X-Desk",
            )
            .env("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET,PURGE"),
    );
    let read = read(dir.path());
    let span = read.span("GET /quotes/{symbol}");
    assert_eq!(
        span.get("http.request.header.x-desk"),
        Some(&Val::List(vec!["rates".into()]))
    );
    assert_eq!(
        text(read.span("PURGE /any"), "http.request.method"),
        Some("PURGE")
    );
    assert_eq!(
        text(read.span("HTTP /orders"), "http.request.method_original"),
        Some("POST")
    );
}

#[test]
#[ignore = "the child of the tests above"]
fn requests() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("quotes");
    run(async {
        let quote = async |Path(symbol): Path<String>| {
            let desk = telensic::current_context()
                .baggage()
                .and_then(|baggage| Some(baggage.get("desk")?.to_owned()));
            telensic::span("look up")
                .with("desk", &desk.unwrap_or_default())
                .end();
            tokio::task::yield_now().await;
            tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            telensic::span("look up again").end();
            ([("x-cost", "3")], format!("{symbol} 42"))
        };
        let nested = Router::new().route("/{id}/legs", get(async || "legs"));
        let layer = TelensicLayer::new()
            .request_headers(["X-Request-Id"])
            .response_headers(["x-cost", "x-absent"])
            .without_path("/healthz");
        let routes = Router::new()
            .route("/quotes/{symbol}", get(quote))
            .route("/orders", post(async || StatusCode::SERVICE_UNAVAILABLE))
            .route("/any", any(async || "anything"))
            .route("/healthz", get(async || "well"))
            .nest("/nested", nested)
            .layer(layer);
        let base = format!("http://{}", serve(routes).await);
        let client = reqwest::Client::builder().user_agent("test/1").build().unwrap();
        let quote = client
            .get(format!("{base}/quotes/BTCUSDT?from=2024"))
            .header(
                "traceparent",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            )
            .header("baggage", "desk=fx")
            .header("x-request-id", "one")
            .header("x-request-id", "two")
            .header("x-desk", "rates");
        assert_eq!(quote.send().await.unwrap().text().await.unwrap(), "BTCUSDT 42");
        let purge = reqwest::Method::from_bytes(b"PURGE").unwrap();
        let malformed = client
            .post(format!("{base}/orders"))
            .header("traceparent", "00-nonsense");
        for request in [
            malformed,
            client.get(format!("{base}/nested/7/legs")),
            client.get(format!("{base}/nowhere/BTC")),
            client.get(format!("{base}/healthz")),
            client.request(purge, format!("{base}/any")),
        ] {
            request.send().await.unwrap().bytes().await.unwrap();
        }
    });
}
