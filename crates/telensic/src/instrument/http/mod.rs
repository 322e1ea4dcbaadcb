//! What every door to HTTP and gRPC shares: names of attributes, what may be told of a URL and of headers, and how an
//! exchange is followed from its request to the last byte of its answer.
//!
//! Invariant: nothing here looks at a body's bytes or changes them, and an exchange's span ends exactly once: when
//! the answer's body has ended or failed, or when whoever held it let go.

#[cfg(feature = "tower")]
mod answer;
#[cfg(feature = "tower")]
mod authority;
mod body;
mod captured;
mod carrier;
mod conventions;
mod fault;
mod methods;
pub(crate) mod names;
mod peer;
mod url;
mod within;
mod witness;

#[cfg(feature = "tower")]
pub use answer::Answer;
#[cfg_attr(
    not(feature = "tower"),
    expect(unreachable_pub, reason = "the doors of tower alone have it in their faces")
)]
pub use body::SpanBody;

#[cfg(feature = "tower")]
pub(crate) use authority::{Authority, forwarded};
pub(crate) use captured::{Captured, Direction};
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub(crate) use carrier::send_along;
pub(crate) use conventions::Conventions;
pub(crate) use fault::Fault;
#[cfg(any(feature = "reqwest", feature = "tonic"))]
pub(crate) use fault::io_cause;
pub(crate) use methods::Methods;
pub(crate) use names::version;
#[cfg(feature = "tower")]
pub(crate) use peer::put_client;
#[cfg(feature = "reqwest")]
pub(crate) use peer::put_peer;
#[cfg(feature = "tower")]
pub(crate) use url::scrubbed_query;
#[cfg(feature = "reqwest")]
pub(crate) use url::scrubbed_url;
pub(crate) use within::within;
pub(crate) use witness::{End, Head, Witness};
