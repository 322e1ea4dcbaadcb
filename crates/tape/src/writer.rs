//! The writing side of one tape.
//!
//! ```text
//! Lane --> supply (claim, finish) --> Pool of hot cells --> Clerk or a thread --> write_out --> Cold cells
//! ```
//!
//! Locks are taken in one order: `Cold`, then the `Pool`.

pub(crate) mod clerk;
mod cold;
mod create;
mod face;
mod grid;
pub(crate) mod hot;
mod lane;
mod options;
pub(crate) mod pool;
mod shared;
mod slots;
mod supply;
mod write_out;

pub use clerk::{Batch, Clerk};
pub use face::TapeWriter;
pub use lane::Lane;
pub use options::{DEFAULT_BUDGET, LEAST_BUDGET, Mode, TapeOptions};
pub use slots::{OpenSlot, OpenSpan, Slots};
pub use write_out::MAX_RECORD;

use shared::{Shared, lock};
use write_out::Backlog;
