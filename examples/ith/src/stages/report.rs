//! `risk.report_meta`: what the positions earned on the bars that nobody knew when they were taken.

use telensic::events::{PnlFigure, Side, TradeFill};
use telensic::pipeline::{StageError, Task};
use telensic::record;

use super::{Selected, Selection};
use crate::ith::NavSeries;
use crate::sleeve::Position;

/// What came of the positions.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The profit of each position, by sleeve, in shares of the capital.
    pub profits: Vec<(String, f64)>,
}

impl Report {
    /// The profit of all.
    pub fn total(&self) -> f64 {
        // From 0, since the sum of nothing is -0.
        self.profits.iter().fold(0.0, |total, (_, profit)| total + profit)
    }
}

const CAPITAL: f64 = 1_000_000.0;
const CURRENCY: &str = "USD";

/// Reports.
pub fn report(task: &mut Task, series: &[NavSeries], selection: &Selection) -> Result<Report, StageError> {
    let mut report = Report { profits: Vec::new() };
    for selected in &selection.sleeves {
        let Some(position) = selected.sleeve.position else {
            continue;
        };
        let name = &selected.sleeve.name;
        let known = series.iter().find(|series| series.name == *name);
        let series = known.ok_or_else(|| StageError::new(format!("there is no series {name}")))?;
        let profit = task.step("hold", |span| {
            span.set("symbol", name.as_str());
            Ok(hold(selected, position, series))
        })?;
        report.profits.push((name.clone(), profit));
    }
    task.set("profit", report.total());
    Ok(report)
}

/// Holds a position from its decision to the last bar. A fill leads back to the decision, the figure to the fill.
fn hold(selected: &Selected, position: Position, series: &NavSeries) -> f64 {
    let bar = selected.sleeve.decision_bar;
    let (bought, time) = (series.nav[bar], series.times[bar]);
    let last = series.nav.last().copied().unwrap_or(bought);
    let (side, gain) = match position {
        Position::Bull => (Side::Buy, last / bought - 1.0),
        Position::Bear => (Side::Sell, 1.0 - last / bought),
    };
    let fill_id = format!("fill-{}", series.name);
    let quantity = CAPITAL * selected.weight / bought;
    record(
        &TradeFill::new(
            fill_id.as_str(),
            selected.sleeve.decision_id.as_str(),
            series.name.as_str(),
            side,
            quantity,
            bought,
            time,
        )
        .currency(CURRENCY),
    );
    let profit = selected.weight * gain;
    record(
        &PnlFigure::new(format!("pnl-{}", series.name), CAPITAL * profit, CURRENCY).fill_ids(vec![fill_id]),
    );
    profit
}
