//! The few system calls that std does not offer, one small function each.
//!
//! Linux is what is tested; the other Unixes and Windows compile behind the same face and fall back to
//! anonymous memory, which the clerk then writes out, where a call is missing.

#![expect(unsafe_code, reason = "system calls")]
#![cfg_attr(
    all(test, loom),
    allow(unused_imports, dead_code, reason = "loom's memory is not mapped")
)]

use std::fs::File;
use std::io;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, Ordering};

static FORKS: AtomicU32 = AtomicU32::new(0);

/// How often the process's ancestry has forked since the tape was first used, as counted in this process.
///
/// A value that differs from the one seen at creation means: this is a child, the tape is the parent's.
#[inline]
pub fn forks() -> u32 {
    FORKS.load(Ordering::Relaxed)
}

/// The operating system's id of the calling thread; 0 where it has none to tell.
pub fn thread_id() -> i64 {
    #[cfg(target_os = "linux")]
    {
        // SAFETY: takes no arguments and cannot fail.
        i64::from(unsafe { libc::gettid() })
    }
    #[cfg(not(target_os = "linux"))]
    {
        0
    }
}

#[cfg(unix)]
pub(crate) use unix::{
    create_private, create_private_dir, is_unlinked, map_anonymous, map_shared, read_at, release, reserve,
    unmap, watch_forks, write_at, write_both_at,
};
#[cfg(unix)]
pub use unix::{host_name, process_runs};

#[cfg(unix)]
mod unix {
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::{FileExt, OpenOptionsExt};
    use std::path::Path;
    use std::sync::Once;

    use super::{File, NonNull, Ordering, io};

    fn checked(result: libc::c_int) -> io::Result<()> {
        if result == 0 {
            Ok(())
        } else {
            Err(io::Error::last_os_error())
        }
    }

    /// Creates a new file that only its owner can read; fails if it exists.
    pub(crate) fn create_private(path: &Path) -> io::Result<File> {
        File::options()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
    }

