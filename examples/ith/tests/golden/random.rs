//! Random numbers have the moments of their distributions.

use ith::random::Random;

#[test]
fn gamma_numbers_have_their_mean_and_variance() {
    const DRAWS: usize = 20_000;
    for shape in [0.3, 0.9, 1.0, 2.5, 40.0] {
        let mut random = Random::of(7, 1);
        let drawn: Vec<f64> = (0..DRAWS).map(|_| random.log_gamma(shape).exp()).collect();
        let mean = drawn.iter().sum::<f64>() / DRAWS as f64;
        let squares: f64 = drawn.iter().map(|value| (value - mean) * (value - mean)).sum();
        // Both are the shape; five standard errors of the mean, and somewhat more than that of the variance.
        assert!(
            (mean - shape).abs() < 5.0 * (shape / DRAWS as f64).sqrt(),
            "{shape}: {mean}"
        );
        assert!(
            (squares / DRAWS as f64 / shape - 1.0).abs() < 0.15,
            "{shape}: {squares}"
        );
    }
}

#[test]
fn a_small_shape_gives_small_numbers_and_never_none() {
    let mut random = Random::of(7, 2);
    let drawn: Vec<f64> = (0..1_000).map(|_| random.log_gamma(1e-4)).collect();
    assert!(drawn.iter().all(|log| log.is_finite()));
    assert!(drawn.iter().any(|log| *log < -745.0), "what exp would make 0 of");
}
