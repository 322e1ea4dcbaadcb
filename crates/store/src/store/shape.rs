//! What the parts of a store share.

use std::path::PathBuf;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::options::StoreOptions;
use super::state::State;
use crate::catalog::Catalog;
use crate::segment::FooterCache;
use crate::shelf::Shelf;

/// The insides of a store.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) dir: PathBuf,
    pub(super) options: StoreOptions,
    pub(super) shelf: Arc<dyn Shelf>,
    pub(super) catalog: Catalog,
    pub(super) footers: Arc<FooterCache>,
    pub(super) refused: AtomicU64,
    pub(super) trouble: Mutex<Option<String>>,
    pub(super) bell: Bell,
    state: Mutex<State>,
}

/// Wakes the keeper.
#[derive(Debug, Default)]
pub(super) struct Bell {
    pub(super) rung: Mutex<Rung>,
    pub(super) wake: Condvar,
}

/// Why the keeper was woken.
#[derive(Debug, Default)]
pub(super) struct Rung {
    pub(super) is_due: bool,
    pub(super) is_ending: bool,
}

impl Shape {
    pub(super) fn new(
        dir: PathBuf,
        options: StoreOptions,
        shelf: Arc<dyn Shelf>,
        catalog: Catalog,
        footers: Arc<FooterCache>,
        state: State,
    ) -> Self {
        Self {
            dir,
            options,
            shelf,
            catalog,
            footers,
            refused: AtomicU64::new(0),
            trouble: Mutex::default(),
            bell: Bell::default(),
            state: Mutex::new(state),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Bell {
    pub(super) fn lock(&self) -> MutexGuard<'_, Rung> {
        self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn ring(&self) {
        self.lock().is_due = true;
        self.wake.notify_one();
    }
}
