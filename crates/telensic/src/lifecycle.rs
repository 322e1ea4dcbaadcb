//! The beginning and the end of recording.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::Builder;
use crate::config::Env;
use crate::context::{Context, EnvCarrier, Extractor, Injector, Propagators};
use crate::recorder::{Recorder, active};
use crate::say::say;

/// Starts recording for a service of this name, with the environment's settings.
///
/// ```no_run
/// let _guard = telensic::init("pricing");
/// // ... the program ...
/// // dropping the guard flushes, within five seconds at most
/// ```
pub fn init(service: &str) -> Guard {
    Builder::new(service).init()
}

pub(crate) fn start(builder: Builder) -> Guard {
    let lookup = Env::of_process;
    let mut env = Env::new(&lookup);
    let disabled = env.truth("OTEL_SDK_DISABLED").unwrap_or(false);
    env.into_warnings().iter().for_each(|warning| say(warning));
    if disabled {
        return Guard::of_nothing();
    }
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _starting = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if active() != 0 {
        say("init was called again while recording; the first one's settings stay in force");
        return Guard::of_nothing();
    }
    let (settings, redactor, warnings) = builder.settle();
    warnings.iter().for_each(|warning| say(warning));
    let within = settings.shutdown;
    if settings.panics {
        crate::panics::install_hook();
    }
    let origin = settings
        .joins
        .then(|| settings.propagators.extract(&EnvCarrier::from_process()));
    let recorder = Recorder::start(settings, redactor);
    if let Some(origin) = origin {
        recorder.settle_origin(origin);
    }
    Guard {
        session: Some(recorder.session),
        within,
        #[cfg(feature = "metrics")]
        outlets: crate::metrics::Outlets::start(&recorder.settings.metrics),
        #[cfg(feature = "profile")]
        profiling: crate::profile::Recording::of_worker(),
    }
}

/// Hands everything recorded so far to its consumers; false if that took longer than `within`.
///
/// What was recorded is on the tape already: this is for those who want to see it elsewhere.
pub fn flush(within: Duration) -> bool {
    Recorder::current().is_none_or(|recorder| recorder.flush(within))
}

/// Where the tape is that this process records to.
pub fn tape_path() -> Option<std::path::PathBuf> {
    Recorder::current()?.tape()?.path().map(std::path::Path::to_owned)
}

/// Writes a context into a carrier: HTTP headers, a map, the environment of a child process.
pub fn inject(context: &Context, carrier: &mut dyn Injector) {
    match Recorder::current() {
        Some(recorder) => recorder.settings.propagators.inject(context, carrier),
        None => Propagators::default().inject(context, carrier),
    }
}

/// Reads the context that a carrier brings; malformed or missing, it is empty, and a new trace starts.
pub fn extract(carrier: &dyn Extractor) -> Context {
    match Recorder::current() {
        Some(recorder) => recorder.settings.propagators.extract(carrier),
        None => Propagators::default().extract(carrier),
    }
}

/// Keeps recording on; dropping it flushes and ends recording, within its deadline.
///
/// A guard that is forgotten, or a process that ends without dropping it, loses nothing of the tape; NDJSON
/// files and the console may then miss the last milliseconds.
#[must_use = "recording ends when the guard is dropped"]
pub struct Guard {
    session: Option<u32>,
    within: Duration,
    #[cfg(feature = "metrics")]
    outlets: crate::metrics::Outlets,
    #[cfg(feature = "profile")]
    profiling: Option<crate::profile::Recording>,
}

impl Guard {
    /// One whose end ends nothing.
    fn of_nothing() -> Self {
        Self {
            session: None,
            within: Duration::ZERO,
            #[cfg(feature = "metrics")]
            outlets: Default::default(),
            #[cfg(feature = "profile")]
            profiling: None,
        }
    }

    /// Ends recording; false if the clerk did not finish in time.
    pub fn shutdown(mut self) -> bool {
        self.end()
    }

    fn end(&mut self) -> bool {
        let Some(session) = self.session.take() else {
            return true;
        };
        #[cfg(feature = "profile")]
        if let Some(profiling) = self.profiling.take() {
            profiling.end();
        }
        #[cfg(feature = "metrics")]
        self.outlets.begin_to_end(self.within);
        #[cfg(feature = "metrics")]
        crate::collector::flush_if_used(self.within);
        let finished = Recorder::shut_down(session, self.within);
        if !finished {
            say(&format!(
                "not all logs could be handed on within {} s; they are on the tape",
                self.within.as_secs_f32()
            ));
        }
        finished
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.end();
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard")
            .field("recording", &self.session.is_some())
            .finish()
    }
}
