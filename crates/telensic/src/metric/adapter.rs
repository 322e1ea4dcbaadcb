//! The metrics of an adapter: a client of a data provider.
//!
//! Invariant: a call under way is counted in `adapter_active_requests` until it has ended, in whatever way.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use telensic_run::names::metric;
use telensic_tape::{Clock, UnixNanos};

use super::family::OVERFLOW;
use super::registry::global;
use super::window::Window;
use super::{Counter, Family, Gauge, Histogram, UpDownCounter};
use crate::adapter::AdapterError;

/// The metrics of the adapter of this provider. The same provider has the same ones.
///
/// ```
/// use std::time::Duration;
/// use telensic::metrics::{self, AdapterError};
///
/// let finnhub = metrics::adapter("finnhub");
/// let quote = finnhub.operation("quote");
///
/// let call = quote.begin();
/// // ... the request ...
/// call.fail(AdapterError::RateLimited);
///
/// finnhub.cache_hit("quotes");
/// finnhub.data_volume("ticks", 5_000);
/// assert_eq!(finnhub.success_rate(), Some(0.0));
/// ```
pub fn adapter(provider: &str) -> Adapter {
    let mut adapters = ADAPTERS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(adapter) = adapters.get(provider) {
        return adapter.clone();
    }
    // As many as a metric has series; what would be beyond shares one.
    let name = if adapters.len() < MOST_PROVIDERS {
        provider
    } else {
        OVERFLOW
    };
    let made = || Adapter(Arc::new(Provider::new(name)));
    adapters.entry(name.into()).or_insert_with(made).clone()
}

static ADAPTERS: LazyLock<Mutex<HashMap<Box<str>, Adapter>>> = LazyLock::new(Mutex::default);

/// Providers; each has a window.
const MOST_PROVIDERS: usize = 2_000;

/// Operations of a provider that are remembered; others are made anew at each call.
const MOST_OPERATIONS: usize = 1_000;

/// The metrics of one provider. Clones are the same.
#[derive(Clone, Debug)]
pub struct Adapter(Arc<Provider>);

#[derive(Debug)]
struct Provider {
    name: Box<str>,
    active: UpDownCounter,
    rate_limited: Counter,
    connection_errors: Counter,
    window: Window,
    operations: Mutex<HashMap<Box<str>, Arc<Operation>>>,
}

/// All metrics of adapters.
struct Families {
    requests: Family<Counter>,
    durations: Family<Histogram>,
    active: Family<UpDownCounter>,
    errors: Family<Counter>,
    success_rate: Family<Gauge>,
    cache_hits: Family<Counter>,
    cache_misses: Family<Counter>,
    data_volume: Family<Counter>,
    rate_limited: Family<Counter>,
    connection_errors: Family<Counter>,
    timeouts: Family<Counter>,
}

static FAMILIES: LazyLock<Families> = LazyLock::new(|| {
    let registry = global();
    registry.observe_with(show_success_rates);
    Families {
        requests: registry.standard(&metric::ADAPTER_REQUESTS_TOTAL),
        durations: registry.standard(&metric::ADAPTER_REQUEST_DURATION_SECONDS),
        active: registry.standard(&metric::ADAPTER_ACTIVE_REQUESTS),
        errors: registry.standard(&metric::ADAPTER_ERRORS_TOTAL),
        success_rate: registry.standard(&metric::ADAPTER_SUCCESS_RATE),
        cache_hits: registry.standard(&metric::ADAPTER_CACHE_HITS_TOTAL),
        cache_misses: registry.standard(&metric::ADAPTER_CACHE_MISSES_TOTAL),
        data_volume: registry.standard(&metric::ADAPTER_DATA_VOLUME_TOTAL),
        rate_limited: registry.standard(&metric::ADAPTER_RATE_LIMITED_TOTAL),
        connection_errors: registry.standard(&metric::ADAPTER_CONNECTION_ERRORS_TOTAL),
        timeouts: registry.standard(&metric::ADAPTER_TIMEOUTS_TOTAL),
    }
});

/// Sets the gauges to what the windows say now.
fn show_success_rates() {
    let adapters = ADAPTERS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    for adapter in adapters.values() {
        if let Some(rate) = adapter.success_rate() {
            FAMILIES.success_rate.with(&[&adapter.0.name]).set(rate);
        }
    }
}

/// Forgets the calls of a process that this one was forked from.
pub(super) fn begin_anew() {
    if let Ok(adapters) = ADAPTERS.try_lock() {
        adapters.values().for_each(|adapter| adapter.0.window.reset());
    }
}

impl Provider {
    fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            active: FAMILIES.active.with(&[name]).clone(),
            rate_limited: FAMILIES.rate_limited.with(&[name]).clone(),
            connection_errors: FAMILIES.connection_errors.with(&[name]).clone(),
            window: Window::default(),
            operations: Mutex::default(),
        }
    }
}

impl Adapter {
    /// The metrics of one operation of it, bound: to be kept where calls are made.
    pub fn operation(&self, operation: &str) -> AdapterOperation {
        let mut operations = self.0.operations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = operations.get(operation) {
            return AdapterOperation(Arc::clone(there));
        }
        let name = &*self.0.name;
        let made = Arc::new(Operation {
            provider: Arc::clone(&self.0),
            name: operation.into(),
            succeeded: FAMILIES.requests.with(&[name, operation, "success"]).clone(),
            failed: FAMILIES.requests.with(&[name, operation, "error"]).clone(),
            durations: FAMILIES.durations.with(&[name, operation]).clone(),
        });
        if operations.len() < MOST_OPERATIONS {
            operations.insert(operation.into(), Arc::clone(&made));
        }
        AdapterOperation(made)
    }

