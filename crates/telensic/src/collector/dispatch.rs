//! The thread that hands events on.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::aggregate::Windows;
use super::queue::Queue;
use super::subscribers::Subscribers;
use crate::say::say_once;
use crate::thread::unrecorded;

/// What it works with.
#[derive(Clone, Debug)]
pub(super) struct Dispatch {
    pub(super) queue: Arc<Queue>,
    pub(super) windows: Arc<Mutex<Windows>>,
    pub(super) subscribers: Arc<Subscribers>,
    pub(super) batch: usize,
    pub(super) interval: Duration,
}

/// The name by which the thread is known.
pub(super) const THREAD: &str = "telensic-collector";

impl Dispatch {
    /// Starts the thread; without one, events wait until they give way.
    pub(super) fn start(self) {
        let thread = std::thread::Builder::new().name(THREAD.into());
        if let Err(error) = thread.spawn(move || unrecorded(|| self.run())) {
            say_once(&format!(
                "cannot start the event collector's thread: {error}; events are neither aggregated nor handed on"
            ));
        }
    }

    fn run(&self) {
        while let Some(events) = self.queue.next(self.batch, self.interval) {
            {
                let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
                events.iter().for_each(|event| windows.enter(event));
            }
            self.subscribers.tell(&events);
            self.queue.settle(events.len());
        }
    }
}
