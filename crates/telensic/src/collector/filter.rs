//! Which events somebody wants.

use super::{EventType, TelemetryEvent};

/// Types and providers of events; all of them if none is named.
#[derive(Clone, Debug, Default)]
pub struct EventFilter {
    types: Vec<EventType>,
    providers: Vec<String>,
}

impl EventFilter {
    /// Every event.
    pub fn new() -> Self {
        Self::default()
    }

    /// Of this type, or another that was named.
    #[must_use]
    pub fn of_type(mut self, event_type: EventType) -> Self {
        self.types.push(event_type);
        self
    }

    /// Of this provider, or another that was named.
    #[must_use]
    pub fn of_provider(mut self, provider: impl Into<String>) -> Self {
        self.providers.push(provider.into());
        self
    }

    /// Whether the event is wanted.
    pub fn passes(&self, event: &TelemetryEvent) -> bool {
        self.wants(event.event_type(), event.provider_name().unwrap_or_default())
    }

    /// Whether events of this type and provider are wanted.
    pub(super) fn wants(&self, event_type: EventType, provider: &str) -> bool {
        (self.types.is_empty() || self.types.contains(&event_type))
            && (self.providers.is_empty() || self.providers.iter().any(|wanted| wanted == provider))
    }
}
