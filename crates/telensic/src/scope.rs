//! Instrumentation scopes: which library or module recorded.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use telensic_tape::forks;
use telensic_tape::otlp::{self, field};

use crate::message::{Fields, Message, Rules};
use crate::span::put_count;
use crate::thread::unrecorded;

/// An instrumentation scope, named once and then passed around as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeId(u32);

/// The scope of what is recorded without naming one.
pub(crate) const DEFAULT_SCOPE: &str = "telensic";

/// As many bytes as attributes of a scope may take, which is repeated at the start of every chunk.
const LARGEST: usize = 8 * 1024;

/// Scopes of a process beyond this number are recorded under the default one: names made from data would
/// otherwise take a chunk each.
const MOST_SCOPES: usize = 1024;

/// By number; number 0 is the default. Read without a lock.
static SCOPES: [OnceLock<Scope>; MOST_SCOPES] = [const { OnceLock::new() }; MOST_SCOPES];

struct Scope {
    name: String,
    version: String,
    /// Sets its attributes, each time the scope is written: only then is it known which rules they are redacted by.
    attributes: Option<SetAttributes>,
}

type SetAttributes = Box<dyn Fn(&mut Fields) + Send + Sync>;

/// Name, version and attributes, these in any form in which equal ones are equal.
type Identity = (String, String, Vec<u8>);

static NEXT: AtomicU32 = AtomicU32::new(1);

type Numbers = Option<HashMap<Identity, ScopeId>>;

/// The numbers of names, by how often the process has been forked: the child of a fork may find its parent's lock
/// held for ever, and names its scopes anew.
static NUMBERS: [Mutex<Numbers>; 8] = [const { Mutex::new(None) }; 8];

impl ScopeId {
    /// The scope of this library name and version (the version may be empty).
    pub fn named(name: &str, version: &str) -> Self {
        Self::of(name, version, &[], None)
    }

    /// The scope of this library name and version with attributes, which `set` adds and `identity` tells apart.
    #[cfg(feature = "opentelemetry")]
    pub(crate) fn described(
        name: &str,
        version: &str,
        identity: &[u8],
        set: impl Fn(&mut Fields) + Send + Sync + 'static,
    ) -> Self {
        Self::of(name, version, identity, Some(Box::new(set)))
    }

    fn of(name: &str, version: &str, identity: &[u8], attributes: Option<SetAttributes>) -> Self {
        const LONGEST: usize = 256;
        let cut = |text: &str| text[..text.floor_char_boundary(LONGEST)].to_owned();
        let key = (cut(name), cut(version), identity.to_vec());
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
            let _ = place.set(Scope {
                name: key.0.clone(),
                version: key.1.clone(),
                attributes,
            });
            numbers.insert(key, Self(number));
            Self(number)
        })
    }

    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The encoded `InstrumentationScope`, by these rules.
pub(crate) fn encoded(scope: ScopeId, rules: &'static Rules) -> Vec<u8> {
    let named = SCOPES.get(scope.index()).and_then(OnceLock::get);
    let (name, version) = named.map_or(("telensic", env!("CARGO_PKG_VERSION")), |scope| {
        (&scope.name, &scope.version)
    });
    let mut bytes = Vec::new();
    otlp::put_scope(&mut bytes, name, version);
    if let Some(set) = named.and_then(|scope| scope.attributes.as_ref()) {
        let mut fields = Fields(Message::new(rules));
        set(&mut fields);
        let Message {
            bytes: set, dropped, ..
        } = &fields.0;
        let left_out = if set.len() <= LARGEST {
            bytes.extend_from_slice(set);
            0
        } else {
            otlp::Attributes::new(set, field::scope::ATTRIBUTE).count() as u32
        };
        put_count(&mut bytes, field::scope::DROPPED_ATTRIBUTES, dropped + left_out);
    }
    bytes
}
