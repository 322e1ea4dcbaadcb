//! What an intake has taken so far, for the manifest and the health report.

use std::collections::BTreeMap;

use serde::Serialize;
use telensic_tape::Signal;

use super::Taken;
use crate::otlp::{Reason, Rejected};

/// What an intake has taken so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct IntakeSummary {
    /// Requests that were taken, in whole or in part.
    pub requests: u64,
    /// Requests that were refused because the tape could not take them.
    pub refused: u64,
    /// Spans on tape.
    pub spans: u64,
    /// Log records on tape.
    pub logs: u64,
    /// Metrics on tape.
    pub metrics: u64,
    /// Records that were not taken, by reason; a reason that did not occur is absent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rejected: RejectedRecords,
    /// Values of taken records, resources and scopes that were masked or replaced by a fingerprint.
    pub masked_values: u64,
    /// Tapes in use.
    pub tapes: u64,
    /// Records on the common tape, because there were more resources than may have tapes of their own.
    pub without_own_tape: u64,
    /// Records whose scope is told by attributes, because there were more scopes than may have chunks of their own.
    pub without_own_scope: u64,
}

/// Records that were not taken, by reason, in the order of the reasons' names.
pub type RejectedRecords = BTreeMap<&'static str, u64>;

impl IntakeSummary {
    /// How many records are on tape.
    pub fn accepted(&self) -> u64 {
        self.spans + self.logs + self.metrics
    }

    pub(super) fn count(&mut self, signal: Signal, taken: &Taken) {
        self.requests += 1;
        let records = match signal {
            Signal::Spans => &mut self.spans,
            Signal::Logs => &mut self.logs,
            Signal::Metrics => &mut self.metrics,
        };
        *records += taken.accepted;
        self.count_rejected(&taken.rejected);
    }

    fn count_rejected(&mut self, rejected: &Rejected) {
        for reason in Reason::ALL {
            if rejected.of(reason) > 0 {
                *self.rejected.entry(reason.name()).or_default() += rejected.of(reason);
            }
        }
    }
}
