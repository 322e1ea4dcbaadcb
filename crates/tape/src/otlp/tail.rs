//! Appending many small pieces to a buffer of which enough was reserved beforehand.
//!
//! The pieces of a record are a byte or a few; checking the capacity for each costs more than writing it
//! (measured: 1,900 instructions a span with four attributes, 900 without). A `Tail` reserves once, for all
//! that is to come, and its unsafe methods are called by the encoder alone, which knows the lengths.

#![expect(
    unsafe_code,
    reason = "writes into reserved capacity without asking for each piece again"
)]

/// The reserved end of a buffer.
pub(super) struct Tail<'a> {
    buffer: &'a mut Vec<u8>,
    len: usize,
}

/// Bytes that a piece may be written beyond its length, to be written over by the next.
const SLACK: usize = 16;

impl<'a> Tail<'a> {
    /// Reserves room for pieces of `most` bytes together.
    #[inline(always)]
    pub(super) fn reserve(buffer: &'a mut Vec<u8>, most: usize) -> Self {
        buffer.reserve(most + SLACK);
        let len = buffer.len();
        Self { buffer, len }
    }

    /// Appends a piece of fixed length.
    ///
    /// # Safety
    /// All pieces together are no longer than was reserved.
    #[inline(always)]
    pub(super) unsafe fn put<const N: usize>(&mut self, piece: [u8; N]) {
        debug_assert!(self.len + N <= self.buffer.capacity());
        // SAFETY: within the capacity, by the caller's promise; the source is a local array.
        unsafe {
            self.buffer
                .as_mut_ptr()
                .add(self.len)
                .cast::<[u8; N]>()
                .write_unaligned(piece)
        };
        self.len += N;
    }

    /// Appends the first `len` bytes of a piece.
    ///
    /// # Safety
    /// As for [`Self::put`], of which the slack is no part; and `len` is at most 16.
    #[inline(always)]
    pub(super) unsafe fn put_first(&mut self, piece: [u8; SLACK], len: usize) {
        debug_assert!(len <= SLACK);
        // SAFETY: at most `SLACK` bytes beyond what the caller reserved, which `reserve` added.
        unsafe { self.put(piece) };
        self.len -= SLACK - len;
    }

    /// Appends bytes, of which most often there are few: up to sixteen go by two stores that may overlap.
    ///
    /// # Safety
    /// As for [`Self::put`].
    #[inline(always)]
    pub(super) unsafe fn put_slice(&mut self, bytes: &[u8]) {
        let end = self.len + bytes.len();
        debug_assert!(end <= self.buffer.capacity());
        // SAFETY: all stores are within `bytes.len()` of the end, within what the caller reserved.
        unsafe {
            if bytes.len() > 16 {
                let target = self.buffer.as_mut_ptr().add(self.len);
                std::ptr::copy_nonoverlapping(bytes.as_ptr(), target, bytes.len());
            } else if let (Some(first), Some(last)) = (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
                self.put(*first);
                self.len = end - 8;
                self.put(*last);
            } else if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
                self.put(*first);
                self.len = end - 4;
                self.put(*last);
            } else {
                for byte in bytes {
                    self.put([*byte]);
                }
            }
        }
        self.len = end;
    }
}

impl Drop for Tail<'_> {
    #[inline(always)]
    fn drop(&mut self) {
        debug_assert!(self.len <= self.buffer.capacity());
        // SAFETY: every byte up to `len` was written: pieces follow one another without gaps, and the length was
        // only ever taken back over bytes that were written.
        unsafe { self.buffer.set_len(self.len) }
    }
}
