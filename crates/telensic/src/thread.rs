//! What a thread has of the recorder: its lanes on the tape, its open-span slots, its random numbers, and the
//! stack of contexts it is in.
//!
//! All of it is reached through one thread-local. It is borrowed for the length of one call and never while
//! foreign code runs; should a call be made from within another all the same (a global allocator that
//! records), it records nothing.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use telensic_tape::otlp::SpanHead;
use telensic_tape::{Lane, Loss, OpenSlot, OpenSpan, Signal, Slots, UnixNanos, forks};

use crate::context::Context;
use crate::log::LogData;
use crate::random::Random;
use crate::recorder::{Recorder, active};
use crate::scope::{self, ScopeId};
use crate::span::SpanData;

thread_local! {
    static THREAD: RefCell<ThreadState> = const { RefCell::new(ThreadState::new()) };

    /// The innermost frame of this thread if what is started in it is not recorded, else 0, and the generation of the
    /// recorder that decided so. Apart from the rest, because it needs no destructor and so costs only its load.
    static UNSAMPLED: Cell<(u32, u64)> = const { Cell::new((0, 0)) };
}

/// The frame of an unsampled trace that this thread is in, if any.
#[inline]
pub(crate) fn unsampled_frame() -> Option<u64> {
    let (generation, frame) = UNSAMPLED.get();
    (frame != 0 && generation == active()).then_some(frame)
}

/// Something that the thread is in.
pub(crate) struct Frame {
    pub(crate) token: u64,
    /// What is started in it belongs to a trace that is neither sampled nor kept.
    unsampled: bool,
    /// Who keeps the span elsewhere and entered its context here; 0 if nobody does.
    #[cfg(feature = "tracing")]
    owner: u32,
    pub(crate) entry: Entry,
}

/// A span, or a context that came from elsewhere.
pub(crate) enum Entry {
    Span(Box<SpanData>),
    Context(Context),
}

impl Entry {
    #[inline]
    pub(crate) fn context(&self) -> &Context {
        match self {
            Self::Span(data) => data.context(),
            Self::Context(context) => context,
        }
    }

    #[inline]
    pub(crate) fn into_span(self) -> Option<Box<SpanData>> {
        match self {
            Self::Span(data) => Some(data),
            Self::Context(_) => None,
        }
    }
}

pub(crate) struct ThreadState {
    generation: u32,
    forks: u32,
    recorder: Option<&'static Recorder>,
    slots: Option<Slots>,
    lanes: Vec<Option<Lane>>,
    random: Option<Random>,
    ordinal: u32,
    next_token: u64,
    pub(crate) stack: Vec<Frame>,
    /// Written log records, whose memory is used again.
    #[expect(
        clippy::vec_box,
        reason = "a record is handed on as a box and comes back as one"
    )]
    spare_logs: Vec<Box<LogData>>,
    /// Ended spans, whose memory is used again.
    #[expect(
        clippy::vec_box,
        reason = "a span is handed on as a box and comes back as one"
    )]
    spare_spans: Vec<Box<SpanData>>,
    pub(crate) os_thread: i64,
    /// A panic that is unwinding and was not yet noted on a span.
    pub(crate) panic: Option<crate::panics::Panic>,
}

/// How many ended spans, and how many written log records, a thread keeps.
const SPARE: usize = 32;

/// The bit that tells the tokens of spans kept elsewhere from those of this thread's own.
#[cfg(feature = "tracing")]
pub(crate) const KEPT: u64 = 1 << 63;

/// Lanes of one scope: three signals, each exported or not.
const LANES_A_SCOPE: usize = 6;

impl ThreadState {
    pub(crate) const fn new() -> Self {
        Self {
            generation: 0,
            forks: 0,
            recorder: None,
            slots: None,
            lanes: Vec::new(),
            random: None,
            ordinal: 0,
            next_token: 1,
            stack: Vec::new(),
            spare_logs: Vec::new(),
            spare_spans: Vec::new(),
            os_thread: 0,
            panic: None,
        }
    }

    /// Borrows the calling thread's state; `None` when it is borrowed already or the thread is ending.
    #[inline]
    pub(crate) fn with<T>(run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        THREAD
            .try_with(|state| state.try_borrow_mut().ok().map(|mut state| run(&mut state)))
            .ok()
            .flatten()
    }