    /// Creates a directory, and those above it, that only its owner can enter.
    pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
        use std::os::unix::fs::DirBuilderExt;
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(path)
    }

    pub(crate) fn map_shared(file: &File, offset: u64, len: usize) -> io::Result<NonNull<u8>> {
        map(libc::MAP_SHARED, file.as_raw_fd(), offset, len)
    }

    pub(crate) fn map_anonymous(len: usize) -> io::Result<NonNull<u8>> {
        map(libc::MAP_PRIVATE | libc::MAP_ANONYMOUS, -1, 0, len)
    }

    fn map(flags: libc::c_int, fd: libc::c_int, offset: u64, len: usize) -> io::Result<NonNull<u8>> {
        let offset = libc::off_t::try_from(offset).map_err(io::Error::other)?;
        // SAFETY: asks for a new mapping at an address of the kernel's choice; touches no existing memory.
        let start = unsafe {
            libc::mmap(
                std::ptr::null_mut(),
                len,
                libc::PROT_READ | libc::PROT_WRITE,
                flags,
                fd,
                offset,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        NonNull::new(start.cast()).ok_or_else(|| io::Error::other("mapped at address zero"))
    }

    pub(crate) fn unmap(start: NonNull<u8>, len: usize) {
        // SAFETY: called once, by the region that owns exactly this mapping, when it is dropped.
        let result = unsafe { libc::munmap(start.as_ptr().cast(), len) };
        debug_assert_eq!(result, 0, "munmap of an owned mapping cannot fail");
    }

    /// Reserves disk space, so that writing to it later cannot fail for want of room.
    #[cfg(target_os = "linux")]
    pub(crate) fn reserve(file: &File, offset: u64, len: u64) -> io::Result<()> {
        within_size_limit(offset + len)?;
        let (offset, len) = (offset as libc::off_t, len as libc::off_t);
        loop {
            // SAFETY: works on a file descriptor that we own; touches no memory.
            let result = unsafe { libc::fallocate(file.as_raw_fd(), 0, offset, len) };
            if result == 0 {
                return Ok(());
            }
            let error = io::Error::last_os_error();
            match error.raw_os_error() {
                Some(libc::EINTR) => {}
                // The file system cannot reserve: writing zeros is the same, dearer.
                Some(libc::EOPNOTSUPP) => return write_zeros(file, offset as u64, len as u64),
                _ => return Err(error),
            }
        }
    }

    /// Reserves disk space, so that writing to it later cannot fail for want of room.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn reserve(file: &File, offset: u64, len: u64) -> io::Result<()> {
        within_size_limit(offset + len)?;
        write_zeros(file, offset, len)
    }

    /// Growing a file past RLIMIT_FSIZE would raise SIGXFSZ and end the host program.
    fn within_size_limit(size: u64) -> io::Result<()> {
        let mut limit = libc::rlimit {
            rlim_cur: 0,
            rlim_max: 0,
        };
        // SAFETY: fills the structure it is given.
        checked(unsafe { libc::getrlimit(libc::RLIMIT_FSIZE, &mut limit) })?;
        if size > limit.rlim_cur {
            Err(io::Error::from_raw_os_error(libc::EFBIG))
        } else {
            Ok(())
        }
    }

    fn write_zeros(file: &File, mut offset: u64, len: u64) -> io::Result<()> {
        const ZEROS: [u8; 16 * 1024] = [0; 16 * 1024];
        let end = offset + len;
        while offset < end {
            let step = (end - offset).min(ZEROS.len() as u64) as usize;
            file.write_all_at(&ZEROS[..step], offset)?;
            offset += step as u64;
        }
        Ok(())
    }

    /// Gives the disk space of unused cells back; where the file system cannot, they stay.
    #[cfg(target_os = "linux")]
    pub(crate) fn release(file: &File, offset: u64, len: u64) {
        let mode = libc::FALLOC_FL_PUNCH_HOLE | libc::FALLOC_FL_KEEP_SIZE;
        // SAFETY: works on a file descriptor that we own; a failure leaves the space in use, which is harmless.
        let _ = unsafe { libc::fallocate(file.as_raw_fd(), mode, offset as libc::off_t, len as libc::off_t) };
    }

    /// Gives the disk space of unused cells back; where the file system cannot, they stay.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn release(_: &File, _: u64, _: u64) {}

    pub(crate) fn write_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        within_size_limit(offset + bytes.len() as u64)?;
        file.write_all_at(bytes, offset)
    }

    /// Writes two pieces that lie one behind the other in the file, in one call if the system takes them so.
    #[cfg(target_os = "linux")]
    pub(crate) fn write_both_at(file: &File, first: &[u8], second: &[u8], offset: u64) -> io::Result<()> {
        within_size_limit(offset + (first.len() + second.len()) as u64)?;
        let pieces = [first, second].map(|piece| libc::iovec {
            iov_base: piece.as_ptr().cast_mut().cast(),
            iov_len: piece.len(),
        });
        // SAFETY: reads from two slices that outlive the call; the descriptor is ours.
        let written = unsafe { libc::pwritev(file.as_raw_fd(), pieces.as_ptr(), 2, offset as libc::off_t) };
        // Whatever was not written now, for whichever reason, is tried again in the plain way.
        let written = usize::try_from(written).unwrap_or(0);
        let rest = first.get(written..).unwrap_or_default();
        file.write_all_at(rest, offset + (first.len() - rest.len()) as u64)?;
        let rest = &second[written.saturating_sub(first.len()).min(second.len())..];
        file.write_all_at(rest, offset + (first.len() + second.len() - rest.len()) as u64)
    }

    /// Writes two pieces that lie one behind the other in the file.
    #[cfg(not(target_os = "linux"))]
    pub(crate) fn write_both_at(file: &File, first: &[u8], second: &[u8], offset: u64) -> io::Result<()> {
        write_at(file, first, offset)?;
        write_at(file, second, offset + first.len() as u64)
    }

    pub(crate) fn read_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        file.read_exact_at(bytes, offset)
    }

    /// Whether the file's name is gone from its directory.
    pub(crate) fn is_unlinked(file: &File) -> bool {
        use std::os::unix::fs::MetadataExt;
        file.metadata().is_ok_and(|metadata| metadata.nlink() == 0)
    }

    /// The name of this host.
    pub fn host_name() -> String {
        let mut name = [0u8; 256];
        // SAFETY: the buffer is ours and its length is given; a byte is left for the terminator.
        let result = unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len() - 1) };
        let len = name.iter().position(|byte| *byte == 0).unwrap_or(0);
        if result == 0 && len > 0 {
            String::from_utf8_lossy(&name[..len]).into_owned()
        } else {
            "localhost".into()
        }
    }

    /// Whether a process of this id runs on this host; `None` where nobody tells.
    pub fn process_runs(pid: u32) -> Option<bool> {
        let pid = libc::pid_t::try_from(pid).ok().filter(|pid| *pid > 0)?;
        // SAFETY: signal 0 is sent to nobody; it only asks.
        let result = unsafe { libc::kill(pid, 0) };
        // That it may not be signalled means that it is there.
        Some(result == 0 || io::Error::last_os_error().raw_os_error() != Some(libc::ESRCH))
    }

    /// Makes [`super::forks`] count from now on.
    pub(crate) fn watch_forks() {
        extern "C" fn in_child() {
            super::FORKS.fetch_add(1, Ordering::Relaxed);
        }
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            // SAFETY: the handler only adds to an atomic, which is allowed between fork and exec.
            let result = unsafe { libc::pthread_atfork(None, None, Some(in_child)) };
            debug_assert_eq!(result, 0, "pthread_atfork fails only without memory");
        });
    }
}

