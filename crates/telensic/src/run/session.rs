//! The recorder of a run: in force from its start to its end, with a tape in the run's directory.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use telensic_redact::KeyClass;
use telensic_run::{Provenance, RunDir, RunError, RunErrorKind};

use crate::context::Context;
use crate::recorder::Recorder;
use crate::{Builder, Guard};

/// Ends with [`Session::end`]; dropped, it goes on until the process ends.
pub(super) struct Session {
    kind: Kind,
    within: Duration,
    _claim: Claim,
}

enum Kind {
    /// It took the place of a recorder that goes on afterwards.
    Interrupting(u32),
    /// There was none before.
    Alone(Guard),
    /// Recording is switched off (OTEL_SDK_DISABLED).
    Silent,
}

/// Whether this process is within a run.
static IN_RUN: AtomicBool = AtomicBool::new(false);

/// The right to begin a run in this process; given back when dropped.
pub(super) struct Claim(());

impl Claim {
    /// Takes it, before anything is made for the run.
    pub(super) fn take() -> Result<Self, RunError> {
        if IN_RUN.swap(true, Ordering::AcqRel) {
            return Err(RunError::new(
                RunErrorKind::Invalid,
                "this process is in a run already: finish that one first, or start the other in a process of its own",
            ));
        }
        Ok(Self(()))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        IN_RUN.store(false, Ordering::Release);
    }
}

impl Session {
    /// Puts a recorder in force that records into this run.
    pub(super) fn begin(claim: Claim, run: &RunDir, builder: Builder) -> Self {
        let (kind, within) = match Recorder::current() {
            Some(recorder) => {
                let settings = recorder.settings.clone().within(run);
                let own = Recorder::interrupt(recorder, settings);
                (Kind::Interrupting(own.session), recorder.settings.shutdown)
            }
            None => {
                let guard = builder.run_dir(run.path()).run_id(run.id().as_str()).init();
                match Recorder::current() {
                    Some(recorder) => (Kind::Alone(guard), recorder.settings.shutdown),
                    None => (Kind::Silent, Duration::ZERO),
                }
            }
        };
        Self {
            kind,
            within,
            _claim: claim,
        }
    }

    /// Makes log lines say what is known of the run's provenance.
    pub(super) fn settle_facts(&self, provenance: &Provenance) {
        if let Some(recorder) = Recorder::current() {
            recorder.settings.identity.facts.settle(provenance);
        }
    }

    /// Makes standard spans say which profile the run is of.
    pub(super) fn settle_profile(&self, profile: &str) {
        if let Some(recorder) = Recorder::current() {
            let settled = &recorder.settings.identity.facts.profile;
            settled.get_or_init(|| recorder.redactor.text(KeyClass::Plain, profile).into_owned());
        }
    }

    /// Makes what is started outside of any span a child of this context.
    pub(super) fn settle_origin(&self, context: Context) {
        if let Some(recorder) = Recorder::current() {
            recorder.settle_origin(context);
        }
    }

    /// Closes the run's tape; false if the clerk did not finish in time.
    pub(super) fn end(self) -> bool {
        match self.kind {
            Kind::Interrupting(session) => Recorder::resume(session, self.within),
            Kind::Alone(guard) => guard.shutdown(),
            Kind::Silent => true,
        }
    }
}
