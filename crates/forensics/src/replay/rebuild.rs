//! The reading of a record, event by event in the order of time, and the checks that go along with it.

use telensic_run::event::{
    AlgorithmInit, AlgorithmResult, DecisionSnapshot, EpochDetected, Event, HypothesisResult, Misfit,
};
use telensic_run::names::event as name;

use super::check::{Check, Rule};
use super::replayed::{Reading, Replay, ReplayedDecision, ReplayedEpoch, ReplayedHypothesis, ReplayedResult};
use super::series::Epochs;
use super::{decision_checks, epoch_checks, hypothesis_checks, result_checks};
use crate::RunView;
use crate::place::{self, Places};
use crate::typed_events::{self, Recorded};

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
