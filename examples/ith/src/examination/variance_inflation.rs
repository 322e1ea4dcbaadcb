//! Variance inflation: how much less is known of a variable's effect because the others say the same?

use super::least_squares::LeastSquares;
use super::sample::{NotApplicable, check};

/// Above this a variable says little of its own.
pub const HIGH: f64 = 10.0;

/// `1 / (1 - R^2)` of a variable that is explained by a constant and the others, all of which have a value in every row.
pub fn variance_inflation(columns: &[Vec<f64>], variable: usize) -> Result<f64, NotApplicable> {
    let target = columns.get(variable).map_or(&[][..], Vec::as_slice);
    check(target, columns.len() + 2)?;
    let mut explaining = vec![vec![1.0; target.len()]];
    for (_, other) in columns.iter().enumerate().filter(|(index, _)| *index != variable) {
        check(other, target.len())?;
        explaining.push(other.clone());
    }
    let count = explaining.len();
    let regression = LeastSquares::solve(explaining, target.to_vec())?;
    let (all, left) = (regression.unexplained(1), regression.unexplained(count));
    if left <= 1e-20 * all {
        return Err(NotApplicable::because(
            "it follows from the others, so there is no bound",
        ));
    }
    Ok(all / left)
}
