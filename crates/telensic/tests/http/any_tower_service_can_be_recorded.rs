//! The layer around services that are not axum's.

use std::error::Error;
use std::fmt;

use http::{HeaderMap, Request, Response};
use http_body::Body as _;
use telensic::tower::{Peer, TelensicLayer};
use tower::{Layer as _, Service as _, ServiceExt as _, service_fn};

use crate::support::{is_child, recorded};
use crate::wire::{Dripping, run, text};

#[derive(Debug)]
struct Outer(std::io::Error);

impl fmt::Display for Outer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no quote")
    }
}

impl Error for Outer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}

#[test]
fn errors_peers_proxies_and_trailers_are_as_they_were_given() {
    let read = recorded("any_tower_service_can_be_recorded::services");
    let failed = read.span("POST");
    assert_eq!((failed.status, failed.message.as_str()), (2, "no quote"));
    // Of a box nobody knows what is in it.
    assert_eq!(text(failed, "error.type"), Some("_OTHER"));
    let sources = failed.events[0].get("exception.stacktrace").unwrap().text();
    assert_eq!(sources, "no quote\ncaused by: the gateway is gone");

    let proxied = read.span("GET /templated");
    assert_eq!(text(proxied, "client.address"), Some("203.0.113.7"));
    assert_eq!(text(proxied, "network.peer.address"), Some("10.0.0.1"));
    assert_eq!(text(proxied, "server.address"), Some("api.example"));
    assert_eq!(text(proxied, "url.scheme"), Some("https"));
    assert_eq!(proxied.status, 0);

    let direct = read.span("GET /direct");
    assert_eq!(text(direct, "client.address"), Some("10.0.0.1"));
    assert_eq!(text(direct, "server.address"), Some("internal"));
    assert_eq!(read.span("outer").id, direct.parent.unwrap());
}

#[test]
fn where_nothing_is_recorded_everything_goes_through_as_it_came() {
    run(async {
        let echo = service_fn(async |request: Request<axum::body::Body>| {
            Ok::<_, std::convert::Infallible>(Response::new(request.into_body()))
        });
        let request = Request::post("/").body(axum::body::Body::from("42")).unwrap();
        let answer = TelensicLayer::new().layer(echo).oneshot(request).await.unwrap();
        assert_eq!(answer.body().size_hint().exact(), Some(2));
        let body = axum::body::to_bytes(axum::body::Body::new(answer.into_body()), 9).await;
        assert_eq!(body.unwrap(), "42");
    });
}

#[test]
#[ignore = "the child of a test above"]
fn services() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("services");
    run(async {
        let fails = service_fn(async |_: Request<()>| {
            let error = Outer(std::io::Error::other("the gateway is gone"));
            Err::<Response<Dripping>, Box<dyn Error + Send + Sync>>(Box::new(error))
        });
        let mut service = TelensicLayer::new().layer(fails);
        let request = Request::post("/").body(()).unwrap();
        assert!(service.ready().await.unwrap().call(request).await.is_err());

        let trailers = service_fn(async |_: Request<()>| {
            let (sender, receiver) = tokio::sync::mpsc::channel(2);
            let mut trailers = HeaderMap::new();
            trailers.insert("x-checksum", "9f86".parse().unwrap());
            sender.try_send(Ok(http_body::Frame::data("a".into()))).unwrap();
            sender.try_send(Ok(http_body::Frame::trailers(trailers))).unwrap();
            Ok::<_, std::convert::Infallible>(Response::new(Dripping(receiver)))
        });
        let request = |path: &str| {
            Request::get(path)
                .header("host", "internal:8080")
                .header("forwarded", "for=203.0.113.7;proto=https;host=api.example")
                .extension(Peer("10.0.0.1:4711".parse().unwrap()))
                .body(())
                .unwrap()
        };
        let trusting = TelensicLayer::new()
            .trust_proxies()
            .route_of(|_, _| Some("/templated"));
        let answer = trusting.layer(trailers).oneshot(request("/a")).await.unwrap();
        let mut body = std::pin::pin!(answer.into_body());
        let mut frames = Vec::new();
        // Servers do not ask for more after trailers.
        for _ in 0..2 {
            let frame = std::future::poll_fn(|task| body.as_mut().poll_frame(task)).await;
            frames.push(frame.unwrap().unwrap());
        }
        assert_eq!(frames[0].data_ref().unwrap(), "a");
        assert_eq!(frames[1].trailers_ref().unwrap()["x-checksum"], "9f86");

        let empty = service_fn(async |_: Request<()>| {
            Ok::<_, std::convert::Infallible>(Response::new(axum::body::Body::empty()))
        });
        let _outer = telensic::span("outer").entered();
        let direct = TelensicLayer::new().route_of(|_, _| Some("/direct"));
        direct.layer(empty).oneshot(request("/b")).await.unwrap();
    });
}
