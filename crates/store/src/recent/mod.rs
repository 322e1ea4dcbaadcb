//! Rows that are in the log but not yet in a segment: they are served from memory.
//!
//! A [`Generation`] holds the bodies of one stream's requests as they came; they become columns when somebody asks for
//! them, or when they are flushed. So taking a request in costs no more than a check and a push.

mod generation;

pub(crate) use generation::Generation;
