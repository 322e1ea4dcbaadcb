//! The names of attributes by OpenTelemetry's semantic conventions for HTTP and RPC, and those they replaced.

use super::Conventions;
use crate::{Key, Span, Value};

/// A fact about an exchange: its name, and the one it had before the conventions became stable.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Name {
    stable: Key<'static>,
    older: Option<Key<'static>>,
}

impl Name {
    #[cfg(feature = "tower")]
    const fn new(stable: &'static str) -> Self {
        Self {
            stable: Key::new(stable),
            older: None,
        }
    }

    const fn once(stable: &'static str, older: &'static str) -> Self {
        Self {
            stable: Key::new(stable),
            older: Some(Key::new(older)),
        }
    }

    /// Says it of a span.
    #[inline]
    pub(crate) fn put<'v>(&self, span: &mut Span, by: Conventions, value: impl Into<Value<'v>>) {
        let value = value.into();
        span.set(self.stable, value);
        if by == Conventions::Both
            && let Some(older) = self.older
        {
            span.set(older, value);
        }
    }
}

pub(crate) const METHOD: Name = Name::once("http.request.method", "http.method");
pub(crate) const METHOD_ORIGINAL: Key<'static> = Key::new("http.request.method_original");
pub(crate) const STATUS_CODE: Name = Name::once("http.response.status_code", "http.status_code");
pub(crate) const ERROR_TYPE: Key<'static> = Key::new("error.type");
pub(crate) const PROTOCOL_VERSION: Name = Name::once("network.protocol.version", "http.flavor");
pub(crate) const PEER_ADDRESS: Name = Name::once("network.peer.address", "net.sock.peer.addr");
pub(crate) const PEER_PORT: Name = Name::once("network.peer.port", "net.sock.peer.port");

/// What a server says.
#[cfg(feature = "tower")]
pub(crate) mod server {
    use super::{Key, Name};

    pub(crate) const SCHEME: Name = Name::once("url.scheme", "http.scheme");
    pub(crate) const PATH: Name = Name::new("url.path");
    pub(crate) const QUERY: Name = Name::new("url.query");
    pub(crate) const OLDER_TARGET: Key<'static> = Key::new("http.target");
    pub(crate) const ROUTE: Key<'static> = Key::new("http.route");
    pub(crate) const ADDRESS: Name = Name::once("server.address", "net.host.name");
    pub(crate) const PORT: Name = Name::once("server.port", "net.host.port");
    pub(crate) const CLIENT_ADDRESS: Name = Name::once("client.address", "http.client_ip");
    pub(crate) const USER_AGENT: Name = Name::once("user_agent.original", "http.user_agent");
}

/// What a client says.
#[cfg(feature = "reqwest")]
pub(crate) mod client {
    use super::Name;

    pub(crate) const ADDRESS: Name = Name::once("server.address", "net.peer.name");
    pub(crate) const PORT: Name = Name::once("server.port", "net.peer.port");
    pub(crate) const URL: Name = Name::once("url.full", "http.url");
    pub(crate) const RESEND_COUNT: Name = Name::once("http.request.resend_count", "http.resend_count");
}

/// `network.protocol.version` of HTTP.
pub(crate) fn version(version: http::Version) -> Option<&'static str> {
    match version {
        http::Version::HTTP_09 => Some("0.9"),
        http::Version::HTTP_10 => Some("1.0"),
        http::Version::HTTP_11 => Some("1.1"),
        http::Version::HTTP_2 => Some("2"),
        http::Version::HTTP_3 => Some("3"),
        _ => None,
    }
}
