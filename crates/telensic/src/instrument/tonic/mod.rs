//! gRPC by tonic: layers for servers and for clients, and an interceptor where only the context has to travel.
//!
//! ```no_run
//! # async fn serve(routes: tonic::service::Routes) {
//! use telensic::tonic::{ClientLayer, ServerLayer};
//! use tower_layer::Layer as _;
//!
//! // A server: tonic::transport::Server::builder().layer(ServerLayer::new()).add_service(...), or around any routes.
//! let service = ServerLayer::new().layer(routes);
//!
//! // A client: around its channel, as in GreeterClient::new(ClientLayer::new().layer(channel)).
//! let channel = ClientLayer::new().server("quotes", 50051).layer(service);
//! # drop(channel);
//! # }
//! ```
//!
//! Each call is a span `{package.Service}/{Method}` of kind SERVER or CLIENT with `rpc.system`, `rpc.service`, `rpc.method`
//! and `rpc.grpc.status_code`, from the headers or the trailers, whichever bring it; under
//! `OTEL_SEMCONV_STABILITY_OPT_IN=rpc` with `rpc.system.name`, the whole name as `rpc.method`, and
//! `rpc.response.status_code` instead, under `rpc/dup` with both. A streaming call's span ends with its stream. Of the status codes every one but OK fails a client's span; a server's only UNKNOWN, DEADLINE_EXCEEDED,
//! UNIMPLEMENTED, INTERNAL, UNAVAILABLE and DATA_LOSS, since the others are the caller's doing. `error.type` is the code's
//! name, or of a call that never got as far what the network did (`connection_refused`, ...).

mod call;
mod client;
mod code;
mod interceptor;
mod method;
mod names;
mod server;

pub use super::http::{Answer, SpanBody};
pub use client::{ClientLayer, ClientService};
pub use interceptor::SendContext;
pub use server::{ServerLayer, ServerService};
