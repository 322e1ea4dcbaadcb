//! A backend as its courier sees it.

use bytes::Bytes;
use http_body_util::{BodyExt, Collected, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
#[cfg(feature = "otlp-grpc")]
use hyper::client::conn::http2;
use hyper::{HeaderMap, Request, Response, StatusCode};
use telensic_tape::Signal;

#[cfg(feature = "otlp-grpc")]
use super::grpc;
use super::{connect, http};
use crate::export::Protocol;
use crate::export::answer::Outcome;
use crate::export::settings::Target;

/// A backend, and the connection to it.
#[derive(Debug)]
pub(in crate::export) struct Transport {
    target: Target,
    connection: Option<Connection>,
}

/// An open connection.
#[derive(Debug)]
pub(super) enum Connection {
    Http1(http1::SendRequest<Full<Bytes>>),
    #[cfg(feature = "otlp-grpc")]
    Http2(http2::SendRequest<Full<Bytes>>),
}

/// What was answered.
pub(super) struct Answered {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    #[cfg(feature = "otlp-grpc")]
    pub(super) trailers: Option<HeaderMap>,
    pub(super) body: Bytes,
}

/// An answer says little; one that is longer is none.
const MOST_ANSWERED: usize = 1 << 20;

impl Transport {
    pub(in crate::export) fn new(target: Target) -> Self {
        Self {
            target,
            connection: None,
        }
    }

    pub(in crate::export) fn target(&self) -> &Target {
        &self.target
    }

    /// Sends a request and waits for the answer, but not for longer than is allowed.
    pub(in crate::export) async fn send(&mut self, signal: Signal, body: Bytes) -> Outcome {
        let timeout = self.target.timeout;
        let outcome = match tokio::time::timeout(timeout, self.exchange(signal, body)).await {
            Ok(Ok(outcome)) => return outcome,
            Ok(Err(why)) => Outcome::later(why),
            Err(_) => Outcome::later(format!("no answer within {} s", timeout.as_secs_f32())),
        };
        // Whatever state it is in, the next request has a new one.
        self.connection = None;
        outcome
    }

    async fn exchange(&mut self, signal: Signal, body: Bytes) -> Result<Outcome, String> {
        match self.target.protocol {
            Protocol::HttpProtobuf | Protocol::HttpJson => {
                let request = http::request(&self.target, body)?;
                let answered = self.answered(request).await?;
                Ok(http::outcome(&answered))
            }
            #[cfg(feature = "otlp-grpc")]
            Protocol::Grpc => {
                let request = grpc::request(&self.target, signal, &body)?;
                let answered = self.answered(request).await?;
                Ok(grpc::outcome(&answered))
            }
            #[cfg(not(feature = "otlp-grpc"))]
            Protocol::Grpc => Err(format!("{} need the feature otlp-grpc", signal.name())),
        }
    }

    async fn answered(&mut self, request: Request<Full<Bytes>>) -> Result<Answered, String> {
        if let Some(connection) = &mut self.connection
            && !connection.is_ready().await
        {
            // The backend closed it meanwhile; nothing was sent over it.
            self.connection = None;
        }
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(connect::connect(&self.target).await?),
        };
        let response = connection.send(request).await.map_err(|error| whole(&error))?;
        let (head, body) = response.into_parts();
        let body = Limited::new(body, MOST_ANSWERED).collect().await;
        let body: Collected<Bytes> = body.map_err(|error| whole(&*error))?;
        Ok(Answered {
            status: head.status,
            headers: head.headers,
            #[cfg(feature = "otlp-grpc")]
            trailers: body.trailers().cloned(),
            body: body.to_bytes(),
        })
    }
}

impl Connection {
    async fn is_ready(&mut self) -> bool {
        match self {
            Self::Http1(connection) => connection.ready().await.is_ok(),
            #[cfg(feature = "otlp-grpc")]
            Self::Http2(connection) => connection.ready().await.is_ok(),
        }
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> hyper::Result<Response<Incoming>> {
        match self {
            Self::Http1(connection) => connection.send_request(request).await,
            #[cfg(feature = "otlp-grpc")]
            Self::Http2(connection) => connection.send_request(request).await,
        }
    }
}

/// An error with what caused it.
pub(super) fn whole(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let more = error.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = error.source();
    }
    text
}
