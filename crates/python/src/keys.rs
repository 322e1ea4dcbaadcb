//! Attribute keys, classified once.
//!
//! A key that is used again is found by where its text lies, and by its text: the place may be another string's by now.
//! Invariant: a key that is found has the text that was asked for. Beyond [`MOST`] different keys, which only data makes,
//! each use classifies its key anew and nothing more is remembered.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use telensic::redact::{KeyClass, Redactor};
use telensic::{__door as door, Key};

const NEAR: usize = 256;
const MOST: usize = 4096;

thread_local! {
    static NEAREST: [Cell<Option<Key<'static>>>; NEAR] = const { [const { Cell::new(None) }; NEAR] };
}

static KNOWN: Mutex<Option<HashMap<&'static str, Key<'static>>>> = Mutex::new(None);

/// The key of this name.
#[inline]
pub(crate) fn key(name: &str) -> Key<'_> {
    match constant(name) {
        Some(key) => key,
        None => Key::dynamic(name),
    }
}

/// The key of this name, if it is one that is remembered.
#[inline]
pub(crate) fn constant(name: &str) -> Option<Key<'static>> {
    let place = (name.as_ptr() as usize).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56;
    let near = NEAREST.try_with(|nearest| nearest[place].get()).ok().flatten();
    match near {
        Some(key) if key.name() == name => Some(key),
        _ => look_up(name, place),
    }
}

#[cold]
fn look_up(name: &str, place: usize) -> Option<Key<'static>> {
    // A key that was made at run time may itself hold what must not be written; such a one stays what it is.
    let is_harmless = |redactor: &Redactor| redactor.text(KeyClass::Plain, name) == name;
    if !door::redactor().is_some_and(is_harmless) {
        return None;
    }
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    let key = match known.get(name) {
        Some(key) => *key,
        None if known.len() >= MOST => return None,
        None => {
            let name: &'static str = Box::leak(name.into());
            *known.entry(name).or_insert_with(|| Key::new(name))
        }
    };
    let _ = NEAREST.try_with(|nearest| nearest[place].set(Some(key)));
    Some(key)
}
