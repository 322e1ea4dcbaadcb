//! Instrumentation scopes: which library or module recorded.

use std::collections::HashMap;
use std::sync::{OnceLock, PoisonError, RwLock};

use telensic_tape::otlp;

/// An instrumentation scope, named once and then passed around as a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeId(u32);

/// Scopes of a process beyond this number are recorded under the default one: names made from data would
/// otherwise take a chunk each.
const MOST_SCOPES: usize = 1024;

#[derive(Default)]
struct Scopes {
    names: Vec<(String, String)>,
    numbers: HashMap<(String, String), u32>,
}

fn scopes() -> &'static RwLock<Scopes> {
    static SCOPES: OnceLock<RwLock<Scopes>> = OnceLock::new();
    SCOPES.get_or_init(|| {
        let default = ("telensic".to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        RwLock::new(Scopes {
            numbers: HashMap::from([(default.clone(), 0)]),
            names: vec![default],
        })
    })
}

impl ScopeId {
    /// The scope of this library name and version (the version may be empty).
    pub fn named(name: &str, version: &str) -> Self {
        const LONGEST: usize = 256;
        let cut = |text: &str| text[..text.floor_char_boundary(LONGEST)].to_owned();
        let key = (cut(name), cut(version));
        if let Some(number) = scopes()
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .numbers
            .get(&key)
        {
            return Self(*number);
        }
        let mut scopes = scopes().write().unwrap_or_else(PoisonError::into_inner);
        if let Some(number) = scopes.numbers.get(&key) {
            return Self(*number);
        }
        if scopes.names.len() >= MOST_SCOPES {
            return Self::default();
        }
        let number = scopes.names.len() as u32;
        scopes.names.push(key.clone());
        scopes.numbers.insert(key, number);
        Self(number)
    }

    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// The encoded `InstrumentationScope`.
pub(crate) fn encoded(scope: ScopeId) -> Vec<u8> {
    let mut bytes = Vec::new();
    let scopes = scopes().read().unwrap_or_else(PoisonError::into_inner);
    if let Some((name, version)) = scopes.names.get(scope.index()) {
        otlp::put_scope(&mut bytes, name, version);
    }
    bytes
}
