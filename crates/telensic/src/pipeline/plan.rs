//! Which stage waits for which: checked before anything runs.
//!
//! Invariant: in a plan that exists every stage can be reached.

use std::collections::HashMap;

use super::define::Stage;
use super::error::{PipelineError, PipelineErrorKind};

/// For each stage the stages that it waits for.
pub(super) struct Plan {
    pub(super) waits_for: Vec<Vec<usize>>,
}

impl Plan {
    pub(super) fn of(pipeline: u64, stages: &[Stage<'_>]) -> Result<Self, PipelineError> {
        let mut numbers = HashMap::new();
        for (number, stage) in stages.iter().enumerate() {
            if numbers.insert(stage.id.as_str(), number).is_some() {
                return Err(PipelineError::new(
                    PipelineErrorKind::SameId,
                    format!("two stages are called {}: give each an id of its own", stage.id),
                ));
            }
        }
        let mut waits_for = Vec::with_capacity(stages.len());
        for stage in stages {
            let mut all = Vec::new();
            for need in &stage.needs {
                if need.pipeline != pipeline {
                    return Err(PipelineError::new(
                        PipelineErrorKind::OtherPipeline,
                        format!(
                            "stage {} needs a result of another pipeline: hand its value over instead",
                            stage.id
                        ),
                    ));
                }
                all.push(need.index);
            }
            for id in &stage.after {
                let Some(number) = numbers.get(id.as_str()) else {
                    return Err(unknown(stages, &stage.id, id));
                };
                all.push(*number);
            }
            all.sort_unstable();
            all.dedup();
            waits_for.push(all);
        }
        match circle(&waits_for) {
            Some(circle) => Err(told(stages, &circle)),
            None => Ok(Self { waits_for }),
        }
    }
}

fn unknown(stages: &[Stage<'_>], waiting: &str, id: &str) -> PipelineError {
    let known: Vec<&str> = stages.iter().map(|stage| stage.id.as_str()).collect();
    PipelineError::new(
        PipelineErrorKind::UnknownStage,
        format!(
            "stage {waiting} waits for stage {id}, which is not there: the stages are {}",
            known.join(", ")
        ),
    )
}

fn told(stages: &[Stage<'_>], circle: &[usize]) -> PipelineError {
    let ids: Vec<&str> = circle.iter().map(|number| stages[*number].id.as_str()).collect();
    PipelineError::new(
        PipelineErrorKind::Circle,
        format!(
            "stages wait for each other in a circle: {}; take one of these edges away",
            ids.join(" -> ")
        ),
    )
}

/// Stages of which each waits for the next, the last being the first again.
fn circle(waits_for: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut is_settled = vec![false; waits_for.len()];
    // A stage is settled once all that it waits for are; what is left over has a circle in it.
    loop {
        let ready = (0..waits_for.len())
            .find(|number| !is_settled[*number] && waits_for[*number].iter().all(|need| is_settled[*need]));
        match ready {
            Some(number) => is_settled[number] = true,
            None => break,
        }
    }
    let mut at = is_settled.iter().position(|settled| !settled)?;
    let mut way = Vec::new();
    // From an unsettled stage there is always a way to another one, so it comes back to itself.
    loop {
        if let Some(start) = way.iter().position(|seen| *seen == at) {
            way.drain(..start);
            way.push(at);
            return Some(way);
        }
        way.push(at);
        at = *waits_for[at].iter().find(|need| !is_settled[**need])?;
    }
}
