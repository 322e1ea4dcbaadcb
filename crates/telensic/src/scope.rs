//! Instrumentation scopes: which library or module recorded.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use telensic_tape::{forks, otlp};

use crate::thread::unrecorded;

/// An instrumentation scope, named once and then passed around as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeId(u32);

/// The scope of what is recorded without naming one.
pub(crate) const DEFAULT_SCOPE: &str = "telensic";

/// Scopes of a process beyond this number are recorded under the default one: names made from data would
/// otherwise take a chunk each.
const MOST_SCOPES: usize = 1024;

/// Name and version by number; number 0 is the default. Read without a lock.
static SCOPES: [OnceLock<(String, String)>; MOST_SCOPES] = [const { OnceLock::new() }; MOST_SCOPES];

static NEXT: AtomicU32 = AtomicU32::new(1);

type Numbers = Option<HashMap<(String, String), ScopeId>>;

/// The numbers of names, by how often the process has been forked: the child of a fork may find its parent's lock
/// held for ever, and names its scopes anew.
static NUMBERS: [Mutex<Numbers>; 8] = [const { Mutex::new(None) }; 8];

impl ScopeId {
    /// The scope of this library name and version (the version may be empty).
    pub fn named(name: &str, version: &str) -> Self {
        const LONGEST: usize = 256;
        let cut = |text: &str| text[..text.floor_char_boundary(LONGEST)].to_owned();
        let key = (cut(name), cut(version));
        unrecorded(|| {
            let numbers = &NUMBERS[forks() as usize % NUMBERS.len()];
            let mut numbers = numbers.lock().unwrap_or_else(PoisonError::into_inner);
            let numbers = numbers.get_or_insert_default();
            if let Some(scope) = numbers.get(&key) {
                return *scope;
            }
            if numbers.len() >= MOST_SCOPES {
                return Self::default();
            }
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let Some(place) = SCOPES.get(number as usize) else {
                NEXT.fetch_sub(1, Ordering::Relaxed);
                return Self::default();
            };
            let _ = place.set(key.clone());
            numbers.insert(key, Self(number));
            Self(number)
        })
    }

    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The encoded `InstrumentationScope`.
pub(crate) fn encoded(scope: ScopeId) -> Vec<u8> {
    let named = SCOPES.get(scope.index()).and_then(OnceLock::get);
    let (name, version) = named.map_or(("telensic", env!("CARGO_PKG_VERSION")), |(name, version)| {
        (name, version)
    });
    let mut bytes = Vec::new();
    otlp::put_scope(&mut bytes, name, version);
    bytes
}
