//! py-spy: it reads a Python program's stacks from outside, and writes them when the program ends.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{fs, io};

use telensic::{RunDir, UnixNanos};
use telensic_forensics::profile::{ProfileFacts, Source, encode, read_collapsed};
use tempfile::TempDir;

use super::python::on_path;

/// py-spy, where it is installed.
pub(super) struct Installed(PathBuf);

/// py-spy at work.
pub(super) struct PySpy {
    facts: ProfileFacts,
    began: SystemTime,
    begun: Instant,
    has_ended: Arc<AtomicBool>,
    thread: JoinHandle<Result<(), String>>,
    /// Where it writes to.
    scratch: TempDir,
}

/// How often a program is asked for again that is not an interpreter yet.
const TRIES: u32 = 30;
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(50);
/// How long it may write after the program has ended.
const WRITING: Duration = Duration::from_secs(10);

/// Samples a second, unless TF_PROFILE_RATE says another.
const RATE: u32 = 100;

impl PySpy {
    /// The one that is installed beside this interpreter, or on PATH.
    pub(super) fn beside(interpreter: &Path) -> Option<Installed> {
        let sibling = interpreter.with_file_name("py-spy");
        if sibling.is_file() {
            return Some(Installed(sibling));
        }
        on_path("py-spy").map(Installed)
    }

    /// Waits until it has written, and puts that into the run.
    pub(super) fn finish(self, run: &RunDir) -> Result<(), String> {
        self.has_ended.store(true, Ordering::Release);
        let duration = self.begun.elapsed();
        let written = self
            .thread
            .join()
            .unwrap_or_else(|_| Err("py-spy's thread ended badly".to_owned()));
        let text = match (fs::read_to_string(stacks_in(&self.scratch)), written) {
            (Ok(text), _) if !text.is_empty() => text,
            (_, Err(reason)) => return Err(reason),
            (_, Ok(())) => return Err("py-spy saw the program do nothing".to_owned()),
        };
        let began = UnixNanos(
            self.began
                .duration_since(UNIX_EPOCH)
                .unwrap_or_default()
                .as_nanos() as u64,
        );
        let profile = read_collapsed(&text, self.facts, began, duration.as_nanos() as u64);
        let path = run
            .new_cpu_profile(&profile.facts.package, began)
            .map_err(|error| error.to_string())?;
        let file = encode(&profile).map_err(|error| error.to_string())?;
        run.write(&path, &file).map_err(|error| error.to_string())
    }
}

impl Installed {
    /// Follows the process of this number until it ends.
    pub(super) fn follow(&self, command: &[String], pid: u32) -> io::Result<PySpy> {
        let scratch = tempfile::tempdir()?;
        let rate = number("TF_PROFILE_RATE").unwrap_or(RATE);
        let mut py_spy = Command::new(&self.0);
        py_spy
            .args(["record", "--format", "raw", "--subprocesses"])
            .args(["--pid", &pid.to_string(), "--rate", &rate.to_string()])
            .arg("--output")
            .arg(stacks_in(&scratch));
        if let Some(seconds) = number("TF_PROFILE_DURATION") {
            py_spy.args(["--duration", &seconds.to_string()]);
        }
        py_spy
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let has_ended = Arc::new(AtomicBool::new(false));
        let program_ended = Arc::clone(&has_ended);
        let (began, begun) = (SystemTime::now(), Instant::now());
        let thread = std::thread::Builder::new()
            .name("telensic-py-spy".into())
            .spawn(move || record(py_spy, &program_ended))?;
        Ok(PySpy {
            facts: ProfileFacts {
                package: package(command),
                source: Source::PySpy,
                host: host(),
                pid: Some(pid),
                rate_hz: rate,
                cpu_ns: None,
                lost_samples: 0,
            },
            began,
            begun,
            has_ended,
            thread,
            scratch,
        })
    }
}

/// Has it record; again if it finds no interpreter, which a wrapper may only be about to become.
fn record(mut py_spy: Command, program_ended: &AtomicBool) -> Result<(), String> {
    let mut reason = String::new();
    for _ in 0..TRIES {
        let mut child = py_spy
            .spawn()
            .map_err(|error| format!("py-spy cannot be started: {error}"))?;
        if wait(&mut child, program_ended) {
            return Ok(());
        }
        reason = said(&mut child);
        if program_ended.load(Ordering::Acquire) {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    Err(format!("py-spy cannot read the program: {reason}"))
}

/// Waits until it ends; whether it ended well. One that still writes long after the program has ended is ended.
fn wait(child: &mut Child, program_ended: &AtomicBool) -> bool {
    let mut ended_at = None;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(PAUSE),
            Err(_) => return false,
        }
        if program_ended.load(Ordering::Acquire) {
            let since = *ended_at.get_or_insert_with(Instant::now);
            if since.elapsed() > WRITING {
                // It may end at this very moment.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// The last line that it said.
fn said(child: &mut Child) -> String {
    let mut said = String::new();
    if let Some(stderr) = &mut child.stderr {
        // What is no text is no reason.
        let _ = stderr.read_to_string(&mut said);
    }
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.next_back().unwrap_or("it does not say why").to_owned()
}

fn stacks_in(scratch: &TempDir) -> PathBuf {
    scratch.path().join("stacks")
}

/// A setting; what is not a number above zero is told of by the program itself, if it is ours.
fn number(variable: &str) -> Option<u32> {
    let value = std::env::var(variable).ok()?;
    value.trim().parse().ok().filter(|number| *number > 0)
}

/// The script's name, or the program's.
fn package(command: &[String]) -> String {
    let script = command.iter().find(|argument| argument.ends_with(".py"));
    let name = script.or(command.first()).map_or("python", String::as_str);
    let stem = Path::new(name).file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}
