//! The sampler's thread, and the one who starts and ends it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use nix::errno::Errno;
use nix::time::ClockId;
use telensic_forensics::profile::{CpuProfile, ProfileFacts, Source, Stack};
use telensic_tape::{SpanId, TraceId, UnixNanos};

use super::counting::Counts;
use super::handler::{self, Owner};
use super::naming::Naming;
use super::own_memory;
use super::shelf::{Shelf, nanoseconds};
use super::timers::Timers;
use super::unwinding::Unwinding;
use crate::profile::recording::package;
use crate::profile::{CpuProfileOptions, ProfileError, active};
use crate::say::{say, say_once};
use crate::thread::unrecorded;

/// Samples this process until it is finished or dropped.
///
/// ```no_run
/// use telensic::profile::{CpuProfileOptions, CpuProfiler, encode};
///
/// let profiler = CpuProfiler::start(CpuProfileOptions::default().rate(250))?;
/// // ... the work ...
/// std::fs::write("work.pb.gz", encode(&profiler.finish())?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "sampling ends when the profiler is dropped"]
pub struct CpuProfiler {
    end: Arc<AtomicBool>,
    thread: Option<JoinHandle<CpuProfile>>,
    pid: u32,
}

/// One at a time in a process.
static RUNNING: AtomicBool = AtomicBool::new(false);

impl CpuProfiler {
    /// Begins to sample all threads of this process.
    pub fn start(options: CpuProfileOptions) -> Result<Self, ProfileError> {
        if RUNNING.swap(true, Ordering::AcqRel) {
            return Err(ProfileError::Running);
        }
        let started = Self::start_alone(options);
        if started.is_err() {
            RUNNING.store(false, Ordering::Release);
        }
        started
    }

    fn start_alone(options: CpuProfileOptions) -> Result<Self, ProfileError> {
        let refused = |what| {
            move |error: Errno| ProfileError::Refused {
                what,
                error: error.into(),
            }
        };
        own_memory::try_it().map_err(refused("process_vm_readv"))?;
        let shelf = Shelf::get();
        if handler::install().map_err(refused("a handler for SIGPROF"))? == Owner::Another {
            return Err(ProfileError::SignalTaken);
        }
        let end = Arc::new(AtomicBool::new(false));
        let asked_to_end = Arc::clone(&end);
        let (ready, begun) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("telensic-profile".into())
            .spawn(move || {
                unrecorded(|| {
                    let sampling = Sampling::begin(options, shelf);
                    let _ = ready.send(());
                    sampling.run(&asked_to_end)
                })
            })
            .map_err(|error| ProfileError::Refused {
                what: "a thread",
                error,
            })?;
        // What the caller does next is sampled.
        let _ = begun.recv();
        Ok(Self {
            end,
            thread: Some(thread),
            pid: std::process::id(),
        })
    }

    /// Ends sampling: what was seen, every function named.
    pub fn finish(self) -> CpuProfile {
        self.finish_in(None)
    }

    /// The same; what was seen outside of any span belongs to this one.
    pub(in crate::profile) fn finish_in(mut self, outside: Option<(TraceId, SpanId)>) -> CpuProfile {
        let mut profile = self.stop().unwrap_or_else(|| empty(CpuProfileOptions::default()));
        for stack in &mut profile.stacks {
            stack.span = stack.span.or(outside);
        }
        profile
    }

    fn stop(&mut self) -> Option<CpuProfile> {
        let thread = self.thread.take()?;
        if self.pid != std::process::id() {
            // The child of a fork has neither the thread nor the timers.
            std::mem::forget(thread);
            return None;
        }
        self.end.store(true, Ordering::Release);
        thread.thread().unpark();
        let profile = thread.join().ok();
        RUNNING.store(false, Ordering::Release);
        profile
    }
}

impl Drop for CpuProfiler {
    fn drop(&mut self) {
        self.stop();
    }
}

impl std::fmt::Debug for CpuProfiler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CpuProfiler").finish_non_exhaustive()
    }
}

