//! The examination of a machine: one file a topic, each of which gives [`Finding`]s.

mod clock;
mod disk;
mod environment;
mod finding;
mod handed_over;
mod left_tapes;
mod machine;
mod place;
mod scratch;
mod seal_key;
mod surroundings;
mod tape_cost;
mod value;
mod variables;

pub(crate) use finding::{Finding, Level, examine};
pub(crate) use surroundings::Surroundings;
