//! `#[trace_span]`: what is written in the attribute, and what it puts around the function below it.

mod arguments;
mod expand;
mod name;
mod options;
mod outcome;
mod span;

pub(crate) use expand::trace_span;
