//! The thread behind export, and how those who wait for it ask.
//!
//! One thread a recorder, with a runtime of its own for the sockets, and a courier a route on it.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use telensic_tape::TapeWriter;
use tokio::sync::watch;
use tokio::task::LocalSet;

use super::courier::Courier;
use crate::config::Settings;
use crate::say::say_once;
use crate::thread::unrecorded;

/// The thread, as those who ask something of it see it.
pub(crate) struct ExportThread {
    orders: watch::Sender<Orders>,
    answers: Arc<Answers>,
}

/// What is asked of the couriers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Orders {
    /// How often somebody has asked for everything to be sent.
    ticket: u64,
    pub(super) stop: bool,
}

/// What each courier has answered.
#[derive(Debug, Default)]
struct Answers {
    state: Mutex<Vec<Answer>>,
    changed: Condvar,
}

#[derive(Clone, Copy, Debug, Default)]
struct Answer {
    ticket: u64,
    /// Whether everything was sent then.
    all: bool,
    stopped: bool,
}

/// A courier's place: where it finds orders and leaves answers.
pub(super) struct Desk {
    index: usize,
    orders: watch::Receiver<Orders>,
    answers: Arc<Answers>,
}

impl ExportThread {
    /// Starts the thread; `None` if there is nothing to export, or no thread to be had.
    pub(crate) fn start(settings: &Settings, tape: &TapeWriter) -> Option<Self> {
        let settings = &settings.export;
        if settings.is_empty() {
            return None;
        }
        let (orders, heard) = watch::channel(Orders::default());
        let answers = Arc::new(Answers::default());
        *answers.lock() = vec![Answer::default(); settings.routes.len()];
        if let Err(error) = make_private(&settings.dir) {
            say_once(&format!(
                "{} cannot be made: {error}; after a restart nothing is resumed",
                settings.dir.display()
            ));
        }
        // Made here, so that their cursors are on disk before anything is recorded.
        let routes = settings.routes.iter().enumerate();
        let couriers: Vec<Courier> = routes
            .map(|(index, route)| {
                let desk = Desk {
                    index,
                    orders: heard.clone(),
                    answers: Arc::clone(&answers),
                };
                let counts_overrun = index == 0;
                Courier::new(
                    route.clone(),
                    settings.dir.clone(),
                    tape.clone(),
                    desk,
                    counts_overrun,
                )
            })
            .collect();
        let spawned = std::thread::Builder::new()
            .name("telensic-export".into())
            .spawn(move || unrecorded(|| run(couriers)));
        if let Err(error) = spawned {
            say_once(&format!(
                "cannot start the export thread: {error}; nothing is exported"
            ));
            return None;
        }
        Some(Self { orders, answers })
    }

    /// Has everything sent that is on the tape; false if it was not, in time or because the backend does not take it.
    pub(crate) fn flush(&self, within: Duration) -> bool {
        let mut ticket = 0;
        self.orders.send_modify(|orders| {
            orders.ticket += 1;
            ticket = orders.ticket;
        });
        self.wait(within, |answer| answer.stopped || answer.ticket >= ticket)
    }

    /// Has the rest sent and ends the thread; what could not be sent is found by the next one.
    pub(crate) fn stop(&self, within: Duration) -> bool {
        self.orders.send_modify(|orders| {
            orders.ticket += 1;
            orders.stop = true;
        });
        self.wait(within, |answer| answer.stopped)
    }

    fn wait(&self, within: Duration, reached: impl Fn(&Answer) -> bool) -> bool {
        let state = self.answers.lock();
        let waited = self
            .answers
            .changed
            .wait_timeout_while(state, within, |answers| !answers.iter().all(&reached));
        let (answers, _) = waited.unwrap_or_else(PoisonError::into_inner);
        answers.iter().all(|answer| reached(answer) && answer.all)
    }
}

impl Answers {
    fn lock(&self) -> MutexGuard<'_, Vec<Answer>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// What is asked by now.
    pub(super) fn orders(&mut self) -> Orders {
        *self.orders.borrow_and_update()
    }

    /// Whether somebody waits for everything to be sent.
    pub(super) fn is_awaited(&mut self) -> bool {
        let asked = self.orders().ticket;
        self.answers
            .lock()
            .get(self.index)
            .is_some_and(|answer| answer.ticket < asked)
    }

    /// Says that the orders were carried out.
    pub(super) fn answer(&self, orders: &Orders, all: bool) {
        if let Some(answer) = self.answers.lock().get_mut(self.index) {
            *answer = Answer {
                ticket: orders.ticket,
                all,
                stopped: orders.stop,
            };
        }
        self.answers.changed.notify_all();
    }

    /// Waits for new orders; whether there were any in this time.
    pub(super) async fn changed_within(&mut self, time: Duration) -> bool {
        match tokio::time::timeout(time, self.orders.changed()).await {
            Ok(Ok(())) => true,
            // Nobody can give any more: the recorder lives as long as the process, so it is ending.
            Ok(Err(_)) => {
                tokio::time::sleep(time).await;
                false
            }
            Err(_) => false,
        }
    }
}

impl Drop for Desk {
    /// However the courier ended, nobody waits for it.
    fn drop(&mut self) {
        if let Some(answer) = self.answers.lock().get_mut(self.index) {
            answer.stopped = true;
        }
        self.answers.changed.notify_all();
    }
}

fn run(couriers: Vec<Courier>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        // For looking up names.
        .max_blocking_threads(1)
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            say_once(&format!("cannot export: {error}; everything stays on the tape"));
            return;
        }
    };
    let at_work = LocalSet::new();
    for courier in couriers {
        at_work.spawn_local(courier.work());
    }
    runtime.block_on(at_work);
    // A name that is being looked up is not waited for.
    runtime.shutdown_background();
}

fn make_private(dir: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}
