//! A whole quantitative pipeline, recorded: investment time horizons of net asset values.
//!
//! ```text
//! load --> validate --> sleeves ---------------------------+--> selection --> risk.report_meta
//!                  \--> features --> examination ----------/
//! ```
//!
//! Read it in this order:
//!
//! | file | what it shows of Telensic |
//! |---|---|
//! | `program.rs` | a run: its start, its configuration, its end |
//! | `graph.rs` | a pipeline: stages, what they need, retries |
//! | `stages/` | a file for each stage: steps, attributes, fingerprints, audited steps |
//! | `sleeve.rs` | typed events: reads, epochs, decisions, results |
//! | `worker.rs` | the same sleeve in a process of its own, in the same trace |
//! | `market_data/` | a client and a service: contexts in HTTP headers, the metrics of an adapter |
//! | `stages/examination/` | hypotheses: registered before they are tested, counted by `telensic hypotheses` |
//! | `ith/`, `examination/`, `synthetic.rs`, `nav/` | nothing: what is calculated knows nothing of telemetry |

pub mod arguments;
pub mod examination;
pub mod graph;
pub mod ith;
pub mod market_data;
pub mod nav;
pub mod point_in_time;
pub mod program;
pub mod random;
pub mod settings;
pub mod sleeve;
pub mod source;
pub mod stages;
pub mod synthetic;
pub mod table;
pub mod worker;
