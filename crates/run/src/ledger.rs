//! `LEDGER.jsonl`: one signed line for every run that was sealed in a data root, each linked to the one before.
//!
//! ```text
//! {"link":{"sequence":2,"run_id":...,"seal":...,"merkle_root":...,"sealed_at":...,"status":...,
//!          "previous":<hash of line 1>,"public_key":...},"hash":...,"signature":...}\n
//! ```
//!
//! A line is appended under an exclusive lock of the file, so the chain cannot fork. What a crash leaves of a line
//! that was being appended is moved to `LEDGER.torn`, and the chain goes on.

mod append;
mod finding;
mod line;
mod read;

pub(crate) use append::LockedLedger;
pub use finding::LedgerFinding;
pub use line::{LedgerLine, LedgerLink};
pub use read::Ledger;
