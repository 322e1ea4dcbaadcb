//! The process's clock: Unix nanoseconds that never run backwards and never jump.
//!
//! The wall clock is read once, at the anchor; from then on time is the anchor plus what the CPU's invariant
//! counter (or, without one, the system's monotonic clock) has counted. A wall clock that is set while a trace
//! runs therefore tears nothing apart; the clerk notes by how much it was set ([`Clock::wall_step`]).
//!
//! The counter's rate is measured at the anchor, over two milliseconds, and then corrected by the clerk
//! ([`Clock::correct`]): the rate for the next stretch is chosen so that the clock meets the monotonic clock at
//! its end. Time stays continuous; only its slope changes, by parts per million.

use std::sync::OnceLock;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::UnixNanos;
use crate::sync::{AtomicU64, Ordering, fence};

/// What the clock counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClockSource {
    /// The CPU's invariant time-stamp counter.
    Tsc = 0,
    /// The system's monotonic clock, where the CPU has none.
    Monotonic = 1,
}

/// One straight stretch of the clock: `unix = base_unix + (ticks - base_ticks) * rate`.
#[derive(Clone, Copy, Debug)]
pub struct Anchor {
    /// Unix nanoseconds at `ticks`.
    pub unix: u64,
    /// The counter.
    pub ticks: u64,
    /// Nanoseconds per tick, 32.32 fixed point.
    pub rate: u64,
}

impl Anchor {
    #[inline]
    fn at(self, ticks: u64) -> u64 {
        let elapsed = ticks.saturating_sub(self.ticks);
        self.unix + ((u128::from(elapsed) * u128::from(self.rate)) >> 32) as u64
    }
}

/// The process's clock; there is one, because a trace crosses threads and tapes.
#[derive(Debug)]
pub struct Clock {
    source: ClockSource,
    /// Counts the corrections; its lowest bit says which of the two stretches holds.
    version: AtomicU64,
    stretches: [Stretch; 2],
    first: Anchor,
    started: Instant,
}

/// An [`Anchor`] that one thread replaces while others read.
#[derive(Debug)]
struct Stretch {
    unix: AtomicU64,
    ticks: AtomicU64,
    rate: AtomicU64,
}

impl Stretch {
    fn new(anchor: Anchor) -> Self {
        Self {
            unix: AtomicU64::new(anchor.unix),
            ticks: AtomicU64::new(anchor.ticks),
            rate: AtomicU64::new(anchor.rate),
        }
    }

    #[inline]
    fn load(&self) -> Anchor {
        Anchor {
            unix: self.unix.load(Ordering::Relaxed),
            ticks: self.ticks.load(Ordering::Relaxed),
            rate: self.rate.load(Ordering::Relaxed),
        }
    }

    fn store(&self, anchor: Anchor) {
        self.unix.store(anchor.unix, Ordering::Relaxed);
        self.ticks.store(anchor.ticks, Ordering::Relaxed);
        self.rate.store(anchor.rate, Ordering::Relaxed);
    }
}

/// How often the clerk should call [`Clock::correct`].
pub(crate) const CORRECT_EVERY: Duration = Duration::from_secs(1);

impl Clock {
    /// The clock of this process, started at the first call.
    pub fn get() -> &'static Self {
        static CLOCK: OnceLock<Clock> = OnceLock::new();
        CLOCK.get_or_init(|| Self::start(ticks::source()))
    }

    fn start(source: ClockSource) -> Self {
        let rate = match source {
            ClockSource::Monotonic => 1 << 32,
            ClockSource::Tsc => measure_rate(Duration::from_millis(2)),
        };
        let (unix, ticks, started) = simultaneous(source);
        let first = Anchor { unix, ticks, rate };
        Self {
            source,
            version: AtomicU64::new(0),
            stretches: [Stretch::new(first), Stretch::new(first)],
            first,
            started,
        }
    }

    /// What it counts.
    pub fn source(&self) -> ClockSource {
        self.source
    }

    /// Where and at which rate it began.
    pub fn anchor(&self) -> Anchor {
        self.first
    }

    /// The time.
    #[inline]
    pub fn now(&self) -> UnixNanos {
        let ticks = ticks::read(self.source);
        UnixNanos(self.stretch().at(ticks))
    }

    /// A consistent reading of the current stretch.
    ///
    /// The writer fills the other one and then turns the version, so a reader repeats only when a whole
    /// correction, one a second, passed while it read; it never waits for the writer.
    #[inline]
    fn stretch(&self) -> Anchor {
        loop {
            let version = self.version.load(Ordering::Acquire);
            let anchor = self.stretches[(version & 1) as usize].load();
            fence(Ordering::Acquire);
            if self.version.load(Ordering::Relaxed) == version {
                return anchor;
            }
        }
    }

    /// Bends the clock towards the monotonic clock; called by one thread at a time, about once a second.
    pub fn correct(&self) {
        if self.source == ClockSource::Monotonic {
            return;
        }
        let elapsed = self.started.elapsed();
        let ticks = ticks::read(self.source);
        let now = self.stretch().at(ticks);
        let truth = self.first.unix + elapsed.as_nanos() as u64;
        let since = ticks.saturating_sub(self.first.ticks);
        if elapsed < Duration::from_millis(100) || since == 0 {
            return;
        }
        // The mean rate since the anchor, then bent by what is to be made up within the next stretch.
        let mean = (elapsed.as_nanos() << 32) / u128::from(since);
        let error = truth as i128 - now as i128;
        let stretch = CORRECT_EVERY.as_nanos() as i128;
        let bend = error.clamp(-stretch / 1000, stretch / 1000);
        let rate = (mean as i128 + mean as i128 * bend / stretch) as u64;
        self.turn(Anchor {
            unix: now,
            ticks,
            rate,
        });
    }

    /// Fills the stretch that does not hold and makes it the one that does.
    fn turn(&self, next: Anchor) {
        let version = self.version.load(Ordering::Relaxed);
        fence(Ordering::Release);
        self.stretches[((version + 1) & 1) as usize].store(next);
        self.version.store(version + 1, Ordering::Release);
    }

    /// By how many nanoseconds the wall clock is ahead of this clock: what it was set by since the anchor.
    pub fn wall_step(&self) -> i64 {
        let wall = unix_now() as i128;
        (wall - i128::from(self.now().0)) as i64
    }
}

