//! Walks a run in the order of its records, and knows at each decision what it has consumed.
//!
//! [`is_consumed`] is the definition. [`Consumed`] gives the same answer for each decision in turn without looking at
//! every read again: it keeps one state for each scope that a decision can draw from.

use hashbrown::HashMap;
use telensic_tape::TraceId;

use super::{DataRead, Decision};
use crate::timeline::SpanIndex;

/// Whether this decision has consumed this read.
pub(crate) fn is_consumed(read: &DataRead, decision: &Decision) -> bool {
    if read.recorded() > decision.recorded {
        return false;
    }
    if !decision.inputs.is_empty() {
        return decision
            .inputs
            .iter()
            .any(|input| *input == read.source || read.hash.as_ref() == Some(input));
    }
    let in_two_sleeves = read.sleeve.is_some() && decision.sleeve.is_some() && read.sleeve != decision.sleeve;
    read.trace == decision.trace && !in_two_sleeves
}

/// Where a decision draws from.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Scope {
    /// What was read outside any sleeve.
    Shared(Option<TraceId>),
    /// What was read in this sleeve.
    Sleeve(Option<TraceId>, SpanIndex),
    /// All that was read in the trace.
    All(Option<TraceId>),
    /// What has this source or hash.
    Input(String),
}

/// A state that reads are folded into, for each scope.
#[derive(Debug)]
pub(super) struct Consumed<State>(HashMap<Scope, State>);

impl<State: Default> Consumed<State> {
    pub(super) fn new() -> Self {
        Self(HashMap::new())
    }

    /// Folds a read into every scope that it belongs to.
    pub(super) fn take(&mut self, read: &DataRead, mut fold: impl FnMut(&mut State)) {
        let trace = read.trace;
        let own = read
            .sleeve
            .map_or(Scope::Shared(trace), |sleeve| Scope::Sleeve(trace, sleeve));
        let source = Scope::Input(read.source.clone());
        let hash = read.hash.clone().map(Scope::Input);
        for scope in [own, Scope::All(trace), source].into_iter().chain(hash) {
            fold(self.0.entry(scope).or_default());
        }
    }

    /// The states of all scopes that this decision draws from.
    pub(super) fn of(&self, decision: &Decision) -> Vec<&State> {
        let trace = decision.trace;
        let scopes = match decision.sleeve {
            _ if !decision.inputs.is_empty() => decision.inputs.iter().cloned().map(Scope::Input).collect(),
            Some(sleeve) => vec![Scope::Shared(trace), Scope::Sleeve(trace, sleeve)],
            None => vec![Scope::All(trace)],
        };
        scopes.iter().filter_map(|scope| self.0.get(scope)).collect()
    }
}

/// Calls `see` for each decision, after `take` was called for each read recorded by then.
pub(super) fn walk<'a>(reads: &'a [DataRead], decisions: &'a [Decision], mut step: impl FnMut(Step<'a>)) {
    let mut reads = reads.iter().peekable();
    for decision in decisions {
        while let Some(read) = reads.next_if(|read| read.recorded() <= decision.recorded) {
            step(Step::Read(read));
        }
        step(Step::Decision(decision));
    }
}

/// What comes next in a run.
pub(super) enum Step<'a> {
    Read(&'a DataRead),
    Decision(&'a Decision),
}
