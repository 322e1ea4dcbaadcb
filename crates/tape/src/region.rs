//! A stretch of memory that is a stretch of the tape: mapped shared, so that the kernel keeps what was
//! written whatever becomes of the process, or anonymous where there is no file to map.
//!
//! All raw memory access of the tape is here. A `Region` hands out atomics for the words that threads share
//! and copies bytes in and out for the rest; the protocol in [`crate::writer::hot`] decides who may touch what.

#![expect(unsafe_code, reason = "mapping memory and touching it through raw pointers")]

use std::fs::File;
use std::io;
use std::ptr::NonNull;

use crate::platform;
use crate::sync::{AtomicU64, Ordering};

/// Owned mapped memory; unmapped when dropped.
#[derive(Debug)]
pub(crate) struct Region {
    start: NonNull<u8>,
    len: usize,
    in_file: bool,
}

// SAFETY: the memory belongs to the region for its whole life; shared words are reached as atomics only, and
// plain bytes by the rules that the unsafe functions below state.
unsafe impl Send for Region {}
// SAFETY: as above.
unsafe impl Sync for Region {}

impl Region {
    /// Maps `len` bytes of `file` at `offset`, which must be reserved already (no SIGBUS on a full disk).
    pub(crate) fn mapped(file: &File, offset: u64, len: usize) -> io::Result<Self> {
        Ok(Self {
            start: platform::map_shared(file, offset, len)?,
            len,
            in_file: true,
        })
    }

    /// Zeroed memory of this process alone.
    pub(crate) fn anonymous(len: usize) -> io::Result<Self> {
        Ok(Self {
            start: platform::map_anonymous(len)?,
            len,
            in_file: false,
        })
    }

    /// As [`Region::anonymous`], for the one region without which there is no tape.
    ///
    /// # Panics
    /// When the system has no memory left for it, as any allocation would.
    pub(crate) fn anonymous_or_abort(len: usize) -> Self {
        match Self::anonymous(len) {
            Ok(region) => region,
            Err(_) => std::alloc::handle_alloc_error(std::alloc::Layout::new::<[u8; 4096]>()),
        }
    }

    /// A copy of the whole region, whose every word must be shared (the head, not a body).
    pub(crate) fn copy(&self) -> Vec<u8> {
        let words = (0..self.len / 8).map(|index| self.word(index * 8).load(Ordering::Acquire));
        words.flat_map(u64::to_le_bytes).collect()
    }

    /// Whether the bytes are the file's own.
    pub(crate) fn in_file(&self) -> bool {
        self.in_file
    }

    #[inline]
    fn at(&self, offset: usize, len: usize) -> NonNull<u8> {
        debug_assert!(
            offset + len <= self.len,
            "{offset}+{len} beyond a region of {}",
            self.len
        );
        // SAFETY: within the mapping, as every caller's layout guarantees and debug builds check.
        unsafe { self.start.add(offset) }
    }

    /// The shared word at `offset`, a multiple of 8.
    #[inline]
    pub(crate) fn word(&self, offset: usize) -> &AtomicU64 {
        debug_assert!(offset.is_multiple_of(8));
        // SAFETY: aligned (mappings are page-aligned), in bounds, alive as long as `self`, and every access to
        // a word that threads share goes through this atomic.
        unsafe { AtomicU64::from_ptr(self.at(offset, 8).as_ptr().cast()) }
    }

    /// `N` shared words from `offset` on, a multiple of 8: the region is looked up once for all of them.
    #[inline]
    pub(crate) fn words<const N: usize>(&self, offset: usize) -> &[AtomicU64; N] {
        debug_assert!(offset.is_multiple_of(8));
        // SAFETY: as in `word`, for each of them; an array of atomics has no other alignment.
        unsafe { self.at(offset, N * 8).cast().as_ref() }
    }

    /// Copies `bytes` to `offset`.
    ///
    /// # Safety
    /// No other thread may read or write these bytes at the same time.
    #[inline]
    pub(crate) unsafe fn write(&self, offset: usize, bytes: &[u8]) {
        let target = self.at(offset, bytes.len());
        // SAFETY: in bounds; exclusive by the caller's promise; the source is ordinary memory, so no overlap.
        unsafe { target.copy_from_nonoverlapping(NonNull::from(bytes).cast(), bytes.len()) }
    }

    /// The bytes from `offset` to `offset + len`.
    ///
    /// # Safety
    /// As long as the slice lives, no thread may write these bytes.
    #[inline]
    pub(crate) unsafe fn bytes(&self, offset: usize, len: usize) -> &[u8] {
        // SAFETY: in bounds, initialised (mappings are zeroed), unchanging by the caller's promise.
        unsafe { std::slice::from_raw_parts(self.at(offset, len).as_ptr(), len) }
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        platform::unmap(self.start, self.len);
    }
}
