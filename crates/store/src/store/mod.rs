//! The store: log, memory and segments as one.
//!
//! ```text
//! append --check--> log --committed--> memory --flush--> segment --compact--> larger segment --retain--> gone
//!                    |                    \_______________|______________________/
//!                    +--> cursors of exporters            +-- one scan
//! ```
//!
//! Invariants: what was acknowledged is seen by every scan that begins afterwards, once. A flush makes one segment of
//! one stream's frames between two positions and only then moves the store's cursor; a segment's name says which
//! frames it has; so wherever a crash falls, the next start knows for each frame whether it is in a segment.

mod face;
mod flush;
mod keeper;
mod open;
mod options;
mod shape;
mod state;
mod upkeep;

pub use face::{Appended, Store};
pub use open::{Finding, OpenedStore};
pub use options::{Retention, StoreOptions, Upkeep};
pub use state::StoreState;
