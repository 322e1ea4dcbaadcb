//! A rule held against the record, and what came of it.

use serde::Serialize;

/// So many failures are written out; the rest is counted.
const MOST_FAILURES: usize = 20;

/// What is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Epoch indices go on by one.
    EpochIndices,
    /// Bar indices rise.
    BarIndices,
    /// Excess gain beats excess loss and the hurdle.
    EpochCondition,
    /// Decisions count the epochs before them.
    EpochCounts,
    /// Decisions have the CV of the intervals before them.
    IntervalVariation,
    /// Decisions and epochs have one hurdle.
    Thresholds,
    /// Final metrics are what was rebuilt.
    ResultMetrics,
    /// Output hashes are those of an audited outcome.
    OutputHashes,
    /// Tests reject just when their p-value says so.
    TestDecisions,
    /// Equal tests have one id.
    HypothesisIds,
    /// Events fit their types.
    Readable,
}

impl Rule {
    /// What is checked, in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::EpochIndices => "epoch indices go on by one",
            Self::BarIndices => "bar indices rise",
            Self::EpochCondition => "excess gain beats excess loss and the hurdle",
            Self::EpochCounts => "decisions count the epochs before them",
            Self::IntervalVariation => "decisions have the CV of the epochs before them",
            Self::Thresholds => "decisions and epochs have one hurdle",
            Self::ResultMetrics => "final metrics are what was rebuilt",
            Self::OutputHashes => "output hashes are those of an audited outcome",
            Self::TestDecisions => "tests reject just when their p-value says so",
            Self::HypothesisIds => "equal tests have one id",
            Self::Readable => "events fit their types",
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckStatus {
    /// Everything that could be examined holds.
    Ok,
    /// Something does not.
    Failed,
    /// Nothing in the record can be examined.
    NotRecorded,
}

/// A rule held against all of the record.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Check {
    /// The rule.
    pub rule: Rule,
    /// What came of it.
    pub status: CheckStatus,
    /// How many things were examined.
    pub examined: usize,
    /// How many of them fail.
    pub failed: usize,
    /// The first failures, in words.
    pub failures: Vec<String>,
    /// What could not be examined, and why.
    pub not_recorded: Vec<String>,
}

impl Check {
    pub(super) fn begin(rule: Rule) -> Self {
        Self {
            rule,
            status: CheckStatus::NotRecorded,
            examined: 0,
            failed: 0,
            failures: Vec::new(),
            not_recorded: Vec::new(),
        }
    }

    /// Notes an examined thing; `failure` tells what is wrong if it does not hold.
    pub(super) fn examine(&mut self, holds: bool, failure: impl FnOnce() -> String) {
        self.examined += 1;
        if holds {
            if self.status == CheckStatus::NotRecorded {
                self.status = CheckStatus::Ok;
            }
            return;
        }
        self.status = CheckStatus::Failed;
        self.failed += 1;
        if self.failures.len() < MOST_FAILURES {
            self.failures.push(failure());
        }
    }

    /// Notes why something cannot be examined; the same reason once.
    pub(super) fn pass_over(&mut self, reason: &str) {
        if self.not_recorded.len() < MOST_FAILURES && self.not_recorded.iter().all(|known| known != reason) {
            self.not_recorded.push(reason.to_owned());
        }
    }
}
