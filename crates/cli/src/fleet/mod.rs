//! The fleet view on the screen.

mod text;

pub(crate) use text::print;
