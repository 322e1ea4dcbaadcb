//! Who is at the other end of a connection.

use std::net::SocketAddr;

use super::Conventions;
use super::names::{PEER_ADDRESS, PEER_PORT};
use crate::Span;
use crate::instrument::text::with_text;

/// Says of a client's span whom it has reached.
#[cfg(feature = "reqwest")]
pub(crate) fn put_peer(span: &mut Span, by: Conventions, peer: SocketAddr) {
    with_text(format_args!("{}", peer.ip()), |address| {
        PEER_ADDRESS.put(span, by, address);
    });
    PEER_PORT.put(span, by, peer.port());
}

/// Says of a server's span who has called: the peer, or whoever a proxy that is trusted names in its place.
#[cfg(feature = "tower")]
pub(crate) fn put_client(span: &mut Span, by: Conventions, peer: Option<SocketAddr>, named: Option<&str>) {
    use super::names::server::CLIENT_ADDRESS;

    if let Some(client) = named {
        CLIENT_ADDRESS.put(span, by, client);
    }
    let Some(peer) = peer else { return };
    with_text(format_args!("{}", peer.ip()), |address| {
        PEER_ADDRESS.put(span, by, address);
        if named.is_none() {
            CLIENT_ADDRESS.put(span, by, address);
        }
    });
    PEER_PORT.put(span, by, peer.port());
}
