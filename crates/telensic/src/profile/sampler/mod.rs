//! Sampling by timers of each thread's CPU time, and a signal.
//!
//! A timer a thread (`CLOCK_THREAD_CPUTIME_ID`) rather than one for the process: that one's signal goes, on kernels before 6.4, to
//! the main thread whoever is busy, and counts several busy threads as one. Why the stack is copied and not walked in the
//! handler: `docs/adr/011-the-handler-copies.md`.

mod counting;
mod handler;
mod modules;
mod naming;
mod own_memory;
mod profiler;
mod shelf;
mod timers;
mod unwinding;

pub use profiler::CpuProfiler;
