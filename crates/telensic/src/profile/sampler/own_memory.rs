//! Reading this process's own memory where it may not be there.

use std::io::IoSliceMut;

use nix::sys::uio::{RemoteIoVec, process_vm_readv};
use nix::unistd::getpid;

/// The memory's smallest piece that is there or not.
const PAGE: usize = 4096;

/// How many pages a call reads at most.
const PAGES: usize = 17;

/// Reads memory from this address on, as far as it is there; how many bytes it was. One system call, which reports what is not
/// there instead of faulting; may be made in a signal handler.
pub(super) fn read(start: u64, into: &mut [u8]) -> usize {
    // A piece a page: what the kernel promises to read or to leave out is a piece.
    let mut pieces = [const { RemoteIoVec { base: 0, len: 0 } }; PAGES];
    let (mut at, mut left, mut used) = (start as usize, into.len(), 0);
    for piece in &mut pieces {
        let len = (PAGE - at % PAGE).min(left);
        if len == 0 {
            break;
        }
        *piece = RemoteIoVec { base: at, len };
        (at, left, used) = (at.wrapping_add(len), left - len, used + 1);
    }
    process_vm_readv(getpid(), &mut [IoSliceMut::new(into)], &pieces[..used]).unwrap_or(0)
}

/// Whether the kernel lets us, and what it says if not.
pub(super) fn try_it() -> Result<(), nix::Error> {
    let word = 0_u64;
    let mut copy = [0; 8];
    let piece = RemoteIoVec {
        base: (&raw const word) as usize,
        len: copy.len(),
    };
    process_vm_readv(getpid(), &mut [IoSliceMut::new(&mut copy)], &[piece]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_read_and_what_is_not_harms_nothing() {
        let source: Vec<u8> = (0..=255).cycle().take(20_000).collect();
        let mut copy = vec![0; source.len()];
        assert_eq!(read(source.as_ptr() as u64, &mut copy), source.len());
        assert_eq!(copy, source);
        assert_eq!(read(8, &mut copy), 0);
        assert_eq!(read(u64::MAX - 100, &mut copy), 0);
    }
}
