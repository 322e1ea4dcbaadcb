//! Ids: random, unique across processes and forks, and cheap.

use std::num::NonZeroU64;

use telensic_tape::{SpanId, TraceId};

/// One a thread, so no two threads share a cache line.
///
/// A Weyl sequence whose every step is multiplied with itself and a key of the thread's own (as wyrand does
/// with a constant): both halves of the seed are random, so two threads that happen upon the same state still
/// draw different numbers. The chain from one number to the next is a single addition; with xoshiro256++ it
/// cost 15 ns more a span, spent on waiting for the state.
#[derive(Debug)]
pub(crate) struct Random {
    state: u64,
    key: u64,
}

impl Random {
    /// A generator with a seed of its own.
    pub(crate) fn seeded() -> Self {
        let mut seed = [0; 16];
        if getrandom::fill(&mut seed).is_err() {
            // No entropy source: process, time and the place on the stack tell generators apart.
            let now = std::time::SystemTime::now()
                .duration_since(std::time::UNIX_EPOCH)
                .map_or(0, |d| d.as_nanos());
            let place = std::ptr::from_ref(&now) as u64;
            seed = (now ^ u128::from(std::process::id()) << 64 ^ u128::from(place) << 32).to_le_bytes();
        }
        let seed = u128::from_le_bytes(seed);
        Self {
            state: seed as u64,
            key: (seed >> 64) as u64 | 1,
        }
    }

    #[inline]
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0xa076_1d64_78bd_642f);
        let product = u128::from(self.state) * u128::from(self.state ^ self.key);
        (product >> 64) as u64 ^ product as u64
    }

    #[inline]
    fn next_above_zero(&mut self) -> NonZeroU64 {
        loop {
            if let Some(number) = NonZeroU64::new(self.next()) {
                return number;
            }
        }
    }

    #[inline]
    pub(crate) fn span_id(&mut self) -> SpanId {
        SpanId::from_number(self.next_above_zero())
    }

    #[inline]
    pub(crate) fn trace_id(&mut self) -> TraceId {
        TraceId::from_halves(self.next(), self.next_above_zero())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_million_ids_of_two_threads_are_all_different_and_every_bit_varies() {
        let mut seen = HashSet::new();
        let mut ones = [0u32; 64];
        for mut random in [Random::seeded(), Random::seeded()] {
            for _ in 0..500_000 {
                let id = random.span_id();
                let bits = u64::from_be_bytes(id.to_bytes());
                ones.iter_mut()
                    .enumerate()
                    .for_each(|(bit, ones)| *ones += (bits >> bit & 1) as u32);
                assert!(seen.insert(id), "{id} came twice");
            }
        }
        assert!(
            ones.iter().all(|ones| (495_000..505_000).contains(ones)),
            "{ones:?}"
        );
    }
}
