//! What of a request nobody may read is on no tape, whichever door it came through.

use axum::Router;
use axum::routing::get;
use telensic::reqwest::TelensicMiddleware;
use telensic::tower::TelensicLayer;

use crate::support::{Dir, Read, child, is_child, read, succeed, tapes_in};
use crate::wire::{client, run, serve, text};

const PASSWORD: &str = "correct-horse-battery";
const SIGNATURE: &str = "fcb2f9b5d5e1a1c3";
const TOKEN: &str = "Bearer-me-well-0123456789";

fn scenario(name: &str) -> Read {
    let dir = Dir::new();
    succeed(&mut child(
        &dir,
        &format!("no_secret_of_a_request_is_recorded::{name}"),
    ));
    for tape in tapes_in(&dir.path().join("tapes")) {
        let bytes = std::fs::read(&tape).unwrap();
        for secret in [PASSWORD, SIGNATURE, TOKEN] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{secret} is on the tape");
        }
    }
    read(dir.path())
}

#[test]
fn credentials_of_a_url_and_secrets_of_its_query_are_left_out() {
    let read = scenario("left_out");
    let served = read.span("GET /quotes");
    assert_eq!(
        text(served, "url.query"),
        Some("symbol=BTC&sig=REDACTED&password=REDACTED")
    );
    let call = read
        .named("GET")
        .into_iter()
        .find(|span| span.status == 0)
        .unwrap();
    let url = text(call, "url.full").unwrap();
    // The client has made a header of user and password.
    assert!(url.starts_with("http://127.0.0.1:"), "{url}");
    assert!(
        url.ends_with("/quotes?symbol=BTC&sig=REDACTED&password=REDACTED"),
        "{url}"
    );
    // The same within the text of an error.
    let refused = read
        .named("GET")
        .into_iter()
        .find(|span| span.status == 2)
        .unwrap();
    let message = refused.events[0].get("exception.message").unwrap().text();
    assert!(message.contains("sig=REDACTED"), "{message}");
    for key in ["http.request.header.authorization", "http.request.header.cookie"] {
        assert_eq!(served.get(key), None, "{key}");
        assert_eq!(call.get(key), None, "{key}");
    }
    assert!(served.get("http.request.header.x-desk").is_some());
}

#[test]
fn credential_headers_that_were_asked_for_are_masked() {
    let read = scenario("asked_for");
    for key in ["http.request.header.authorization", "http.request.header.cookie"] {
        let masked = format!("{:?}", read.span("GET /quotes").get(key).unwrap());
        assert!(masked.contains("[REDACTED"), "{key}: {masked}");
    }
}

fn requests(layer: TelensicLayer, middleware: TelensicMiddleware) {
    let names = ["authorization", "cookie", "x-desk"];
    let routes = Router::new()
        .route("/quotes", get(async || "42"))
        .layer(layer.request_headers(names));
    let _guard = telensic::init("secrets");
    run(async {
        let address = serve(routes).await;
        let calls = client(middleware.request_headers(names));
        let closed = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap();
        for address in [address, closed] {
            let query = format!("symbol=BTC&sig={SIGNATURE}&password={PASSWORD}");
            let sent = calls
                .get(format!("http://bob:{PASSWORD}@{address}/quotes?{query}"))
                .header("authorization", format!("Bearer {TOKEN}"))
                .header("cookie", format!("session={TOKEN}"))
                .header("x-desk", "fx");
            assert_eq!(sent.send().await.is_ok(), address != closed);
        }
    });
}

#[test]
#[ignore = "the child of a test above"]
fn left_out() {
    if is_child() {
        requests(TelensicLayer::new(), TelensicMiddleware::new());
    }
}

#[test]
#[ignore = "the child of a test above"]
fn asked_for() {
    if is_child() {
        let layer = TelensicLayer::new().with_credential_headers();
        requests(layer, TelensicMiddleware::new().with_credential_headers());
    }
}
