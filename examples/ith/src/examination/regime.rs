//! What the market was doing up to a bar.

use super::hurst::hurst;

/// Trending above this exponent, mean-reverting below the other one.
const TRENDING: f64 = 0.55;
const MEAN_REVERTING: f64 = 0.45;
/// How many changes an exponent is taken of.
const WINDOW: usize = 128;

/// A regime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Regime {
    /// Changes go on.
    Trending,
    /// Changes are taken back.
    MeanReverting,
}

impl Regime {
    /// That of a bar, from the changes up to it; none if they tell neither, or are too few.
    pub fn at(nav: &[f64], bar: usize) -> Option<Self> {
        let window = nav.get(bar.checked_sub(WINDOW)?..=bar)?;
        let changes: Vec<f64> = window.windows(2).map(|pair| pair[1] / pair[0] - 1.0).collect();
        match hurst(&changes).ok()? {
            high if high > TRENDING => Some(Self::Trending),
            low if low < MEAN_REVERTING => Some(Self::MeanReverting),
            _ => None,
        }
    }
}
