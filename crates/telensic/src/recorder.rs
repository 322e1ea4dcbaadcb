//! The recorder: what all threads of a process share while it records, and how they find it.
//!
//! There is one at a time. A thread keeps a reference and asks at each record, by two loads of words that
//! hardly ever change, whether it still holds: not after a shutdown, a new start, or in the child of a fork,
//! which gets a recorder and a tape of its own at its first record.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, TryLockError};

use telensic_redact::Redactor;
use telensic_tape::{Clock, TapeOptions, TapeWriter, forks};

use crate::clerk::ClerkThread;
use crate::config::{Settings, resource_bytes};
use crate::say::say_once;

/// What is shared. Recorders are few and live as long as the process, so references to them are plain.
pub(crate) struct Recorder {
    pub(crate) generation: u32,
    pub(crate) forks: u32,
    /// Shared with the recorders that took this one's place: after a fork, or when the file was removed.
    pub(crate) session: u32,
    pub(crate) settings: Settings,
    pub(crate) redactor: Arc<Redactor>,
    pub(crate) clock: &'static Clock,
    /// Whether spans of unsampled traces are recorded too, though not exported: in a run.
    pub(crate) keeps_all: bool,
    /// Gone once it was shut down.
    tape: Mutex<Option<TapeWriter>>,
    clerk: ClerkThread,
}

/// The generation of the recorder in force; 0 if there is none.
static ACTIVE: AtomicU32 = AtomicU32::new(0);
static LATEST: AtomicU32 = AtomicU32::new(0);
static RECORDER: RwLock<Option<&'static Recorder>> = RwLock::new(None);

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
        Self::start_in(None, settings, redactor)
    }

    fn start_in(session: Option<u32>, settings: Settings, redactor: Arc<Redactor>) -> &'static Self {
        let generation = LATEST.fetch_add(1, Ordering::Relaxed) + 1;
        let options = TapeOptions::new(&settings.tape_dir)
            .mode(settings.mode)
            .open_spans(settings.open_spans)
            .resource(resource_bytes(&settings.identity, &redactor));
        let (tape, clerk) = TapeWriter::create(options);
        let recorder: &'static Self = Box::leak(Box::new(Self {
            generation,
            forks: forks(),
            session: session.unwrap_or(generation),
            keeps_all: settings.mode == telensic_tape::Mode::Run,
            clerk: ClerkThread::start(clerk, tape.clone(), &settings, session.unwrap_or(generation)),
            settings,
            redactor,
            clock: Clock::get(),
            tape: Mutex::new(Some(tape)),
        }));
        *RECORDER.write().unwrap_or_else(PoisonError::into_inner) = Some(recorder);
        ACTIVE.store(generation, Ordering::Release);
        recorder
    }

    /// The recorder in force; in the child of a fork a new one with the parent's settings.
    ///
    /// Never waits: a lock that another thread held at the moment of a fork stays locked in the child for
    /// ever, and then the child records nothing and says so.
    pub(crate) fn current() -> Option<&'static Self> {
        if active() == 0 {
            return None;
        }
        let recorder = (0..1000).find_map(|_| match RECORDER.try_read() {
            Ok(recorder) => Some(*recorder),
            Err(TryLockError::Poisoned(poisoned)) => Some(*poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => {
                std::thread::yield_now();
                None
            }
        });
        match recorder {
            Some(Some(recorder)) if recorder.forks == forks() => Some(recorder),
            Some(Some(parents)) => Self::after_fork(parents),
            Some(None) => None,
            None => {
                ACTIVE.store(0, Ordering::Relaxed);
                say_once("forked while recording was being started; this child process is not recorded");
                None
            }
        }
    }

    fn after_fork(parents: &'static Self) -> Option<&'static Self> {
        static CHILD: Mutex<()> = Mutex::new(());
        let Ok(_one_at_a_time) = CHILD.try_lock() else {
            return None;
        };
        let already = RECORDER.try_read().ok().and_then(|recorder| *recorder);
        if let Some(recorder) = already.filter(|recorder| recorder.forks == forks()) {
            return Some(recorder);
        }
        let mut settings = parents.settings.clone();
        settings.identity.pid = std::process::id();
        Some(Self::start_in(
            Some(parents.session),
            settings,
            Arc::clone(&parents.redactor),
        ))
    }

    /// Puts a recorder with a new tape in this one's place, if it is in force.
    pub(crate) fn replace(session: u32) {
        if let Some(old) = Self::current().filter(|old| old.session == session) {
            Self::start_in(Some(session), old.settings.clone(), Arc::clone(&old.redactor));
            old.tape.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
    }

    /// The tape, unless it was shut down.
    pub(crate) fn tape(&self) -> Option<TapeWriter> {
        self.tape.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether everything recorded before the call is with the consumers, in time.
    pub(crate) fn flush(&self, within: std::time::Duration) -> bool {
        self.forks == forks() && self.clerk.flush(within)
    }

    /// Ends the recording of this session in this process, whichever recorder has it by now; false if the
    /// clerk did not finish in time (then it goes on by itself).
    pub(crate) fn shut_down(session: u32, within: std::time::Duration) -> bool {
        let Some(recorder) = Self::current().filter(|recorder| recorder.session == session) else {
            return true;
        };
        if ACTIVE
            .compare_exchange(recorder.generation, 0, Ordering::AcqRel, Ordering::Relaxed)
            .is_err()
        {
            return true;
        }
        let finished = recorder.clerk.stop(within);
        recorder
            .tape
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        finished
    }
}
