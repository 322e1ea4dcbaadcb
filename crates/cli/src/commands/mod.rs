//! The subcommands, one file each.

pub(crate) mod completions;
pub(crate) mod demo;
pub(crate) mod diff;
pub(crate) mod doctor;
pub(crate) mod events;
pub(crate) mod export;
pub(crate) mod fleet;
pub(crate) mod hypotheses;
pub(crate) mod import;
pub(crate) mod ith;
pub(crate) mod lineage;
pub(crate) mod logs;
pub(crate) mod lookahead;
pub(crate) mod ls;
pub(crate) mod man;
pub(crate) mod merge;
pub(crate) mod pack;
pub(crate) mod recover;
pub(crate) mod replay;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod tape;
pub(crate) mod trace;
pub(crate) mod verify;
