//! Signals that are sent to us while the program runs: they are the program's to answer.
//!
//! Ctrl-C on a terminal goes to the program as well; a signal that somebody sends to us alone is passed on. We
//! ourselves stay until the program has ended.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::SignalsInfo;
use signal_hook::iterator::exfiltrator::WithOrigin;
use signal_hook::low_level::siginfo::{Cause, Origin};

/// Takes signals from now on; the first one is remembered.
pub(crate) struct Signals {
    first: Arc<AtomicI32>,
    child: Arc<AtomicI32>,
}

impl Signals {
    /// Begins to take them.
    pub(crate) fn take() -> io::Result<Self> {
        let mut signals = SignalsInfo::<WithOrigin>::new([SIGHUP, SIGINT, SIGQUIT, SIGTERM])?;
        let it = Self {
            first: Arc::new(AtomicI32::new(0)),
            child: Arc::new(AtomicI32::new(0)),
        };
        let (first, child) = (Arc::clone(&it.first), Arc::clone(&it.child));
        std::thread::Builder::new()
            .name("telensic-signals".into())
            .spawn(move || {
                for origin in signals.forever() {
                    let _ = first.compare_exchange(0, origin.signal, Ordering::Relaxed, Ordering::Relaxed);
                    if !was_for_all(&origin) {
                        pass_on(child.load(Ordering::Acquire), origin.signal);
                    }
                }
            })?;
        Ok(it)
    }

    /// Names the program that signals are passed on to; one that came before is passed on now.
    pub(crate) fn pass_to(&self, child: u32) {
        let child = i32::try_from(child).unwrap_or_default();
        self.child.store(child, Ordering::Release);
        if let Some(signal) = self.first() {
            pass_on(child, signal);
        }
    }

    /// Ends the passing on: the program's number may be another's by now.
    pub(crate) fn pass_to_nobody(&self) {
        self.child.store(0, Ordering::Release);
    }

    /// The first signal that came.
    pub(crate) fn first(&self) -> Option<i32> {
        Some(self.first.load(Ordering::Relaxed)).filter(|signal| *signal != 0)
    }
}

/// Whether the kernel sent it to everybody on the terminal.
fn was_for_all(origin: &Origin) -> bool {
    matches!(origin.cause, Cause::Kernel)
}

fn pass_on(child: i32, signal: i32) {
    use rustix::process::{Pid, Signal, kill_process};
    if let (Some(pid), Some(signal)) = (Pid::from_raw(child), Signal::from_named_raw(signal)) {
        // A program that has just ended needs no signal.
        let _ = kill_process(pid, signal);
    }
}
