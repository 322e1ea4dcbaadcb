//! `regimes`: does a feature tell trending markets from mean-reverting ones?

use telensic::events::{CliffsDeltaResult, CohensDResult, Fields, MannWhitneyResult};
use telensic::record;

use super::hypotheses::{Hypotheses, not_applicable};
use super::hypothesis::{Hypothesis, Verdict};
use crate::examination::{NotApplicable, Panel, Regime, cohens_d, mann_whitney};
use crate::ith::FeatureRow;

pub(super) fn examine(panel: &Panel<'_>, hypotheses: &mut Hypotheses) {
    for (feature, variable) in FeatureRow::NAMES.into_iter().enumerate() {
        let trending = panel.in_regime(feature, Regime::Trending);
        let reverting = panel.in_regime(feature, Regime::MeanReverting);
        hypotheses.tested(
            Hypothesis::SameInEveryRegime,
            variable,
            compare(variable, &trending, &reverting),
        );
    }
}

/// The test says whether they differ, the effect sizes say by how much.
fn compare(variable: &str, trending: &[f64], reverting: &[f64]) -> Result<Verdict, NotApplicable> {
    let found = mann_whitney(trending, reverting)?;
    let n = trending.len() + reverting.len();
    let sides = Fields::from([("trending", trending.len()), ("mean_reverting", reverting.len())]);
    let mut verdict = Verdict::by_p_value(found.u, found.p_value, n);
    verdict.effect_size = Some(found.cliffs_delta);
    record(
        &MannWhitneyResult::new(variable, found.u, n)
            .p_value(found.p_value)
            .decision(verdict.decision)
            .parameters(sides.clone()),
    );
    record(&CliffsDeltaResult::new(variable, found.cliffs_delta, n).parameters(sides.clone()));
    match cohens_d(trending, reverting) {
        Ok(d) => record(&CohensDResult::new(variable, d, n).parameters(sides)),
        Err(reason) => not_applicable("cohens_d", variable, &reason),
    }
    Ok(verdict)
}
