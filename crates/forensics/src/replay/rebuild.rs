//! What the record says happened: epochs, decisions, tests and results, each with its place.

use serde::Serialize;
use telensic_run::RunId;
use telensic_run::event::{
    AlgorithmInit, AlgorithmResult, AuditOutcome, DecisionSnapshot, EpochDetected, Event, HypothesisResult,
    Misfit,
};
use telensic_run::names::event as name;

use super::check::{Check, CheckStatus, Rule};
use super::series::Epochs;
use super::{decision_checks, epoch_checks, hypothesis_checks, result_checks};
use crate::place::{self, Places};
use crate::timeline::SpanIndex;
use crate::typed_events::{self, Recorded};
use crate::{RunView, Timeline};

/// A run rebuilt from its record.
#[derive(Debug, Serialize)]
pub struct Replay {
    /// The run.
    pub run: RunId,
    /// Every epoch, in the order in which they were found.
    pub epochs: Vec<ReplayedEpoch>,
    /// Every decision.
    pub decisions: Vec<ReplayedDecision>,
    /// Every test.
    pub hypotheses: Vec<ReplayedHypothesis>,
    /// What algorithms came to.
    pub results: Vec<ReplayedResult>,
    /// What was checked.
    pub checks: Vec<Check>,
}

macro_rules! replayed {
    ($($(#[$doc:meta])* $name:ident of $event:ty;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Serialize)]
        pub struct $name {
            /// Where it was recorded.
            pub place: String,
            /// When, Unix nanoseconds.
            pub time_unix_nano: u64,
            /// The event.
            pub event: $event,
            #[serde(skip)]
            pub(super) unit: Option<SpanIndex>,
        }
    )+};
}

replayed! {
    /// A decision.
    ReplayedDecision of DecisionSnapshot;
    /// A test.
    ReplayedHypothesis of HypothesisResult;
    /// What an algorithm came to.
    ReplayedResult of AlgorithmResult;
}

/// An epoch.
#[derive(Clone, Debug, Serialize)]
pub struct ReplayedEpoch {
    /// Where it was found.
    pub place: String,
    /// When it was recorded, Unix nanoseconds.
    pub time_unix_nano: u64,
    /// The event.
    pub event: EpochDetected,
}

/// What was read of a run, and the checks that go along with the reading.
pub(super) struct Reading<'a> {
    pub(super) timeline: &'a Timeline,
    pub(super) places: Places,
    pub(super) epochs: Epochs,
    pub(super) outcomes: Vec<(Option<SpanIndex>, AuditOutcome)>,
}

impl Replay {
    /// Rebuilds a run.
    pub fn of(view: &RunView) -> Self {
        let timeline = &view.timeline;
        let mut reading = Reading {
            timeline,
            places: Places::of(timeline),
            epochs: Epochs::default(),
            outcomes: Vec::new(),
        };
        let mut replay = Self {
            run: view.id(),
            epochs: Vec::new(),
            decisions: Vec::new(),
            hypotheses: Vec::new(),
            results: Vec::new(),
            checks: Vec::new(),
        };
        let mut decision_checks = decision_checks::DecisionChecks::begin();
        let mut readable = Check::begin(Rule::Readable);
        for recorded in typed_events::named(timeline, NAMES) {
            if let Err(misfit) = replay.take(&recorded, &mut reading, &mut decision_checks) {
                let event = &recorded.event;
                readable.examine(false, || {
                    format!("{} at {} ns: {misfit}", event.name, event.time.0)
                });
            } else {
                readable.examine(true, String::new);
            }
        }
        replay.checks = epoch_checks::check(&reading, &replay.epochs);
        replay.checks.extend(decision_checks.finish());
        replay.checks.extend(result_checks::check(&reading, &replay));
        replay.checks.extend(hypothesis_checks::check(&replay.hypotheses));
        replay.checks.push(readable);
        replay
    }

    /// Whether no check failed.
    pub fn is_consistent(&self) -> bool {
        self.checks
            .iter()
            .all(|check| check.status != CheckStatus::Failed)
    }

    fn take(
        &mut self,
        recorded: &Recorded,
        reading: &mut Reading<'_>,
        decision_checks: &mut decision_checks::DecisionChecks,
    ) -> Result<(), Misfit> {
        let unit = reading.places.unit(recorded.span);
        let time_unix_nano = recorded.event.time.0;
        let place = || place::path(reading.timeline, recorded.span);
        match recorded.event.name.as_str() {
            AlgorithmInit::NAME => {
                recorded.event.parse::<AlgorithmInit>()?;
                reading.epochs.begin_algorithm(unit);
            }
            EpochDetected::NAME => {
                let event: EpochDetected = recorded.event.parse()?;
                reading.epochs.add(self.epochs.len(), unit, &event);
                self.epochs.push(ReplayedEpoch {
                    place: place(),
                    time_unix_nano,
                    event,
                });
            }
            DecisionSnapshot::NAME => {
                let event = recorded.event.parse()?;
                let decision = ReplayedDecision {
                    place: place(),
                    time_unix_nano,
                    event,
                    unit,
                };
                decision_checks.examine(&decision, &reading.epochs);
                self.decisions.push(decision);
            }
            HypothesisResult::NAME => self.hypotheses.push(ReplayedHypothesis {
                place: place(),
                time_unix_nano,
                event: recorded.event.parse()?,
                unit,
            }),
            AlgorithmResult::NAME => self.results.push(ReplayedResult {
                place: place(),
                time_unix_nano,
                event: recorded.event.parse()?,
                unit,
            }),
            _ => reading.outcomes.push((recorded.span, recorded.event.parse()?)),
        }
        Ok(())
    }
}

const NAMES: &[&str] = &[
    name::ALGORITHM_INIT,
    name::ALGORITHM_RESULT,
    name::AUDIT_OUTCOME,
    name::DECISION_SNAPSHOT,
    name::EPOCH_DETECTED,
    name::HYPOTHESIS_RESULT,
];
