//! Diff: how two runs differ in what went in, what happened, how long it took and what came out, and where and why their
//! events part first.
//!
//! What the runs did makes them the same or not: inputs, seeds, code, configuration, stages, events, outputs. Stages that are
//! slower or faster beyond noise, and where the runs ran, are told, but make no difference by themselves.
//!
//! What happened is the typed events. They are compared by where they happened (the path of stages and sleeves that they were
//! recorded in) and in their order there, so it makes no difference in which order parallel branches ran. Names of the
//! execution (ids, hosts, processes, ports that the system drew), durations and readings of the wall clock are left out; everything else is compared
//! exactly, NaN being equal to NaN.
//!
//! ```text
//! Timeline --> EventTree (digests) --pair branches--> align events --> first divergence --+
//! Provenance ---------------- compare by content, key by key -----------------------------+--> cause
//! ```

mod align;
mod cause;
mod compare;
mod digest;
mod divergence;
mod events;
mod fields;
mod noise;
mod outputs;
mod provenance;
mod render;
mod settled;
mod stages;
mod tell;
mod tree;
mod volatile;
mod words;

pub use cause::{Cause, Certainty, Suspect, SuspectKind};
pub use compare::Diff;
pub use divergence::{CommonEvent, Divergence, DivergenceKind, EventDiff, FieldChange};
pub use noise::{NoiseBasis, StageHistory};
pub use outputs::{OutputDiff, ResultChange, StatusChange};
pub use provenance::{DataChange, DataVerdict, ProvenanceDiff};
pub use stages::{StageChange, StageTiming, StageVerdict};
