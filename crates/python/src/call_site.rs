//! The names of the keyword arguments of one call in the program's code, resolved once.
//!
//! The compiler of Python makes one tuple of them for each call and passes that very tuple every time. Invariant: a tuple that
//! is remembered is kept, so its address is never another's.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use pyo3::prelude::*;
use pyo3::types::PyTuple;
use telensic::Key;

use crate::keys;

const NEAR: usize = 128;
const MOST: usize = 4096;

/// Keyword arguments that are attributes.
#[derive(Debug)]
pub(crate) struct CallSite {
    names: Py<PyTuple>,
    pub(crate) keys: Box<[Key<'static>]>,
}

thread_local! {
    static NEAREST: [Cell<Option<&'static CallSite>>; NEAR] = const { [const { Cell::new(None) }; NEAR] };
}

static KNOWN: Mutex<Option<HashMap<usize, &'static CallSite>>> = Mutex::new(None);

/// The call with these names, if it is one of the program's code.
#[inline]
pub(crate) fn find(names: &Bound<'_, PyTuple>) -> Option<&'static CallSite> {
    let address = names.as_ptr() as usize;
    let place = address.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 57;
    let near = NEAREST.try_with(|nearest| nearest[place].get()).ok().flatten();
    match near {
        Some(site) if site.names.as_ptr() as usize == address => Some(site),
        _ => look_up(names, place),
    }
}

/// Whether nobody else has the tuple.
#[expect(unsafe_code, reason = "the boundary to Python")]
fn is_made_for_this_call(names: &Bound<'_, PyTuple>) -> bool {
    // SAFETY: the thread is attached, and the object lives.
    unsafe { pyo3::ffi::Py_REFCNT(names.as_ptr()) < 2 }
}

#[cold]
fn look_up(names: &Bound<'_, PyTuple>, place: usize) -> Option<&'static CallSite> {
    if is_made_for_this_call(names) {
        return None;
    }
    let keys: Option<Box<[_]>> = names
        .iter()
        .map(|name| keys::constant(name.extract().ok()?))
        .collect();
    let keys = keys?;
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    let address = names.as_ptr() as usize;
    let site = match known.get(&address) {
        Some(site) => *site,
        None if known.len() >= MOST => return None,
        None => {
            let names = names.clone().unbind();
            *known
                .entry(address)
                .or_insert(Box::leak(Box::new(CallSite { names, keys })))
        }
    };
    let _ = NEAREST.try_with(|nearest| nearest[place].set(Some(site)));
    Some(site)
}
