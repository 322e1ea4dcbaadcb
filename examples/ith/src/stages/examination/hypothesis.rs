//! A hypothesis about a feature, and what a test of it comes to.
//!
//! Invariant: the id says what is asked, never when or with which outcome, so it is the same in every run.

use telensic::events::{Fields, HypothesisId, TestDecision};

use crate::graph::PROFILE;

/// A p-value up to this rejects.
const ALPHA: f64 = 0.05;

/// What is assumed of a feature until a test rejects it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hypothesis {
    Normal,
    Beta,
    SameInEveryRegime,
    OnItsOwn,
    UnitRoot,
}

impl Hypothesis {
    pub(super) const ALL: [Self; 5] = [
        Self::Normal,
        Self::Beta,
        Self::SameInEveryRegime,
        Self::OnItsOwn,
        Self::UnitRoot,
    ];

    pub(super) fn test_name(self) -> &'static str {
        match self {
            Self::Normal => "shapiro_wilk",
            Self::Beta => "anderson_darling",
            Self::SameInEveryRegime => "mann_whitney",
            Self::OnItsOwn => "vif",
            Self::UnitRoot => "adf",
        }
    }

    pub(super) fn says_of(self, variable: &str) -> String {
        match self {
            Self::Normal => format!("{variable} is normal"),
            Self::Beta => format!("{variable} is beta distributed"),
            Self::SameInEveryRegime => {
                format!("{variable} is the same in trending and mean-reverting markets")
            }
            Self::OnItsOwn => format!("{variable} does not follow from the other features"),
            Self::UnitRoot => format!("{variable} has a unit root in some series"),
        }
    }

    pub(super) fn id(self, variable: &str, lookback: usize) -> HypothesisId {
        let context = Fields::from([("lookback", lookback)]);
        HypothesisId::of(PROFILE, self.test_name(), variable, &context)
    }
}

/// What a test came to.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) statistic: f64,
    pub(super) n: usize,
    /// None of a rule of thumb.
    pub(super) p_value: Option<f64>,
    pub(super) effect_size: Option<f64>,
    pub(super) decision: TestDecision,
    /// What it was decided by: the name of the level, and the level.
    pub(super) level: (&'static str, f64),
}

impl Verdict {
    /// Decided by its p-value.
    pub(super) fn by_p_value(statistic: f64, p_value: f64, n: usize) -> Self {
        Self {
            statistic,
            n,
            p_value: Some(p_value),
            effect_size: None,
            decision: decision(p_value <= ALPHA),
            level: ("alpha", ALPHA),
        }
    }

    /// Decided by its statistic.
    pub(super) fn by_statistic(
        statistic: f64,
        is_rejected: bool,
        level: (&'static str, f64),
        n: usize,
    ) -> Self {
        Self {
            statistic,
            n,
            p_value: None,
            effect_size: None,
            decision: decision(is_rejected),
            level,
        }
    }
}

fn decision(is_rejected: bool) -> TestDecision {
    if is_rejected {
        TestDecision::Reject
    } else {
        TestDecision::FailToReject
    }
}
