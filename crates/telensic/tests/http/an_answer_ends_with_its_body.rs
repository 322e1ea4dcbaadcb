//! When the span of a request ends, and what it says then.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use bytes::Bytes;
use http_body::Frame;
use telensic::tower::TelensicLayer;
use tokio::sync::{Notify, mpsc};

use crate::support::{Read, Val, is_child, recorded};
use crate::wire::{Dripping, read_head, run, serve, text};

fn scenario(name: &str) -> Read {
    recorded(&format!("an_answer_ends_with_its_body::{name}"))
}

#[test]
fn a_stream_is_over_with_its_last_byte_and_what_makes_it_is_in_the_span() {
    let read = scenario("streams");
    let (span, last) = (read.span("GET /stream"), read.span("last"));
    assert_eq!(last.parent, Some(span.id));
    assert!(span.end >= last.end);
    assert_eq!((span.status, span.get("error.type")), (0, None));
    for name in ["HEAD /stream", "GET /counted", "GET /nothing"] {
        assert_eq!(read.span(name).status, 0, "{name}");
    }
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn streams() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("streams");
    run(async {
        let stream = async || {
            let (sender, receiver) = mpsc::channel(1);
            let context = telensic::current_context();
            tokio::spawn(async move {
                for piece in ["a", "b", "c"] {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    if sender.send(Ok(Frame::data(Bytes::from(piece)))).await.is_err() {
                        return;
                    }
                }
                let _attached = telensic::attach(context);
                telensic::span("last").end();
            });
            Body::new(Dripping(receiver))
        };
        let counted = async || ([("content-length", "2")], Body::new(Dripping(sent(&["a", "b"]))));
        let routes = Router::new()
            .route("/stream", get(stream))
            .route("/counted", get(counted))
            .route("/nothing", get(async || ()))
            .layer(TelensicLayer::new());
        let base = format!("http://{}", serve(routes).await);
        let client = reqwest::Client::new();
        let body = client
            .get(format!("{base}/stream"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert_eq!(body, "abc");
        client.head(format!("{base}/stream")).send().await.unwrap();
        let body = client
            .get(format!("{base}/counted"))
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert_eq!(body, "ab");
        client.get(format!("{base}/nothing")).send().await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    });
}

/// A body of which everything was sent.
fn sent(pieces: &[&'static str]) -> mpsc::Receiver<Result<Frame<Bytes>, std::io::Error>> {
    let (sender, receiver) = mpsc::channel(pieces.len().max(1));
    for piece in pieces {
        sender.try_send(Ok(Frame::data(Bytes::from(*piece)))).unwrap();
    }
    receiver
}

#[test]
fn a_client_that_goes_away_is_told_whether_or_not_the_answer_had_begun() {
    let read = scenario("hangs_up");
    for (name, status) in [("GET /forever", Some(&Val::I64(200))), ("GET /never", None)] {
        let span = read.span(name);
        assert_eq!(text(span, "error.type"), Some("client_disconnect"), "{name}");
        assert_eq!(span.status, 2, "{name}");
        assert_eq!(span.get("http.response.status_code"), status, "{name}");
    }
    assert_eq!(read.span("dropped").parent, Some(read.span("GET /never").id));
}

struct SpanOnDrop(Arc<Notify>);

impl Drop for SpanOnDrop {
    fn drop(&mut self) {
        telensic::span("dropped").end();
        self.0.notify_one();
    }
}

#[test]
#[ignore = "the child of the test above"]
fn hangs_up() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("hangs_up");
    run(async {
        let (gone, begun) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let (is_gone, has_begun) = (Arc::clone(&gone), Arc::clone(&begun));
        let never = async move || {
            let _dropped = SpanOnDrop(is_gone);
            has_begun.notify_one();
            std::future::pending::<()>().await;
        };
        let senders = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&senders);
        let forever = async move || {
            let (sender, receiver) = mpsc::channel(1);
            sender.try_send(Ok(Frame::data(Bytes::from("a")))).unwrap();
            kept.lock().unwrap().push(sender);
            Body::new(Dripping(receiver))
        };
        let routes = Router::new()
            .route("/never", get(never))
            .route("/forever", get(forever))
            .layer(TelensicLayer::new());
        let address = serve(routes).await;
        let mut stream = TcpStream::connect(address).unwrap();
        stream
            .write_all(b"GET /never HTTP/1.1\r\nhost: a\r\n\r\n")
            .unwrap();
        begun.notified().await;
        drop(stream);
        gone.notified().await;
        let taken = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream
                .write_all(b"GET /forever HTTP/1.1\r\nhost: a\r\n\r\n")
                .unwrap();
            read_head(&mut stream);
            stream.read_exact(&mut [0]).unwrap();
        });
        taken.await.unwrap();
        let sender = senders.lock().unwrap().pop().unwrap();
        sender.closed().await;
    });
}

#[test]
fn what_fails_within_is_recorded_with_its_sources() {
    let read = scenario("fails");
    let broken = read.span("GET /broken");
    assert_eq!(broken.status, 2);
    assert_eq!(text(broken, "error.type"), Some("axum_core::error::Error"));
    let exception = &broken.events[0];
    assert_eq!(exception.name, "exception");
    let trace = exception.get("exception.stacktrace").unwrap().text();
    assert!(trace.contains("the disk is gone"), "{trace}");

    let panicked = read.span("GET /panics");
    assert_eq!((panicked.status, panicked.message.as_str()), (2, "on purpose"));
    assert_eq!(text(panicked, "error.type"), Some("panic"));
    assert_eq!(
        panicked.events[0].get("exception.type"),
        Some(&Val::from("panic"))
    );
    assert_eq!(read.open(), Vec::<String>::new());
}

#[test]
#[ignore = "the child of the test above"]
fn fails() {
    if !is_child() {
        return;
    }
    std::panic::set_hook(Box::new(|_| {}));
    let _guard = telensic::init("fails");
    run(async {
        let broken = async || {
            let (sender, receiver) = mpsc::channel(2);
            sender.try_send(Ok(Frame::data(Bytes::from("a")))).unwrap();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                let _ = sender.send(Err(std::io::Error::other("the disk is gone"))).await;
            });
            Body::new(Dripping(receiver))
        };
        let routes = Router::new()
            .route("/broken", get(broken))
            .route("/panics", get(async || -> () { panic!("on purpose") }))
            .layer(TelensicLayer::new());
        let base = format!("http://{}", serve(routes).await);
        let answer = reqwest::get(format!("{base}/broken")).await.unwrap();
        assert!(answer.bytes().await.is_err());
        // The panic goes on: the connection dies of it.
        assert!(reqwest::get(format!("{base}/panics")).await.is_err());
    });
}
