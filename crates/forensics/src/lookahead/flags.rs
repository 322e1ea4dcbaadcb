//! Flags every decision that consumed something known only later.

use serde::Serialize;
use telensic_run::RunId;
use telensic_run::event::Moment;

use super::consumption::{Consumed, Step, walk};
use super::decisions::{Decision, decisions};
use super::reads::{DataRead, Evidence, reads};
use crate::RunView;
use crate::place::{self, Places};

/// What a look for look-ahead found.
#[derive(Debug, Serialize)]
pub struct Lookahead {
    /// The run.
    pub run: RunId,
    /// How many reads there are.
    pub reads: usize,
    /// How many of them say nothing about when their data was known.
    pub undated_reads: usize,
    /// How many decisions there are.
    pub decisions: usize,
    /// The decisions that consumed something known only later, in the order in which they were made.
    pub flags: Vec<Flag>,
    /// The decisions of which nothing can be said.
    pub unjudged: Vec<UnjudgedDecision>,
}

/// A decision that consumed something known only later.
#[derive(Clone, Debug, Serialize)]
pub struct Flag {
    /// The decision.
    pub decision_id: String,
    /// Where it was made.
    pub place: String,
    /// The time that it claims to be made at.
    pub decided: Moment,
    /// When the latest thing that it consumed was known.
    pub known: Moment,
    /// Which time says so.
    pub evidence: Evidence,
    /// The read; none if the decision itself says when its inputs were known.
    pub read: Option<DataRead>,
}

/// A decision of which nothing can be said.
#[derive(Clone, Debug, Serialize)]
pub struct UnjudgedDecision {
    /// The decision, as far as the event says.
    pub decision_id: String,
    /// Why.
    pub reason: String,
}

impl Lookahead {
    /// Looks through a run.
    pub fn of(view: &RunView) -> Self {
        let places = Places::of(&view.timeline);
        let reads = reads(&view.timeline, &places);
        let decisions = decisions(&view.timeline, &places);
        let mut found = Self {
            run: view.id(),
            reads: reads.len(),
            undated_reads: reads.iter().filter(|read| read.known().is_none()).count(),
            decisions: decisions.len(),
            flags: Vec::new(),
            unjudged: Vec::new(),
        };
        // For each scope, the read that was known last.
        let mut latest: Consumed<Option<&DataRead>> = Consumed::new();
        walk(&reads, &decisions, |step| match step {
            Step::Read(read) => latest.take(read, |worst| {
                if known(Some(read)) > known(*worst) {
                    *worst = Some(read);
                }
            }),
            Step::Decision(decision) => {
                let worst = latest.of(decision).into_iter().copied().flatten();
                let worst = worst.max_by_key(|read| known(Some(read)));
                found.judge(view, decision, worst);
            }
        });
        found
    }

    /// Whether no decision is flagged.
    pub fn is_clean(&self) -> bool {
        self.flags.is_empty()
    }

    fn judge(&mut self, view: &RunView, decision: &Decision, worst: Option<&DataRead>) {
        let snapshot = match &decision.snapshot {
            Ok(snapshot) => snapshot,
            Err(misfit) => {
                self.unjudged.push(UnjudgedDecision {
                    decision_id: decision.id.clone(),
                    reason: format!("it does not fit its type: {misfit}"),
                });
                return;
            }
        };
        let Some(decided) = decision.own_time() else {
            return;
        };
        let by_read = worst.and_then(|read| {
            let (known, evidence) = read.known()?;
            Some((known, evidence, Some(read)))
        });
        // A decision may say itself when the latest of its inputs became known.
        let by_itself = snapshot
            .knowledge_time
            .map(|known| (known, Evidence::KnowledgeTime, None));
        let latest = [by_read, by_itself]
            .into_iter()
            .flatten()
            .max_by_key(|(known, _, _)| *known);
        match latest {
            Some((known, evidence, read)) if known > decided => self.flags.push(Flag {
                decision_id: decision.id.clone(),
                place: place::path(&view.timeline, decision.span),
                decided,
                known,
                evidence,
                read: read.cloned(),
            }),
            Some(_) => {}
            None => self.unjudged.push(UnjudgedDecision {
                decision_id: decision.id.clone(),
                reason: "nothing that it consumed says when it was known".to_owned(),
            }),
        }
    }
}

fn known(read: Option<&DataRead>) -> Option<Moment> {
    read.and_then(DataRead::known).map(|(moment, _)| moment)
}
