//! What a query may cost.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::error::{StoreError, StoreErrorKind};

/// What a query may cost; beyond that it ends with an error of kind [`StoreErrorKind::Limit`].
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// How long it may take.
    pub time: Duration,
    /// How many bytes of rows it may gather.
    pub memory: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time: Duration::from_secs(30),
            memory: 256 << 20,
        }
    }
}

/// Keeps a query, with all its threads, within its limits.
#[derive(Clone, Debug)]
pub(crate) struct Meter {
    limits: Limits,
    until: Instant,
    gathered: Arc<AtomicUsize>,
}

impl Meter {
    pub(crate) fn start(limits: Limits) -> Self {
        Self {
            limits,
            until: Instant::now() + limits.time,
            gathered: Arc::default(),
        }
    }

    /// An error if the time is up.
    pub(crate) fn check_time(&self) -> Result<(), StoreError> {
        if Instant::now() < self.until {
            return Ok(());
        }
        Err(StoreError::new(
            StoreErrorKind::Limit,
            format!(
                "the query took longer than {:?}: narrow its time range, or raise the limit",
                self.limits.time
            ),
        ))
    }

    /// Notes so many bytes that are kept; an error if they are too many.
    pub(crate) fn keep(&self, bytes: usize) -> Result<(), StoreError> {
        let before = self.gathered.fetch_add(bytes, Ordering::Relaxed);
        if before + bytes <= self.limits.memory {
            return Ok(());
        }
        Err(StoreError::new(
            StoreErrorKind::Limit,
            format!(
                "the query gathers more than {} bytes: narrow it, or raise the limit",
                self.limits.memory
            ),
        ))
    }
}
