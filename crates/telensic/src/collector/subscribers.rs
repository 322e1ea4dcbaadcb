//! Those who are handed the events they want, in batches.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use super::{EventFilter, TelemetryEvent};
use crate::say::say_once;

type Handler = dyn Fn(&[&TelemetryEvent]) + Send + Sync;

/// All of them.
#[derive(Debug, Default)]
pub(super) struct Subscribers(Mutex<Vec<Arc<Subscriber>>>);

struct Subscriber {
    filter: EventFilter,
    handler: Box<Handler>,
}

/// A subscription; it ends when this is dropped.
#[derive(Debug)]
#[must_use = "a subscription that is dropped ends"]
pub struct Subscription {
    subscriber: Arc<Subscriber>,
    all: Weak<Subscribers>,
}

impl Subscribers {
    pub(super) fn add(
        self: &Arc<Self>,
        filter: EventFilter,
        handler: impl Fn(&[&TelemetryEvent]) + Send + Sync + 'static,
    ) -> Subscription {
        let handler = Box::new(handler);
        let subscriber = Arc::new(Subscriber { filter, handler });
        self.lock().push(Arc::clone(&subscriber));
        Subscription {
            subscriber,
            all: Arc::downgrade(self),
        }
    }

    /// Hands each what it wants of these events.
    pub(super) fn tell(&self, events: &[TelemetryEvent]) {
        // Not under the lock: a handler may subscribe, or end a subscription.
        let all = self.lock().clone();
        for subscriber in all {
            let wanted: Vec<_> = events
                .iter()
                .filter(|event| subscriber.filter.passes(event))
                .collect();
            if wanted.is_empty() {
                continue;
            }
            if catch_unwind(AssertUnwindSafe(|| (subscriber.handler)(&wanted))).is_err() {
                say_once(
                    "a subscriber of the event collector panicked; it is told of further events all the same",
                );
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Subscriber>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(all) = self.all.upgrade() {
            all.lock().retain(|one| !Arc::ptr_eq(one, &self.subscriber));
        }
    }
}

impl std::fmt::Debug for Subscriber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscriber")
            .field("filter", &self.filter)
            .finish_non_exhaustive()
    }
}
