//! The example pipeline in processes of its own, which are this program again.

use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use telensic::RunDir;
use telensic_run::names::env;

use super::Place;
use crate::commands::ith::SUBCOMMAND;
use crate::exit::Failure;

/// How many sleeves run at once, each in a process.
pub(crate) const WORKERS: usize = 2;
/// How long each side of a sleeve waits, in milliseconds: its calculation takes less than one can watch.
const PACE: &str = "300";

/// Runs it to its end; its progress is shown where this program's would be.
pub(crate) fn run(place: &Place) -> Result<RunDir, Failure> {
    let mut command = command(place).map_err(no_start)?;
    let output = command.stdout(Stdio::piped()).spawn().map_err(no_start)?;
    let output = output.wait_with_output().map_err(no_start)?;
    if !output.status.success() {
        return Err(Failure::Told(format!(
            "the pipeline of the demonstration ended with {}: what it said stands above",
            output.status
        )));
    }
    // It ends with the place of its record.
    let said = String::from_utf8_lossy(&output.stdout);
    let path = said.lines().next_back().unwrap_or_default();
    Ok(RunDir::open(Path::new(path))?)
}

/// Starts it, so that it and its workers can be killed together.
pub(crate) fn begin(place: &Place) -> Result<Child, Failure> {
    let mut command = command(place).map_err(no_start)?;
    command.stdout(Stdio::null()).stderr(Stdio::null());
    crate::platform::lead_a_group(&mut command);
    command.spawn().map_err(no_start)
}

fn command(place: &Place) -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command
        .arg(SUBCOMMAND)
        .arg("--nav")
        .arg(place.nav())
        .arg("--data")
        .arg(place.path())
        .args(["--workers", &WORKERS.to_string(), "--pace", PACE])
        .stdin(Stdio::null());
    // A run of its own, even if the demonstration is given within another.
    for name in [env::RUN_ID, env::RUN_DIR, env::TRACEPARENT] {
        command.env_remove(name);
    }
    Ok(command)
}

fn no_start(error: io::Error) -> Failure {
    Failure::Told(format!(
        "cannot run the pipeline of the demonstration: {error}: this program starts itself anew for it, so it must stay where it is"
    ))
}
