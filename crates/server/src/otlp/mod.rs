//! OTLP as other programs send it: requests, their check, and JSON.
//!
//! Records are never decoded into owned structures: they are walked where they lie, by one description of all messages
//! (`messages.rs`), and copied.

mod arrays;
mod check;
mod json;
mod messages;
mod patch;
mod rejected;
mod request;
mod schema;

pub use rejected::{Reason, Rejected};
pub use request::{ExportRequest, NotARequest};

pub(crate) use check::Check;
pub(crate) use messages::{RESOURCE, SCOPE, record_of};
pub(crate) use request::Owned;
