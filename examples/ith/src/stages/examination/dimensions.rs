//! `dimensions`: how many different things do the features say, and which of them say nothing of their own?

use telensic::events::{Datum, Fields, ParticipationRatio, PcaResult, VifResult};
use telensic::record;

use super::hypotheses::{Hypotheses, not_applicable};
use super::hypothesis::{Hypothesis, Verdict};
use crate::examination::{HIGH, NotApplicable, Panel, PrincipalComponents, variance_inflation, varies};
use crate::ith::FeatureRow;

pub(super) fn examine(panel: &Panel<'_>, hypotheses: &mut Hypotheses) {
    let (mut names, mut columns) = (Vec::new(), Vec::new());
    for (feature, variable) in FeatureRow::NAMES.into_iter().enumerate() {
        let values = panel.all(feature);
        match varies(&values) {
            Ok(()) => {
                names.push(variable);
                columns.push(values);
            }
            Err(reason) => hypotheses.tested(Hypothesis::OnItsOwn, variable, Err(reason)),
        }
    }
    let together = names.join(",");
    match PrincipalComponents::of(&columns) {
        Ok(found) => record_components(&together, columns[0].len(), &found),
        Err(reason) => not_applicable("pca", &together, &reason),
    }
    for (column, variable) in names.into_iter().enumerate() {
        hypotheses.tested(
            Hypothesis::OnItsOwn,
            variable,
            inflation(variable, &columns, column),
        );
    }
}

fn record_components(variables: &str, n: usize, found: &PrincipalComponents) {
    let shares = found.shares();
    let parameters = Fields::from([
        ("explained", Datum::from(shares.clone())),
        ("components_90", found.needed(0.90).into()),
        ("components_95", found.needed(0.95).into()),
        ("components_99", found.needed(0.99).into()),
    ]);
    record(&PcaResult::new(variables, shares[0], n).parameters(parameters));
    record(&ParticipationRatio::new(
        variables,
        found.participation_ratio(),
        n,
    ));
}

fn inflation(variable: &str, columns: &[Vec<f64>], column: usize) -> Result<Verdict, NotApplicable> {
    let inflation = variance_inflation(columns, column)?;
    let n = columns[column].len();
    let verdict = Verdict::by_statistic(inflation, inflation > HIGH, ("high", HIGH), n);
    record(&VifResult::new(variable, inflation, n).decision(verdict.decision));
    Ok(verdict)
}
