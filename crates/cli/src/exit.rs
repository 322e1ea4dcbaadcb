//! How the program ends: the one place where exit codes are given and documented.
//!
//! | code | meaning |
//! |---|---|
//! | 0 | done, and nothing was found wrong; also when whoever read the output went away (`\| head`) |
//! | 1 | checked, and found wrong: a damaged tape, an altered run, runs that differ, a machine that cannot record |
//! | 2 | not done: wrong usage, a file that is missing, unreadable or no tape, an output that cannot be written |
//!
//! Of several files the worst counts. `telensic run` passes on the exit status of the program that it ran, or 128 and
//! the signal's number; 2 if it could not be started.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use telensic_run::Visible;

/// The exit code of [`Outcome::NotDone`].
pub(crate) const NOT_DONE: u8 = 2;

/// What `telensic --help` says of exit codes.
pub(crate) const HELP: &str = "Exit codes: 0 done and nothing found wrong, 1 checked and found wrong, \
                               2 wrong usage or unreadable input.";

/// How a command went; a later one is worse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// Nothing is wrong.
    Fine,
    /// It was looked at, and something is wrong with it.
    FoundWrong,
    /// It could not be looked at.
    NotDone,
    /// The exit status of the program that was run.
    Passed(u8),
}

impl Outcome {
    /// Of something that was looked at: fine, or found wrong.
    pub(crate) fn fine_if(is_fine: bool) -> Self {
        if is_fine { Self::Fine } else { Self::FoundWrong }
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The output took no more.
    Output(io::Error),
    /// What the user asked for cannot be done; one line with the mend.
    Told(String),
}

impl From<io::Error> for Failure {
    /// Only writes to the output are passed on with `?`; every other error becomes a message where it arises.
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl From<telensic::RunError> for Failure {
    fn from(error: telensic::RunError) -> Self {
        Self::Told(error.to_string())
    }
}

/// The exit code of a command's end; says on stderr why it failed.
pub(crate) fn code(end: Result<Outcome, Failure>) -> ExitCode {
    match end {
        Ok(Outcome::Fine) => ExitCode::SUCCESS,
        Ok(Outcome::FoundWrong) => ExitCode::FAILURE,
        Ok(Outcome::Passed(code)) => ExitCode::from(code),
        Ok(Outcome::NotDone) => ExitCode::from(NOT_DONE),
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(Failure::Output(error)) => {
            complain(&format!("cannot write the output: {error}"));
            ExitCode::from(NOT_DONE)
        }
        Err(Failure::Told(message)) => {
            complain(&message);
            ExitCode::from(NOT_DONE)
        }
    }
}

/// Writes one line to stderr; a closed stderr is not an error.
pub(crate) fn complain(message: &dyn fmt::Display) {
    let message = message.to_string();
    let _ = writeln!(io::stderr(), "telensic: {}", Visible(&message));
}
