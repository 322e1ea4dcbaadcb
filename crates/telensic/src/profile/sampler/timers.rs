//! A timer for each thread, on its own CPU time: it signals the thread itself, and only while that is busy.
//!
//! Threads come and go; they are looked for at each round, so one that lives for less than a round is not sampled. A timer of a
//! thread that has ended never goes off.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::sync::Arc;

use nix::errno::Errno;
use nix::sys::signal::{SigEvent, SigevNotify, Signal};
use nix::sys::time::TimeSpec;
use nix::sys::timer::{Expiration, Timer, TimerSetTimeFlags};
use nix::time::ClockId;

use super::shelf::nanoseconds;

/// A thread that is sampled.
pub(super) struct Thread {
    name: Option<Arc<str>>,
    /// Its CPU time when it was last looked at, in nanoseconds.
    pub(super) cpu_ns: u64,
    _timer: Timer,
}

impl Thread {
    /// Its name. Asked for when it is first seen at work: a thread gives itself its name after it has begun.
    pub(super) fn name(&mut self, number: i32) -> Arc<str> {
        let named = self.name.get_or_insert_with(|| {
            let name = fs::read_to_string(format!("/proc/self/task/{number}/comm")).unwrap_or_default();
            name.trim_end().into()
        });
        Arc::clone(named)
    }
}

pub(super) struct Timers {
    period: TimeSpec,
    /// The sampler's own thread.
    own: i32,
    pub(super) threads: HashMap<i32, Thread>,
    refused: Option<Errno>,
}

impl Timers {
    pub(super) fn new(rate: u32) -> Self {
        Self {
            period: TimeSpec::new(
                i64::from(rate == 1),
                i64::from(1_000_000_000 / rate) % 1_000_000_000,
            ),
            own: nix::unistd::gettid().as_raw(),
            threads: HashMap::new(),
            refused: None,
        }
    }

    /// Gives every thread that is new a timer, and takes it from those that have ended.
    pub(super) fn follow(&mut self) {
        let Ok(tasks) = fs::read_dir("/proc/self/task") else {
            return;
        };
        let present: HashSet<i32> = tasks
            .filter_map(|task| task.ok()?.file_name().to_str()?.parse().ok())
            .collect();
        self.threads.retain(|number, _| present.contains(number));
        for number in present {
            if number == self.own || self.threads.contains_key(&number) {
                continue;
            }
            match self.timer(number) {
                Ok(timer) => self.begin(number, timer),
                // It has ended meanwhile.
                Err(Errno::EINVAL | Errno::ESRCH) => {}
                Err(error) => self.refused = Some(error),
            }
        }
    }

    fn begin(&mut self, number: i32, timer: Timer) {
        let thread = Thread {
            name: None,
            cpu_ns: nanoseconds(clock_of(number)),
            _timer: timer,
        };
        self.threads.insert(number, thread);
    }

    fn timer(&self, number: i32) -> Result<Timer, Errno> {
        let event = SigEvent::new(SigevNotify::SigevThreadId {
            signal: Signal::SIGPROF,
            thread_id: number,
            si_value: 0,
        });
        let mut timer = Timer::new(clock_of(number), event)?;
        timer.set(Expiration::Interval(self.period), TimerSetTimeFlags::empty())?;
        Ok(timer)
    }

    /// Ends all timers.
    pub(super) fn stop(&mut self) {
        self.threads.clear();
    }

    /// Why some thread has no timer, once.
    pub(super) fn take_refusal(&mut self) -> Option<Errno> {
        self.refused.take()
    }
}

/// The clock of a thread's CPU time, as Linux makes its number of the thread's.
fn clock_of(thread: i32) -> ClockId {
    const OF_A_THREAD: i32 = 4;
    const SCHEDULED: i32 = 2;
    ClockId::from_raw(!thread << 3 | OF_A_THREAD | SCHEDULED)
}