/// What the thread works with.
struct Sampling {
    options: CpuProfileOptions,
    shelf: &'static Shelf,
    timers: Timers,
    unwinding: Unwinding,
    counts: Counts,
    begun: Instant,
    started: UnixNanos,
    cpu_before: u64,
}

impl Sampling {
    fn begin(options: CpuProfileOptions, shelf: &'static Shelf) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut sampling = Self {
            options,
            shelf,
            timers: Timers::new(options.rate),
            unwinding: Unwinding::new(),
            counts: Counts::default(),
            begun: Instant::now(),
            started: UnixNanos(now.as_nanos() as u64),
            cpu_before: nanoseconds(ClockId::CLOCK_PROCESS_CPUTIME_ID),
        };
        active::watch(true);
        shelf.open();
        sampling.timers.follow();
        sampling
    }

    /// Goes its rounds until asked to end or the time is over, and then waits for the former.
    fn run(mut self, end: &AtomicBool) -> CpuProfile {
        // Two or three samples a thread.
        let round = Duration::from_millis(u64::from(2500 / self.options.rate).clamp(5, 50));
        while !end.load(Ordering::Acquire) && !self.is_over() {
            std::thread::park_timeout(round);
            if !self.is_ours() {
                say("the program has taken SIGPROF for itself: its CPU profile ends here");
                break;
            }
            // Before the threads that have ended meanwhile are forgotten.
            self.take();
            self.timers.follow();
            if let Some(error) = self.timers.take_refusal() {
                say_once(&format!(
                    "a thread is not in the CPU profile: the kernel refuses a timer for it ({error}); is `ulimit -i` too low?"
                ));
            }
        }
        self.shelf.close();
        self.take();
        self.timers.stop();
        active::watch(false);
        let duration = self.begun.elapsed();
        let cpu = nanoseconds(ClockId::CLOCK_PROCESS_CPUTIME_ID).saturating_sub(self.cpu_before);
        while !end.load(Ordering::Acquire) {
            std::thread::park();
        }
        self.profile(duration, cpu)
    }

    fn is_over(&self) -> bool {
        let duration = self.options.duration;
        duration.is_some_and(|duration| self.begun.elapsed() >= duration)
    }

    fn is_ours(&self) -> bool {
        handler::owner().is_ok_and(|owner| owner == Owner::Us)
    }

    fn take(&mut self) {
        let (unwinding, counts) = (&mut self.unwinding, &mut self.counts);
        let threads = &mut self.timers.threads;
        self.shelf.take_all(|sample| {
            let frames = unwinding.frames(sample);
            counts.add(sample, frames, threads);
        });
    }

    fn profile(self, duration: Duration, cpu_ns: u64) -> CpuProfile {
        let mut profile = empty(self.options);
        let mut naming = Naming::new(&self.unwinding.files);
        for (seen, count) in self.counts.stacks {
            profile.stacks.push(Stack {
                locations: seen
                    .frames
                    .iter()
                    .map(|address| naming.location(*address))
                    .collect(),
                thread: seen.thread.to_string(),
                span: seen.span,
                stage: None,
                samples: count.samples,
                cpu_ns: count.cpu_ns,
            });
        }
        profile.mappings = naming.mappings();
        profile.functions = naming.named.functions;
        profile.locations = naming.named.locations;
        profile.started = self.started;
        profile.duration_ns = duration.as_nanos() as u64;
        profile.facts.cpu_ns = Some(cpu_ns);
        profile.facts.lost_samples = self.shelf.lost();
        profile
    }
}

/// A profile of this process without a sample.
fn empty(options: CpuProfileOptions) -> CpuProfile {
    CpuProfile {
        facts: ProfileFacts {
            package: package(),
            source: Source::Telensic,
            host: String::new(),
            pid: Some(std::process::id()),
            rate_hz: options.rate,
            cpu_ns: None,
            lost_samples: 0,
        },
        started: UnixNanos(0),
        duration_ns: 0,
        mappings: Vec::new(),
        functions: Vec::new(),
        locations: Vec::new(),
        stacks: Vec::new(),
    }
}
