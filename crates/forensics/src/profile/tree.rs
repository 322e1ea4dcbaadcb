//! Stacks laid over each other: a tree of calls with the samples in each.

use std::collections::BTreeMap;

/// A function as it was called from those above it.
#[derive(Default)]
pub(super) struct Call {
    /// Samples taken in it, or in what it called.
    pub(super) samples: u64,
    /// What it called, by name.
    pub(super) calls: BTreeMap<String, Call>,
}

impl Call {
    /// Adds a stack, given from the outermost name to the innermost.
    pub(super) fn add(&mut self, names: Vec<String>, samples: u64) {
        let mut call = self;
        call.samples += samples;
        for name in names {
            call = call.calls.entry(name).or_default();
            call.samples += samples;
        }
    }

    /// How many levels there are below it.
    pub(super) fn depth(&self) -> usize {
        // Level by level: a hostile depth costs no stack.
        let mut level: Vec<&Self> = self.calls.values().collect();
        let mut depth = 0;
        while !level.is_empty() {
            depth += 1;
            level = level.iter().flat_map(|call| call.calls.values()).collect();
        }
        depth
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        // The same: dropping one within the other would go as deep as the stack was.
        let mut left: Vec<Self> = std::mem::take(&mut self.calls).into_values().collect();
        while let Some(mut call) = left.pop() {
            left.extend(std::mem::take(&mut call.calls).into_values());
        }
    }
}
