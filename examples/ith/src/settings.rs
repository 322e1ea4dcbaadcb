//! What the results depend on; the run keeps it as its configuration.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::ith::{HurdleMethod, Side};

/// The settings.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The seed of the synthetic values.
    pub seed: u64,
    /// How many bars a synthetic series has.
    pub bars: usize,
    /// How many synthetic series there are.
    pub sleeves: usize,
    /// How the hurdle is found, if not by each side's own method.
    pub hurdle: Option<HurdleMethod>,
    /// How many bars a rolling feature looks back.
    pub lookback: usize,
    /// How many of the last bars are not known yet when it is decided.
    pub holdout: usize,
    /// Whether the hurdle is taken from the whole series, which looks ahead.
    pub lookahead: bool,
}

impl Settings {
    /// How this side's hurdle is found.
    pub fn hurdle_of(&self, side: Side) -> HurdleMethod {
        self.hurdle.unwrap_or_else(|| HurdleMethod::default_of(side))
    }

    /// As it is recorded.
    pub fn as_json(&self) -> Map<String, Value> {
        let value = json!(Recorded {
            bars: self.bars,
            bull_hurdle: self.hurdle_of(Side::Bull).name(),
            bear_hurdle: self.hurdle_of(Side::Bear).name(),
            lookback: self.lookback,
            holdout: self.holdout,
            lookahead: self.lookahead,
        });
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }
}

#[derive(Serialize)]
struct Recorded {
    bars: usize,
    bull_hurdle: &'static str,
    bear_hurdle: &'static str,
    lookback: usize,
    holdout: usize,
    lookahead: bool,
}
