//! The shelf: where handlers put what they saw, and the sampler's thread takes it.
//!
//! A fixed number of places, each behind a lock that nobody waits for: a handler that finds one held goes on to the next, and the
//! thread leaves it for its next round. The places are made once and stay.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, OnceLock};

use nix::time::ClockId;
use telensic_tape::{SpanId, TraceId};

use super::own_memory;
use crate::profile::active;

/// How much of a stack is copied; what lies further out is not seen.
pub(super) const STACK: usize = 64 * 1024;

/// Enough for a hundred busy threads between two rounds.
const PLACES: usize = 256;

/// What the interrupted code had in its registers.
#[derive(Clone, Copy, Default)]
pub(super) struct Registers {
    /// The instruction.
    pub(super) instruction: u64,
    /// The top of the stack.
    pub(super) stack: u64,
    /// The frame.
    pub(super) frame: u64,
    /// Where it returns to.
    #[cfg(target_arch = "aarch64")]
    pub(super) link: u64,
}

/// What a handler saw.
#[derive(Default)]
pub(super) struct Sample {
    is_taken: bool,
    pub(super) thread: i32,
    pub(super) registers: Registers,
    /// The thread's CPU time so far, in nanoseconds.
    pub(super) cpu_ns: u64,
    pub(super) span: Option<(TraceId, SpanId)>,
    stack: Box<[u8]>,
    copied: usize,
}

impl Sample {
    fn fill(&mut self, registers: Registers) {
        self.thread = nix::unistd::gettid().as_raw();
        self.registers = registers;
        self.cpu_ns = nanoseconds(ClockId::CLOCK_THREAD_CPUTIME_ID);
        self.span = active::seen();
        self.copied = own_memory::read(registers.stack, &mut self.stack);
        self.is_taken = true;
    }

    /// The word at this address, if it lies in what was copied.
    pub(super) fn word(&self, address: u64) -> Option<u64> {
        let offset = usize::try_from(address.checked_sub(self.registers.stack)?).ok()?;
        let copied = self.stack.get(..self.copied)?;
        let bytes = copied.get(offset..offset.checked_add(8)?)?;
        Some(u64::from_ne_bytes(bytes.try_into().ok()?))
    }

    /// Whether the copy ends before the stack does, as far as that can be told.
    pub(super) fn is_cut(&self) -> bool {
        self.copied == STACK
    }
}

/// What a clock says; zero if it says nothing.
pub(super) fn nanoseconds(clock: ClockId) -> u64 {
    let Ok(time) = clock.now() else { return 0 };
    (time.tv_sec() as u64)
        .wrapping_mul(1_000_000_000)
        .wrapping_add(time.tv_nsec() as u64)
}

/// Places for samples.
pub(super) struct Shelf {
    is_open: AtomicBool,
    lost: AtomicU64,
    places: Box<[Mutex<Sample>]>,
}

static SHELF: OnceLock<Shelf> = OnceLock::new();

impl Shelf {
    /// The one of this process, made if it is not there yet.
    pub(super) fn get() -> &'static Self {
        SHELF.get_or_init(|| Self {
            is_open: AtomicBool::new(false),
            lost: AtomicU64::new(0),
            places: (0..PLACES)
                .map(|_| {
                    Mutex::new(Sample {
                        stack: vec![0; STACK].into_boxed_slice(),
                        ..Sample::default()
                    })
                })
                .collect(),
        })
    }

    /// Begins anew: empty and open.
    pub(super) fn open(&self) {
        self.take_all(|_| {});
        self.lost.store(0, Ordering::Relaxed);
        self.is_open.store(true, Ordering::Release);
    }

    /// Ends the taking of samples.
    pub(super) fn close(&self) {
        self.is_open.store(false, Ordering::Release);
    }

    /// Samples for which there was no place.
    pub(super) fn lost(&self) -> u64 {
        self.lost.load(Ordering::Relaxed)
    }

    /// Takes every sample off the shelf.
    pub(super) fn take_all(&self, mut take: impl FnMut(&Sample)) {
        for place in &self.places {
            // One that a handler is filling is for the next round.
            if let Ok(mut sample) = place.try_lock()
                && sample.is_taken
            {
                take(&sample);
                sample.is_taken = false;
            }
        }
    }
}

/// Puts what the interrupted thread was doing onto the shelf. Called in a signal handler: it neither allocates nor waits.
pub(super) fn put(registers: Registers) {
    let Some(shelf) = SHELF.get() else { return };
    if !shelf.is_open.load(Ordering::Acquire) {
        return;
    }
    for place in &shelf.places {
        let Ok(mut sample) = place.try_lock() else {
            continue;
        };
        if !sample.is_taken {
            return sample.fill(registers);
        }
    }
    shelf.lost.fetch_add(1, Ordering::Relaxed);
}
