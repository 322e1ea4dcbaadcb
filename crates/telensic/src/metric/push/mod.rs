//! Pushes to a Prometheus Pushgateway, for programs that end before anybody scrapes them.
//!
//! Every interval, once at the end, and when a thread panics; by a thread of its own. Invariant: the program never waits for
//! the gateway but at its end, and then no longer than its guard allows.

mod gateway;
mod options;
mod pusher;

pub use options::{PushMethod, PushOptions};
pub use pusher::{Pusher, push};

pub(crate) use pusher::push_after_panic;
