//! `audit.intent` and `audit.outcome`: what is about to be done, said before it is done, and how it ended.

use crate::event::typed::event;
use crate::event::value::{Fields, Texts};

event! {
    /// An audited step is about to be taken.
    AuditIntent = AUDIT_INTENT {
        /// The step.
        step: String,
    } optional {
        /// What it is given.
        params: Fields,
        /// The hashes of its inputs, by name.
        input_hashes: Texts,
    }
}

event! {
    /// An audited step has ended.
    AuditOutcome = AUDIT_OUTCOME {
        /// How it ended.
        status: String,
    } optional {
        /// The step, as its intent named it.
        step: String,
        /// The hashes of its outputs, by name.
        output_hashes: Texts,
        /// What was measured.
        metrics: Fields,
    }
}
