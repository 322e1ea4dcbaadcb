//! What came of a pipeline.

use std::time::Duration;

use super::error::{PipelineError, PipelineErrorKind, StageError};
use crate::{Concluded, Run, RunError};

/// How each stage ended, in the order in which they were added.
#[derive(Debug)]
#[must_use = "it says which stages failed"]
pub struct Outcome {
    stages: Vec<StageOutcome>,
}

/// How a stage ended.
#[derive(Debug)]
pub struct StageOutcome {
    /// Which one.
    pub id: String,
    /// How.
    pub ended: Ended,
    /// How often it was tried.
    pub attempts: u32,
    /// How long all tries took, waits included.
    pub duration: Duration,
}

/// The end of a stage.
#[derive(Debug)]
pub enum Ended {
    /// Well: its result is there.
    Done,
    /// With an error, the last one if it was tried several times.
    Failed(StageError),
    /// It was not run, since this stage failed.
    Skipped {
        /// The failed stage, for which it waits by itself or through others.
        because: String,
    },
}

impl Outcome {
    pub(super) fn of(stages: Vec<StageOutcome>) -> Self {
        Self { stages }
    }

    /// All stages.
    pub fn stages(&self) -> &[StageOutcome] {
        &self.stages
    }

    /// The stage of this id.
    pub fn stage(&self, id: &str) -> Option<&StageOutcome> {
        self.stages.iter().find(|stage| stage.id == id)
    }

    /// Nothing if all stages ended well, else which ones did not, in a line.
    pub fn check(&self) -> Result<(), PipelineError> {
        let failed: Vec<String> = self
            .stages
            .iter()
            .filter_map(|stage| match &stage.ended {
                Ended::Failed(error) => Some(format!("stage {} failed: {error}", stage.id)),
                Ended::Done | Ended::Skipped { .. } => None,
            })
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        let skipped: Vec<&str> = self
            .stages
            .iter()
            .filter(|stage| matches!(stage.ended, Ended::Skipped { .. }))
            .map(|stage| stage.id.as_str())
            .collect();
        let mut message = failed.join("; ");
        if !skipped.is_empty() {
            message.push_str(&format!("; skipped: {}", skipped.join(", ")));
        }
        Err(PipelineError::new(PipelineErrorKind::Failed, message))
    }

    /// Ends the run: as succeeded if all stages ended well, else as failed, for their reason.
    pub fn conclude(&self, run: Run) -> Result<Option<Concluded>, RunError> {
        match self.check() {
            Ok(()) => run.finish(),
            Err(error) => run.fail(&error),
        }
    }
}
