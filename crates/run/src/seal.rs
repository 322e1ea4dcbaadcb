//! The seal of a finished run, and its verification.
//!
//! `seal.json` lists every file of the run with its size and hash, every tape with its chunks, and states the counts,
//! the Merkle root and the place in the ledger, signed with Ed25519. Whatever is changed afterwards, in any file, in
//! the seal or in the ledger, [`verify`] names it. The format is written down in `docs/formats.md`.

mod blocks;
mod chunk_order;
mod compare;
mod document;
mod entering;
mod entry;
mod finding;
mod hash;
mod list;
mod locate;
mod merkle;
mod parallel;
mod place;
mod sealing;
mod tape_cells;
mod tape_facts;
mod unsealed;
mod verification;
mod verify;
mod walk;

pub use document::{Seal, SealVersion, Statement, Totals};
pub use entering::enter_in_ledger;
pub use entry::{ChunkEntry, Content, Entry, LostCounts, SignalCounts, TapeFacts};
pub use finding::Finding;
pub use place::Place;
pub use sealing::seal;
pub use verification::{KeyTrust, SealState, Signer, Verification, VerificationOfAll};
pub use verify::{VerifyOptions, verify, verify_all};
