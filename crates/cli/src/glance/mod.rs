//! A run at a glance: what it is, how it did, what it rests on, how whole its record is, where its files lie.

mod basis;
mod facts;
mod files;
mod lines;
mod proof;
mod text;

pub(crate) use facts::Glance;
pub(crate) use text::print;