#[cfg(not(unix))]
pub(crate) use other::{
    create_private, create_private_dir, is_unlinked, map_anonymous, map_shared, read_at, release, reserve,
    unmap, watch_forks, write_at, write_both_at,
};
#[cfg(not(unix))]
pub use other::{host_name, process_runs};

#[cfg(not(unix))]
mod other {
    use std::io::{Read, Seek, SeekFrom, Write};
    use std::path::Path;

    use super::{File, NonNull, io};

    pub(crate) fn create_private(path: &Path) -> io::Result<File> {
        File::options().read(true).write(true).create_new(true).open(path)
    }

    pub(crate) fn create_private_dir(path: &Path) -> io::Result<()> {
        std::fs::create_dir_all(path)
    }

    pub(crate) fn map_shared(_: &File, _: u64, _: usize) -> io::Result<NonNull<u8>> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn map_anonymous(len: usize) -> io::Result<NonNull<u8>> {
        let layout = std::alloc::Layout::from_size_align(len, 4096).map_err(io::Error::other)?;
        // SAFETY: the layout has a size above zero.
        NonNull::new(unsafe { std::alloc::alloc_zeroed(layout) })
            .ok_or_else(|| io::ErrorKind::OutOfMemory.into())
    }

    pub(crate) fn unmap(start: NonNull<u8>, len: usize) {
        if let Ok(layout) = std::alloc::Layout::from_size_align(len, 4096) {
            // SAFETY: allocated by `map_anonymous` with this very layout.
            unsafe { std::alloc::dealloc(start.as_ptr(), layout) }
        }
    }

    pub(crate) fn reserve(file: &File, offset: u64, len: u64) -> io::Result<()> {
        if file.metadata()?.len() < offset + len {
            file.set_len(offset + len)
        } else {
            Ok(())
        }
    }

    pub(crate) fn release(_: &File, _: u64, _: u64) {}

    pub(crate) fn write_at(mut file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
        file.seek(SeekFrom::Start(offset))?;
        file.write_all(bytes)
    }

    pub(crate) fn write_both_at(file: &File, first: &[u8], second: &[u8], offset: u64) -> io::Result<()> {
        write_at(file, first, offset)?;
        write_at(file, second, offset + first.len() as u64)
    }

    pub(crate) fn read_at(mut file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
        file.seek(SeekFrom::Start(offset))?;
        file.read_exact(bytes)
    }

    pub(crate) fn is_unlinked(_: &File) -> bool {
        false
    }

    /// The name of this host.
    pub fn host_name() -> String {
        std::env::var("COMPUTERNAME").unwrap_or_else(|_| "localhost".into())
    }

    /// Nobody tells.
    pub fn process_runs(_: u32) -> Option<bool> {
        None
    }

    pub(crate) fn watch_forks() {}
}
