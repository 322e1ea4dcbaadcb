//! The values that events are made of, each of which is the same on the tape, in JSON and in a schema.

mod datum;
mod float;
mod integer;
mod lend;
mod maps;
mod moment;
mod unsigned;

pub use datum::Datum;
pub use float::Float;
pub use integer::Integer;
pub(crate) use lend::{DEEPEST, Lend, Lent, Plain, TOO_DEEP};
pub use maps::{Fields, Texts};
pub use moment::{Moment, NotAMoment};
pub use unsigned::Unsigned;
