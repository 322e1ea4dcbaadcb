//! Sleeves in processes of their own: one that dies takes no other with it, and its tape stays.

use std::process::{Child, Command, ExitStatus, Stdio};

use super::error::StageError;
use super::sleeves::{SLEEVE, Sleeves};
use super::task::{Task, fail};
use crate::run::hand_over;
use crate::{Key, Severity, Status, log, spans};

const PID: Key<'static> = Key::new("process.pid");

impl Task {
    /// Runs a program for each of these names, so many at once, as workers of the run; what each writes to its stdout is its
    /// result. A worker finds the run and its parent in its environment ([`Run::start`](crate::Run::start) joins it), and opens
    /// its sleeve by [`spans::run_pipeline`]. One that is killed, or ends with another status than 0, has failed.
    pub fn workers<I: Send>(
        &mut self,
        parallelism: usize,
        items: impl IntoIterator<Item = (String, I)>,
        program: impl Fn(&str, I) -> Result<Command, StageError> + Sync,
    ) -> Result<Sleeves<Vec<u8>>, StageError> {
        self.fan_out(parallelism, items, |name, item, surroundings| {
            let mut span = spans::run_step(name, true).with(SLEEVE, name).entered();
            let result = program(name, item).and_then(|mut command| {
                hand_over(&surroundings.run, &mut command);
                let worker = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?;
                span.set(PID, worker.id());
                follow(name, worker)
            });
            match &result {
                Ok(_) => span.set_status(Status::Ok),
                Err(error) => fail(&mut span, error),
            }
            result
        })
    }
}

fn follow(name: &str, worker: Child) -> Result<Vec<u8>, StageError> {
    let pid = worker.id();
    log(Severity::Info, &format!("sleeve {name} runs in process {pid}"))
        .with(SLEEVE, name)
        .with(PID, pid)
        .emit();
    let output = worker.wait_with_output()?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(StageError::new(format!(
        "the worker of sleeve {name}, process {pid}, {}",
        death(output.status)
    )))
}

fn death(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return format!("was killed by signal {signal}");
    }
    match status.code() {
        Some(code) => format!("ended with status {code}"),
        None => "ended in an unknown way".to_owned(),
    }
}
