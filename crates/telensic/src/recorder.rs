//! The recorder: what all threads of a process share while it records, and how they find it.
//!
//! There is one at a time. A thread keeps a reference and asks at each record, by two loads of words that
//! hardly ever change, whether it still holds: not after a shutdown, a new start, or in the child of a fork,
//! which gets a recorder and a tape of its own at its first record.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, TryLockError};
use std::time::{Duration, Instant};

use telensic_redact::Redactor;
use telensic_tape::{Clock, TapeOptions, TapeWriter, forks};

use crate::clerk::ClerkThread;
use crate::config::{Settings, resource_bytes};
use crate::context::Context;
use crate::message::MessageRules;
use crate::sampler::TraceIdRatio;
use crate::say::say_once;
use crate::thread::unrecorded;

/// What is shared. Recorders are few and live as long as the process, so references to them are plain.
pub(crate) struct Recorder {
    pub(crate) generation: u32,
    pub(crate) forks: u32,
    /// Shared with the recorders that took this one's place: after a fork, or when the file was removed.
    pub(crate) session: u32,
    pub(crate) settings: Settings,
    pub(crate) redactor: &'static Redactor,
    pub(crate) rules: MessageRules,
    pub(crate) clock: &'static Clock,
    /// [`Sampler::share_of_new`](crate::sampler::Sampler::share_of_new) of the settings' sampler.
    pub(crate) share_of_new: TraceIdRatio,
    /// Whether spans of unsampled traces are recorded too, though not exported: in a run.
    pub(crate) keeps_all: bool,
    /// What is started outside of any span is a child of this: the span of the run.
    origin: OnceLock<Context>,
    /// The one whose place this took when its file was removed; its clerk may still be at work.
    replaced: Option<&'static Self>,
    /// The one that is in force again once this one, of a run, has ended.
    interrupted: Option<&'static Self>,
    /// Gone once it was shut down.
    tape: Mutex<Option<TapeWriter>>,
    clerk: ClerkThread,
}

/// The generation of the recorder in force; 0 if there is none.
static ACTIVE: AtomicU32 = AtomicU32::new(0);
static LATEST: AtomicU32 = AtomicU32::new(0);

/// The latest recorder, by how often the process has been forked. The child of a fork may find its parent's lock
/// held for ever by a thread that it does not have; so each has its own.
static RECORDERS: [RwLock<Option<&'static Recorder>>; FORK_DEPTH] = [const { RwLock::new(None) }; FORK_DEPTH];

/// One starter at a time in the child of a fork.
static CHILDREN: [Mutex<()>; FORK_DEPTH] = [const { Mutex::new(()) }; FORK_DEPTH];

/// Deeper chains of forks use the places again.
const FORK_DEPTH: usize = 32;

fn place() -> usize {
    forks() as usize % FORK_DEPTH
}

/// The generation of the recorder in force; 0 if there is none.
#[inline]
pub(crate) fn active() -> u32 {
    ACTIVE.load(Ordering::Relaxed)
}

impl std::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recorder")
            .field("generation", &self.generation)
            .finish_non_exhaustive()
    }
}

