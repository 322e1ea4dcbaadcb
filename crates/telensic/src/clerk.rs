//! The clerk's thread: the only place where anything slow happens.
//!
//! It goes its round every few milliseconds, less often when nothing happens, and at once when it is woken:
//! by a flush, a shutdown, or a thread that fills chunks fast.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::Thread;
use std::time::{Duration, Instant};

use telensic_tape::otlp::{LogView, Repeated, ScopeView, field};
use telensic_tape::{Batch, Clerk, Clock, Signal, TapeWriter};

use crate::config::{Durability, Settings};
use crate::export::ExportThread;
use crate::recorder::Recorder;
use crate::say::{say, say_once};
use crate::sink::{ConsoleForm, ConsoleSink, FilesSink, LogOrigin, LogSink, Report};
use crate::thread::unrecorded;

/// The thread, as those who ask something of it see it.
pub(crate) struct ClerkThread {
    thread: Option<Thread>,
    orders: Arc<Orders>,
    export: Option<ExportThread>,
}

#[derive(Default)]
struct Orders {
    state: Mutex<State>,
    done: Condvar,
}

#[derive(Default)]
struct State {
    /// Rounds asked for and rounds done since.
    asked: u64,
    answered: u64,
    stop: bool,
    stopped: bool,
}

/// Between rounds while there is something to do.
const BUSY: Duration = Duration::from_millis(10);

/// Between rounds after a while without anything to do.
const IDLE: Duration = Duration::from_millis(100);

/// Between two looks at the clock and at whether the file is still there.
const HOUSEKEEPING: Duration = Duration::from_secs(1);

impl Orders {
    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the state is as wanted, or the time is over.
    fn wait(&self, within: Duration, reached: impl Fn(&State) -> bool) -> bool {
        let state = self.lock();
        let waited = self
            .done
            .wait_timeout_while(state, within, |state| !reached(state));
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        reached(&state)
    }
}

impl ClerkThread {
    /// Starts the thread; without one (no thread can be had) chunks are still written out by the threads that
    /// record, and nobody feeds the consumers.
    pub(crate) fn start(clerk: Clerk, tape: TapeWriter, settings: &Settings, session: u32) -> Self {
        let export = ExportThread::start(settings, &tape);
        let orders = Arc::new(Orders::default());
        let work = Work {
            sinks: sinks(settings),
            durability: settings.durability,
            #[cfg(feature = "metrics")]
            metrics: crate::metrics::Snapshots::new(settings, &tape),
            tape,
            session,
            orders: Arc::clone(&orders),
        };
        let spawned = std::thread::Builder::new()
            .name("telensic-clerk".into())
            .spawn(move || unrecorded(|| work.run(clerk)));
        let thread = match spawned {
            Ok(handle) => Some(handle.thread().clone()),
            Err(error) => {
                say_once(&format!(
                    "cannot start the clerk's thread: {error}; logs go to the tape only"
                ));
                None
            }
        };
        Self {
            thread,
            orders,
            export,
        }
    }

    /// Waits until the consumers have everything recorded before this call.
    pub(crate) fn flush(&self, within: Duration) -> bool {
        let begun = Instant::now();
        let is_shown = self.flush_clerk(within);
        is_shown & self.export(|export| export.flush(within.saturating_sub(begun.elapsed())))
    }

    /// Has the tape closed and the rest exported, and waits for it.
    pub(crate) fn stop(&self, within: Duration) -> bool {
        let begun = Instant::now();
        let is_shown = self.stop_clerk(within);
        is_shown & self.export(|export| export.stop(within.saturating_sub(begun.elapsed())))
    }

    /// Asks something of the export thread, if there is one.
    fn export(&self, ask: impl FnOnce(&ExportThread) -> bool) -> bool {
        self.export.as_ref().is_none_or(ask)
    }

    /// Waits for a whole round that begins after this call.
    fn flush_clerk(&self, within: Duration) -> bool {
        let Some(thread) = &self.thread else { return true };
        let ticket = {
            let mut state = self.orders.lock();
            state.asked += 1;
            state.asked
        };
        thread.unpark();
        self.orders
            .wait(within, |state| state.answered >= ticket || state.stopped)
    }

    /// Asks the thread to finish and waits for it.
    fn stop_clerk(&self, within: Duration) -> bool {
        let Some(thread) = &self.thread else { return true };
        self.orders.lock().stop = true;
        thread.unpark();
        self.orders.wait(within, |state| state.stopped)
    }
}

