//! Servers and clients on loopback, and what they send each other.

use std::future::Future;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use bytes::Bytes;
use http_body::{Body, Frame};
use reqwest_middleware::ClientWithMiddleware;
use telensic::reqwest::TelensicMiddleware;
use tokio::sync::mpsc;

use crate::support::ReadSpan;

pub(crate) const SERVER: u64 = 2;
pub(crate) const CLIENT: u64 = 3;

/// Runs a scenario, on a runtime that is gone when it returns.
pub(crate) fn run(scenario: impl Future<Output = ()>) {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(scenario);
}

/// Serves routes for as long as the runtime lives.
pub(crate) async fn serve(routes: Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = routes.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
    address
}

/// A client with this middleware.
pub(crate) fn client(middleware: TelensicMiddleware) -> ClientWithMiddleware {
    reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
        .with(middleware)
        .build()
}

/// Answers one connection after another, each by what is left of these bytes, and hangs up.
pub(crate) fn answers(answers: Vec<&'static [u8]>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            read_head(&mut stream);
            // A client that is gone already has what it wanted.
            let _ = stream.write_all(answer);
        }
    });
    address
}

/// Reads until the headers of a request or an answer have ended.
pub(crate) fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
        head.push(byte[0]);
    }
    String::from_utf8(head).unwrap()
}

/// A body that comes as it is sent, with an error if one is.
pub(crate) struct Dripping(pub(crate) mpsc::Receiver<Result<Frame<Bytes>, std::io::Error>>);

impl Body for Dripping {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        self.0.poll_recv(task)
    }
}

/// The text of an attribute; `None` if there is none.
pub(crate) fn text<'s>(span: &'s ReadSpan, key: &str) -> Option<&'s str> {
    span.get(key).map(crate::support::Val::text)
}
