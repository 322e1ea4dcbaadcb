//! The metrics of a program, by name.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, RwLock};

use telensic_tape::{Clock, UnixNanos};

use super::builder::MetricBuilder;
use super::definition::{Definition, prefixed};
use super::family::{AnyFamily, Family, Point};
use super::{Counter, Gauge, Histogram, Instrument, MetricError, UpDownCounter};

/// A set of metrics. Nearly every program has one, which the functions of [`crate::metrics`] use.
#[derive(Default)]
pub struct Registry {
    families: RwLock<BTreeMap<String, Arc<dyn AnyFamily>>>,
    /// What brings metrics up to date that are measured only when somebody looks.
    observers: Mutex<Vec<Observer>>,
    /// What goes before the names of metrics that have no namespace of their own.
    prefix: RwLock<String>,
    /// Since when it counts.
    since: RwLock<Option<UnixNanos>>,
}

type Observer = Arc<dyn Fn() + Send + Sync>;

/// What all metrics stood at.
#[derive(Clone, Debug)]
pub(super) struct Snapshot {
    pub(super) since: UnixNanos,
    pub(super) at: UnixNanos,
    pub(super) families: Vec<FamilySnapshot>,
}

/// What the series of one metric stood at.
#[derive(Clone, Debug)]
pub(super) struct FamilySnapshot {
    pub(super) definition: Definition,
    pub(super) points: Vec<Point>,
}

/// The program's own.
pub fn global() -> &'static Registry {
    static GLOBAL: LazyLock<Registry> = LazyLock::new(Registry::new);
    &GLOBAL
}

/// A number that only grows; registered as [`MetricBuilder`] says.
pub fn counter(name: &str) -> MetricBuilder<'static, Counter> {
    global().counter(name)
}

/// A measured value.
pub fn gauge(name: &str) -> MetricBuilder<'static, Gauge> {
    global().gauge(name)
}

/// A count that goes both ways.
pub fn up_down_counter(name: &str) -> MetricBuilder<'static, UpDownCounter> {
    global().up_down_counter(name)
}

/// A distribution.
pub fn histogram(name: &str) -> MetricBuilder<'static, Histogram> {
    global().histogram(name)
}

/// Has everything count anew, in the child of a fork: the parent goes on with what was counted so far.
pub(crate) fn begin_anew() {
    global().begin_anew();
    super::adapter::begin_anew();
    super::recording::begin_anew();
    super::temporality::begin_anew();
}

impl Registry {
    /// One with nothing in it.
    pub fn new() -> Self {
        Self {
            since: RwLock::new(Some(Clock::get().now())),
            ..Self::default()
        }
    }

    /// A number that only grows.
    pub fn counter(&self, name: &str) -> MetricBuilder<'_, Counter> {
        MetricBuilder::new(self, name)
    }

    /// A measured value.
    pub fn gauge(&self, name: &str) -> MetricBuilder<'_, Gauge> {
        MetricBuilder::new(self, name)
    }

    /// A count that goes both ways.
    pub fn up_down_counter(&self, name: &str) -> MetricBuilder<'_, UpDownCounter> {
        MetricBuilder::new(self, name)
    }

    /// A distribution.
    pub fn histogram(&self, name: &str) -> MetricBuilder<'_, Histogram> {
        MetricBuilder::new(self, name)
    }

    /// Puts a namespace and a subsystem before the names of all metrics that have no namespace of their own; not before
    /// those of the process and of the recorder itself, which are the same in all programs.
    pub fn set_prefix(&self, namespace: &str, subsystem: &str) -> Result<(), MetricError> {
        let prefix = prefixed(namespace, subsystem, "");
        if !prefix.is_empty() {
            super::definition::check_name(&prefix)?;
        }
        *self.prefix.write().unwrap_or_else(PoisonError::into_inner) = prefix;
        Ok(())
    }

    /// Has something measured whenever somebody looks.
    pub fn observe_with(&self, observer: impl Fn() + Send + Sync + 'static) {
        self.lock_observers().push(Arc::new(observer));
    }

    /// The metric of this definition: a new one, or that which is there.
    pub(super) fn add<I: Instrument>(&self, definition: Definition) -> Result<Family<I>, MetricError> {
        let mut families = self.families.write().unwrap_or_else(PoisonError::into_inner);
        let place = definition.place();
        let Some(there) = families.get(place) else {
            let name = place.to_owned();
            let family = Family::new(definition);
            families.insert(name, family.as_any_family());
            return Ok(family);
        };
        let same = there.as_any().downcast_ref::<Family<I>>().cloned();
        definition.is_same_as(there.definition(), same)
    }

    /// What everything stands at, by name; metrics without a series are left out.
    pub(super) fn snapshot(&self) -> Snapshot {
        // Not under the lock: an observer may register a metric.
        let observers = self.lock_observers().clone();
        observers.iter().for_each(|observe| observe());
        let prefix = self.prefix.read().unwrap_or_else(PoisonError::into_inner).clone();
        let families: Vec<_> = {
            let families = self.families.read().unwrap_or_else(PoisonError::into_inner);
            families.values().cloned().collect()
        };
        let shown = |family: Arc<dyn AnyFamily>| {
            let mut definition = family.definition().clone();
            if definition.takes_prefix {
                definition.name = prefixed(&prefix, "", &definition.name);
            }
            FamilySnapshot {
                definition,
                points: family.read(),
            }
        };
        let since = *self.since.read().unwrap_or_else(PoisonError::into_inner);
        let at = Clock::get().now();
        Snapshot {
            since: since.unwrap_or(at),
            at,
            families: families
                .into_iter()
                .map(shown)
                .filter(|family| !family.points.is_empty())
                .collect(),
        }
    }

    /// As [`begin_anew`].
    fn begin_anew(&self) {
        let Ok(families) = self.families.try_read() else {
            return;
        };
        families.values().for_each(|family| family.reset());
        if let Ok(mut since) = self.since.try_write() {
            *since = Some(Clock::get().now());
        }
    }

    fn lock_observers(&self) -> std::sync::MutexGuard<'_, Vec<Observer>> {
        self.observers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families = self.families.read().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("Registry")
            .field("metrics", &families.len())
            .finish_non_exhaustive()
    }
}
