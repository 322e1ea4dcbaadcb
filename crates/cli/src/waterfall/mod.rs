//! A run's spans as a tree with bars, on a terminal.
//!
//! Invariant: a line is never wider than the terminal, and what is left out is counted on a line of its own.

mod bar;
mod lines;
mod tree;

pub(crate) use lines::{Limits, print};
