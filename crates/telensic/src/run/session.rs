//! The recorder of a run: in force from its start to its end, with a tape in the run's directory.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::Duration;

use telensic_run::{RunDir, RunError, RunErrorKind};

use crate::context::Context;
use crate::recorder::Recorder;
use crate::{Builder, Guard};

/// Ends with [`Session::end`]; dropped, it goes on until the process ends.
pub(super) struct Session {
    kind: Kind,
    within: Duration,
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
static IN_RUN: Mutex<bool> = Mutex::new(false);

impl Session {
    /// Puts a recorder in force that records into this run.
    pub(super) fn begin(run: &RunDir, builder: Builder) -> Result<Self, RunError> {
        let mut in_run = IN_RUN.lock().unwrap_or_else(PoisonError::into_inner);
        if *in_run {
            return Err(RunError::new(
                RunErrorKind::Invalid,
                "this process is in a run already: finish that one first, or start the other in a process of its own",
            ));
        }
        let session = match Recorder::current() {
            Some(recorder) => Self {
                within: recorder.settings.shutdown,
                kind: Kind::Interrupting(
                    Recorder::interrupt(recorder, recorder.settings.clone().within(run)).session,
                ),
            },
            None => {
                let guard = builder.run_dir(run.path()).run_id(run.id().as_str()).init();
                match Recorder::current() {
                    Some(recorder) => Self {
                        within: recorder.settings.shutdown,
                        kind: Kind::Alone(guard),
                    },
                    None => Self {
                        within: Duration::ZERO,
                        kind: Kind::Silent,
                    },
                }
            }
        };
        *in_run = true;
        Ok(session)
    }

    /// Makes what is started outside of any span a child of this context.
    pub(super) fn settle_origin(&self, context: Context) {
        if let Some(recorder) = Recorder::current() {
            recorder.settle_origin(context);
        }
    }

    /// Closes the run's tape; false if the clerk did not finish in time.
    pub(super) fn end(self) -> bool {
        let finished = match self.kind {
            Kind::Interrupting(session) => Recorder::resume(session, self.within),
            Kind::Alone(guard) => guard.shutdown(),
            Kind::Silent => true,
        };
        *IN_RUN.lock().unwrap_or_else(PoisonError::into_inner) = false;
        finished
    }
}
