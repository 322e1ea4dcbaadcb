//! A courier: takes one signal from the tapes to one outlet, batch by batch, for ever.
//!
//! Invariant: a batch is committed once the outlet has taken it or refused it for good; until then the very same bytes are
//! sent again, so that a lost acknowledgement costs a repetition and never a record.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use telensic_tape::{Loss, Tape, TapeWriter};

use super::adopt::Adoption;
use super::answer::Outcome;
use super::backoff::Backoff;
use super::batch::{Batch, Bounds};
use super::outlet::Outlet;
use super::settings::Route;
use super::source::{Gone, Source};
use super::stats::{add, count_overrun, counters};
use super::thread::Desk;
use crate::say::{say, say_once};

/// Takes one signal to one outlet.
pub(super) struct Courier {
    route: Route,
    outlet: Outlet,
    sources: Vec<Source>,
    adoption: Adoption,
    dir: PathBuf,
    tape: TapeWriter,
    desk: Desk,
    backoff: Backoff,
    /// When a trouble was last told of.
    told: Option<Instant>,
    /// What the tape had counted when it was last asked, if this courier counts for all.
    overrun: Option<u64>,
    /// The longest of the latest looks at a tape.
    look: Duration,
}

/// How a delivery ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Delivered {
    /// Everything that was there has been sent.
    All,
    /// An attempt failed while somebody waits for the end of it.
    GaveUp,
}

/// Chunks begun since the last look, upon which the next one is not put off: 2 MiB.
const WORTH_A_LOOK: u64 = 32;

/// Between two looks at how fast the tape fills.
const TICK: Duration = Duration::from_millis(200);

/// Looking at the tape takes at most this part of the time.
const LOOK_SHARE: u32 = 20;

/// Between two lines about the same backend.
const TELL_AGAIN: Duration = Duration::from_secs(600);

impl Courier {
    pub(super) fn new(
        route: Route,
        dir: PathBuf,
        tape: TapeWriter,
        desk: Desk,
        counts_overrun: bool,
    ) -> Self {
        let outlet = Outlet::new(&route.to);
        let own = Source::own(&tape, route.signal, outlet.resumes().then_some(dir.as_path()));
        if own.is_none() {
            say_once("there is no tape file, so nothing of this process is exported");
        }
        Self {
            route,
            outlet,
            sources: own.into_iter().collect(),
            adoption: Adoption::default(),
            dir,
            overrun: counts_overrun.then(|| tape.lost(Loss::Overrun)),
            tape,
            desk,
            backoff: Backoff::new(),
            told: None,
            look: Duration::ZERO,
        }
    }

    /// Works until it is told to stop, and then as long as something can be sent.
    pub(super) async fn work(mut self) {
        self.adopt();
        if self.sources.len() <= 1 {
            // Nobody left anything behind, and there is nothing yet of this process.
            self.rest().await;
        }
        loop {
            let orders = self.desk.orders();
            if !orders.stop {
                self.adopt();
            }
            let delivered = self.deliver().await;
            self.note_overrun();
            // Who has it give up may have come after it began.
            let orders = if delivered == Delivered::All {
                orders
            } else {
                self.desk.orders()
            };
            self.desk.answer(&orders, delivered == Delivered::All);
            if orders.stop {
                break;
            }
            self.rest().await;
        }
    }

    fn adopt(&mut self) {
        if self.outlet.resumes() {
            self.adoption
                .look(&self.dir, self.route.signal, &mut self.sources);
        }
    }

    /// Waits until there may be something to do.
    async fn rest(&mut self) {
        let begun = self.chunks_begun();
        let least = self.look * LOOK_SHARE;
        let end = Instant::now() + self.route.delay.max(least);
        let soonest = Instant::now() + least;
        while Instant::now() < end && !self.desk.is_awaited() {
            let tick = TICK.min(end.saturating_duration_since(Instant::now()));
            if self.desk.changed_within(tick).await {
                return;
            }
            if self.chunks_begun() > begun + WORTH_A_LOOK && Instant::now() >= soonest {
                return;
            }
        }
    }

    fn chunks_begun(&self) -> u64 {
        self.sources.iter().map(Source::chunks_begun).sum()
    }

    /// Sends everything that there is, the own tape first.
    async fn deliver(&mut self) -> Delivered {
        let mut index = 0;
        while index < self.sources.len() {
            match self.deliver_one(index).await {
                Err(GaveUp) => return Delivered::GaveUp,
                Ok(true) => self.sources.swap_remove(index).end(),
                Ok(false) => index += 1,
            }
        }
        Delivered::All
    }

    /// Sends what is on one tape; whether there will be nothing more.
    async fn deliver_one(&mut self, index: usize) -> Result<bool, GaveUp> {
        let mut was_left = false;
        loop {
            let begun = Instant::now();
            let tape = match self.sources[index].look() {
                Ok(tape) => tape,
                // Its file may have been removed; the clerk puts it back in the end.
                Err(Gone) => return Ok(false),
            };
            self.sources[index].settle(&tape);
            self.sources[index].note_waiting(&tape);
            self.look = begun.elapsed();
            let sent = self.deliver_look(index, &tape).await?;
            if sent.is_none() && was_left {
                return Ok(true);
            }
            // Looked at again: the last records may have come just before the process ended.
            was_left = Source::is_complete(&tape);
            if sent != Some(More::Likely) && !was_left {
                return Ok(false);
            }
        }
    }

