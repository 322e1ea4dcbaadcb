//! What a gain must beat: a fall or a rise that the series has shown already, or a fixed figure.
//!
//! Taken from a whole series a hurdle looks ahead; taken from what was known at a bar it does not.

use super::horizon::Side;

/// How a hurdle is found.
#[derive(Clone, Copy, Debug, PartialEq, clap::ValueEnum)]
pub enum HurdleMethod {
    /// The deepest fall from a maximum: what a bull must beat.
    Mdd,
    /// The highest rise from a minimum: what a bear must beat.
    Mru,
    /// The geometric mean of the deepest fall after each peak; of rises after troughs for a bear.
    Geomean,
    /// 5 %.
    Fixed,
}

/// The hurdle of those who ask for none.
const FIXED: f64 = 0.05;

impl HurdleMethod {
    /// That of those who do not choose.
    pub fn default_of(side: Side) -> Self {
        match side {
            Side::Bull => Self::Mdd,
            Side::Bear => Self::Mru,
        }
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mdd => "mdd",
            Self::Mru => "mru",
            Self::Geomean => "geomean",
            Self::Fixed => "fixed",
        }
    }

    /// The hurdle that these values give.
    pub fn hurdle(self, nav: &[f64], side: Side) -> f64 {
        match self {
            Self::Mdd => max_drawdown(nav),
            Self::Mru => max_runup(nav),
            Self::Geomean => geometric_mean(&deepest(nav, side)),
            Self::Fixed => FIXED,
        }
    }
}

/// The deepest fall from a maximum, as a share of it; 0 of nothing.
pub fn max_drawdown(nav: &[f64]) -> f64 {
    let mut highest = f64::NEG_INFINITY;
    nav.iter().fold(0.0, |deepest: f64, value| {
        highest = highest.max(*value);
        deepest.max(1.0 - value / highest)
    })
}

/// The highest rise from a minimum, as a share of what it rose to; 0 of nothing.
pub fn max_runup(nav: &[f64]) -> f64 {
    let mut lowest = f64::INFINITY;
    nav.iter().fold(0.0, |highest: f64, value| {
        lowest = lowest.min(*value);
        highest.max(1.0 - lowest / value)
    })
}

/// The deepest fall after each peak (for a bear the highest rise after each trough), but for those that had none.
fn deepest(nav: &[f64], side: Side) -> Vec<f64> {
    let mut all = Vec::new();
    let Some(mut extreme) = nav.first().copied() else {
        return all;
    };
    let mut worst: f64 = 0.0;
    for value in nav {
        let (is_new, against) = match side {
            Side::Bull => (*value > extreme, 1.0 - value / extreme),
            Side::Bear => (*value < extreme, 1.0 - extreme / value),
        };
        if is_new {
            all.push(std::mem::take(&mut worst));
            extreme = *value;
        } else {
            worst = worst.max(against);
        }
    }
    all.push(worst);
    all.retain(|against| *against > 0.0);
    all
}

/// The geometric mean; 0 of nothing.
fn geometric_mean(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let logs: f64 = values.iter().map(|value| libm::log(*value)).sum();
    libm::exp(logs / values.len() as f64)
}
