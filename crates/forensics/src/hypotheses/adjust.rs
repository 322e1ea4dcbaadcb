//! Corrections of p-values for the number of tests, as R's `p.adjust` and statsmodels' `multipletests` compute them.

/// The p-value of each test times the number of tests.
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    let tests = p_values.len() as f64;
    p_values.iter().map(|p| (p * tests).min(1.0)).collect()
}

/// Benjamini and Hochberg (1995): controls the false discovery rate of independent or positively dependent tests.
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, 1.0)
}

/// Benjamini and Yekutieli (2001): controls the false discovery rate under any dependence.
pub fn benjamini_yekutieli(p_values: &[f64]) -> Vec<f64> {
    step_up(p_values, (1..=p_values.len()).map(|rank| 1.0 / rank as f64).sum())
}

/// From the largest p-value down: each is scaled by tests over rank, and none exceeds a larger one's.
fn step_up(p_values: &[f64], penalty: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|left, right| p_values[*left].total_cmp(&p_values[*right]));
    let scale = penalty * p_values.len() as f64;
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least: f64 = 1.0;
    for (rank, index) in order.into_iter().enumerate().rev() {
        least = least.min(p_values[index] * scale / (rank + 1) as f64);
        adjusted[index] = least;
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The p-values of Benjamini and Hochberg's paper of 1995, section 3.1.
    const PAPER: [f64; 15] = [
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719,
        0.6528, 0.7590, 1.0,
    ];

    fn assert_close(found: &[f64], expected: &[f64]) {
        assert_eq!(found.len(), expected.len());
        for (found_one, expected_one) in found.iter().zip(expected) {
            let difference = (found_one - expected_one).abs();
            assert!(difference < 1e-14, "{found:?} is not {expected:?}");
        }
    }

    #[test]
    fn the_papers_example_has_the_values_of_statsmodels() {
        let bonferroni_by_statsmodels = [
            0.0015, 0.006, 0.0285, 0.1425, 0.3015, 0.417, 0.447, 0.516, 0.6885, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0,
        ];
        let hochberg_by_statsmodels = [
            0.0015,
            0.003,
            0.0095,
            0.035625,
            0.0603,
            0.06385714285714286,
            0.06385714285714286,
            0.0645,
            0.07650000000000001,
            0.48600000000000004,
            0.5811818181818182,
            0.7148749999999999,
            0.7532307692307693,
            0.8132142857142857,
            1.0,
        ];
        let yekutieli_by_statsmodels = [
            0.004977343489843491,
            0.009954686979686982,
            0.03152317543567544,
            0.11821190788378289,
            0.20008920829170831,
            0.21189262285333715,
            0.21189262285333715,
            0.2140257700632701,
            0.253844517982018,
            1.0,
            1.0,
            1.0,
            1.0,
            1.0,
            1.0,
        ];
        assert_close(&bonferroni(&PAPER), &bonferroni_by_statsmodels);
        assert_close(&benjamini_hochberg(&PAPER), &hochberg_by_statsmodels);
        assert_close(&benjamini_yekutieli(&PAPER), &yekutieli_by_statsmodels);
        let rejected = |adjusted: Vec<f64>| adjusted.iter().filter(|p| **p <= 0.05).count();
        assert_eq!(rejected(bonferroni(&PAPER)), 3, "as the paper says");
        assert_eq!(rejected(benjamini_hochberg(&PAPER)), 4, "as the paper says");
    }

    #[test]
    fn ties_zeros_and_any_order_have_the_values_of_statsmodels() {
        let p_values = [0.5, 0.5, 0.001, 0.9, 0.0];
        assert_close(&bonferroni(&p_values), &[1.0, 1.0, 0.005, 1.0, 0.0]);
        assert_close(&benjamini_hochberg(&p_values), &[0.625, 0.625, 0.0025, 0.9, 0.0]);
        assert_close(
            &benjamini_yekutieli(&p_values),
            &[1.0, 1.0, 0.0057083333333333335, 1.0, 0.0],
        );
    }

    #[test]
    fn no_test_and_one_test_need_no_correction() {
        for adjust in [bonferroni, benjamini_hochberg, benjamini_yekutieli] {
            assert!(adjust(&[]).is_empty());
            assert_close(&adjust(&[0.03]), &[0.03]);
        }
    }
}
