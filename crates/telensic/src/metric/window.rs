//! The share of the latest calls that succeeded.
//!
//! Counted are the last [`MOST`] calls that ended within [`SPAN`], and the last one of all whenever it was: so the share
//! is right from the first call on, takes no more memory with more calls, and never is a division by zero.

use std::sync::{Mutex, PoisonError};

use telensic_tape::UnixNanos;

/// Calls.
const MOST: usize = 1_000;

/// Seconds.
const SPAN: u32 = 300;

#[derive(Debug, Default)]
pub(super) struct Window(Mutex<Ring>);

/// The calls: when each ended, in seconds, doubled, and one more if it succeeded.
#[derive(Debug, Default)]
struct Ring {
    calls: Vec<u32>,
    /// Where the next one goes.
    next: usize,
}

impl Window {
    /// Enters a call that ended now.
    pub(super) fn enter(&self, succeeded: bool, now: UnixNanos) {
        let call = seconds(now) << 1 | u32::from(succeeded);
        let mut ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = ring.next;
        match ring.calls.get_mut(next) {
            Some(oldest) => *oldest = call,
            None => ring.calls.push(call),
        }
        ring.next = (next + 1) % MOST;
    }

    /// The share of calls that succeeded, 0 to 1; `None` before the first one.
    pub(super) fn success_rate(&self, now: UnixNanos) -> Option<f64> {
        let ring = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (newer, older) = ring.calls.split_at(ring.next.min(ring.calls.len()));
        let latest_first = newer.iter().rev().chain(older.iter().rev());
        let first = seconds(now).saturating_sub(SPAN);
        let (mut calls, mut successes) = (0_u32, 0_u32);
        for call in latest_first {
            if call >> 1 < first && calls > 0 {
                break;
            }
            calls += 1;
            successes += call & 1;
        }
        (calls > 0).then(|| f64::from(successes) / f64::from(calls))
    }

    pub(super) fn reset(&self) {
        // In the child of a fork a thread that is not there may hold it for ever.
        if let Ok(mut ring) = self.0.try_lock() {
            *ring = Ring::default();
        }
    }
}

/// Seconds of the clock: enough until the year 2038, and beyond it all that matters is their difference.
fn seconds(time: UnixNanos) -> u32 {
    (time.0 / 1_000_000_000) as u32 & (u32::MAX >> 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: u64) -> UnixNanos {
        UnixNanos((1_700_000_000 + second) * 1_000_000_000)
    }

    #[test]
    fn the_rate_is_right_from_the_first_call_on() {
        let window = Window::default();
        assert_eq!(window.success_rate(at(0)), None);
        window.enter(false, at(0));
        assert_eq!(window.success_rate(at(0)), Some(0.0));
        window.enter(true, at(1));
        assert_eq!(window.success_rate(at(1)), Some(0.5));
    }

    #[test]
    fn calls_from_before_the_window_do_not_count_but_the_last_one_of_all_does() {
        let window = Window::default();
        window.enter(false, at(0));
        window.enter(true, at(200));
        assert_eq!(window.success_rate(at(300)), Some(0.5));
        assert_eq!(window.success_rate(at(301)), Some(1.0));
        assert_eq!(window.success_rate(at(100_000)), Some(1.0));
    }

    #[test]
    fn only_the_latest_thousand_calls_count() {
        let window = Window::default();
        for call in 0..2_500 {
            window.enter(call % 4 != 0 || call < 1_500, at(0));
        }
        assert_eq!(window.success_rate(at(0)), Some(0.75));
    }
}
