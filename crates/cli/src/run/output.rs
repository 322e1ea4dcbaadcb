//! What a program says: passed on byte by byte as it comes, and recorded line by line.

use std::io::{self, ErrorKind, Read, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use telensic::{ScopeId, Severity};

/// Longer lines are recorded in pieces of this length.
const LONGEST_LINE: usize = 16 * 1024;

/// Follows the program's standard output and error.
pub(crate) struct Forwarder {
    threads: Vec<JoinHandle<()>>,
    done: Receiver<()>,
}

impl Forwarder {
    /// Follows these two, each on a thread.
    pub(crate) fn start(
        stdout: impl Read + Send + 'static,
        stderr: impl Read + Send + 'static,
    ) -> io::Result<Self> {
        let (finished, done) = channel();
        let also_finished = finished.clone();
        let named = |name: &str| std::thread::Builder::new().name(format!("telensic-{name}"));
        let (our_stdout, our_stderr) = (own(io::stdout())?, own(io::stderr())?);
        let threads = vec![
            named("stdout").spawn(move || {
                forward(stdout, our_stdout, "stdout");
                let _ = finished.send(());
            })?,
            named("stderr").spawn(move || {
                forward(stderr, our_stderr, "stderr");
                let _ = also_finished.send(());
            })?,
        ];
        Ok(Self { threads, done })
    }

    /// Waits until both are at their end; a process that the program left behind may keep them open, so not for ever.
    pub(crate) fn finish(self, within: Duration) {
        let until = Instant::now() + within;
        for _ in &self.threads {
            let left = until.saturating_duration_since(Instant::now());
            if let Err(RecvTimeoutError::Timeout) = self.done.recv_timeout(left) {
                return;
            }
        }
    }
}

/// Our own output, past its lock, which the command holds while the program runs.
#[cfg(unix)]
fn own(stream: impl std::os::fd::AsFd) -> io::Result<std::fs::File> {
    Ok(stream.as_fd().try_clone_to_owned()?.into())
}

fn forward(mut from: impl Read, mut to: impl Write, stream: &str) {
    let mut lines = Lines::new(stream);
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => {
                // Who reads our output may have gone; the record goes on.
                let _ = to.write_all(&buffer[..read]).and_then(|()| to.flush());
                lines.take(&buffer[..read]);
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => {
                lines.end();
                telensic::log(Severity::Error, "the program's output cannot be read any further")
                    .error(&error)
                    .with("log.iostream", stream)
                    .emit();
                return;
            }
        }
    }
    lines.end();
}

/// Puts lines together.
struct Lines<'s> {
    line: Vec<u8>,
    stream: &'s str,
    scope: ScopeId,
}

impl<'s> Lines<'s> {
    fn new(stream: &'s str) -> Self {
        Self {
            line: Vec::new(),
            stream,
            scope: ScopeId::named("telensic.run", env!("CARGO_PKG_VERSION")),
        }
    }

    fn take(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.extend(&bytes[..end]);
            self.end();
            bytes = &bytes[end + 1..];
        }
        self.extend(bytes);
    }

    fn extend(&mut self, mut bytes: &[u8]) {
        while self.line.len() + bytes.len() > LONGEST_LINE {
            let (piece, rest) = bytes.split_at(LONGEST_LINE - self.line.len());
            self.line.extend_from_slice(piece);
            self.end();
            bytes = rest;
        }
        self.line.extend_from_slice(bytes);
    }

    fn end(&mut self) {
        let text = String::from_utf8_lossy(&self.line);
        let text = text.trim_end_matches('\r');
        if !text.is_empty() {
            telensic::log(Severity::Info, text)
                .with("log.iostream", self.stream)
                .scope(self.scope)
                .emit();
        }
        self.line.clear();
    }
}
