//! Brings tapes of another node into a run that is not sealed yet.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use telensic::RunDir;
use tempfile::NamedTempFile;

use crate::exit::{Failure, Outcome};
use crate::screen::Screen;
use crate::tape::tapes_of;
use crate::units::counted;

/// What became of a tape.
enum Brought {
    Copied,
    /// The same was there.
    Present,
    /// Another one of this name was there.
    Refused,
}

/// Copies every tape of a directory into the run, and says how many; one that is there is left as it is.
pub(crate) fn bring(from: &Path, run: &RunDir, screen: &mut Screen) -> Result<Outcome, Failure> {
    if run.seal().exists() {
        return Err(Failure::Told(format!(
            "run {} is sealed and takes no more tapes: merge them without it, `telensic merge {} {}`",
            run.id(),
            run.path().display(),
            from.display()
        )));
    }
    let (mut copied, mut present) = (0, 0);
    let mut outcome = Outcome::Fine;
    for tape in tapes_of(from).map_err(Failure::Told)? {
        let brought = copy(&tape, run).map_err(|error| {
            let (tape, run) = (tape.display(), run.tapes());
            Failure::Told(format!(
                "cannot copy {tape} to {}: {error}: what was copied so far stays",
                run.display()
            ))
        })?;
        match brought {
            Brought::Copied => copied += 1,
            Brought::Present => present += 1,
            Brought::Refused => {
                screen.complain(&format!(
                    "{} is not copied: another tape of this name is in run {}; rename it",
                    tape.display(),
                    run.id()
                ))?;
                outcome = Outcome::FoundWrong;
            }
        }
    }
    screen.complain(&format!(
        "{} copied into run {}, {present} there already",
        counted(copied, "tape"),
        run.id()
    ))?;
    Ok(outcome)
}

fn copy(tape: &Path, run: &RunDir) -> io::Result<Brought> {
    let target = run.tapes().join(tape.file_name().unwrap_or_default());
    if target.exists() {
        return Ok(if is_same(tape, &target)? {
            Brought::Present
        } else {
            Brought::Refused
        });
    }
    // Under a name that no reader takes for a tape's until it is whole.
    let mut copy = NamedTempFile::new_in(run.tapes())?;
    io::copy(&mut File::open(tape)?, copy.as_file_mut())?;
    copy.as_file().sync_all()?;
    match copy.persist_noclobber(&target) {
        Ok(_) => Ok(Brought::Copied),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(Brought::Refused),
        Err(error) => Err(error.error),
    }
}

fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    const PIECE: u64 = 1 << 20;
    if fs::metadata(a)?.len() != fs::metadata(b)?.len() {
        return Ok(false);
    }
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    let (mut of_a, mut of_b) = (Vec::new(), Vec::new());
    loop {
        of_a.clear();
        of_b.clear();
        Read::by_ref(&mut a).take(PIECE).read_to_end(&mut of_a)?;
        Read::by_ref(&mut b).take(PIECE).read_to_end(&mut of_b)?;
        if of_a != of_b {
            return Ok(false);
        }
        if of_a.is_empty() {
            return Ok(true);
        }
    }
}