/// The consumers that the settings ask for.
fn sinks(settings: &Settings) -> Vec<Box<dyn LogSink>> {
    let identity = &settings.identity;
    let origin = Arc::new(LogOrigin {
        service: identity.service.clone(),
        env: identity.environment.clone(),
        host: Some(identity.host.clone()),
        pid: identity.pid,
        run_id: identity.run_id.clone(),
        facts: Arc::clone(&identity.facts),
    });
    let report: Report = Arc::new(|trouble: &str| say(trouble));
    let files = settings.log_files.iter().map(|options| {
        Box::new(FilesSink::new(options, Arc::clone(&origin), Arc::clone(&report))) as Box<dyn LogSink>
    });
    let console = settings.console.then(|| {
        let form = ConsoleForm::of_stderr(settings.log_layout);
        Box::new(ConsoleSink::stderr(
            form,
            Arc::clone(&origin),
            Arc::clone(&report),
        )) as Box<dyn LogSink>
    });
    files.chain(console).collect()
}

/// What the thread works with.
struct Work {
    sinks: Vec<Box<dyn LogSink>>,
    durability: Durability,
    #[cfg(feature = "metrics")]
    metrics: crate::metrics::Snapshots,
    tape: TapeWriter,
    session: u32,
    orders: Arc<Orders>,
}

impl Work {
    fn run(mut self, mut clerk: Clerk) {
        clerk.works_on(std::thread::current());
        if !self.sinks.is_empty() {
            clerk.follow(Signal::Logs);
        }
        let mut last_sync = Instant::now();
        let mut last_housekeeping = Instant::now();
        let mut pause = BUSY;
        loop {
            let (asked, answered, stop) = {
                let state = self.orders.lock();
                (state.asked, state.answered, state.stop)
            };
            if stop {
                break;
            }
            #[cfg(feature = "metrics")]
            self.metrics.write_if_due(&self.tape, asked != answered);
            let seen = self.round(&mut clerk);
            if asked != answered {
                self.sinks.iter_mut().for_each(|sink| sink.flush());
            }
            pause = if seen { BUSY } else { (pause + BUSY).min(IDLE) };
            if let Durability::Power { every } = self.durability {
                pause = pause.min(every);
                if last_sync.elapsed() >= every {
                    last_sync = Instant::now();
                    if let Err(error) = clerk.sync() {
                        say_once(&format!(
                            "cannot sync the tape: {error}; a loss of power may cost the last records"
                        ));
                    }
                }
            }
            if last_housekeeping.elapsed() >= HOUSEKEEPING {
                last_housekeeping = Instant::now();
                Clock::get().correct();
                clerk.note_clock(Clock::get());
                if self.tape.is_removed() {
                    say(
                        "the tape's file was removed while it was recorded into; recording goes on in a new one",
                    );
                    Recorder::replace(self.session);
                    // The threads change over at their next record; one within a record has this long to end it.
                    std::thread::sleep(BUSY);
                    break;
                }
            }
            if let Some(trouble) = self.tape.take_trouble() {
                say(&trouble.to_string());
            }
            self.answer(asked);
            std::thread::park_timeout(pause);
        }
        self.finish(clerk);
    }

    /// One round; whether there was anything.
    fn round(&mut self, clerk: &mut Clerk) -> bool {
        let mut seen = false;
        let sinks = &mut self.sinks;
        clerk.round(&mut |batch| {
            seen = true;
            show(sinks, &batch);
        });
        sinks.iter_mut().for_each(|sink| sink.end_of_round());
        seen
    }

    fn answer(&self, asked: u64) {
        self.orders.lock().answered = asked;
        self.orders.done.notify_all();
    }

    fn finish(mut self, clerk: Clerk) {
        #[cfg(feature = "metrics")]
        self.metrics.write_last(&self.tape);
        let sinks = &mut self.sinks;
        clerk.close(&mut |batch| show(sinks, &batch));
        #[cfg(feature = "metrics")]
        self.metrics.end();
        sinks.iter_mut().for_each(|sink| sink.close());
        let lost: u64 = sinks.iter().map(|sink| sink.lost_lines()).sum();
        if lost > 0 {
            say(&format!(
                "{lost} log lines could not be written; the records are on the tape"
            ));
        }
        if let Some(trouble) = self.tape.take_trouble() {
            say(&trouble.to_string());
        }
        if self.tape.is_removed()
            && let Err(error) = self.tape.restore()
        {
            say(&format!(
                "the removed tape cannot be put back: {error}; what it held is lost"
            ));
        }
        self.orders.lock().stopped = true;
        self.orders.done.notify_all();
    }
}

fn show(sinks: &mut [Box<dyn LogSink>], batch: &Batch<'_>) {
    // What this process encoded decodes; a record that does not would be found by `telensic tape`.
    let Ok(scope) = ScopeView::parse(batch.scope) else {
        return;
    };
    let records = Repeated::new(batch.records, field::scope_records::RECORD).flatten();
    for log in records.filter_map(|record| LogView::parse(record).ok()) {
        sinks.iter_mut().for_each(|sink| sink.record(&scope, &log));
    }
}
