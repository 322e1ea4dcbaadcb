//! What a client may ask of the receiver.

use std::time::Duration;

/// What a client may ask of the receiver; beyond it, an answer of the class 4xx or a closed connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Connections at once; further ones wait until one is closed. 256 by default.
    pub connections: usize,
    /// Bytes of a body as it is sent; 20 MiB by default.
    pub body: usize,
    /// Bytes of a body once it is decompressed; 64 MiB by default.
    pub decompressed: usize,
    /// Bytes of all bodies that are being received; beyond it requests are put off. 128 MiB by default.
    pub in_flight: usize,
    /// Bytes of a request's line and headers; 16 KiB by default, 8 KiB at least.
    pub head: usize,
    /// Headers of a request; 100 by default.
    pub headers: usize,
    /// How deep values may be nested in JSON, at most 40; 32 by default.
    pub nesting: u32,
    /// How long a connection may wait for its next request, and take to send its head; 75 s by default, longer than
    /// the minute after which metrics are commonly sent again.
    pub idle: Duration,
    /// How long a body may take; 30 s by default.
    pub body_time: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 256,
            body: 20 << 20,
            decompressed: 64 << 20,
            in_flight: 128 << 20,
            head: 16 << 10,
            headers: 100,
            nesting: 32,
            idle: Duration::from_secs(75),
            body_time: Duration::from_secs(30),
        }
    }
}

impl Limits {
    /// With what cannot work brought to the nearest that can.
    pub(super) fn sane(self) -> Self {
        Self {
            connections: self.connections.max(1),
            // What the HTTP parser needs at least.
            head: self.head.max(8 << 10),
            // The JSON parser gives up at 128 levels, of which a value takes three.
            nesting: self.nesting.min(40),
            ..self
        }
    }
}