    /// A call of this operation begins.
    pub fn request_start(&self, operation: &str) -> AdapterCall {
        self.operation(operation).begin()
    }

    /// A cache of this type had the answer.
    pub fn cache_hit(&self, cache_type: &str) {
        FAMILIES.cache_hits.with(&[&self.0.name, cache_type]).inc();
    }

    /// A cache of this type did not have the answer.
    pub fn cache_miss(&self, cache_type: &str) {
        FAMILIES.cache_misses.with(&[&self.0.name, cache_type]).inc();
    }

    /// So many data points of this type were received.
    pub fn data_volume(&self, data_type: &str, points: u64) {
        FAMILIES.data_volume.with(&[&self.0.name, data_type]).add(points);
    }

    /// The provider refused an attempt as one too many. A call that fails so counts by itself.
    pub fn rate_limited(&self) {
        self.0.rate_limited.inc();
    }

    /// There was no connection for an attempt. A call that fails so counts by itself.
    pub fn connection_error(&self) {
        self.0.connection_errors.inc();
    }

    /// An attempt took too long. A call that fails so counts by itself.
    pub fn timeout(&self, operation: &str) {
        FAMILIES.timeouts.with(&[&self.0.name, operation]).inc();
    }

    /// The share of the latest calls that succeeded, 0 to 1: of the last 1,000 that ended within five minutes, or of
    /// the last one if that is longer ago; `None` before the first one.
    pub fn success_rate(&self) -> Option<f64> {
        self.0.window.success_rate(Clock::get().now())
    }

    /// Calls under way.
    pub fn active_requests(&self) -> i64 {
        self.0.active.value()
    }
}

/// The metrics of one operation of a provider. Clones are the same.
#[derive(Clone, Debug)]
pub struct AdapterOperation(Arc<Operation>);

#[derive(Debug)]
struct Operation {
    provider: Arc<Provider>,
    name: Box<str>,
    succeeded: Counter,
    failed: Counter,
    durations: Histogram,
}

impl AdapterOperation {
    /// A call begins: it is timed, and counted however it ends.
    #[inline]
    pub fn begin(&self) -> AdapterCall {
        self.request_start();
        AdapterCall {
            operation: self.clone(),
            begun: Clock::get().now(),
            is_settled: false,
        }
    }

    /// A call begins, of which [`Self::request_end`] will be told.
    #[inline]
    pub fn request_start(&self) {
        self.0.provider.active.inc();
    }

    /// A call has succeeded.
    #[inline]
    pub fn request_success(&self) {
        self.success_at(Clock::get().now());
    }

    /// A call has failed.
    pub fn request_error(&self, error: AdapterError<'_>) {
        self.error_at(error, Clock::get().now());
    }

    /// A call is over, and took this long.
    #[inline]
    pub fn request_end(&self, duration: Duration) {
        self.0.provider.active.dec();
        self.0.durations.observe_duration(duration);
    }

    /// Calls that were timed elsewhere, all at once: how long each took, and why it failed if it did.
    pub fn record_all(&self, calls: &[(Duration, Option<AdapterError<'_>>)]) {
        let now = Clock::get().now();
        let durations: Vec<f64> = calls.iter().map(|(duration, _)| duration.as_secs_f64()).collect();
        self.0.durations.observe_all(&durations);
        for (_, error) in calls {
            match error {
                None => self.success_at(now),
                Some(error) => self.error_at(*error, now),
            }
        }
    }

    #[inline]
    fn success_at(&self, now: UnixNanos) {
        self.0.succeeded.inc();
        self.0.provider.window.enter(true, now);
    }

    fn error_at(&self, error: AdapterError<'_>, now: UnixNanos) {
        let Operation { provider, name, .. } = &*self.0;
        self.0.failed.inc();
        provider.window.enter(false, now);
        FAMILIES.errors.with(&[&provider.name, name, error.name()]).inc();
        match error {
            AdapterError::RateLimited => provider.rate_limited.inc(),
            AdapterError::Connection => provider.connection_errors.inc(),
            AdapterError::Timeout => FAMILIES.timeouts.with(&[&provider.name, name]).inc(),
            AdapterError::Cancelled | AdapterError::Other(_) => {}
        }
    }
}

/// A call under way. Dropped before it is said how it ended, it failed as [`AdapterError::Cancelled`].
#[derive(Debug)]
#[must_use = "a call that is dropped at once was cancelled"]
pub struct AdapterCall {
    operation: AdapterOperation,
    begun: UnixNanos,
    is_settled: bool,
}

impl AdapterCall {
    /// It has succeeded.
    #[inline]
    pub fn succeed(mut self) {
        let now = self.end();
        self.operation.success_at(now);
    }

    /// It has failed.
    pub fn fail(mut self, error: AdapterError<'_>) {
        let now = self.end();
        self.operation.error_at(error, now);
    }

    #[inline]
    fn end(&mut self) -> UnixNanos {
        self.is_settled = true;
        let now = Clock::get().now();
        let nanos = now.0.saturating_sub(self.begun.0);
        self.operation.request_end(Duration::from_nanos(nanos));
        now
    }
}

impl Drop for AdapterCall {
    fn drop(&mut self) {
        if !self.is_settled {
            let now = self.end();
            self.operation.error_at(AdapterError::Cancelled, now);
        }
    }
}