fn unix_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

/// Wall clock and counter at the same moment: of several tries the one that took the fewest ticks.
fn simultaneous(source: ClockSource) -> (u64, u64, Instant) {
    let mut best = (u64::MAX, 0, 0, Instant::now());
    for _ in 0..16 {
        let before = ticks::read(source);
        let unix = unix_now();
        let instant = Instant::now();
        let after = ticks::read(source);
        let width = after.saturating_sub(before);
        if width < best.0 {
            best = (width, unix, before + width / 2, instant);
        }
    }
    (best.1, best.2, best.3)
}

fn measure_rate(over: Duration) -> u64 {
    let (_, ticks_before, before) = simultaneous(ClockSource::Tsc);
    while before.elapsed() < over {
        std::hint::spin_loop();
    }
    let (_, ticks_after, after) = simultaneous(ClockSource::Tsc);
    let ticks = u128::from(ticks_after.saturating_sub(ticks_before).max(1));
    (((after - before).as_nanos() << 32) / ticks) as u64
}

/// The counter itself.
#[cfg(target_arch = "x86_64")]
mod ticks {
    #![expect(unsafe_code, reason = "reading the time-stamp counter is an intrinsic")]

    use std::arch::x86_64::{__cpuid, _rdtsc};

    use super::ClockSource;

    /// The invariant counter, if the CPU says that it has one (leaf 0x8000_0007, EDX bit 8).
    pub(super) fn source() -> ClockSource {
        const POWER_MANAGEMENT: u32 = 0x8000_0007;
        let highest = __cpuid(0x8000_0000).eax;
        if highest >= POWER_MANAGEMENT && __cpuid(POWER_MANAGEMENT).edx & (1 << 8) != 0 {
            ClockSource::Tsc
        } else {
            ClockSource::Monotonic
        }
    }

    #[inline]
    pub(super) fn read(source: ClockSource) -> u64 {
        match source {
            // SAFETY: RDTSC is part of every x86_64 CPU and touches no memory.
            ClockSource::Tsc => unsafe { _rdtsc() },
            ClockSource::Monotonic => super::monotonic(),
        }
    }
}

/// The counter itself.
#[cfg(not(target_arch = "x86_64"))]
mod ticks {
    use super::ClockSource;

    pub(super) fn source() -> ClockSource {
        ClockSource::Monotonic
    }

    #[inline]
    pub(super) fn read(_: ClockSource) -> u64 {
        super::monotonic()
    }
}

fn monotonic() -> u64 {
    static ORIGIN: OnceLock<Instant> = OnceLock::new();
    // One nanosecond ahead, so that the counter is never zero.
    ORIGIN.get_or_init(Instant::now).elapsed().as_nanos() as u64 + 1
}

#[cfg(all(test, loom))]
mod model {
    use super::*;

    #[test]
    fn loom_a_reader_of_the_clock_never_mixes_two_stretches() {
        let anchor = |value| Anchor {
            unix: value,
            ticks: value,
            rate: value,
        };
        loom::model(move || {
            let clock = loom::sync::Arc::new(Clock {
                source: ClockSource::Monotonic,
                version: AtomicU64::new(0),
                stretches: [Stretch::new(anchor(1)), Stretch::new(anchor(1))],
                first: anchor(1),
                started: Instant::now(),
            });
            let writer = loom::thread::spawn({
                let clock = clock.clone();
                move || (2..=3).for_each(|value| clock.turn(anchor(value)))
            });
            let read = clock.stretch();
            assert!(read.unix == read.ticks && read.ticks == read.rate, "{read:?}");
            writer.join().unwrap();
            assert_eq!(clock.stretch().unix, 3);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runs_straight(source: ClockSource) {
        let clock = Clock::start(source);
        let mut last = clock.now();
        for round in 0..200_000 {
            let now = clock.now();
            assert!(now >= last, "went back from {last:?} to {now:?}");
            last = now;
            if round % 50_000 == 0 {
                clock.correct();
            }
        }
        assert!(
            clock.wall_step().abs() < 50_000_000,
            "{} ns off the wall clock",
            clock.wall_step()
        );
    }

    #[test]
    fn the_counter_never_goes_back_and_stays_near_the_wall_clock() {
        runs_straight(ticks::source());
    }

    #[test]
    fn the_fallback_never_goes_back_and_stays_near_the_wall_clock() {
        runs_straight(ClockSource::Monotonic);
    }

    #[test]
    fn a_correction_bends_the_clock_without_a_jump() {
        let clock = Clock::start(ticks::source());
        if clock.source == ClockSource::Monotonic {
            return;
        }
        std::thread::sleep(Duration::from_millis(120));
        // A rate that is one per cent wrong must be found out.
        clock.stretches[0]
            .rate
            .store(clock.first.rate / 100 * 101, Ordering::Relaxed);
        let before = clock.now();
        clock.correct();
        let after = clock.now();
        assert!(after >= before && after.0 - before.0 < 1_000_000);
        let rate = clock.stretch().rate as f64 / clock.first.rate as f64;
        assert!(
            (rate - 1.0).abs() < 0.005,
            "the rate is still off by a factor of {rate}"
        );
    }
}
