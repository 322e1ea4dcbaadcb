//! The series of a metric by their label values: found without a lock, added under one, never removed.
//!
//! ```text
//! level 0      16 places    an entry has its place among the first PROBES free ones behind its hash,
//! level 1     128 places    in the first level that has one
//! ...
//! ```
//!
//! Invariant: places are filled in that order and never emptied, so the first empty one says that there is no entry.
//! A map behind a lock costs two more writes to memory that all threads share, at each look-up.

use std::sync::{Arc, OnceLock};

/// An entry.
pub(super) trait Hashed {
    /// The hash that it is found by.
    fn hash(&self) -> u64;
}

#[derive(Debug)]
pub(super) struct Table<T> {
    levels: [OnceLock<Level<T>>; LEVELS],
}

/// Where an entry is, which never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address(pub(super) u32);

impl Address {
    /// That of no entry.
    pub(super) const NOWHERE: Self = Self(u32::MAX);

    /// Bits of the place within its level.
    const PLACE: u32 = 24;
}

type Level<T> = Box<[OnceLock<Arc<T>>]>;

/// Two million places in all.
const LEVELS: usize = 7;
const FIRST: usize = 16;
const GROWTH: u32 = 3;
const PROBES: u64 = 8;

impl<T: Hashed> Table<T> {
    pub(super) fn new() -> Self {
        Self {
            levels: [const { OnceLock::new() }; LEVELS],
        }
    }

    /// The entry with this hash that is it, and where it is.
    #[inline]
    pub(super) fn find(&self, hash: u64, is_it: impl Fn(&T) -> bool) -> Option<(Address, &T)> {
        for (number, level) in (0..).zip(&self.levels) {
            let places = level.get()?;
            for probe in 0..PROBES {
                let place = place(places, hash, probe);
                let entry = places.get(place)?.get()?;
                if entry.hash() == hash && is_it(entry) {
                    return Some((Address(number << Address::PLACE | place as u32), entry));
                }
            }
        }
        None
    }

    /// The entry at this address.
    #[inline]
    pub(super) fn at(&self, address: Address) -> Option<&T> {
        let level = self.levels.get((address.0 >> Address::PLACE) as usize)?;
        let place = address.0 & ((1 << Address::PLACE) - 1);
        Some(level.get()?.get(place as usize)?.get()?)
    }

    /// Adds an entry; only one thread at a time. `None` if it finds no place.
    pub(super) fn insert(&self, entry: &Arc<T>) -> Option<&T> {
        let hash = entry.hash();
        for (number, level) in (0..).zip(&self.levels) {
            let places = level.get_or_init(|| {
                let length = FIRST << (GROWTH * number);
                std::iter::repeat_with(OnceLock::new).take(length).collect()
            });
            for probe in 0..PROBES {
                let place = places.get(place(places, hash, probe))?;
                if place.get().is_none() {
                    return Some(place.get_or_init(|| Arc::clone(entry)));
                }
            }
        }
        None
    }
}

#[inline]
fn place<T>(places: &[T], hash: u64, probe: u64) -> usize {
    let mask = places.len() as u64 - 1;
    (hash.wrapping_add(probe) & mask) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Hashed for u64 {
        fn hash(&self) -> u64 {
            // Bad on purpose: four entries each share one.
            self / 4
        }
    }

    #[test]
    fn what_was_added_is_found_and_nothing_else() {
        let table = Table::new();
        for entry in 0..5_000_u64 {
            assert!(table.find(entry.hash(), |there| *there == entry).is_none());
            assert_eq!(table.insert(&Arc::new(entry)), Some(&entry));
        }
        for entry in 0..5_000_u64 {
            let (address, found) = table.find(entry.hash(), |there| *there == entry).unwrap();
            assert_eq!((found, table.at(address)), (&entry, Some(&entry)));
        }
        assert_eq!(table.at(Address::NOWHERE), None);
        assert!(table.find(5_000_u64.hash(), |there| *there == 5_000).is_none());
    }

    #[test]
    fn entries_that_all_collide_are_refused_in_the_end() {
        struct Colliding;
        impl Hashed for Colliding {
            fn hash(&self) -> u64 {
                7
            }
        }
        let table = Table::new();
        let added = (0..100)
            .filter(|_| table.insert(&Arc::new(Colliding)).is_some())
            .count();
        assert_eq!(added, LEVELS * PROBES as usize);
    }
}
