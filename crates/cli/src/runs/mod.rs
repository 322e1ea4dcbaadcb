//! Which run a command is about, and how runs stand.

mod argument;
mod standing;

pub(crate) use argument::{DataArgument, RunArgument};
pub(crate) use standing::{Standing, standing};
