//! The subcommands, one file each.

pub(crate) mod completions;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod logs;
pub(crate) mod ls;
pub(crate) mod man;
pub(crate) mod run;
pub(crate) mod tape;
pub(crate) mod trace;
