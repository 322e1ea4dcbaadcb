//! Net asset values out of a seed: the same seed gives the same bytes on every machine. A test holds them against a hash.

use crate::ith::{NavSeries, Side};
use crate::random::Random;

/// Daily bars from 2020-01-01 on, in Unix nanoseconds.
const FIRST_DAY: i64 = 1_577_836_800_000_000_000;
const DAY: i64 = 86_400_000_000_000;

/// The name, version and parameters of the generator, as they are recorded.
pub const NAME: &str = "synthetic-nav";
/// A change of the bytes is a change of the version.
pub const VERSION: &str = "1";

/// The series of this number; even ones rise, as a bull likes it, odd ones fall.
pub fn series(seed: u64, number: usize, bars: usize) -> NavSeries {
    let market = if number.is_multiple_of(2) {
        Side::Bull
    } else {
        Side::Bear
    };
    NavSeries {
        name: format!("{}-{number:02}", market.name()),
        times: (0..bars as i64).map(|bar| FIRST_DAY + bar * DAY).collect(),
        nav: nav(seed, number, market, bars),
    }
}

fn nav(seed: u64, number: usize, market: Side, bars: usize) -> Vec<f64> {
    let mut random = Random::of(seed, number as u64);
    let (location, sign, leave) = match market {
        Side::Bull => (0.002, -1.0, 0.02),
        Side::Bear => (-0.001, 1.0, 0.05),
    };
    const SCALE: f64 = 0.008;
    const ENTER: f64 = 0.05;
    let mut is_in_shock = false;
    let mut value = 1.0;
    let step = |_| {
        let mut change = location + SCALE * random.student_t5();
        if is_in_shock {
            change += sign * (0.001 + 0.002 * random.uniform());
            is_in_shock = random.uniform() >= leave;
        } else {
            is_in_shock = random.uniform() < ENTER;
        }
        value *= 1.0 + change.max(-0.99);
        value
    };
    (0..bars).map(step).collect()
}
