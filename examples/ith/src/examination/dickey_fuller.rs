//! Augmented Dickey-Fuller: does a series wander without a level to come back to (a unit root)? With a constant.
//!
//! As statsmodels' `adfuller` by default: Schwert's greatest number of lags (1989), of which Akaike's criterion takes the
//! best, all compared on the same bars; the p-value by MacKinnon's response surfaces (1994, coefficients of 2010).

use super::least_squares::LeastSquares;
use super::normal::{polynomial, upper_tail};
use super::sample::{NotApplicable, check};
use crate::ith::squares;

const LEAST: usize = 50;

/// Below this the unit root is rejected, at 5 %.
pub const CRITICAL: f64 = -2.86;

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DickeyFuller {
    /// How strongly the series is drawn back, as a t statistic.
    pub statistic: f64,
    /// The probability of a statistic so low of a series with a unit root.
    pub p_value: f64,
    /// How many lagged changes were taken into account.
    pub lags: usize,
    /// How many changes were explained.
    pub n: usize,
}

/// Tests a series.
pub fn dickey_fuller(series: &[f64]) -> Result<DickeyFuller, NotApplicable> {
    check(series, LEAST)?;
    let schwert = (12.0 * (series.len() as f64 / 100.0).sqrt().sqrt()).ceil();
    let most = (schwert as usize).min(series.len() / 2 - 2);
    let lags = best(
        &regression(series, most, Order::LevelFirst)?,
        most,
        series.len() - 1 - most,
    );
    let regression = regression(series, lags, Order::LevelLast)?;
    let statistic = regression.t_of_last();
    Ok(DickeyFuller {
        statistic,
        p_value: p_value(statistic),
        lags,
        n: series.len() - 1 - lags,
    })
}

/// Where the level stands among the columns: whatever is asked about is last.
enum Order {
    LevelFirst,
    LevelLast,
}

/// The changes, explained by a constant, the level before them and so many changes before that.
fn regression(series: &[f64], lags: usize, order: Order) -> Result<LeastSquares, NotApplicable> {
    let changes: Vec<f64> = series.windows(2).map(|pair| pair[1] - pair[0]).collect();
    let rows = changes.len() - lags;
    let level = series[lags..lags + rows].to_vec();
    let lagged = (1..=lags).map(|lag| changes[lags - lag..lags - lag + rows].to_vec());
    let mut columns = vec![vec![1.0; rows]];
    match order {
        Order::LevelFirst => {
            columns.push(level);
            columns.extend(lagged);
        }
        Order::LevelLast => {
            columns.extend(lagged);
            columns.push(level);
        }
    }
    let target = changes[lags..].to_vec();
    let (all, count) = (squares(&target), columns.len());
    let regression = LeastSquares::solve(columns, target)?;
    if regression.unexplained(count) <= 1e-20 * all {
        return Err(NotApplicable::because(
            "its changes follow from its past, with nothing left to chance",
        ));
    }
    Ok(regression)
}

/// The number of lags with the least of Akaike's criterion; of equal ones the first.
fn best(regression: &LeastSquares, most: usize, rows: usize) -> usize {
    let criterion = |lags: usize| {
        let columns = lags + 2;
        rows as f64 * libm::log(regression.unexplained(columns)) + 2.0 * columns as f64
    };
    let least = (0..=most).min_by(|left, right| criterion(*left).total_cmp(&criterion(*right)));
    least.unwrap_or_default()
}

fn p_value(statistic: f64) -> f64 {
    const LOWEST: f64 = -18.83;
    const TURN: f64 = -1.61;
    const HIGHEST: f64 = 2.74;
    let normal = match statistic {
        low if low < LOWEST => return 0.0,
        high if high > HIGHEST => return 1.0,
        small if small <= TURN => polynomial(&[2.1659, 1.4412, 0.038269], small),
        large => polynomial(&[1.7339, 0.93202, -0.12745, -0.010368], large),
    };
    upper_tail(-normal)
}
