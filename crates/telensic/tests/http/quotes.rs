//! A service of tonic and how it is called, as code generated from a definition would have it.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, BufMut, Bytes};
use telensic::InSpan as _;
use telensic::tonic::{ClientService, ServerLayer};
use tokio::sync::mpsc;
use tonic::body::Body;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::{Channel, Server};
use tonic::{Request, Response, Status};
use tower::Service;

/// Messages that are bytes.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Raw;

impl Codec for Raw {
    type Encode = Bytes;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

impl Encoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn encode(&mut self, message: Bytes, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        buffer.put(message);
        Ok(())
    }
}

impl Decoder for Raw {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        let all = buffer.remaining();
        Ok(Some(buffer.copy_to_bytes(all)))
    }
}

/// A stream of messages.
struct Messages(mpsc::Receiver<Result<Bytes, Status>>);

impl tonic::codegen::tokio_stream::Stream for Messages {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(task)
    }
}

/// The service.
#[derive(Clone)]
struct Quotes;

impl tonic::server::NamedService for Quotes {
    const NAME: &'static str = "pricing.v1.Quotes";
}

impl Service<http::Request<Body>> for Quotes {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let method = request.uri().path().rsplit('/').next().unwrap().to_owned();
        Box::pin(async move {
            let mut grpc = tonic::server::Grpc::new(Raw);
            Ok(match method.as_str() {
                "Get" => grpc.unary(Unary(Ok(Bytes::from("42"))), request).await,
                "NotFound" => grpc.unary(Unary(Err(Status::not_found("who?"))), request).await,
                "Broken" => {
                    grpc.unary(Unary(Err(Status::internal("the book is torn"))), request)
                        .await
                }
                "Watch" | "Fails" | "Forever" => grpc.server_streaming(Streaming(method), request).await,
                _ => Status::unimplemented("no such method").into_http(),
            })
        })
    }
}

struct Unary(Result<Bytes, Status>);

impl tonic::server::UnaryService<Bytes> for Unary {
    type Response = Bytes;
    type Future = std::future::Ready<Result<Response<Bytes>, Status>>;

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        std::future::ready(self.0.clone().map(Response::new))
    }
}

struct Streaming(String);

impl tonic::server::ServerStreamingService<Bytes> for Streaming {
    type Response = Bytes;
    type ResponseStream = Messages;
    type Future = std::future::Ready<Result<Response<Messages>, Status>>;

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        let (sender, receiver) = mpsc::channel(1);
        let (kind, context) = (self.0.clone(), telensic::current_context());
        tokio::spawn(async move {
            for price in ["41", "42"] {
                sender.send(Ok(Bytes::from(price))).await.unwrap();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            match kind.as_str() {
                "Fails" => drop(sender.send(Err(Status::unavailable("the feed is gone"))).await),
                "Forever" => sender.closed().await,
                _ => {
                    let _attached = telensic::attach(context);
                    telensic::span("last message").end();
                }
            }
        });
        std::future::ready(Ok(Response::new(Messages(receiver))))
    }
}

/// Serves it, recorded, for as long as the runtime lives.
pub(crate) async fn serve_quotes() -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let incoming = tonic::transport::server::TcpIncoming::from(listener);
    let server = Server::builder().layer(ServerLayer::new()).add_service(Quotes);
    tokio::spawn(async move { server.serve_with_incoming(incoming).await.unwrap() });
    address
}

pub(crate) type Calls = tonic::client::Grpc<ClientService<Channel>>;

pub(crate) fn path(method: &str) -> http::uri::PathAndQuery {
    format!("/pricing.v1.Quotes/{method}").parse().unwrap()
}

pub(crate) async fn unary(mut calls: Calls, parent: &str, method: &str) -> Result<Bytes, Status> {
    let called = async move {
        calls
            .ready()
            .await
            .map_err(|error| Status::unknown(error.to_string()))?;
        calls
            .unary(Request::new(Bytes::from("BTC")), path(method), Raw)
            .await
    };
    Ok(called.in_span(telensic::span(parent)).await?.into_inner())
}

/// The messages of a stream, or of as much of it as is wanted, and how it ended.
pub(crate) async fn streaming(
    mut calls: Calls,
    parent: &str,
    method: &str,
    wanted: usize,
) -> (usize, Option<Status>) {
    let called = async move {
        calls.ready().await.unwrap();
        let answer = calls
            .server_streaming(Request::new(Bytes::from("BTC")), path(method), Raw)
            .await;
        let mut stream = answer.unwrap().into_inner();
        let mut count = 0;
        while count < wanted {
            match stream.message().await {
                Ok(Some(_)) => count += 1,
                Ok(None) => return (count, None),
                Err(status) => return (count, Some(status)),
            }
        }
        (count, None)
    };
    called.in_span(telensic::span(parent)).await
}

pub(crate) fn channel(address: SocketAddr) -> Channel {
    Channel::from_shared(format!("http://{address}"))
        .unwrap()
        .connect_lazy()
}
