//! All hypotheses: registered, tested, counted.
//!
//! Invariant: each is named in an `audit.intent` that comes before its result, where `telensic hypotheses` finds it.

use telensic::events::{AuditIntent, AuditOutcome, Datum, Fields, HypothesisResult, TestDecision};
use telensic::record;

use super::hypothesis::{Hypothesis, Verdict};
use crate::examination::NotApplicable;
use crate::ith::FeatureRow;

const STEP: &str = "examination";

/// What the examination came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Examination {
    /// How many hypotheses were tested.
    pub tested: usize,
    /// How many of them were rejected, before any correction for their number.
    pub rejected: usize,
    /// How many could not be tested with these values.
    pub not_applicable: usize,
}

/// All hypotheses of a run.
#[derive(Debug)]
pub(super) struct Hypotheses {
    lookback: usize,
    count: Examination,
}

impl Hypotheses {
    /// Says what will be tested, before it is.
    pub(super) fn register(lookback: usize) -> Self {
        let every = Hypothesis::ALL
            .into_iter()
            .flat_map(|hypothesis| FeatureRow::NAMES.map(|variable| (hypothesis, variable)));
        let registered: Fields = every
            .map(|(hypothesis, variable)| {
                (
                    hypothesis.id(variable, lookback).to_string(),
                    hypothesis.says_of(variable),
                )
            })
            .collect();
        record(&AuditIntent::new(STEP).params(registered));
        Self {
            lookback,
            count: Examination::default(),
        }
    }

    /// Records what a test of this hypothesis came to.
    pub(super) fn tested(
        &mut self,
        hypothesis: Hypothesis,
        variable: &str,
        verdict: Result<Verdict, NotApplicable>,
    ) {
        let test = hypothesis.test_name();
        let verdict = match verdict {
            Ok(verdict) => verdict,
            Err(reason) => {
                self.count.not_applicable += 1;
                return not_applicable(test, variable, &reason);
            }
        };
        let (level, value) = verdict.level;
        let context = Fields::from([
            ("variable", Datum::from(variable)),
            ("null_hypothesis", hypothesis.says_of(variable).into()),
            ("lookback", self.lookback.into()),
            ("n", verdict.n.into()),
            (level, value.into()),
        ]);
        let id = hypothesis.id(variable, self.lookback);
        let mut result = HypothesisResult::new(id, test, verdict.statistic, verdict.decision)
            .pre_registered(true)
            .context(context);
        result.p_value = verdict.p_value.map(Into::into);
        result.effect_size = verdict.effect_size.map(Into::into);
        record(&result);
        self.count.tested += 1;
        self.count.rejected += usize::from(verdict.decision == TestDecision::Reject);
    }

    /// Says how it went.
    pub(super) fn conclude(self) -> Examination {
        let Examination {
            tested,
            rejected,
            not_applicable,
        } = self.count;
        let metrics = Fields::from([
            ("tested", tested),
            ("rejected", rejected),
            ("not_applicable", not_applicable),
        ]);
        record(&AuditOutcome::new("examined").step(STEP).metrics(metrics));
        self.count
    }
}

/// Records that a test or a measure has nothing to say of these values. It is no result, so it counts as no trial.
pub(super) fn not_applicable(test: &str, variable: &str, reason: &NotApplicable) {
    telensic::event("test.not_applicable")
        .with("test_name", test)
        .with("variable", variable)
        .with("reason", reason.to_string().as_str())
        .emit();
}
