//! The subcommands, one file each.

pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod man;
pub(crate) mod tape;
