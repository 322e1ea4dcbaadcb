//! Samples counted: how often each stack was seen, on threads of which name and in which span.

use std::collections::HashMap;
use std::sync::Arc;

use telensic_tape::{SpanId, TraceId};

use super::shelf::Sample;
use super::timers::Thread;

/// What makes two samples the same. Threads of a pool have one name, and so count as one.
#[derive(PartialEq, Eq, Hash)]
pub(super) struct Seen {
    /// Innermost first.
    pub(super) frames: Vec<u64>,
    pub(super) thread: Arc<str>,
    pub(super) span: Option<(TraceId, SpanId)>,
}

/// How often, and for how long.
#[derive(Default)]
pub(super) struct Count {
    pub(super) samples: u64,
    pub(super) cpu_ns: u64,
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) stacks: HashMap<Seen, Count>,
}

impl Counts {
    /// Counts a sample. It stands for the CPU time that its thread has used since the one before.
    pub(super) fn add(&mut self, sample: &Sample, frames: Vec<u64>, threads: &mut HashMap<i32, Thread>) {
        let thread = threads.get_mut(&sample.thread);
        let (thread, used) = thread.map_or((Arc::default(), 0), |thread| {
            let before = std::mem::replace(&mut thread.cpu_ns, sample.cpu_ns);
            (thread.name(sample.thread), sample.cpu_ns.saturating_sub(before))
        });
        let seen = Seen {
            frames,
            thread,
            span: sample.span,
        };
        let count = self.stacks.entry(seen).or_default();
        count.samples += 1;
        count.cpu_ns += used;
    }
}
