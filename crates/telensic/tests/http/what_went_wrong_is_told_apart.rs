//! The kinds of failure of a client's call.

use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest_middleware::ClientBuilder;
use telensic::reqwest::{Resolver, TelensicMiddleware};
use telensic::{InSpan as _, Span};

use crate::support::{is_child, recorded};
use crate::wire::{answers, run, serve, text};

#[test]
fn each_kind_of_failure_has_its_own_error_type_and_its_sources() {
    let read = recorded("what_went_wrong_is_told_apart::failures");
    for (parent, kind, cause) in [
        ("refused", "connection_refused", "Connection refused"),
        ("no such name", "dns", "no such name here"),
        ("no answer", "timeout", "operation timed out"),
        ("no connection", "connect_timeout", "operation timed out"),
        ("hung up", "connection_reset", "connection closed"),
        ("loop", "redirect", "too many redirects"),
        (
            "broken body",
            "connection_reset",
            "end of file before message length reached",
        ),
        ("no gzip", "decode", "gzip"),
    ] {
        let parent = read.span(parent).id;
        let call = read
            .spans
            .iter()
            .find(|span| span.parent == Some(parent))
            .unwrap();
        assert_eq!(text(call, "error.type"), Some(kind), "{call:#?}");
        assert_eq!(call.status, 2, "{kind}");
        let exception = call
            .events
            .iter()
            .find(|event| event.name == "exception")
            .unwrap();
        let sources = exception.get("exception.stacktrace").unwrap().text();
        assert!(sources.contains(cause), "{kind}: {sources}");
        assert_eq!(
            exception.get("exception.type").unwrap().text(),
            "reqwest::error::Error"
        );
    }
    let parent = read.span("not waited for").id;
    let call = read
        .spans
        .iter()
        .find(|span| span.parent == Some(parent))
        .unwrap();
    assert_eq!((call.status, text(call, "error.type")), (2, Some("cancelled")));
    assert_eq!(read.open(), Vec::<String>::new());
}

/// Knows no name.
struct Nobody;

impl Resolve for Nobody {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err::<Addrs, _>("no such name here".into()) })
    }
}

/// Takes forever to find a name.
struct Slow;

impl Resolve for Slow {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(std::future::pending())
    }
}

async fn call(name: &str, client: reqwest::Client, url: String) {
    let client = ClientBuilder::new(client).with(TelensicMiddleware::new()).build();
    let span: Span = telensic::span(name);
    let answered = async {
        let answer = client.get(url).send().await?;
        answer.bytes().await.map_err(reqwest_middleware::Error::from)
    };
    assert!(answered.in_span(span).await.is_err(), "{name}");
}

fn closed_port() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[test]
#[ignore = "the child of the test above"]
fn failures() {
    if !is_child() {
        return;
    }
    let _guard = telensic::init("failures");
    run(async {
        let new = reqwest::Client::new;
        let builder = reqwest::Client::builder;
        call("refused", new(), format!("http://{}/", closed_port())).await;

        let lost = builder().dns_resolver(Resolver::around(Nobody)).build().unwrap();
        call("no such name", lost, "http://nowhere.invalid/".to_owned()).await;

        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", silent.local_addr().unwrap());
        let short = Duration::from_millis(50);
        call(
            "no answer",
            builder().timeout(short).build().unwrap(),
            url.clone(),
        )
        .await;

        let stuck = builder()
            .dns_resolver(Slow)
            .connect_timeout(short)
            .build()
            .unwrap();
        call("no connection", stuck, "http://slow.invalid/".to_owned()).await;

        let hangs_up = answers(vec![b""]);
        call("hung up", new(), format!("http://{hangs_up}/")).await;

        let around = Router::new().route("/", get(async || Redirect::temporary("/")));
        call("loop", new(), format!("http://{}/", serve(around).await)).await;

        let broken = answers(vec![b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"]);
        call("broken body", new(), format!("http://{broken}/")).await;

        let garbage = answers(vec![
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope",
        ]);
        call("no gzip", new(), format!("http://{garbage}/")).await;

        let client = ClientBuilder::new(new()).with(TelensicMiddleware::new()).build();
        let waiting = client.get(url).send().in_span(telensic::span("not waited for"));
        assert!(tokio::time::timeout(short, waiting).await.is_err());
    });
}
