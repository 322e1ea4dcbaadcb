//! Least squares by Householder's reflections (Golub and Van Loan, Matrix Computations, 5.2.1).
//!
//! The reflections turn the columns into a triangle one by one, and the target with them. How much of the target the first
//! k columns leave unexplained is then the sum of the squares behind its first k entries: one pass answers for every k.

use super::sample::NotApplicable;

/// A target, turned with the columns that are to explain it.
#[derive(Debug)]
pub(super) struct LeastSquares {
    turned: Vec<f64>,
    /// The triangle's last diagonal entry.
    last: f64,
    columns: usize,
}

impl LeastSquares {
    /// Explains a target by columns of the same length, of which none may follow from those before it.
    pub(super) fn solve(mut columns: Vec<Vec<f64>>, target: Vec<f64>) -> Result<Self, NotApplicable> {
        const NOTHING_NEW: f64 = 1e-11;
        let count = columns.len();
        if target.len() <= count {
            return Err(NotApplicable::because(format!(
                "{} rows are too few for {count} columns",
                target.len()
            )));
        }
        let sizes: Vec<f64> = columns.iter().map(|column| norm(column)).collect();
        columns.push(target);
        let mut last = 0.0;
        for index in 0..count {
            let (done, rest) = columns.split_at_mut(index + 1);
            let mirror = &mut done[index][index..];
            let length = norm(mirror);
            if length <= NOTHING_NEW * sizes[index] {
                return Err(NotApplicable::because("a column follows from the others"));
            }
            last = -length.copysign(mirror[0]);
            mirror[0] -= last;
            let half = dot(mirror, mirror) / 2.0;
            for column in rest {
                let column = &mut column[index..];
                let share = dot(mirror, column) / half;
                column
                    .iter_mut()
                    .zip(&*mirror)
                    .for_each(|(value, mirror)| *value -= share * mirror);
            }
        }
        Ok(Self {
            turned: columns.pop().unwrap_or_default(),
            last,
            columns: count,
        })
    }

    /// The sum of squares that the first so many columns leave.
    pub(super) fn unexplained(&self, columns: usize) -> f64 {
        let rest = &self.turned[columns.min(self.turned.len())..];
        dot(rest, rest)
    }

    /// The last column's coefficient over its standard error.
    pub(super) fn t_of_last(&self) -> f64 {
        let freedom = (self.turned.len() - self.columns) as f64;
        let error = (self.unexplained(self.columns) / freedom).sqrt();
        self.turned[self.columns - 1] * self.last.signum() / error
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}

fn norm(values: &[f64]) -> f64 {
    dot(values, values).sqrt()
}
