//! Children that record, and what is read back of them.
//!
//! There is one recorder in a process, so everything that records does it in a child: this program started
//! again to run one ignored test ([`child`]).

mod reading;
mod shared;

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

pub(crate) use reading::{Read, ReadSpan, Val, lines, read, read_run, tapes_in};
pub(crate) use shared::Counters;

/// A directory of this test's own, removed at its end.
#[derive(Debug)]
pub(crate) struct Dir(PathBuf);

impl Dir {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("telensic-test-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Dir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const CHILD: &str = "TELENSIC_TEST_CHILD";

/// A guard against hangs, not a measure of speed.
const HANG: Duration = Duration::from_secs(60);

/// This program again, to run one ignored test as a child that records into `dir`.
pub(crate) fn child(dir: &Dir, test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([
        test,
        "--exact",
        "--nocapture",
        "--test-threads=1",
        "--include-ignored",
    ]);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy().into_owned();
        if name.starts_with("OTEL_") || name.starts_with("TELENSIC_") || name == "RUN_ID" {
            command.env_remove(name);
        }
    }
    command
        .env(CHILD, test)
        .env("TELENSIC_DIR", dir.path())
        .env("RUST_BACKTRACE", "0");
    command
}

/// Whether this is a child; an ignored test that is not returns at once.
pub(crate) fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// A value that the test gave its child.
pub(crate) fn given(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} was not given"))
}

/// Runs a child to its end, whatever that is; one that hangs is killed and fails the test.
pub(crate) fn finish(command: &mut Command) -> Output {
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let pid = child.id();
    let (done, ended) = std::sync::mpsc::channel::<()>();
    let watch = std::thread::spawn(move || {
        let hangs = ended.recv_timeout(HANG) == Err(std::sync::mpsc::RecvTimeoutError::Timeout);
        if hangs {
            kill(pid);
        }
        hangs
    });
    let output = child.wait_with_output().unwrap();
    let _ = done.send(());
    assert!(
        !watch.join().unwrap(),
        "the child hung: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Runs a child that must end well, and returns what it said on stderr.
pub(crate) fn succeed(command: &mut Command) -> String {
    let output = finish(command);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        output.status.success(),
        "{}\n{said}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout)
    );
    said
}

/// Runs a child of a new directory, and reads what it recorded.
pub(crate) fn recorded(test: &str) -> Read {
    let dir = Dir::new();
    succeed(&mut child(&dir, test));
    read(dir.path())
}

/// What the recorder said: the lines on stderr that are its own.
pub(crate) fn our_lines(said: &str) -> Vec<&str> {
    said.lines()
        .filter(|line| line.starts_with("telensic: "))
        .collect()
}

pub(crate) fn kill(pid: u32) {
    #![expect(unsafe_code, reason = "a system call")]
    // SAFETY: sends a signal to a child that was not yet waited for, so its id is still its own.
    unsafe { libc::kill(pid as i32, libc::SIGKILL) };
}

/// Waits for a child that was killed or ends by itself.
pub(crate) fn reap(child: &mut Child) -> std::process::ExitStatus {
    let begun = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        if begun.elapsed() > HANG {
            child.kill().unwrap();
            panic!("the child hung");
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Looks again until it is as wanted; never being so fails the test.
pub(crate) fn until(what: &str, mut reached: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !reached() {
        assert!(begun.elapsed() < HANG, "never came: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Random, and the same every time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Forks; the child does `work` and ends at once with code 0, or 1 if it panicked or said false.
pub(crate) fn in_fork(work: impl FnOnce() -> bool) -> i32 {
    #![expect(unsafe_code, reason = "fork, which std does not offer")]
    // SAFETY: the child does what the recorder promises to work there, and ends without running anything else.
    let pid = unsafe { libc::fork() };
    assert!(pid >= 0);
    if pid == 0 {
        let good = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).unwrap_or(false);
        // SAFETY: ends this process at once.
        unsafe { libc::_exit(if good { 0 } else { 1 }) };
    }
    wait(pid)
}

/// Waits for a forked child; one that hangs is killed.
fn wait(pid: i32) -> i32 {
    #![expect(unsafe_code, reason = "waitpid, which std has for its own children only")]
    let begun = Instant::now();
    loop {
        let mut status = 0;
        // SAFETY: writes the status into the integer it is given.
        match unsafe { libc::waitpid(pid, &mut status, libc::WNOHANG) } {
            0 if begun.elapsed() > HANG / 3 => {
                kill(pid as u32);
                panic!("the forked child hung");
            }
            0 => std::thread::sleep(Duration::from_millis(1)),
            _ if libc::WIFEXITED(status) => return libc::WEXITSTATUS(status),
            _ => return -libc::WTERMSIG(status),
        }
    }
}
