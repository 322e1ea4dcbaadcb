//! `#[instrument_adapter]`: what is written in the attribute and on the methods, and what it puts around each method of
//! the `impl` below it.

mod block;
mod call;
mod expand;
mod options;
mod overrides;

pub(crate) use expand::instrument_adapter;
