//! The thread that pushes, and those who ask it to.

use std::sync::{Arc, Condvar, LazyLock, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use telensic_run::names::metric;
use telensic_tape::forks;
use tokio::runtime::Runtime;

use super::gateway::{self, Failure};
use super::options::{PushOptions, Target};
use crate::metrics::registry::global;
use crate::metrics::{Counter, Family, Format, MetricError, MetricErrorKind};
use crate::say::say_once;
use crate::thread::unrecorded;

/// Pushes the program's metrics until it is dropped, which pushes them once more.
#[derive(Debug)]
#[must_use = "metrics are pushed until this is dropped"]
pub struct Pusher {
    orders: Arc<Orders>,
    /// Until when the last push is waited for, once it has been asked for.
    until: Option<Instant>,
    forks: u32,
}

#[derive(Debug, Default)]
struct Orders {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// Pushes asked for, and those that were done since.
    asked: u64,
    answered: u64,
    /// Whether the last one arrived.
    arrived: bool,
    stop: bool,
    stopped: bool,
}

/// Before a push is tried again.
const PAUSES: [Duration; 2] = [Duration::from_millis(200), Duration::from_millis(800)];

/// How long a panic that ends the process at once is held up.
const AT_ABORT: Duration = Duration::from_secs(2);

/// How long dropping a pusher of one's own may take.
const AT_END: Duration = Duration::from_secs(5);

static PUSHES: LazyLock<Family<Counter>> = LazyLock::new(|| global().standard(&metric::PUSHES_TOTAL));

/// Those at work, to be told of panics.
static PUSHERS: Mutex<Vec<Weak<Orders>>> = Mutex::new(Vec::new());

/// Pushes the program's metrics to a Pushgateway from now on.
///
/// ```no_run
/// use telensic::metrics::{self, PushOptions};
///
/// let _pusher = metrics::push(&PushOptions::to("http://gateway:9091").job("nightly"))?;
/// # Ok::<(), metrics::MetricError>(())
/// ```
pub fn push(options: &PushOptions) -> Result<Pusher, MetricError> {
    let target = options.target()?;
    let wrong = |why: std::io::Error| {
        MetricError::new(
            MetricErrorKind::Gateway,
            format!("cannot push to {target}: {why}"),
        )
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .max_blocking_threads(1)
        .build()
        .map_err(wrong)?;
    let orders = Arc::new(Orders::default());
    let work = Work {
        target: target.clone(),
        options: options.clone(),
        orders: Arc::clone(&orders),
        runtime,
    };
    std::thread::Builder::new()
        .name("telensic-push".into())
        .spawn(move || unrecorded(|| work.run()))
        .map_err(wrong)?;
    let mut pushers = PUSHERS.lock().unwrap_or_else(PoisonError::into_inner);
    pushers.retain(|orders| orders.strong_count() > 0);
    pushers.push(Arc::downgrade(&orders));
    Ok(Pusher {
        orders,
        until: None,
        forks: forks(),
    })
}

/// Has all pushers push, since a thread has panicked. Only where that ends the process at once is it waited for.
pub(crate) fn push_after_panic() {
    // Never waited for: the thread may have panicked while it held the lock.
    let Ok(pushers) = PUSHERS.try_lock() else { return };
    let at_work: Vec<Arc<Orders>> = pushers.iter().filter_map(Weak::upgrade).collect();
    drop(pushers);
    for orders in at_work {
        let ticket = orders.ask();
        if cfg!(panic = "abort") {
            orders.wait(AT_ABORT, |state| state.answered >= ticket || state.stopped);
        }
    }
}

impl Pusher {
    /// Pushes now; false if that did not arrive in this time.
    pub fn push_now(&self, within: Duration) -> bool {
        if self.forks != forks() {
            return false;
        }
        let ticket = self.orders.ask();
        let done = |state: &State| state.answered >= ticket || state.stopped;
        self.orders.wait(within, done) && self.orders.lock().arrived
    }

    /// Has the last push made, without waiting for it: that is done when it is dropped, and no longer than this from now.
    pub(crate) fn begin_to_end(&mut self, within: Duration) {
        self.until = Some(Instant::now() + within);
        if self.forks == forks() {
            self.orders.lock().stop = true;
            self.orders.changed.notify_all();
        }
    }
}

impl Drop for Pusher {
    fn drop(&mut self) {
        if self.until.is_none() {
            self.begin_to_end(AT_END);
        }
        if let Some(until) = self.until.filter(|_| self.forks == forks()) {
            let left = until.saturating_duration_since(Instant::now());
            self.orders.wait(left, |state| state.stopped);
        }
    }
}

impl Orders {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for a push; its number.
    fn ask(&self) -> u64 {
        let mut state = self.lock();
        state.asked += 1;
        self.changed.notify_all();
        state.asked
    }

    /// Waits until the state is as wanted; false if the time is over before.
    fn wait(&self, within: Duration, reached: impl Fn(&State) -> bool) -> bool {
        let waited = self
            .changed
            .wait_timeout_while(self.lock(), within, |state| !reached(state));
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        reached(&state)
    }
}

struct Work {
    target: Target,
    options: PushOptions,
    orders: Arc<Orders>,
    runtime: Runtime,
}

impl Work {
    fn run(self) {
        loop {
            let asked_for = |state: &State| state.stop || state.asked > state.answered;
            self.orders.wait(self.options.interval, asked_for);
            let (asked, stop) = {
                let state = self.orders.lock();
                (state.asked, state.stop)
            };
            let arrived = self.push();
            let mut state = self.orders.lock();
            (state.answered, state.arrived, state.stopped) = (asked, arrived, stop);
            self.orders.changed.notify_all();
            if stop {
                return;
            }
        }
    }

    /// Pushes, again if that may help; whether it arrived.
    fn push(&self) -> bool {
        let begun = Instant::now();
        for pause in PAUSES.into_iter().map(Some).chain([None]) {
            let failure = match self.push_once() {
                Ok(()) => {
                    PUSHES.with(&["ok"]).inc();
                    return true;
                }
                Err(failure) => failure,
            };
            PUSHES.with(&["error"]).inc();
            say_once(&format!(
                "metrics could not be pushed to {}: {}; it is tried again, and nothing that was counted is lost",
                self.target, failure.why
            ));
            let is_late = begun.elapsed() >= self.options.timeout;
            match pause {
                Some(pause) if failure.may_pass && !is_late => std::thread::sleep(pause),
                _ => return false,
            }
        }
        false
    }

    fn push_once(&self) -> Result<(), Failure> {
        let text = global().render(Format::Prometheus);
        let push = gateway::push(&self.target, self.options.method, text);
        let timeout = self.options.timeout;
        self.runtime.block_on(async {
            let answered = tokio::time::timeout(timeout, push).await;
            answered.unwrap_or_else(|_| {
                Err(Failure {
                    why: format!("no answer within {} s", timeout.as_secs_f32()),
                    may_pass: true,
                })
            })
        })
    }
}
