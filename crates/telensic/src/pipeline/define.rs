//! A pipeline while it is put together.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use super::error::{PipelineError, StageError};
use super::execute::Execution;
use super::needs::{Handle, Held, Needs, StageRef};
use super::outcome::Outcome;
use super::plan::Plan;
use super::retry::Retry;
use super::task::Task;
use crate::Run;

/// A graph of stages. The stages may borrow what outlives it.
pub struct Pipeline<'env> {
    number: u64,
    stages: Vec<Stage<'env>>,
    parallelism: usize,
    shows_progress: bool,
}

/// A stage as it was asked for.
pub(super) struct Stage<'env> {
    pub(super) id: String,
    pub(super) needs: Vec<StageRef>,
    pub(super) after: Vec<String>,
    pub(super) retry: Retry,
    pub(super) work: Work<'env>,
}

/// What a stage does.
pub(super) type Work<'env> = Box<dyn FnMut(&mut Task) -> Result<(), StageError> + Send + 'env>;

impl Default for Pipeline<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'env> Pipeline<'env> {
    /// One without stages, which runs as many at once as the machine has processors.
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self {
            number: NEXT.fetch_add(1, Ordering::Relaxed),
            stages: Vec::new(),
            parallelism: std::thread::available_parallelism().map_or(1, usize::from),
            shows_progress: true,
        }
    }

    /// Runs at most so many stages at once; 0 counts as 1.
    #[must_use]
    pub fn parallelism(mut self, at_once: usize) -> Self {
        self.parallelism = at_once.max(1);
        self
    }

    /// Shows no progress on the terminal.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.shows_progress = false;
        self
    }

    /// Adds a stage; [`StageBuilder::runs`] says what it does.
    pub fn stage(&mut self, id: impl Into<String>) -> StageBuilder<'_, 'env, NeedsNothing> {
        StageBuilder {
            pipeline: self,
            id: id.into(),
            needs: NeedsNothing(()),
            after: Vec::new(),
            retry: Retry::never(),
        }
    }

    /// Runs all stages, each as soon as what it needs is there, below the root span of this run. A pipeline that cannot
    /// be run is told of before anything is; stages that fail are told of in the outcome.
    pub fn run(self, run: &Run) -> Result<Outcome, PipelineError> {
        let plan = Plan::of(self.number, &self.stages)?;
        let execution = Execution::new(self.stages, plan, run, self.shows_progress);
        Ok(execution.run(self.parallelism))
    }
}

impl fmt::Debug for Pipeline<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<&str> = self.stages.iter().map(|stage| stage.id.as_str()).collect();
        f.debug_struct("Pipeline")
            .field("stages", &ids)
            .field("parallelism", &self.parallelism)
            .finish_non_exhaustive()
    }
}

/// The needs of a stage that needs nothing.
#[derive(Debug)]
pub struct NeedsNothing(());

/// The needs of a stage that needs something.
#[derive(Debug)]
pub struct NeedsResults<H>(H);

/// A stage that is being added.
#[must_use = "a stage is added by `runs`"]
pub struct StageBuilder<'p, 'env, N> {
    pipeline: &'p mut Pipeline<'env>,
    id: String,
    needs: N,
    after: Vec<String>,
    retry: Retry,
}

impl<'p, 'env, N> StageBuilder<'p, 'env, N> {
    /// Has it wait for the stage of this id, of which it needs no result.
    pub fn after(mut self, id: impl Into<String>) -> Self {
        self.after.push(id.into());
        self
    }

    /// Says whether it is tried again when it fails; never, otherwise.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    fn add<T: Send + Sync + 'static>(
        self,
        needs: Vec<StageRef>,
        mut work: impl FnMut(&mut Task) -> Result<T, StageError> + Send + 'env,
    ) -> Handle<T> {
        let handle = Handle::of(StageRef {
            pipeline: self.pipeline.number,
            index: self.pipeline.stages.len(),
        });
        let result = handle.clone();
        self.pipeline.stages.push(Stage {
            id: self.id,
            needs,
            after: self.after,
            retry: self.retry,
            work: Box::new(move |task| {
                result.put(work(task)?);
                Ok(())
            }),
        });
        handle
    }
}

impl<'p, 'env> StageBuilder<'p, 'env, NeedsNothing> {
    /// Says whose results it needs: `&load`, or `(&load, &validate)`.
    pub fn needs<N: Needs>(self, needs: N) -> StageBuilder<'p, 'env, NeedsResults<N::Held>> {
        StageBuilder {
            pipeline: self.pipeline,
            id: self.id,
            needs: NeedsResults(needs.hold()),
            after: self.after,
            retry: self.retry,
        }
    }

    /// Says what it does, and gives a handle of what will come of it.
    pub fn runs<T: Send + Sync + 'static>(
        self,
        work: impl FnMut(&mut Task) -> Result<T, StageError> + Send + 'env,
    ) -> Handle<T> {
        self.add(Vec::new(), work)
    }
}

impl<'env, H: Held> StageBuilder<'_, 'env, NeedsResults<H>> {
    /// Says what it does with what it needs, and gives a handle of what will come of it.
    pub fn runs<T, F>(self, mut work: F) -> Handle<T>
    where
        T: Send + Sync + 'static,
        F: for<'a> FnMut(&mut Task, H::Given<'a>) -> Result<T, StageError> + Send + 'env,
    {
        let StageBuilder {
            pipeline,
            id,
            needs: NeedsResults(held),
            after,
            retry,
        } = self;
        let bare = StageBuilder {
            pipeline,
            id,
            needs: NeedsNothing(()),
            after,
            retry,
        };
        bare.add(held.stages(), move |task| match held.given() {
            Some(given) => work(task, given),
            None => Err(StageError::new("a result that it needs is not there")),
        })
    }
}

impl<N> fmt::Debug for StageBuilder<'_, '_, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StageBuilder")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
