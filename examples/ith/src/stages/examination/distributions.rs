//! `distributions`: is a feature normal? If it is not, is it beta distributed?

use telensic::events::{AdTestResult, BetaFitResult, Datum, Fields, ShapiroWilkResult};
use telensic::record;

use super::hypotheses::Hypotheses;
use super::hypothesis::{Hypothesis, Verdict};
use crate::examination::{NotApplicable, Panel, anderson_darling, beta_fit, shapiro_wilk};
use crate::ith::FeatureRow;
use crate::random::Random;

/// What the bootstrap's seed is called.
pub(super) const BOOTSTRAP: &str = "bootstrap";
/// Its streams begin here: the first ones are those of the synthetic series.
const STREAMS: u64 = 1 << 63;
/// So many that the least p-value can still reject when it is corrected for all tests.
const SAMPLES: usize = 999;

pub(super) fn examine(panel: &Panel<'_>, seed: u64, hypotheses: &mut Hypotheses) {
    for (feature, variable) in FeatureRow::NAMES.into_iter().enumerate() {
        let values = panel.apart(feature);
        hypotheses.tested(Hypothesis::Normal, variable, normal(variable, &values));
        let mut random = Random::of(seed, STREAMS + feature as u64);
        hypotheses.tested(Hypothesis::Beta, variable, beta(variable, &values, &mut random));
    }
}

fn normal(variable: &str, values: &[f64]) -> Result<Verdict, NotApplicable> {
    let found = shapiro_wilk(values)?;
    let verdict = Verdict::by_p_value(found.w, found.p_value, found.n);
    record(
        &ShapiroWilkResult::new(variable, found.w, found.n)
            .p_value(found.p_value)
            .decision(verdict.decision),
    );
    Ok(verdict)
}

fn beta(variable: &str, values: &[f64], random: &mut Random) -> Result<Verdict, NotApplicable> {
    let fit = beta_fit(values)?;
    let shape = Fields::from([
        ("a", Datum::from(fit.beta.a())),
        ("b", fit.beta.b().into()),
        ("log_likelihood", fit.log_likelihood.into()),
        ("at_the_edges", fit.at_the_edges.into()),
    ]);
    record(&BetaFitResult::new(variable, fit.distance, fit.n).parameters(shape));

    let found = anderson_darling(values, SAMPLES, random)?;
    let verdict = Verdict::by_p_value(found.a_squared, found.p_value, found.n);
    let parameters = Fields::from([
        ("distribution", Datum::from("beta")),
        ("a", fit.beta.a().into()),
        ("b", fit.beta.b().into()),
        ("bootstrap_samples", SAMPLES.into()),
    ]);
    record(
        &AdTestResult::new(variable, found.a_squared, found.n)
            .p_value(found.p_value)
            .decision(verdict.decision)
            .parameters(parameters),
    );
    Ok(verdict)
}
