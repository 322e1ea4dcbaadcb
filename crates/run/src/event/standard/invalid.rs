//! `event.invalid`: an event that does not fit its schema, kept with the reason.

use crate::event::Misfit;
use crate::event::typed::event;
use crate::event::value::Fields;

event! {
    /// An event that does not fit its schema. Nothing of it is lost.
    EventInvalid = EVENT_INVALID {
        /// What it claims to be.
        event_name: String,
        /// Why it is not.
        reason: String,
        /// What it holds.
        fields: Fields,
    } optional {
        /// Which field does not fit, as a JSON pointer; empty if it is the event itself.
        path: String,
    }
}

impl EventInvalid {
    /// The record of an event that does not fit, in whose place it is written.
    pub fn of(event_name: &str, misfit: &Misfit, fields: impl Into<Fields>) -> Self {
        Self::new(event_name, misfit.reason(), fields).path(misfit.path())
    }
}
