//! Counters that outlive the child that writes them.

#![expect(unsafe_code, reason = "memory shared with a child")]

use std::fs::File;
use std::os::fd::AsRawFd;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

const COUNT: usize = 512;

/// Numbers in a file that parent and child have mapped: what is stored survives the child, however it ends.
pub(crate) struct Counters {
    numbers: &'static [AtomicU64; COUNT],
}

impl Counters {
    /// Those of this file, which is made if it is not there.
    pub(crate) fn at(path: &Path) -> Self {
        let file = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .unwrap();
        file.set_len(COUNT as u64 * 8).unwrap();
        // SAFETY: a new mapping, never unmapped, at an address of the kernel's choice.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                COUNT * 8,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_SHARED,
                file.as_raw_fd(),
                0,
            )
        };
        assert_ne!(start, libc::MAP_FAILED);
        // SAFETY: page-aligned, of this length, alive for ever, and only touched as atomics.
        let numbers = unsafe { &*start.cast::<[AtomicU64; COUNT]>() };
        Self { numbers }
    }

    pub(crate) fn get(&self, index: usize) -> u64 {
        self.numbers[index].load(Ordering::Acquire)
    }

    pub(crate) fn set(&self, index: usize, number: u64) {
        self.numbers[index].store(number, Ordering::Release);
    }
}