    /// Sends what one look at a tape has found; `None` if that was nothing.
    async fn deliver_look(&mut self, index: usize, tape: &Tape) -> Result<Option<More>, GaveUp> {
        let bounds = Bounds {
            signal: self.route.signal,
            encoding: self.outlet.encoding(),
            records: self.route.batch,
        };
        let mut sent = None;
        loop {
            let mut batch = match self.sources[index].next(tape, bounds) {
                Ok(Some(batch)) => batch,
                Ok(None) => return Ok(sent),
                Err(error) => {
                    say_once(&format!(
                        "a tape cannot be read for export: {error}; it is tried again"
                    ));
                    return Ok(None);
                }
            };
            self.deliver_batch(&mut batch).await?;
            self.sources[index].commit(tape, &batch);
            self.sources[index].note_waiting(tape);
            let more = if batch.is_full {
                More::Likely
            } else {
                More::Unlikely
            };
            sent = sent.max(Some(more));
        }
    }

    /// Sends a batch until it is taken or refused for good.
    async fn deliver_batch(&mut self, batch: &mut Batch) -> Result<(), GaveUp> {
        let counters = counters(self.route.signal);
        add(&counters.damaged, batch.damaged);
        if batch.request.is_empty() {
            return Ok(());
        }
        let parcel = match self.outlet.pack(std::mem::take(&mut batch.request)) {
            Ok(parcel) => parcel,
            Err(error) => {
                say_once(&format!(
                    "a request cannot be compressed: {error}; it is tried again"
                ));
                return Err(GaveUp);
            }
        };
        let mut is_urgent = self.desk.is_awaited();
        loop {
            match self.outlet.send(self.route.signal, &parcel).await {
                Outcome::Accepted { rejected, said } => {
                    let rejected = rejected.min(batch.records);
                    add(&counters.exported, batch.records - rejected);
                    add(&counters.rejected, rejected);
                    add(&counters.requests, 1);
                    if rejected > 0 || !said.is_empty() {
                        self.tell_partial(rejected, &said);
                    }
                    self.backoff.reset();
                    return Ok(());
                }
                Outcome::Refused { why } => {
                    add(&counters.dropped, batch.records);
                    let why = self.outlet.showable(&why);
                    say_once(&format!(
                        "{} refuses {}: {why}; what it refuses is not sent again, it is on the tape",
                        self.outlet,
                        self.route.signal.name()
                    ));
                    self.backoff.reset();
                    return Ok(());
                }
                Outcome::Later { why, after } => {
                    add(&counters.retried, 1);
                    self.tell_trouble(&why);
                    if is_urgent {
                        return Err(GaveUp);
                    }
                    let wait = self.backoff.wait(after);
                    is_urgent = self.pause(wait, after.is_some()).await;
                    self.note_overrun();
                }
            }
        }
    }

    /// Waits, but not if somebody waits for the end, unless the backend asked for it; whether somebody does.
    async fn pause(&mut self, wait: Duration, is_asked: bool) -> bool {
        let end = Instant::now() + wait;
        if self.desk.changed_within(wait).await && is_asked {
            tokio::time::sleep(end.saturating_duration_since(Instant::now())).await;
        }
        self.desk.is_awaited()
    }

    fn tell_partial(&self, rejected: u64, said: &str) {
        let said = self.outlet.showable(said);
        let signal = self.route.signal.name();
        // Told once a message, not once a request.
        let what = if rejected > 0 { "takes only some" } else { "takes" };
        say_once(&format!("{} {what} {signal}: {said}", self.outlet));
    }

    fn tell_trouble(&mut self, why: &str) {
        if self.told.is_some_and(|told| told.elapsed() < TELL_AGAIN) {
            return;
        }
        self.told = Some(Instant::now());
        let why = self.outlet.showable(why);
        say(&format!(
            "{} does not take {}: {why}; they stay on the tape and are sent once it does",
            self.outlet,
            self.route.signal.name()
        ));
    }

    /// Counts what the ring has overwritten before it was sent.
    fn note_overrun(&mut self) {
        let Some(before) = self.overrun else { return };
        let now = self.tape.lost(Loss::Overrun);
        if now > before {
            count_overrun(now - before);
            self.overrun = Some(now);
            say_once(
                "the tape's budget is used up by what could not be exported: the oldest records are overwritten and \
                 counted; TELENSIC_TAPE_BUDGET gives it more",
            );
        }
    }
}

/// Whether a tape is likely to have more than one look has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum More {
    Unlikely,
    Likely,
}

/// An attempt has failed while somebody waits.
#[derive(Debug)]
struct GaveUp;
