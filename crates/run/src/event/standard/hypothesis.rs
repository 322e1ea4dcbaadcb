//! `hypothesis_result`: a test, what it was about, and its outcome.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use telensic_tape::Value;

use crate::event::typed::event;
use crate::event::value::{Datum, Fields, Float, Lend};
use crate::event::words::words;

event! {
    /// A hypothesis was tested.
    HypothesisResult = HYPOTHESIS_RESULT {
        /// The hypothesis, the same in every run: see `HypothesisId::of`.
        hypothesis_id: HypothesisId,
        /// The test.
        test_name: String,
        /// Its statistic.
        statistic: Float,
        /// Whether the null hypothesis is rejected.
        decision: TestDecision,
    } optional {
        /// The probability of such a statistic under the null hypothesis; none for tests that have no such thing.
        p_value: Float,
        /// How large the effect is.
        effect_size: Float,
        /// Whether it was registered before the data was seen.
        pre_registered: bool,
        /// What else is to be known.
        context: Fields,
    }
}

words! {
    /// The outcome of a test.
    TestDecision {
        /// The null hypothesis is rejected.
        Reject = "reject",
        /// The null hypothesis stands.
        FailToReject = "fail_to_reject",
    }
}

/// The name of a hypothesis. It says what is tested, never when or with which outcome, so it is the same in every run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct HypothesisId(String);

impl HypothesisId {
    /// The hypothesis that this test puts to this variable, within an experiment (or a profile, where there is none).
    ///
    /// `context` holds what tells it from others of the same test and variable: a lag, a regime, a look-back. What
    /// changes from run to run (a time, a run id, a sample's size) must not be in it.
    pub fn of(experiment: &str, test_name: &str, variable: &str, context: &Fields) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"telensic hypothesis 1");
        for part in [experiment, test_name, variable] {
            hash_text(&mut hasher, part);
        }
        hash_members(&mut hasher, &context.0);
        let hash = hasher.finalize().to_hex();
        Self(format!("hyp_{}", &hash[..16]))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Everything is told apart by a letter and, where its length varies, by its length.
fn hash_datum(hasher: &mut blake3::Hasher, datum: &Datum) {
    match datum {
        Datum::Null => {
            hasher.update(b"n");
        }
        Datum::Bool(truth) => {
            hasher.update(&[b'b', u8::from(*truth)]);
        }
        Datum::Int(int) => {
            hasher.update(b"i").update(&int.to_le_bytes());
        }
        Datum::Float(float) => hash_float(hasher, *float),
        Datum::Text(text) => {
            hasher.update(b"t");
            hash_text(hasher, text);
        }
        Datum::List(items) => {
            hasher.update(b"l").update(&(items.len() as u64).to_le_bytes());
            items.iter().for_each(|item| hash_datum(hasher, item));
        }
        Datum::Map(members) => hash_members(hasher, members),
    }
}

/// A whole number is the same with and without a decimal point, and there is one NaN and one zero.
fn hash_float(hasher: &mut blake3::Hasher, float: Float) {
    /// Beyond this not every integer has a float.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if float.0.fract() == 0.0 && float.0.abs() <= EXACT {
        return hash_datum(hasher, &Datum::Int(float.0 as i64));
    }
    let one = if float.0.is_nan() { f64::NAN } else { float.0 };
    hasher.update(b"f").update(&one.to_bits().to_le_bytes());
}

fn hash_members(hasher: &mut blake3::Hasher, members: &std::collections::BTreeMap<String, Datum>) {
    let members = || members.iter().filter(|(_, value)| **value != Datum::Null);
    hasher
        .update(b"m")
        .update(&(members().count() as u64).to_le_bytes());
    for (key, value) in members() {
        hash_text(hasher, key);
        hash_datum(hasher, value);
    }
}

fn hash_text(hasher: &mut blake3::Hasher, text: &str) {
    hasher
        .update(&(text.len() as u64).to_le_bytes())
        .update(text.as_bytes());
}

impl From<&str> for HypothesisId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl From<String> for HypothesisId {
    fn from(id: String) -> Self {
        Self(id)
    }
}

impl fmt::Display for HypothesisId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Lend for HypothesisId {
    fn lend(&self, put: &mut dyn FnMut(Value<'_>)) {
        put(Value::Str(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(context: Fields) -> HypothesisId {
        HypothesisId::of("ith", "adf", "bull_cv", &context)
    }

    #[test]
    fn a_hypothesis_has_the_same_name_in_every_run_and_on_every_machine() {
        let context = Fields::from([("lag", Datum::from(5)), ("regime", "trending".into())]);
        assert_eq!(id(context).as_str(), "hyp_0b091c918a7cbf78");
    }

    #[test]
    fn every_part_of_a_hypothesis_tells_it_from_others() {
        let none = Fields::default();
        let ids = [
            HypothesisId::of("a", "b", "c", &none),
            HypothesisId::of("ab", "", "c", &none),
            HypothesisId::of("a", "bc", "", &none),
            HypothesisId::of("a", "b", "c", &Fields::from([("lag", 1)])),
            HypothesisId::of("a", "b", "c", &Fields::from([("lag", "1")])),
            HypothesisId::of("a", "b", "c", &Fields::from([("lag", vec![1])])),
        ];
        let unique: std::collections::BTreeSet<_> = ids.iter().collect();
        assert_eq!(unique.len(), ids.len(), "{ids:?}");
    }

    #[test]
    fn the_form_of_a_number_and_a_missing_value_make_no_other_hypothesis() {
        let plain = id(Fields::from([("lag", 5)]));
        assert_eq!(plain, id(Fields::from([("lag", 5.0)])));
        assert_eq!(
            plain,
            id(Fields::from([("lag", Datum::from(5)), ("regime", Datum::Null)]))
        );
    }
}
