//! What only the operating system can tell, one small function each.
//!
//! `None` means that this system does not tell; nobody guesses instead. Linux is what is tested.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Child, Command};

/// Bytes that an ordinary user may still write to the file system of this path.
pub(crate) fn free_bytes(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let stat = rustix::fs::statvfs(path).ok()?;
        Some(stat.f_bavail.saturating_mul(stat.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}

/// The type of the file system of this path, as the mount table names it.
pub(crate) fn file_system(path: &Path) -> Option<String> {
    #[cfg(target_os = "linux")]
    {
        let path = path.canonicalize().ok()?;
        let table = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
        // Of mounts over one another the last is what is seen.
        let mounts = table.lines().filter_map(|line| {
            let (mount, kind) = line.split_once(" - ")?;
            let point = unescaped(mount.split(' ').nth(4)?);
            path.starts_with(&point)
                .then(|| (point.len(), kind.split(' ').next().unwrap_or_default()))
        });
        mounts
            .max_by_key(|(len, _)| *len)
            .map(|(_, kind)| kind.to_owned())
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        None
    }
}

/// The mount table writes blanks in paths as `\040`.
#[cfg(target_os = "linux")]
fn unescaped(text: &str) -> String {
    text.replace("\\040", " ").replace("\\011", "\t")
}

/// Whether disk space can be reserved ahead in a file; an error is for another reason than that it cannot.
pub(crate) fn reserve(file: &File, bytes: u64) -> io::Result<Option<bool>> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{FallocateFlags, fallocate};
        match fallocate(file, FallocateFlags::empty(), 0, bytes) {
            Ok(()) => Ok(Some(true)),
            Err(rustix::io::Errno::OPNOTSUPP) => Ok(Some(false)),
            Err(error) => Err(error.into()),
        }
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (file, bytes);
        Ok(None)
    }
}

/// The soft limits of this process.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Limits {
    /// RLIMIT_FSIZE: bytes in a file.
    pub(crate) file_size: Option<u64>,
    /// RLIMIT_NOFILE: open files.
    pub(crate) open_files: Option<u64>,
}

/// The soft limits of this process; `None` is no limit, or none that is known.
pub(crate) fn limits() -> Limits {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        Limits {
            file_size: getrlimit(Resource::Fsize).current,
            open_files: getrlimit(Resource::Nofile).current,
        }
    }
    #[cfg(not(unix))]
    {
        Limits::default()
    }
}

/// The clock that the kernel itself counts by.
pub(crate) fn kernel_clock() -> Option<String> {
    let name = std::fs::read_to_string("/sys/devices/system/clocksource/clocksource0/current_clocksource");
    Some(name.ok()?.trim().to_owned())
}

/// Lets a program that is started lead a group of processes, to which all that it starts itself will belong.
pub(crate) fn lead_a_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    {
        let _ = command;
    }
}

/// Kills the group that this process leads, without a warning; where there are no groups, the process alone.
pub(crate) fn kill_group(leader: &mut Child) -> io::Result<()> {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};
        let group = i32::try_from(leader.id()).ok().and_then(Pid::from_raw);
        let group = group.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(kill_process_group(group, Signal::KILL)?)
    }
    #[cfg(not(unix))]
    {
        leader.kill()
    }
}

/// The width of the terminal that is written to, in characters.
pub(crate) fn terminal_width() -> Option<usize> {
    #[cfg(unix)]
    {
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
        Some(usize::from(size.ws_col)).filter(|width| *width >= 40)
    }
    #[cfg(not(unix))]
    {
        None
    }
}
