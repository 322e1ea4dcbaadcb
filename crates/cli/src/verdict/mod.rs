//! What a verification comes to, for people and for programs.
//!
//! Invariant: only what was checked in full counts as verified; what was not checked is said.

mod answer;
mod ledger;
mod subject;
mod text;

pub(crate) use answer::{Answer, Finality};
pub(crate) use ledger::LedgerAnswer;
pub(crate) use subject::Subject;
pub(crate) use text::{print, print_ledger};
