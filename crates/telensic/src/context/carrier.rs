//! Carriers: what a context is written into and read from.
//!
//! Invariant: names are compared without regard to ASCII case, as in HTTP, and [`Injector::set`] leaves exactly
//! one value for a name.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;

/// Something a context can be written into.
pub trait Injector {
    /// Sets the value of a name, in place of any it had.
    fn set(&mut self, key: &str, value: String);
}

/// Something a context can be read from.
///
/// ```
/// use telensic::context::{Extractor, Propagators};
///
/// let headers = [("TraceParent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")];
/// assert!(headers.get("traceparent").is_some());
/// assert!(Propagators::default().extract(&headers).span().is_some());
/// ```
pub trait Extractor {
    /// All values of a name, in the order they came.
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>>;

    /// The first value of a name.
    fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        self.get_all(key).into_iter().next()
    }
}

impl<S: BuildHasher> Injector for HashMap<String, String, S> {
    fn set(&mut self, key: &str, value: String) {
        self.retain(|name, _| !name.eq_ignore_ascii_case(key));
        self.insert(key.to_owned(), value);
    }
}

impl<S: BuildHasher> Extractor for HashMap<String, String, S> {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        let mut found: Vec<_> = self
            .iter()
            .filter(|(name, _)| name.eq_ignore_ascii_case(key))
            .collect();
        // A hash map has no order; names that differ in case only get one.
        found.sort_unstable();
        found.into_iter().map(|(_, value)| Cow::from(value)).collect()
    }
}

impl Injector for BTreeMap<String, String> {
    fn set(&mut self, key: &str, value: String) {
        self.retain(|name, _| !name.eq_ignore_ascii_case(key));
        self.insert(key.to_owned(), value);
    }
}

impl Extractor for BTreeMap<String, String> {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        matching(self.iter(), key)
    }
}

impl Injector for Vec<(String, String)> {
    fn set(&mut self, key: &str, value: String) {
        self.retain(|(name, _)| !name.eq_ignore_ascii_case(key));
        self.push((key.to_owned(), value));
    }
}

impl<K: AsRef<str>, V: AsRef<str>> Extractor for Vec<(K, V)> {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        self.as_slice().get_all(key)
    }
}

impl<K: AsRef<str>, V: AsRef<str>> Extractor for [(K, V)] {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        matching(self.iter().map(|(name, value)| (name, value)), key)
    }
}

impl<K: AsRef<str>, V: AsRef<str>, const N: usize> Extractor for [(K, V); N] {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        self.as_slice().get_all(key)
    }
}

/// So that an unsized carrier, a slice, can be handed over too: `&&slice`.
impl<E: Extractor + ?Sized> Extractor for &E {
    fn get_all(&self, key: &str) -> Vec<Cow<'_, str>> {
        (**self).get_all(key)
    }

    fn get(&self, key: &str) -> Option<Cow<'_, str>> {
        (**self).get(key)
    }
}

fn matching<'a, K: AsRef<str> + 'a, V: AsRef<str> + 'a>(
    pairs: impl Iterator<Item = (&'a K, &'a V)>,
    key: &str,
) -> Vec<Cow<'a, str>> {
    pairs
        .filter(|(name, _)| name.as_ref().eq_ignore_ascii_case(key))
        .map(|(_, value)| Cow::Borrowed(value.as_ref()))
        .collect()
}
