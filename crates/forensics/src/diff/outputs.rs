//! What came out of two runs, compared: how they ended, output files by content, and what each algorithm came to.

use std::collections::BTreeMap;

use hashbrown::HashMap;
use serde::Serialize;
use serde_json::Value;
use telensic_run::RunStatus;
use telensic_run::names::event as name;

use super::divergence::FieldChange;
use super::fields;
use super::provenance::{DataChange, data};
use crate::{RunView, Timeline, place, typed_events};

/// What differs of what came out.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct OutputDiff {
    /// How the runs ended, if otherwise.
    pub status: Option<StatusChange>,
    /// Output files, arrays and tables that are new, gone or changed.
    pub files: Vec<DataChange>,
    /// Results of algorithms that differ.
    pub results: Vec<ResultChange>,
}

/// Two runs that ended otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StatusChange {
    /// How the first run ended.
    pub a: RunStatus,
    /// How the second run ended.
    pub b: RunStatus,
}

/// An `algorithm.result` that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ResultChange {
    /// Where.
    pub place: String,
    /// Which of its place, from 1.
    pub turn: usize,
    /// `output_hash` and final metrics with other values; a result that only one run has differs as a whole.
    pub fields: Vec<FieldChange>,
}

impl OutputDiff {
    pub(super) fn of(a: &RunView, b: &RunView) -> Self {
        let files = match (&a.provenance, &b.provenance) {
            (Some(a), Some(b)) => data(&a.outputs, &b.outputs),
            _ => Vec::new(),
        };
        let (before, after) = (a.manifest.status, b.manifest.status);
        Self {
            status: (before != after).then_some(StatusChange { a: before, b: after }),
            files,
            results: results(&a.timeline, &b.timeline),
        }
    }

    /// Whether nothing differs.
    pub fn is_same(&self) -> bool {
        self.status.is_none() && self.files.is_empty() && self.results.is_empty()
    }
}

fn results(a: &Timeline, b: &Timeline) -> Vec<ResultChange> {
    let (in_a, mut in_b) = (by_place(a), by_place(b));
    let mut changes = Vec::new();
    for ((place, turn), before) in in_a {
        let after = in_b.remove(&(place.clone(), turn));
        push_change(
            &mut changes,
            place,
            turn,
            &before,
            after.as_ref().unwrap_or(&Value::Null),
        );
    }
    for ((place, turn), after) in in_b {
        push_change(&mut changes, place, turn, &Value::Null, &after);
    }
    changes
}

fn push_change(changes: &mut Vec<ResultChange>, place: String, turn: usize, before: &Value, after: &Value) {
    let fields = fields::changes(before, after, None);
    if !fields.is_empty() {
        changes.push(ResultChange { place, turn, fields });
    }
}

/// What every algorithm came to, by place and turn.
fn by_place(timeline: &Timeline) -> BTreeMap<(String, usize), Value> {
    let mut turns: HashMap<String, usize> = HashMap::new();
    typed_events::named(timeline, &[name::ALGORITHM_RESULT])
        .map(|recorded| {
            let place = place::path(timeline, recorded.span);
            let turn = turns.entry_ref(place.as_str()).or_default();
            *turn += 1;
            let turn = *turn;
            let mut kept = recorded.event.fields;
            if let Value::Object(fields) = &mut kept {
                fields.retain(|key, _| key == "output_hash" || key == "final_metrics");
            }
            ((place, turn), kept)
        })
        .collect()
}
