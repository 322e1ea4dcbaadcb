//! `memory`: does a feature come back to its level, and how long does it remember?

use telensic::events::{AcfResult, AdfResult, Datum, Fields};
use telensic::record;

use super::hypotheses::{Hypotheses, not_applicable};
use super::hypothesis::{Hypothesis, Verdict};
use crate::examination::{
    CRITICAL, DickeyFuller, LAGS, NotApplicable, Panel, autocorrelation, dickey_fuller,
};
use crate::ith::FeatureRow;

pub(super) fn examine(panel: &Panel<'_>, hypotheses: &mut Hypotheses) {
    for (feature, variable) in FeatureRow::NAMES.into_iter().enumerate() {
        hypotheses.tested(
            Hypothesis::UnitRoot,
            variable,
            unit_root(panel, feature, variable),
        );
        for lag in LAGS {
            match remembered(panel, feature, lag) {
                Ok((mean, parameters)) => {
                    let n = panel.all(feature).len();
                    record(&AcfResult::new(variable, mean, n).parameters(parameters));
                }
                Err(reason) => not_applicable("acf", variable, &reason.of(&format!("lag {lag}"))),
            }
        }
    }
}

/// A feature is stationary if it is so in every series: the one that looks least so speaks for all, which makes it one trial
/// and not as many as there are series.
fn unit_root(panel: &Panel<'_>, feature: usize, variable: &str) -> Result<Verdict, NotApplicable> {
    let mut weakest: Option<(&str, DickeyFuller)> = None;
    for (series, values) in panel.by_series(feature) {
        let found = dickey_fuller(&values).map_err(|reason| reason.of(series))?;
        if weakest.is_none_or(|(_, known)| found.statistic > known.statistic) {
            weakest = Some((series, found));
        }
    }
    let (series, found) = weakest.ok_or_else(NotApplicable::without_series)?;
    let is_rejected = found.statistic < CRITICAL;
    let mut verdict = Verdict::by_statistic(found.statistic, is_rejected, ("critical", CRITICAL), found.n);
    verdict.p_value = Some(found.p_value);
    let parameters = Fields::from([
        ("series", Datum::from(series)),
        ("lags", found.lags.into()),
        ("critical", CRITICAL.into()),
    ]);
    record(
        &AdfResult::new(variable, found.statistic, found.n)
            .p_value(found.p_value)
            .decision(verdict.decision)
            .parameters(parameters),
    );
    Ok(verdict)
}

/// The autocorrelation, on average over all series.
fn remembered(panel: &Panel<'_>, feature: usize, lag: usize) -> Result<(f64, Fields), NotApplicable> {
    let mut all = Vec::new();
    for (series, values) in panel.by_series(feature) {
        all.push(autocorrelation(&values, lag).map_err(|reason| reason.of(series))?);
    }
    if all.is_empty() {
        return Err(NotApplicable::without_series());
    }
    let parameters = Fields::from([("lag", lag), ("series", all.len())]);
    Ok((all.iter().sum::<f64>() / all.len() as f64, parameters))
}
