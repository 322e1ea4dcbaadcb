//! Runs a program for its output, within a time and an amount.
//!
//! Invariant: it returns by the deadline, whatever the program does: a program that is late is killed with all that
//! it started.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How often it is asked whether the program has ended, once its output has.
const PAUSE: Duration = Duration::from_millis(1);

/// Why there is no output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoOutput {
    /// It could not be started.
    NotStarted(io::ErrorKind),
    /// It did not end in time.
    Late,
    /// It ended with an error, about which it wrote this.
    Failed(String),
}

/// Runs the command until the deadline. Its output is handed to `take` as it comes.
pub(super) fn run(
    command: &mut Command,
    deadline: Instant,
    mut take: impl FnMut(&[u8]),
) -> Result<(), NoOutput> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt;
        command.process_group(0);
    }
    let not_started = |error: io::Error| NoOutput::NotStarted(error.kind());
    let mut child = command.spawn().map_err(not_started)?;
    let (chunks, incoming) = channel();
    let complaints = chunks.clone();
    // The pipes are read beside, since reading them has no deadline. Should the program's heirs keep them open after
    // it was killed, the readers stay behind, waiting, and hold nothing else.
    if let Some(stdout) = child.stdout.take() {
        std::thread::spawn(move || pass_on(stdout, |bytes| chunks.send((true, bytes)).is_ok()));
    }
    if let Some(stderr) = child.stderr.take() {
        std::thread::spawn(move || pass_on(stderr, |bytes| complaints.send((false, bytes)).is_ok()));
    }
    let mut complaint = Vec::new();
    loop {
        match incoming.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok((true, bytes)) => take(&bytes),
            Ok((false, bytes)) => complaint.extend(bytes.iter().take(4096 - complaint.len().min(4096))),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => return Err(kill(&mut child)),
        }
    }
    while Instant::now() < deadline {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(_)) => {
                return Err(NoOutput::Failed(
                    String::from_utf8_lossy(&complaint).trim().to_owned(),
                ));
            }
            Ok(None) => std::thread::sleep(PAUSE),
            Err(error) => return Err(not_started(error)),
        }
    }
    Err(kill(&mut child))
}

fn pass_on(mut pipe: impl Read, send: impl Fn(Vec<u8>) -> bool) {
    let mut buffer = vec![0; 64 << 10];
    // A pipe that cannot be read ends: what matters then is how the program ends.
    while let Ok(length @ 1..) = pipe.read(&mut buffer) {
        if !send(buffer[..length].to_vec()) {
            return;
        }
    }
}

fn kill(child: &mut Child) -> NoOutput {
    #[cfg(unix)]
    if let Some(group) = i32::try_from(child.id())
        .ok()
        .and_then(rustix::process::Pid::from_raw)
    {
        // It can have ended by itself in this moment.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
    let _ = child.wait();
    NoOutput::Late
}
