//! The way to a backend: one connection, kept, over which requests go one after the other.
//!
//! Hyper's client connections are used without a pool or a client around them, for HTTP/1.1 and, for gRPC, HTTP/2 alike.
//! Nothing is followed that an answer points to, so credentials go to the endpoint alone.

mod connect;
mod exchange;
#[cfg(feature = "otlp-grpc")]
mod grpc;
mod http;
mod tls;

pub(super) use exchange::Transport;
