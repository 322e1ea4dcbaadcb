//! What the resource of a pipeline says otherwise than the tape's own.
//!
//! A tape has one resource. What differs stands on each record, except for what tells of the SDK or stands for a name that
//! was not given.

use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use telensic_tape::otlp::{self, AnyView, Attributes, field};

use super::super::attributes;
use crate::config::resource_bytes;
use crate::recorder::Recorder;

/// The attributes of the resource that the tape of this recorder does not have.
pub(super) fn differing(resource: &[KeyValue], recorder: &Recorder) -> Vec<KeyValue> {
    if resource.is_empty() {
        return Vec::new();
    }
    let ours = resource_bytes(&recorder.settings.identity);
    let is_known = |attribute: &KeyValue| {
        let mut encoded = Vec::new();
        attributes::put(attribute, |key, value| {
            otlp::put_attribute(&mut encoded, field::resource::ATTRIBUTE, key.name(), value);
        });
        let mut its = Attributes::new(&encoded, field::resource::ATTRIBUTE).flatten();
        its.next().is_some_and(|its| {
            Attributes::new(&ours, field::resource::ATTRIBUTE)
                .flatten()
                .any(|held| held.key == its.key && same_text(&held.value, &its.value))
        })
    };
    let differing = resource.iter().filter(|attribute| !is_known(attribute));
    differing.cloned().collect()
}

/// The attributes that tell of the program and not of its SDK.
pub(super) fn telling(resource: &Resource) -> Vec<KeyValue> {
    let is_telling = |key: &str, value: &str| {
        let is_made_up = key == "service.name" && value.starts_with("unknown_service");
        !is_made_up && !key.starts_with("telemetry.sdk.")
    };
    let mut telling: Vec<KeyValue> = resource
        .iter()
        .filter(|(key, value)| is_telling(key.as_str(), &value.as_str()))
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
        .collect();
    // A hash map has no order.
    telling.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    telling
}

fn same_text(held: &AnyView<'_>, its: &AnyView<'_>) -> bool {
    match (held, its) {
        (AnyView::Str(held), AnyView::Str(its)) => held == its,
        (AnyView::I64(held), AnyView::I64(its)) => held == its,
        _ => false,
    }
}
