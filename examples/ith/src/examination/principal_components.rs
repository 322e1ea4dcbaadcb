//! Principal components: how many dimensions do the variables span?
//!
//! The eigenvalues of their correlations, by Jacobi's cyclic rotations (Golub and Van Loan, Matrix Computations, 8.5).

use super::sample::{NotApplicable, check};
use crate::ith::{mean, squares};

/// The components, of variables that were scaled to mean 0 and variance 1.
#[derive(Clone, Debug, PartialEq)]
pub struct PrincipalComponents {
    /// How much variance each explains, the greatest first; all come to the number of variables.
    pub eigenvalues: Vec<f64>,
}

impl PrincipalComponents {
    /// Of variables that have a value each in every row.
    pub fn of(columns: &[Vec<f64>]) -> Result<Self, NotApplicable> {
        if columns.len() < 2 {
            return Err(NotApplicable::because(
                "it takes two variables that are not constant",
            ));
        }
        let scaled: Vec<Vec<f64>> = columns
            .iter()
            .map(|column| scale(column))
            .collect::<Result<_, _>>()?;
        if scaled.iter().any(|column| column.len() != scaled[0].len()) {
            return Err(NotApplicable::because(
                "the variables have not equally many values",
            ));
        }
        let correlation =
            |left: &[f64], right: &[f64]| left.iter().zip(right).map(|(left, right)| left * right).sum();
        let row = |left: &Vec<f64>| scaled.iter().map(|right| correlation(left, right)).collect();
        let mut eigenvalues = eigenvalues(scaled.iter().map(row).collect());
        eigenvalues.sort_by(|left, right| right.total_cmp(left));
        Ok(Self { eigenvalues })
    }

    /// The share of the variance that each explains.
    pub fn shares(&self) -> Vec<f64> {
        let all: f64 = self.eigenvalues.iter().sum();
        self.eigenvalues.iter().map(|value| value / all).collect()
    }

    /// How many of them it takes to explain this share.
    pub fn needed(&self, share: f64) -> usize {
        let mut explained = 0.0;
        let shares = self.shares();
        let reaches = shares.iter().position(|one| {
            explained += one;
            explained >= share
        });
        reaches.map_or(shares.len(), |index| index + 1)
    }

    /// How many dimensions there are in effect: one if a single component explains all, as many as there are variables if
    /// all explain the same.
    pub fn participation_ratio(&self) -> f64 {
        let sum: f64 = self.eigenvalues.iter().sum();
        sum * sum / self.eigenvalues.iter().map(|value| value * value).sum::<f64>()
    }
}

/// Mean 0, and squares that sum to 1: so products sum to correlations.
fn scale(column: &[f64]) -> Result<Vec<f64>, NotApplicable> {
    check(column, 3)?;
    let (mean, length) = (mean(column), squares(column).sqrt());
    Ok(column.iter().map(|value| (value - mean) / length).collect())
}

/// Of a symmetric matrix.
fn eigenvalues(mut matrix: Vec<Vec<f64>>) -> Vec<f64> {
    const MOST: usize = 60;
    let size = matrix.len();
    let pairs: Vec<(usize, usize)> = (0..size)
        .flat_map(|p| (p + 1..size).map(move |q| (p, q)))
        .collect();
    for _ in 0..MOST {
        if pairs.iter().all(|(p, q)| matrix[*p][*q].abs() < 1e-17) {
            break;
        }
        pairs.iter().for_each(|(p, q)| rotate(&mut matrix, *p, *q));
    }
    // Rounding may put one that is 0 below it.
    (0..size).map(|index| matrix[index][index].max(0.0)).collect()
}

/// Turns two axes such that their correlation is 0.
fn rotate(matrix: &mut [Vec<f64>], p: usize, q: usize) {
    if matrix[p][q] == 0.0 {
        return;
    }
    let slant = (matrix[q][q] - matrix[p][p]) / (2.0 * matrix[p][q]);
    let tangent = slant.signum() / (slant.abs() + (1.0 + slant * slant).sqrt());
    let cosine = 1.0 / (1.0 + tangent * tangent).sqrt();
    let sine = tangent * cosine;
    for row in matrix.iter_mut() {
        (row[p], row[q]) = (cosine * row[p] - sine * row[q], sine * row[p] + cosine * row[q]);
    }
    let (above, below) = matrix.split_at_mut(q);
    for (upper, lower) in above[p].iter_mut().zip(&mut below[0]) {
        (*upper, *lower) = (cosine * *upper - sine * *lower, sine * *upper + cosine * *lower);
    }
}
