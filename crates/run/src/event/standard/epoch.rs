//! `epoch_detected`: the gain since the last epoch beat the loss and the hurdle.

use crate::event::typed::event;
use crate::event::value::{Float, Moment, Unsigned};
use crate::event::words::words;

event! {
    /// An epoch ended at this bar.
    EpochDetected = EPOCH_DETECTED {
        /// The epoch's number within its series.
        epoch_index: Unsigned,
        /// The bar's number within its series.
        bar_index: Unsigned,
        /// The gain since the last epoch.
        excess_gain: Float,
        /// The loss since the last epoch.
        excess_loss: Float,
    } optional {
        /// The bar's time.
        timestamp: Moment,
        /// The favourable extreme at this bar.
        endorsing_crest: Float,
        /// The adverse extreme at this bar.
        candidate_nadir: Float,
        /// The hurdle.
        tmaeg_threshold: Float,
        /// The side that gains.
        position_type: PositionType,
    }
}

words! {
    /// The side that gains.
    PositionType {
        /// When the value rises.
        Bull = "bull",
        /// When the value falls.
        Bear = "bear",
    }
}
