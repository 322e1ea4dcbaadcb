//! Instrumentation scopes of the API: name, version, attributes, schema.

use opentelemetry::InstrumentationScope;
use telensic_tape::Value;
use telensic_tape::otlp::{self, field};

use super::attributes;
use crate::{Key, ScopeId};

/// The schema's place is beside the scope, where the tape has none: it gets the name that OpenTelemetry gives it in formats
/// without one.
const SCHEMA_URL: Key<'static> = Key::new("otel.scope.schema_url");

/// The number of this scope. Takes a lock: once for a tracer or logger, not for a record.
pub(super) fn id(scope: &InstrumentationScope) -> ScopeId {
    let mut all = Vec::new();
    describe(scope, |key, value| {
        otlp::put_attribute(&mut all, field::scope::ATTRIBUTE, key.name(), value);
    });
    let described = scope.clone();
    ScopeId::described(
        scope.name(),
        scope.version().unwrap_or_default(),
        &all,
        move |fields| {
            describe(&described, |key, value| {
                fields.set(key, value);
            });
        },
    )
}

/// Hands out what is said of a scope but its name and version.
fn describe(scope: &InstrumentationScope, mut set: impl FnMut(Key<'_>, Value<'_>)) {
    for attribute in scope.attributes() {
        attributes::put(attribute, &mut set);
    }
    if let Some(url) = scope.schema_url() {
        set(SCHEMA_URL, Value::Str(url));
    }
}
