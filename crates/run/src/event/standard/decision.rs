//! `decision.snapshot`: a decision with all that it was made from.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use telensic_tape::Value;

use crate::event::typed::event;
use crate::event::value::{Datum, Float, Integer, Lend, Lent, Moment, Plain};

event! {
    /// A decision, with the features and thresholds that it was made from.
    DecisionSnapshot = DECISION_SNAPSHOT {
        /// Its name, unique in the run; fills and figures lead back to it.
        decision_id: String,
        /// When it was made, Unix nanoseconds.
        timestamp_ns: Integer,
        /// What was known.
        features_at_decision: FeaturesAtDecision,
    } optional {
        /// The trace that it was made in, hex.
        trace_id: String,
        /// What it was held against.
        thresholds: Thresholds,
        /// The latest time that its inputs speak of.
        event_time: Moment,
        /// When the latest of its inputs became known.
        knowledge_time: Moment,
        /// The time as of which it was made.
        as_of: Moment,
    }
}

/// Declares named values of which any may be missing, and others may be added.
macro_rules! open_struct {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
        #[schemars(inline)]
        #[non_exhaustive]
        pub struct $name {
            $(
                $(#[$field_doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$type>,
            )+
            #[serde(flatten)]
            other: BTreeMap<String, Datum>,
        }

        impl $name {
            /// None yet.
            pub fn new() -> Self {
                Self::default()
            }

            $(
                $(#[$field_doc])*
                #[must_use]
                pub fn $field(mut self, $field: impl Into<$type>) -> Self {
                    self.$field = Some($field.into());
                    self
                }
            )+

            /// Adds another one. A name that has a setter of its own is taken: it becomes `other.<name>`.
            #[must_use]
            pub fn with(mut self, name: impl Into<String>, value: impl Into<Datum>) -> Self {
                let mut name = name.into();
                if [$(stringify!($field)),+].contains(&name.as_str()) {
                    name.insert_str(0, "other.");
                }
                self.other.insert(name, value.into());
                self
            }

            /// All others, by name.
            pub fn other(&self) -> &BTreeMap<String, Datum> {
                &self.other
            }
        }

        impl Lend for $name {
            fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
                const KNOWN: usize = [$(stringify!($field)),+].len();
                let others: Vec<_> = self
                    .other
                    .iter()
                    .filter(|(_, value)| **value != Datum::Null)
                    .map(|(name, value)| (name.as_str(), Lent::of(value, 1)))
                    .collect();
                let mut pairs = Vec::with_capacity(KNOWN + others.len());
                $(
                    if let Some(value) = &self.$field {
                        pairs.push((stringify!($field), value.plain()));
                    }
                )+
                pairs.extend(others.iter().map(|(name, value)| (*name, value.value())));
                put(Value::Map(&pairs));
            }
        }
    };
}

open_struct! {
    /// What was known when a decision was made.
    FeaturesAtDecision {
        /// Epochs of the bull side so far.
        bull_ith_epochs: Integer,
        /// Epochs of the bear side so far.
        bear_ith_epochs: Integer,
        /// Coefficient of variation of the bull side's intervals.
        bull_cv: Float,
        /// Coefficient of variation of the bear side's intervals.
        bear_cv: Float,
        /// The deepest fall from a maximum.
        max_drawdown: Float,
        /// The highest rise from a minimum.
        max_runup: Float,
        /// The hurdle.
        tmaeg: Float,
        /// The net asset value.
        nav_at_decision: Float,
    }
}

open_struct! {
    /// What a decision was held against.
    Thresholds {
        /// How the hurdle was found: `mdd`, `mru`, `geomean`, `fixed`.
        tmaeg_method: String,
        /// The hurdle.
        tmaeg_value: Float,
        /// How many bars it looks back.
        lookback: Integer,
        /// The threshold in tenths of a basis point.
        threshold_dbps: Integer,
    }
}
