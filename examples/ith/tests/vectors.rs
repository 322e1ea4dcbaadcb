//! The algorithm against figures of an independent implementation, and against inputs that have none.

use ith::ith::{HurdleMethod, Side, analyse, max_drawdown, max_runup, rolling_features};
use ith::synthetic;
use proptest::prelude::*;
use sha2::{Digest, Sha256};

const A: [f64; 10] = [1.0, 1.03, 1.01, 1.06, 1.04, 1.02, 1.09, 1.12, 1.08, 1.15];
const B: [f64; 8] = [1.0, 0.97, 0.99, 0.93, 0.95, 0.90, 0.96, 0.88];

fn epochs(nav: &[f64], hurdle: f64, side: Side) -> Vec<usize> {
    analyse(nav, hurdle, side)
        .epochs()
        .map(|epoch| epoch.index)
        .collect()
}

fn are_close(left: f64, right: f64) -> bool {
    (left - right).abs() < 1e-9
}

#[test]
fn a_bull_finds_the_epochs_of_vector_a() {
    let found = analyse(&A, 0.05, Side::Bull);
    assert_eq!(epochs(&A, 0.05, Side::Bull), [3, 7]);
    assert_eq!(found.interval_cv, 0.142_857_142_857_142_85);
    let gains: Vec<f64> = found.bars.iter().map(|bar| bar.excess_gain).collect();
    let known = [
        0.0,
        0.03,
        0.03,
        0.06,
        0.0,
        0.0,
        0.028_301_886_792_452_935,
        0.056_603_773_584_905_65,
        0.0,
        0.026_785_714_285_714_19,
    ];
    for (gain, known) in gains.iter().zip(known) {
        assert!((gain - known).abs() < 1e-15, "{gain} {known}");
    }
    let losses: Vec<f64> = found.bars.iter().map(|bar| bar.excess_loss).collect();
    assert!(losses[..8].iter().all(|loss| *loss == 0.0), "{losses:?}");
    assert!(are_close(losses[8], 0.035_714_285_714_285_7) && losses[8] == losses[9]);
    assert!(are_close(max_drawdown(&A), 0.037_735_849_1) && are_close(max_runup(&A), 0.130_434_782_6));
    assert_eq!(epochs(&A, 0.05, Side::Bear), [0_usize; 0]);
}

#[test]
fn a_bear_finds_the_epochs_of_vector_b() {
    let found = analyse(&B, 0.05, Side::Bear);
    assert_eq!(epochs(&B, 0.05, Side::Bear), [3, 7]);
    assert_eq!(found.bars[3].excess_gain, 0.075_268_817_204_301_01);
    assert_eq!(found.bars[7].excess_gain, 0.056_818_181_818_181_88);
    assert!(are_close(max_drawdown(&B), 0.12) && are_close(max_runup(&B), 0.0625));
}

#[test]
fn what_an_epoch_says_is_the_state_at_its_bar() {
    let found = analyse(&A, 0.05, Side::Bull);
    let told: Vec<_> = found
        .epochs()
        .map(|epoch| (epoch.bar.endorsing_crest, epoch.bar.candidate_nadir))
        .collect();
    // The second epoch's nadir is the bar before the first epoch's end.
    assert_eq!(told, [(1.06, 1.0), (1.12, 1.01)]);
}

#[test]
fn the_geometric_mean_is_that_of_the_falls_after_each_peak() {
    let falls = [0.02 / 1.03, 0.04 / 1.06, 0.04 / 1.12];
    let known = falls.iter().product::<f64>().cbrt();
    assert!(are_close(HurdleMethod::Geomean.hurdle(&A, Side::Bull), known));
    assert_eq!(HurdleMethod::Geomean.hurdle(&[1.0, 2.0, 3.0], Side::Bull), 0.0);
}

#[test]
fn the_same_seed_gives_the_same_bytes_on_every_machine() {
    let mut hash = Sha256::new();
    for number in 0..4 {
        hash.update(synthetic::series(42, number, 1_000).bytes());
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        hash,
        "5c38860dbd2a91183d64b2796a6ae94baf07c211f7a0aeb5075405c0ba652993"
    );
}

#[test]
fn another_seed_and_another_number_give_other_series() {
    let one = synthetic::series(42, 0, 100);
    assert_eq!(one, synthetic::series(42, 0, 200).first(100));
    assert_ne!(one.nav, synthetic::series(43, 0, 100).nav);
    assert_ne!(one.nav, synthetic::series(42, 2, 100).nav);
}

#[test]
fn a_row_of_features_knows_nothing_of_later_bars() {
    let nav = synthetic::series(7, 0, 120).nav;
    let all = rolling_features(&nav, 30);
    let early = rolling_features(&nav[..60], 30);
    assert!(
        all[..29]
            .iter()
            .all(|row| row.values().iter().all(|value| value.is_nan()))
    );
    for (row, known) in early[29..].iter().zip(&all[29..]) {
        assert_eq!(row, known);
        assert!(
            row.values().iter().all(|value| (0.0..=1.0).contains(value)),
            "{row:?}"
        );
    }
    // A window is scaled to start at 1, so the level says nothing.
    let doubled: Vec<f64> = nav.iter().map(|value| value * 2.0).collect();
    assert_eq!(rolling_features(&doubled, 30)[40], all[40]);
}

fn navs() -> impl Strategy<Value = Vec<f64>> {
    let value = prop_oneof![8 => 0.01..100.0_f64, 1 => Just(0.0), 1 => Just(1.0)];
    proptest::collection::vec(value, 0..60)
}

proptest! {
    #[test]
    fn a_hurdle_that_is_no_number_is_never_beaten(nav in navs()) {
        for side in Side::BOTH {
            prop_assert_eq!(analyse(&nav, f64::NAN, side).count(), 0);
        }
    }

    #[test]
    fn every_bar_is_told_of_and_epochs_beat_loss_and_hurdle(nav in navs(), hurdle in 0.0..0.5_f64) {
        for side in Side::BOTH {
            let found = analyse(&nav, hurdle, side);
            prop_assert_eq!(found.bars.len(), nav.len());
            prop_assert_eq!(found.interval_cv.is_nan(), found.count() == 0);
            for epoch in found.epochs() {
                prop_assert!(epoch.index > 0);
                prop_assert!(epoch.bar.excess_gain > epoch.bar.excess_loss);
                prop_assert!(epoch.bar.excess_gain > hurdle);
            }
        }
    }

    #[test]
    fn constant_values_and_single_bars_have_no_epochs(value in 0.0..10.0_f64, bars in 0..50_usize, hurdle in 0.0..1.0_f64) {
        let nav = vec![value; bars];
        for side in Side::BOTH {
            let found = analyse(&nav, hurdle, side);
            prop_assert_eq!(found.count(), 0);
            prop_assert!(found.interval_cv.is_nan());
        }
        if value > 0.0 {
            prop_assert_eq!((max_drawdown(&nav), max_runup(&nav)), (0.0, 0.0));
        }
    }

    #[test]
    fn what_is_known_at_a_bar_does_not_change_later(nav in navs(), cut in 0..60_usize, hurdle in 0.0..0.5_f64) {
        let cut = cut.min(nav.len());
        for side in Side::BOTH {
            let (whole, part) = (analyse(&nav, hurdle, side), analyse(&nav[..cut], hurdle, side));
            prop_assert_eq!(&whole.bars[..cut], &part.bars[..]);
        }
    }

    #[test]
    fn features_exist_for_every_bar_of_any_series(nav in navs(), lookback in 0..70_usize) {
        prop_assert_eq!(rolling_features(&nav, lookback).len(), nav.len());
    }
}
