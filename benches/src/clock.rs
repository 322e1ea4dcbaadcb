//! CPU clocks of the process and of a thread. User and system time count alike: a page fault or a
//! `write` made for a span is part of what the span costs.

use rustix::time::{ClockId, clock_gettime};

/// CPU nanoseconds of all threads of this process, the ended ones too.
pub fn process_cpu_ns() -> u64 {
    nanoseconds(ClockId::ProcessCPUTime)
}

/// CPU nanoseconds of the calling thread.
pub fn thread_cpu_ns() -> u64 {
    nanoseconds(ClockId::ThreadCPUTime)
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    time.tv_sec as u64 * 1_000_000_000 + time.tv_nsec as u64
}
