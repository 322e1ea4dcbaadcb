//! Functions that keep a CPU busy, for a time that is measured in CPU time: however loaded the machine, the work is the same.

use std::hint::black_box;
use std::time::Duration;

/// Busy in `price_options`.
#[inline(never)]
pub(crate) fn price_options(for_cpu_time: Duration) {
    let until = thread_cpu_time() + for_cpu_time;
    while thread_cpu_time() < until {
        black_box(price_some(black_box(200_000)));
    }
}

/// Busy in `sort_orders`.
#[inline(never)]
pub(crate) fn sort_orders(for_cpu_time: Duration) {
    let until = thread_cpu_time() + for_cpu_time;
    while thread_cpu_time() < until {
        black_box(sort_some(black_box(200_000)));
    }
}

#[inline(never)]
fn price_some(rounds: u64) -> u64 {
    (0..rounds).fold(1, |sum: u64, round| {
        sum.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(round)
    })
}

#[inline(never)]
fn sort_some(rounds: u64) -> u64 {
    (0..rounds).fold(1, |sum: u64, round| sum.rotate_left(5) ^ round)
}

/// The CPU time that this thread has used.
pub(crate) fn thread_cpu_time() -> Duration {
    #![expect(unsafe_code, reason = "std does not tell the time of a thread")]
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: writes the time into the struct it is given.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

/// Enough for some fifty samples at the default rate.
pub(crate) const A_WHILE: Duration = Duration::from_millis(500);