impl Recorder {
    /// Makes a recorder and puts it in force.
    pub(crate) fn start(settings: Settings, redactor: Arc<Redactor>) -> &'static Self {
        crate::key::forget_literals();
        unrecorded(|| Self::start_in(Succession::default(), settings, Box::leak(Box::new(redactor))))
    }

    /// Puts a recorder with these settings in force until [`Self::resume`] is called with it; the one that was in force
    /// keeps its tape and waits.
    #[cfg(feature = "run")]
    pub(crate) fn interrupt(old: &'static Self, settings: Settings) -> &'static Self {
        let succession = Succession {
            interrupted: Some(old),
            ..Succession::default()
        };
        unrecorded(|| Self::start_in(succession, settings, old.redactor))
    }

    /// Ends the recorder that interrupted another, which is in force again, unless it was shut down meanwhile; false
    /// if the clerk did not finish in time.
    #[cfg(feature = "run")]
    pub(crate) fn resume(session: u32, within: Duration) -> bool {
        let Some(recorder) = Self::parents().filter(|recorder| recorder.session == session) else {
            return true;
        };
        let before = recorder.interrupted.filter(|before| before.tape().is_some());
        let next = before.map_or(0, |before| before.generation);
        if before.is_some() {
            *RECORDERS[place()].write().unwrap_or_else(PoisonError::into_inner) = before;
        }
        let was_in_force =
            ACTIVE.compare_exchange(recorder.generation, next, Ordering::AcqRel, Ordering::Relaxed);
        was_in_force.is_err() || recorder.end(within)
    }

    fn start_in(succession: Succession, settings: Settings, redactor: &'static Redactor) -> &'static Self {
        let generation = LATEST.fetch_add(1, Ordering::Relaxed) + 1;
        let options = TapeOptions::new(&settings.tape_dir)
            .mode(settings.mode)
            .open_spans(settings.open_spans)
            .resource(resource_bytes(&settings.identity));
        let (tape, clerk) = TapeWriter::create(options);
        let session = succession.session.unwrap_or(generation);
        let recorder: &'static Self = Box::leak(Box::new(Self {
            generation,
            forks: forks(),
            session,
            keeps_all: settings.mode == telensic_tape::Mode::Run,
            clerk: ClerkThread::start(clerk, tape.clone(), &settings, session),
            rules: MessageRules::new(redactor, &settings.limits),
            share_of_new: settings.sampler.share_of_new(),
            settings,
            redactor,
            clock: Clock::get(),
            origin: succession.origin.map(OnceLock::from).unwrap_or_default(),
            replaced: succession.replaced,
            interrupted: succession.interrupted,
            tape: Mutex::new(Some(tape)),
        }));
        *RECORDERS[place()].write().unwrap_or_else(PoisonError::into_inner) = Some(recorder);
        ACTIVE.store(generation, Ordering::Release);
        recorder
    }

    /// The recorder in force; in the child of a fork a new one with the parent's settings.
    pub(crate) fn current() -> Option<&'static Self> {
        if active() == 0 {
            return None;
        }
        match Self::latest_at(place()) {
            Some(recorder) if recorder.forks == forks() => Some(recorder),
            _ => unrecorded(Self::after_fork),
        }
    }

    /// The recorder at this place. Never waits for long: see [`RECORDERS`].
    fn latest_at(place: usize) -> Option<&'static Self> {
        (0..1000)
            .find_map(|_| match RECORDERS[place].try_read() {
                Ok(recorder) => Some(*recorder),
                Err(TryLockError::Poisoned(poisoned)) => Some(*poisoned.into_inner()),
                Err(TryLockError::WouldBlock) => {
                    std::thread::yield_now();
                    None
                }
            })
            .flatten()
    }

    /// What the process that this one was forked from had.
    fn parents() -> Option<&'static Self> {
        (0..FORK_DEPTH)
            .filter_map(Self::latest_at)
            .max_by_key(|recorder| recorder.forks)
    }

    fn after_fork() -> Option<&'static Self> {
        let _one_at_a_time = CHILDREN[place()].lock().unwrap_or_else(PoisonError::into_inner);
        let Some(parents) = Self::parents() else {
            ACTIVE.store(0, Ordering::Relaxed);
            say_once("forked while recording was being started; this child process is not recorded");
            return None;
        };
        if parents.forks == forks() {
            // Another thread was here while this one waited for the lock.
            return Some(parents);
        }
        #[cfg(feature = "metrics")]
        crate::metrics::begin_anew();
        let mut settings = parents.settings.clone();
        settings.identity.pid = std::process::id();
        Some(Self::start_in(parents.succession(), settings, parents.redactor))
    }

    /// Puts a recorder with a new tape in this one's place, if it is in force.
    pub(crate) fn replace(session: u32) {
        if let Some(old) = Self::current().filter(|old| old.session == session) {
            let succession = Succession {
                replaced: Some(old),
                interrupted: old.interrupted,
                ..old.succession()
            };
            Self::start_in(succession, old.settings.clone(), old.redactor);
            old.tape.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    /// What a recorder inherits that goes on for this one.
    fn succession(&self) -> Succession {
        Succession {
            session: Some(self.session),
            origin: self.origin.get().cloned(),
            ..Succession::default()
        }
    }

    /// The context of what is started outside of any span.
    #[inline]
    pub(crate) fn origin(&self) -> &Context {
        const NOWHERE: &Context = &Context::new();
        self.origin.get().unwrap_or(NOWHERE)
    }

    /// Settles that context; only the first call does.
    pub(crate) fn settle_origin(&self, context: Context) {
        self.origin.get_or_init(|| context);
    }

    /// The tape, unless it was shut down.
    pub(crate) fn tape(&self) -> Option<TapeWriter> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether everything recorded before the call is with the consumers, in time.
    pub(crate) fn flush(&'static self, within: Duration) -> bool {
        self.forks == forks() && self.all_clerks(within, ClerkThread::flush)
    }

    /// Has its clerk do something, and those of the recorders whose place it took.
    fn all_clerks(&'static self, within: Duration, work: impl Fn(&ClerkThread, Duration) -> bool) -> bool {
        let begun = Instant::now();
        let mut done = true;
        for recorder in std::iter::successors(Some(self), |recorder| recorder.replaced) {
            done &= work(&recorder.clerk, within.saturating_sub(begun.elapsed()));
        }
        done
    }

    /// Ends the recording of this session in this process, whichever recorder has it by now; false if the
    /// clerk did not finish in time (then it goes on by itself).
    pub(crate) fn shut_down(session: u32, within: Duration) -> bool {
        let Some(latest) = Self::parents() else {
            return true;
        };
        if latest.session != session {
            // A run has interrupted it: it ends, and the run goes on.
            return latest
                .interrupted
                .filter(|waiting| waiting.session == session)
                .is_none_or(|waiting| waiting.end(within));
        }
        let was_in_force = ACTIVE.compare_exchange(latest.generation, 0, Ordering::AcqRel, Ordering::Relaxed);
        was_in_force.is_err() || latest.end(within)
    }

    /// Has the clerks finish and lets go of the tape.
    fn end(&'static self, within: Duration) -> bool {
        if self.forks != forks() {
            // The child of a fork that has recorded nothing has nothing to end.
            return true;
        }
        let finished = self.all_clerks(within, ClerkThread::stop);
        self.tape.lock().unwrap_or_else(PoisonError::into_inner).take();
        finished
    }
}

/// What a new recorder goes on with.
#[derive(Default)]
struct Succession {
    /// That of the recorder whose place it takes; else one of its own.
    session: Option<u32>,
    origin: Option<Context>,
    replaced: Option<&'static Recorder>,
    interrupted: Option<&'static Recorder>,
}
