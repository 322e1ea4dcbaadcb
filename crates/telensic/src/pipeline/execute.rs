//! Runs stages on threads, each as soon as those that it waits for have ended well.
//!
//! Invariant: every stage ends once: done, failed or skipped.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::attempt::{Tried, try_stage};
use super::define::Stage;
use super::outcome::{Ended, Outcome, StageOutcome};
use super::plan::Plan;
use super::progress::{Board, Progress};
use super::task::{Surroundings, caught};
use crate::context::Context;
use crate::{Run, Severity, attach};

/// A pipeline that is being run.
pub(super) struct Execution<'env> {
    plan: Plan,
    states: Mutex<Vec<State<'env>>>,
    changed: Condvar,
    /// What the stages' spans are children of.
    context: Context,
    surroundings: Surroundings,
    shows_progress: bool,
}

enum State<'env> {
    Waiting(Box<Stage<'env>>),
    Running,
    Ended(StageOutcome),
}

impl<'env> Execution<'env> {
    pub(super) fn new(stages: Vec<Stage<'env>>, plan: Plan, run: &Run, shows_progress: bool) -> Self {
        let board = Arc::new(Board::of(stages.len()));
        Self {
            plan,
            states: Mutex::new(
                stages
                    .into_iter()
                    .map(|stage| State::Waiting(Box::new(stage)))
                    .collect(),
            ),
            changed: Condvar::new(),
            context: run.context(),
            surroundings: Surroundings {
                profile: run.profile().into(),
                run: run.dir().clone(),
                board,
            },
            shows_progress,
        }
    }

    pub(super) fn run(self, parallelism: usize) -> Outcome {
        let progress = Progress::show(&self.surroundings, self.shows_progress);
        let others = parallelism.min(self.plan.waits_for.len()).saturating_sub(1);
        thread::scope(|scope| {
            for _ in 0..others {
                // Where no further thread can be had, those that there are do it.
                let _ = thread::Builder::new().spawn_scoped(scope, || self.work());
            }
            self.work();
        });
        drop(progress);
        let states = self.states.into_inner().unwrap_or_else(PoisonError::into_inner);
        let ended = states.into_iter().filter_map(|state| match state {
            State::Ended(outcome) => Some(outcome),
            State::Waiting(_) | State::Running => None,
        });
        Outcome::of(ended.collect())
    }

    /// Takes one stage after the other, until none is left.
    fn work(&self) {
        let _attached = attach(self.context.clone());
        while let Some((number, mut stage)) = self.next() {
            // A stage catches its own panics; this one is of what it asks whether to try again. It must end all the same.
            let tried = caught(|| Ok(try_stage(&mut stage, &self.surroundings))).unwrap_or_else(Tried::once);
            let ended = match tried.result {
                Ok(()) => Ended::Done,
                Err(error) => Ended::Failed(error),
            };
            let has_failed = matches!(ended, Ended::Failed(_));
            let mut states = self.lock();
            let because = stage.id;
            states[number] = State::Ended(StageOutcome {
                id: because.clone(),
                ended,
                attempts: tried.attempts,
                duration: tried.duration,
            });
            self.surroundings.board.stage_ended();
            if has_failed {
                self.skip(&mut states, number, &because);
            }
            drop(states);
            self.changed.notify_all();
        }
    }

    /// The next stage that can be run; waits for one, and is nothing when there will be none.
    fn next(&self) -> Option<(usize, Box<Stage<'env>>)> {
        let mut states = self.lock();
        loop {
            if let Some(number) = (0..states.len()).find(|number| self.is_ready(&states, *number))
                && let State::Waiting(stage) = std::mem::replace(&mut states[number], State::Running)
            {
                return Some((number, stage));
            }
            if !states.iter().any(|state| matches!(state, State::Running)) {
                return None;
            }
            states = self.changed.wait(states).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_ready(&self, states: &[State<'_>], number: usize) -> bool {
        let is_done = |need: &usize| matches!(&states[*need], State::Ended(outcome) if matches!(outcome.ended, Ended::Done));
        matches!(states[number], State::Waiting(_)) && self.plan.waits_for[number].iter().all(is_done)
    }

    /// Skips all that wait for this stage, by themselves or through others.
    fn skip(&self, states: &mut [State<'env>], failed: usize, because: &str) {
        let mut gone = vec![failed];
        while let Some(number) = gone.pop() {
            for (waiting, waits_for) in self.plan.waits_for.iter().enumerate() {
                if !waits_for.contains(&number) {
                    continue;
                }
                let State::Waiting(stage) = &states[waiting] else {
                    continue;
                };
                let id = stage.id.clone();
                tell_of_skipped(&id, because);
                states[waiting] = State::Ended(StageOutcome {
                    id,
                    ended: Ended::Skipped {
                        because: because.to_owned(),
                    },
                    attempts: 0,
                    duration: Default::default(),
                });
                self.surroundings.board.stage_ended();
                gone.push(waiting);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<State<'env>>> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn tell_of_skipped(id: &str, because: &str) {
    crate::event::event_in(None, Severity::Warn, "stage.skipped")
        .body(format!("stage {id} was skipped, since stage {because} failed").as_str())
        .with("stage_id", id)
        .with("because", because)
        .emit();
}
