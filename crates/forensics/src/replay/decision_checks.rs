//! Every decision against the epochs that were found before it in its unit.

use telensic_run::event::{Float, Integer, PositionType};

use super::check::{Check, Rule};
use super::replayed::ReplayedDecision;
use super::series::{Epochs, Hurdle, Series};

/// Rebuilt numbers may differ from recorded ones by the rounding of another order of summing.
const RELATIVE_ERROR: f64 = 1e-9;

/// Goes along with the reading, since a decision is held against what was known by then.
pub(super) struct DecisionChecks {
    counts: Check,
    variations: Check,
    thresholds: Check,
}

const SIDES: [PositionType; 2] = [PositionType::Bull, PositionType::Bear];

impl DecisionChecks {
    pub(super) fn begin() -> Self {
        Self {
            counts: Check::begin(Rule::EpochCounts),
            variations: Check::begin(Rule::IntervalVariation),
            thresholds: Check::begin(Rule::Thresholds),
        }
    }

    pub(super) fn finish(self) -> [Check; 3] {
        [self.counts, self.variations, self.thresholds]
    }

    pub(super) fn examine(&mut self, decision: &ReplayedDecision, epochs: &Epochs) {
        for side in SIDES {
            if epochs.has_unsided(decision.unit) {
                self.counts.pass_over(UNSIDED);
                self.variations.pass_over(UNSIDED);
                break;
            }
            let series = epochs.current(decision.unit, side);
            if looks_back_less_far(decision, series) {
                self.counts.pass_over(ROLLING);
                self.variations.pass_over(ROLLING);
                continue;
            }
            self.examine_count(decision, side, series);
            self.examine_variation(decision, side, series);
        }
        self.examine_hurdle(decision, epochs);
    }

    fn examine_count(&mut self, decision: &ReplayedDecision, side: PositionType, series: Option<&Series>) {
        let features = &decision.event.features_at_decision;
        let stated = match side {
            PositionType::Bull => features.bull_ith_epochs,
            PositionType::Bear => features.bear_ith_epochs,
        };
        let Some(Integer(stated)) = stated else {
            self.counts.pass_over("decisions that do not count their epochs");
            return;
        };
        let found = series.map_or(0, |series| series.epochs.len() as i64);
        self.counts.examine(stated == found, || {
            format!(
                "decision {} counts {stated} {} epochs, the record has {found} before it, at {}",
                decision.event.decision_id,
                side.as_str(),
                decision.place
            )
        });
    }

    fn examine_variation(
        &mut self,
        decision: &ReplayedDecision,
        side: PositionType,
        series: Option<&Series>,
    ) {
        let features = &decision.event.features_at_decision;
        let stated = match side {
            PositionType::Bull => features.bull_cv,
            PositionType::Bear => features.bear_cv,
        };
        let Some(Float(stated)) = stated else {
            self.variations.pass_over("decisions without a CV");
            return;
        };
        let found = series.map_or(f64::NAN, |series| series.interval_variation(series.bars.len()));
        self.variations.examine(is_close(stated, found), || {
            format!(
                "decision {} has the {} CV {stated}, the record gives {found}, at {}",
                decision.event.decision_id,
                side.as_str(),
                decision.place
            )
        });
    }

    fn examine_hurdle(&mut self, decision: &ReplayedDecision, epochs: &Epochs) {
        let stated = decision
            .event
            .thresholds
            .as_ref()
            .and_then(|held| held.tmaeg_value);
        let feature = decision.event.features_at_decision.tmaeg;
        let Some(hurdle) = stated.or(feature) else {
            self.thresholds.pass_over("decisions without a hurdle");
            return;
        };
        if let (Some(stated), Some(feature)) = (stated, feature) {
            self.thresholds.examine(stated == feature, || {
                format!(
                    "decision {} is held against the hurdle {} but has the feature {}, at {}",
                    decision.event.decision_id, stated.0, feature.0, decision.place
                )
            });
        }
        // A decision has one hurdle, the sides may have one each.
        let known: Vec<Hurdle> = SIDES
            .iter()
            .filter_map(|side| epochs.current(decision.unit, *side))
            .map(|series| series.hurdle)
            .collect();
        let named: Vec<f64> = known
            .iter()
            .filter_map(|known| match known {
                Hurdle::One(hurdle) => Some(hurdle.0),
                Hurdle::Unnamed | Hurdle::Several => None,
            })
            .collect();
        if named.is_empty() || known.contains(&Hurdle::Several) {
            self.thresholds
                .pass_over("decisions whose unit's epochs have no hurdle, or a changing one");
            return;
        }
        let agrees = named.iter().any(|known| Float(*known) == hurdle);
        self.thresholds.examine(agrees, || {
            format!(
                "decision {} has the hurdle {}, the epochs before it have {named:?}, at {}",
                decision.event.decision_id, hurdle.0, decision.place
            )
        });
    }
}

const ROLLING: &str = "decisions that look back over fewer bars than the epochs span: which bar they were made at is not recorded";

const UNSIDED: &str = "decisions whose unit has epochs without a position_type";

fn looks_back_less_far(decision: &ReplayedDecision, series: Option<&Series>) -> bool {
    let lookback = decision.event.thresholds.as_ref().and_then(|held| held.lookback);
    let last_bar = series.and_then(|series| series.bars.last());
    match (lookback, last_bar) {
        (Some(Integer(lookback)), Some(bar)) => {
            u64::try_from(lookback).is_ok_and(|bars| bars > 0 && bars <= *bar)
        }
        _ => false,
    }
}

/// Equal but for rounding; NaN is equal to NaN.
pub(super) fn is_close(left: f64, right: f64) -> bool {
    Float(left) == Float(right) || (left - right).abs() <= RELATIVE_ERROR * left.abs().max(right.abs())
}
