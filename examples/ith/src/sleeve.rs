//! A sleeve: one series, looked at from both sides, up to the bar at which it is decided.
//!
//! The same on a thread and in a worker: it records into whatever span is current.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use telensic::events::{
    AlgorithmInit, AlgorithmResult, DecisionSnapshot, EpochDetected, FeaturesAtDecision, Fields, Moment,
    PositionType, Thresholds,
};
use telensic::pipeline::StageError;
use telensic::{Severity, log, record, spans};

use crate::ith::{Analysis, NavSeries, Qualification, Side, analyse, max_drawdown, max_runup, qualify};
use crate::point_in_time::{PointInTime, hex};
use crate::settings::Settings;

/// The algorithm, as it is recorded.
pub const NAME: &str = "ith";
/// A change of what it finds is a change of the version.
pub const VERSION: &str = "1";

/// What a sleeve comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SleeveResult {
    /// The series.
    pub name: String,
    /// The decision that was recorded.
    pub decision_id: String,
    /// The side to be on, if any.
    pub position: Option<Position>,
    /// Epochs of the bull side.
    pub bull_epochs: usize,
    /// Epochs of the bear side.
    pub bear_epochs: usize,
    /// The bar at which it was decided.
    pub decision_bar: usize,
}

/// A side to be on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Position {
    /// Long.
    Bull,
    /// Short.
    Bear,
}

impl SleeveResult {
    /// A hash of all of it.
    pub fn hash(&self) -> String {
        // Texts and integers only: there is nothing that JSON cannot write.
        hex(&Sha256::digest(serde_json::to_vec(self).unwrap_or_default()))
    }
}

/// A side, analysed.
struct Sided {
    analysis: Analysis,
    qualification: Qualification,
}

/// Runs a sleeve.
pub fn run(series: &NavSeries, settings: &Settings, pace: Duration) -> Result<SleeveResult, StageError> {
    record(
        &AlgorithmInit::new(NAME, VERSION)
            .random_seed(settings.seed)
            .config(Fields::from(settings.as_json())),
    );
    let data = PointInTime::of(series);
    let known = data.first(data.bars().saturating_sub(settings.holdout).max(1));
    let bull = analyse_side(Side::Bull, &data, &known, settings, pace);
    let bear = analyse_side(Side::Bear, &data, &known, settings, pace);
    let result = decide(&known, &bull, &bear, settings);
    let metrics = Fields::from([
        ("bull_ith_epochs", bull.analysis.count() as f64),
        ("bear_ith_epochs", bear.analysis.count() as f64),
        ("bull_cv", bull.analysis.interval_cv),
        ("bear_cv", bear.analysis.interval_cv),
    ]);
    record(&AlgorithmResult::new(metrics).output_hash(result.hash()));
    log(Severity::Info, &format!("sleeve {} is decided", series.name))
        .with("sleeve", series.name.as_str())
        .with("decision_id", result.decision_id.as_str())
        .emit();
    Ok(result)
}

fn analyse_side(
    side: Side,
    data: &PointInTime<'_>,
    known: &NavSeries,
    settings: &Settings,
    pace: Duration,
) -> Sided {
    let mut step = spans::run_step(side.name(), true).entered();
    std::thread::sleep(pace);
    let method = settings.hurdle_of(side);
    let hurdle = if settings.lookahead {
        method.hurdle(&data.whole().nav, side)
    } else {
        method.hurdle(&known.nav, side)
    };
    let analysis = analyse(&known.nav, hurdle, side);
    for (number, epoch) in analysis.epochs().enumerate() {
        // Straight from the algorithm's own state: nothing is computed anew for the record.
        let bar = epoch.bar;
        record(
            &EpochDetected::new(number, epoch.index, bar.excess_gain, bar.excess_loss)
                .timestamp(Moment(known.times[epoch.index]))
                .endorsing_crest(bar.endorsing_crest)
                .candidate_nadir(bar.candidate_nadir)
                .tmaeg_threshold(hurdle)
                .position_type(match side {
                    Side::Bull => PositionType::Bull,
                    Side::Bear => PositionType::Bear,
                }),
        );
    }
    let qualification = qualify(&known.nav, &analysis);
    step.set("epochs", qualification.epochs);
    step.set("is_qualified", qualification.is_qualified);
    Sided {
        analysis,
        qualification,
    }
}

fn decide(known: &NavSeries, bull: &Sided, bear: &Sided, settings: &Settings) -> SleeveResult {
    let _step = spans::run_step("decide", true).entered();
    let position = match (bull.qualification.is_qualified, bear.qualification.is_qualified) {
        (true, _) => Some(Position::Bull),
        (false, true) => Some(Position::Bear),
        (false, false) => None,
    };
    // Without a position the side that came nearer to one tells why.
    let is_about_bear = match position {
        Some(position) => position == Position::Bear,
        None => bear.qualification.epochs > bull.qualification.epochs,
    };
    let (side, decisive) = if is_about_bear {
        (Side::Bear, bear)
    } else {
        (Side::Bull, bull)
    };
    let hurdle = decisive.analysis.hurdle;
    let features = FeaturesAtDecision::new()
        .bull_ith_epochs(bull.analysis.count() as i64)
        .bear_ith_epochs(bear.analysis.count() as i64)
        .bull_cv(bull.analysis.interval_cv)
        .bear_cv(bear.analysis.interval_cv)
        .max_drawdown(max_drawdown(&known.nav))
        .max_runup(max_runup(&known.nav))
        .tmaeg(hurdle)
        .nav_at_decision(known.nav.last().copied().unwrap_or(f64::NAN))
        .with("sharpe", decisive.qualification.sharpe)
        .with("aggregate_cv", decisive.qualification.aggregate_cv)
        .with(
            "position",
            match position {
                Some(_) => side.name(),
                None => "none",
            },
        );
    let thresholds = Thresholds::new()
        .tmaeg_method(settings.hurdle_of(side).name())
        .tmaeg_value(hurdle)
        .lookback(known.nav.len() as i64);
    let now = known.times.last().copied().unwrap_or_default();
    let decision_id = format!("{NAME}-{}", known.name);
    record(
        &DecisionSnapshot::new(decision_id.as_str(), now, features)
            .thresholds(thresholds)
            .as_of(Moment(now)),
    );
    SleeveResult {
        name: known.name.clone(),
        decision_id,
        position,
        bull_epochs: bull.analysis.count(),
        bear_epochs: bear.analysis.count(),
        decision_bar: known.nav.len() - 1,
    }
}
