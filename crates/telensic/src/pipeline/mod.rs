//! Pipelines: stages that need each other's results, run as soon as they can be, and recorded as every reader knows it.
//!
//! A stage says which results it needs and gets them by reference. Stages that do not need each other run at the same
//! time. A failed stage is tried again if it says so; those that need it are skipped, and named; all others go on.
//!
//! ```
//! # let root = telensic::DataRoot::new(std::env::temp_dir().join(format!("pipeline-doc-{}", std::process::id())));
//! use std::time::Duration;
//! use telensic::Run;
//! use telensic::pipeline::{Pipeline, Retry};
//!
//! let run = Run::builder("nightly").root(root.clone()).start()?;
//!
//! let mut pipeline = Pipeline::new();
//! let load = pipeline
//!     .stage("load")
//!     .retry(Retry::times(3).wait(Duration::from_millis(10)))
//!     .runs(|task| {
//!         task.set("rows", 4);
//!         Ok(vec![1.0, 1.03, 1.01, 1.06])
//!     });
//! let returns = pipeline.stage("returns").needs(&load).runs(|task, nav| {
//!     task.step("differences", |_| Ok(nav.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect::<Vec<f64>>()))
//! });
//! let crest = pipeline.stage("crest").needs(&load).runs(|_, nav| Ok(nav.iter().copied().fold(0.0, f64::max)));
//! let report = pipeline.stage("report").needs((&returns, &crest)).runs(|_, (returns, crest)| {
//!     Ok(format!("{} returns, crest {crest}", returns.len()))
//! });
//!
//! let outcome = pipeline.run(&run)?;
//! assert_eq!(report.get().map(String::as_str), Some("3 returns, crest 1.06"));
//! outcome.conclude(run)?;
//! # std::fs::remove_dir_all(root.path()).ok();
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Within a stage [`Task::sleeves`] runs many like units on threads, [`Task::workers`] in processes of their own.
//!
//! | what happens | in the record |
//! |---|---|
//! | a stage is executed | a span `run_stage:<id>` below the run's root, one for each try; further ones say which `attempt` it is |
//! | it is to be tried again | a warning with `stage_id`, `attempt`, `wait_ms` and the error |
//! | it is skipped | an event `stage.skipped` with `stage_id` and `because`, the failed stage |
//! | a step | a span `run_step:<step>`; the span around it counts its `retries` |
//! | sleeves | a span `execute_sleeves`, below it a `run_pipeline` with its `sleeve` for each |
//! | workers | the same, the `run_pipeline` being the worker's, below a `run_step:<sleeve>` of this process |
//! | a panic | a failed stage, step or sleeve |
//!
//! Invariant: a result is there just if its stage ended well, and no result ever takes the place of another.

mod attempt;
mod define;
mod error;
mod execute;
mod named;
mod needs;
mod outcome;
mod plan;
mod progress;
mod retry;
mod sleeves;
mod task;
mod workers;

pub use define::{Pipeline, StageBuilder};
pub use error::{PipelineError, PipelineErrorKind, StageError};
pub use named::Named;
pub use needs::{Handle, Held, Needs};
pub use outcome::{Ended, Outcome, StageOutcome};
pub use retry::Retry;
pub use sleeves::Sleeves;
pub use task::Task;
