//! Mann-Whitney: are the values of two samples equally large? Two-sided, by the normal approximation with corrections for
//! ties and continuity, as SciPy's `mannwhitneyu(method="asymptotic")`.

use super::normal::upper_tail;
use super::sample::{NotApplicable, check};

/// The approximation is not made for fewer.
const LEAST: usize = 30;

/// What the test says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MannWhitney {
    /// In how many pairs the first sample's value is the greater one; a tie counts half.
    pub u: f64,
    /// The probability of a U so far from the middle of two equal samples.
    pub p_value: f64,
    /// How often a value of the first sample is the greater one less how often it is the smaller one (Cliff's delta).
    pub cliffs_delta: f64,
}

/// Compares two samples.
pub fn mann_whitney(first: &[f64], second: &[f64]) -> Result<MannWhitney, NotApplicable> {
    let (some, others) = (first.len(), second.len());
    if some.min(others) < LEAST {
        return Err(NotApplicable::because(format!(
            "{some} and {others} values are too few: it takes {LEAST} of each"
        )));
    }
    check(&[first, second].concat(), LEAST)?;
    let (rank_sum, ties) = rank_sum(first, second);
    let (n1, n2) = (first.len() as f64, second.len() as f64);
    let (n, pairs) = (n1 + n2, n1 * n2);
    let u = rank_sum - n1 * (n1 + 1.0) / 2.0;
    let deviation = (pairs / 12.0 * (n + 1.0 - ties / (n * (n - 1.0)))).sqrt();
    let z = (u.max(pairs - u) - pairs / 2.0 - 0.5) / deviation;
    Ok(MannWhitney {
        u,
        p_value: (2.0 * upper_tail(z)).min(1.0),
        cliffs_delta: 2.0 * u / pairs - 1.0,
    })
}

/// The sum of the first sample's ranks among all, equal values sharing theirs; and the sum of `t^3 - t` over all ties of t.
fn rank_sum(first: &[f64], second: &[f64]) -> (f64, f64) {
    let is_first = |is: bool| move |value: &f64| (*value, is);
    let mut all: Vec<(f64, bool)> = first.iter().map(is_first(true)).collect();
    all.extend(second.iter().map(is_first(false)));
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    let (mut sum, mut ties, mut below) = (0.0, 0.0, 0.0);
    for equal in all.chunk_by(|left, right| left.0 == right.0) {
        let count = equal.len() as f64;
        let of_first = equal.iter().filter(|(_, is_first)| *is_first).count() as f64;
        sum += of_first * (below + (count + 1.0) / 2.0);
        ties += count * count * count - count;
        below += count;
    }
    (sum, ties)
}
