//! How long to wait before the next attempt: twice as long each time, up to a bound, and not at the same moment as others.

use std::time::Duration;

use crate::random::Random;

const FIRST: Duration = Duration::from_millis(200);
const MOST: Duration = Duration::from_secs(30);

/// A backend that asks to be left alone for longer is asked again after this all the same.
const MOST_ASKED: Duration = Duration::from_secs(300);

/// The waits between failed attempts.
#[derive(Debug)]
pub(super) struct Backoff {
    next: Duration,
    random: Random,
}

impl Backoff {
    pub(super) fn new() -> Self {
        Self {
            next: FIRST,
            random: Random::seeded(),
        }
    }

    /// An attempt has succeeded.
    pub(super) fn reset(&mut self) {
        self.next = FIRST;
    }

    /// The wait after an attempt that failed; what the backend asked for counts.
    pub(super) fn wait(&mut self, asked: Option<Duration>) -> Duration {
        let own = self.next;
        self.next = (own * 2).min(MOST);
        match asked {
            Some(asked) => asked.min(MOST_ASKED),
            // From half of it to all.
            None => own / 2 + own / 2 * u32::from(self.random.span_id().to_bytes()[0]) / u32::from(u8::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_a_bound_and_what_is_asked_for_counts() {
        let mut backoff = Backoff::new();
        let waits: Vec<Duration> = (0..12).map(|_| backoff.wait(None)).collect();
        assert!(waits[0] >= FIRST / 2 && waits[0] <= FIRST);
        assert!(waits[11] >= MOST / 2 && waits[11] <= MOST);
        assert_eq!(backoff.wait(Some(Duration::from_secs(7))), Duration::from_secs(7));
        assert_eq!(backoff.wait(Some(Duration::MAX)), MOST_ASKED);
        backoff.reset();
        assert!(backoff.wait(None) <= FIRST);
    }
}