    /// Whether the calling thread is ending and has no state any more.
    pub(crate) fn is_gone() -> bool {
        THREAD.try_with(|_| ()).is_err()
    }

    /// The recorder in force, with this thread's share of it in order.
    #[inline]
    pub(crate) fn recorder(&mut self) -> Option<&'static Recorder> {
        if self.generation == active() && self.forks == forks() {
            return self.recorder;
        }
        self.renew()
    }

    #[cold]
    fn renew(&mut self) -> Option<&'static Recorder> {
        if active() == 0 {
            return None;
        }
        let recorder = Recorder::current()?;
        // Dropping a lane hands its chunk on; in the child of a fork it only forgets the parent's.
        self.lanes.clear();
        self.slots = recorder.tape().map(|tape| tape.slots());
        self.random = Some(Random::seeded());
        self.ordinal = next_ordinal();
        self.os_thread = telensic_tape::thread_id();
        self.generation = recorder.generation;
        self.forks = recorder.forks;
        self.recorder = Some(recorder);
        self.recorder
    }

    /// This thread's random numbers; only after `recorder` has returned one.
    #[inline]
    pub(crate) fn random(&mut self) -> &mut Random {
        self.random.get_or_insert_with(Random::seeded)
    }

    /// Lists a span as open.
    #[inline]
    pub(crate) fn open_slot(&mut self, span: &mut OpenSpan<'_>) -> Option<OpenSlot> {
        span.thread = self.ordinal;
        self.slots.as_mut()?.open(span)
    }

    /// Ends the listing of a span that this recorder's slots hold.
    #[inline]
    pub(crate) fn close_slot(&mut self, slot: OpenSlot) {
        if let Some(slots) = &mut self.slots {
            slots.close(slot);
        }
    }

    /// Appends an encoded record to the lane of its signal and scope. A loss is counted by the tape.
    #[inline]
    pub(crate) fn append(
        &mut self,
        signal: Signal,
        scope: ScopeId,
        export: bool,
        message: &[u8],
        time: UnixNanos,
    ) -> Result<(), Loss> {
        let index = lane_index(signal, scope, export);
        match self.lanes.get_mut(index) {
            Some(Some(lane)) => lane.append(message, time),
            _ => self.append_to_new_lane(index, (signal, scope, export), message, time),
        }
    }

    /// Appends a span that ends now, setting its end on the way.
    #[inline(always)]
    pub(crate) fn append_span(
        &mut self,
        scope: ScopeId,
        export: bool,
        message: &mut [u8],
        end: UnixNanos,
    ) -> Result<(), Loss> {
        let index = lane_index(Signal::Spans, scope, export);
        match self.lanes.get_mut(index) {
            Some(Some(lane)) => lane.append_span(message, end),
            _ => {
                SpanHead::set_end(message, end);
                self.append_to_new_lane(index, (Signal::Spans, scope, export), message, end)
            }
        }
    }

    #[cold]
    fn append_to_new_lane(
        &mut self,
        index: usize,
        (signal, scope, export): (Signal, ScopeId, bool),
        message: &[u8],
        time: UnixNanos,
    ) -> Result<(), Loss> {
        let recorder = self.recorder.ok_or(Loss::Closed)?;
        let tape = recorder.tape().ok_or(Loss::Closed)?;
        let scope = scope::encoded(scope, &recorder.rules.scope);
        let lane = tape.lane(signal, Arc::from(scope), export, self.ordinal);
        if self.lanes.len() <= index {
            self.lanes.resize_with(index + 1, || None);
        }
        self.lanes[index].insert(lane).append(message, time)
    }

    /// A written log record whose memory can be used again.
    #[inline]
    pub(crate) fn spare_log(&mut self) -> Option<Box<LogData>> {
        self.spare_logs.pop()
    }

    /// Keeps a written log record's memory.
    #[inline]
    pub(crate) fn keep_log(&mut self, data: Box<LogData>) {
        if self.spare_logs.len() < SPARE {
            self.spare_logs.push(data);
        }
    }

    /// An ended span whose memory can be used again.
    #[inline]
    pub(crate) fn spare_span(&mut self) -> Option<Box<SpanData>> {
        self.spare_spans.pop()
    }

    /// Keeps an ended span's memory.
    #[inline(always)]
    pub(crate) fn keep_span(&mut self, mut data: Box<SpanData>) {
        if data.clear() && self.spare_spans.len() < SPARE {
            self.spare_spans.push(data);
        }
    }

    /// Enters a span or a context; the token, unique among all threads, is needed to leave it.
    #[inline]
    pub(crate) fn push(&mut self, entry: Entry) -> u64 {
        // Asked first: it also gives the thread its number.
        let unsampled = self.is_unsampled(entry.context());
        let token = u64::from(self.ordinal) << 40 | self.next_token;
        self.next_token += 1;
        self.stack.push(Frame {
            token,
            unsampled,
            #[cfg(feature = "tracing")]
            owner: 0,
            entry,
        });
        self.note_unsampled();
        token
    }

    /// Enters the context of a span that `owner` keeps; the token has the bit [`KEPT`].
    #[cfg(feature = "tracing")]
    #[inline]
    pub(crate) fn push_kept(&mut self, owner: u32, token: u64, context: Context, unsampled: bool) {
        self.stack.push(Frame {
            token,
            unsampled,
            owner,
            entry: Entry::Context(context),
        });
        self.note_unsampled();
    }

    /// Leaves the span that its owner keeps, once if it was entered several times.
    #[cfg(feature = "tracing")]
    #[inline]
    pub(crate) fn pop_kept(&mut self, owner: u32, token: u64) {
        let is_it = |frame: &Frame| frame.token == token && frame.owner == owner;
        if self.stack.last().is_some_and(&is_it) {
            self.stack.pop();
        } else if let Some(position) = self.stack.iter().rposition(is_it) {
            self.stack.remove(position);
        }
        self.note_unsampled();
    }

    fn is_unsampled(&mut self, context: &Context) -> bool {
        match (self.recorder(), context.span()) {
            (Some(recorder), Some(span)) if !recorder.keeps_all => {
                !recorder.settings.sampler.sample_in(context, span.trace_id())
            }
            _ => false,
        }
    }

    /// Keeps [`UNSAMPLED`] true after the stack has changed.
    #[inline]
    fn note_unsampled(&self) {
        let frame = self
            .stack
            .last()
            .filter(|frame| frame.unsampled)
            .map_or(0, |frame| frame.token);
        UNSAMPLED.set((self.generation, frame));
        #[cfg(feature = "profile")]
        crate::profile::note(|| self.context()?.span());
    }

    /// Leaves what was entered with this token; whatever was entered after it stays.
    #[inline]
    pub(crate) fn pop(&mut self, token: u64) -> Option<Entry> {
        let frame = if self.stack.last().is_some_and(|frame| frame.token == token) {
            self.stack.pop()
        } else {
            let position = self.stack.iter().rposition(|frame| frame.token == token)?;
            Some(self.stack.remove(position))
        };
        self.note_unsampled();
        frame.map(|frame| frame.entry)
    }

    /// The frame of this token.
    pub(crate) fn frame(&mut self, token: u64) -> Option<&mut Frame> {
        self.stack.iter_mut().rev().find(|frame| frame.token == token)
    }

    /// The innermost context, without a copy.
    #[inline]
    pub(crate) fn context(&self) -> Option<&Context> {
        self.stack.last().map(|frame| frame.entry.context())
    }
}

/// Runs `work`, of which nothing is recorded on this thread: it may hold locks that recording takes as well, and a
/// global allocator that records would wait for itself.
pub(crate) fn unrecorded<T>(work: impl FnOnce() -> T) -> T {
    let mut work = Some(work);
    let done = THREAD.try_with(|state| {
        let _borrowed = state.try_borrow_mut();
        work.take().map(|work| work())
    });
    match (done.ok().flatten(), work) {
        (Some(done), _) => done,
        (None, Some(work)) => work(),
        (None, None) => unreachable!("the work is done once"),
    }
}

/// Which of a thread's lanes it is.
#[inline]
fn lane_index(signal: Signal, scope: ScopeId, export: bool) -> usize {
    scope.index() * LANES_A_SCOPE + (signal as usize - 1) * 2 + usize::from(export)
}

/// Threads are numbered in the order of their first record.
fn next_ordinal() -> u32 {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}
