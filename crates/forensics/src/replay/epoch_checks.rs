//! Every epoch against the one before it, and against its own numbers.

use telensic_run::event::EpochDetected;

use super::check::{Check, Rule};
use super::replayed::{Reading, ReplayedEpoch};
use super::series::Series;

pub(super) fn check(reading: &Reading<'_>, epochs: &[ReplayedEpoch]) -> Vec<Check> {
    let mut indices = Check::begin(Rule::EpochIndices);
    let mut bars = Check::begin(Rule::BarIndices);
    let mut conditions = Check::begin(Rule::EpochCondition);
    for series in reading.epochs.all() {
        check_order(series, epochs, &mut indices, &mut bars);
    }
    for epoch in epochs {
        check_condition(epoch, &mut conditions);
    }
    vec![indices, bars, conditions]
}

fn check_order(series: &Series, epochs: &[ReplayedEpoch], indices: &mut Check, bars: &mut Check) {
    let mut previous: Option<&EpochDetected> = None;
    for place in &series.epochs {
        let ReplayedEpoch { event, place, .. } = &epochs[*place];
        let index = event.epoch_index.0;
        // A series counts from 0 or from 1.
        let follows = previous.map_or(index <= 1, |before| {
            before.epoch_index.0.checked_add(1) == Some(index)
        });
        indices.examine(follows, || match previous {
            Some(before) => format!("epoch {index} follows epoch {} at {place}", before.epoch_index.0),
            None => format!("the first epoch is number {index} at {place}"),
        });
        if let Some(before) = previous {
            bars.examine(before.bar_index < event.bar_index, || {
                format!(
                    "epoch {index} is at bar {}, the one before it at bar {}, at {place}",
                    event.bar_index.0, before.bar_index.0
                )
            });
        } else {
            bars.examine(true, String::new);
        }
        previous = Some(event);
    }
}

fn check_condition(ReplayedEpoch { event, place, .. }: &ReplayedEpoch, conditions: &mut Check) {
    let (gain, loss) = (event.excess_gain.0, event.excess_loss.0);
    conditions.examine(gain > loss, || {
        format!(
            "epoch {} has the gain {gain}, not above the loss {loss}, at {place}",
            event.epoch_index.0
        )
    });
    match event.tmaeg_threshold {
        Some(hurdle) => conditions.examine(gain > hurdle.0, || {
            format!(
                "epoch {} has the gain {gain}, not above the hurdle {}, at {place}",
                event.epoch_index.0, hurdle.0
            )
        }),
        None => conditions.pass_over("epochs without a tmaeg_threshold"),
    }
}
