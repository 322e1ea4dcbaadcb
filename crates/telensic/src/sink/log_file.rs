//! One log file, appended to by any number of processes at once.
//!
//! Invariant: between two appends the file ends in a whole line. A batch is one `write` of whole lines under the
//! file's [lock](super::lock); what a full disk cuts short is cut back to the last whole line, and the rest stays
//! with the caller. A file that was renamed or removed since is noticed before a byte is written to it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::lines::Lines;
use super::lock::Held;
use super::rotated::{RotatedName, now};
use super::tail::close_torn_line;
use super::trouble::{Doing, Troubles};
use super::{platform, rotated};

/// How often in a row the path may turn out to lead to another file.
const MOST_MOVES: usize = 16;

/// No file has this length: the end of the file is looked at before the next append.
const UNKNOWN: u64 = u64::MAX;

pub(super) struct LogFile {
    path: PathBuf,
    component: String,
    open: Option<File>,
    /// How long the file was after our last append.
    known_len: u64,
}

/// What stopped an append.
pub(super) struct Failed {
    pub(super) doing: Doing,
    pub(super) error: io::Error,
}

/// What one attempt under the lock came to.
enum Step {
    /// Lines were written.
    Wrote,
    /// The path leads to another file by now, or to none.
    Moved,
    /// The file was full, and is renamed.
    Rotated,
}

impl LogFile {
    /// The file of a component, whose name is safe; nothing is opened yet.
    pub(super) fn new(dir: &Path, component: &str) -> Self {
        Self {
            path: dir.join(format!("{component}.jsonl")),
            component: component.to_owned(),
            open: None,
            known_len: UNKNOWN,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn component(&self) -> &str {
        &self.component
    }

    /// Appends the lines, and takes those that are safely in a file out of `lines`. Returns whether files were
    /// rotated on the way.
    pub(super) fn append(
        &mut self,
        lines: &mut Lines,
        rotate_at: Option<u64>,
        troubles: &Troubles,
    ) -> (bool, Result<(), Failed>) {
        let (mut written, mut moves, mut rotated) = (0, 0, false);
        let mut outcome = Ok(());
        while written < lines.count() && outcome.is_ok() {
            match self.step(lines, &mut written, rotate_at, troubles) {
                Ok(Step::Wrote) => moves = 0,
                Ok(Step::Rotated) => rotated = true,
                Ok(Step::Moved) if moves < MOST_MOVES => moves += 1,
                Ok(Step::Moved) => {
                    let error = io::Error::other("it is replaced by another each time it is opened");
                    outcome = Err(Failed {
                        doing: Doing::Opening,
                        error,
                    });
                }
                Err(failed) => outcome = Err(failed),
            }
        }
        if written > 0 {
            lines.drop_first(written);
        }
        (rotated, outcome)
    }

    /// Opens the file where need be, locks it, and writes as many lines from number `written` on as it has room for.
    fn step(
        &mut self,
        lines: &Lines,
        written: &mut usize,
        rotate_at: Option<u64>,
        troubles: &Troubles,
    ) -> Result<Step, Failed> {
        let file = match self.open.take() {
            Some(file) => file,
            None => open(&self.path).map_err(Doing::Opening.failed())?,
        };
        let step = self.step_in(&file, lines, written, rotate_at, troubles);
        match step {
            Ok(Step::Wrote) => self.open = Some(file),
            _ => self.known_len = UNKNOWN,
        }
        step
    }

    fn step_in(
        &mut self,
        file: &File,
        lines: &Lines,
        written: &mut usize,
        rotate_at: Option<u64>,
        troubles: &Troubles,
    ) -> Result<Step, Failed> {
        let _held = Held::wait(file).map_err(Doing::Locking.failed())?;
        if !platform::leads_to(&self.path, file).map_err(Doing::Opening.failed())? {
            return Ok(Step::Moved);
        }
        let len = self
            .mended_len(file, troubles)
            .map_err(Doing::Repairing.failed())?;
        let room = rotate_at.map_or(u64::MAX, |limit| limit.saturating_sub(len));
        let mut fit = lines.fitting(*written, room);
        if fit == 0 && len == 0 {
            fit = 1;
        }
        if fit == 0 {
            match self.rotate() {
                Ok(()) => return Ok(Step::Rotated),
                Err(error) => troubles.tell(Doing::Rotating, &self.path, &error),
            }
            fit = lines.count() - *written;
        }
        let text = lines.text(*written..*written + fit);
        match write_whole_lines(file, text, len) {
            Ok(()) => {
                *written += fit;
                self.known_len = len + text.len() as u64;
                Ok(Step::Wrote)
            }
            Err((kept, error)) => {
                *written += kept;
                Err(Doing::Writing.failed()(error))
            }
        }
    }

    /// The file's length; if others wrote to it since our last append, once its last line is whole.
    fn mended_len(&self, file: &File, troubles: &Troubles) -> io::Result<u64> {
        let len = file.metadata()?.len();
        if len == self.known_len {
            return Ok(len);
        }
        let (len, cut) = close_torn_line(file, len)?;
        if cut > 0 {
            let cause = format!("{cut} bytes of a process that died while it wrote were cut off");
            troubles.tell(Doing::Repairing, &self.path, &io::Error::other(cause));
        }
        Ok(len)
    }

    /// Renames the file to a name that no other has.
    fn rotate(&self) -> io::Result<()> {
        let mut at = now();
        loop {
            let target = self.path.with_file_name(RotatedName::plain(&self.component, at));
            if !target.try_exists()? && !rotated::compressed(&target).try_exists()? {
                return fs::rename(&self.path, target);
            }
            // The clock was set back to where it had been at another rotation.
            at.0 = at.0.saturating_add(1_000);
        }
    }
}

impl Doing {
    fn failed(self) -> impl FnOnce(io::Error) -> Failed {
        move |error| Failed { doing: self, error }
    }
}

/// Opens the file, and creates it and its directory where they are missing.
fn open(path: &Path) -> io::Result<File> {
    let file = match platform::open_append(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            platform::create_dirs(path.parent().unwrap_or(path))?;
            platform::open_append(path)?
        }
        other => other?,
    };
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "it is not a regular file",
        ));
    }
    Ok(file)
}

/// Appends whole lines to a file of `len` bytes. If not all of the text can be written, the file is cut back to the
/// last line that is whole, and the error comes with the number of lines that stay.
fn write_whole_lines(mut file: &File, text: &[u8], len: u64) -> Result<(), (usize, io::Error)> {
    let mut done = 0;
    let error = loop {
        match file.write(&text[done..]) {
            Ok(0) if done == text.len() => return Ok(()),
            Ok(0) => break io::ErrorKind::WriteZero.into(),
            Ok(count) => done += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break error,
        }
        if done == text.len() {
            return Ok(());
        }
    };
    let whole = text[..done]
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |at| at + 1);
    // If even this fails, the torn line is mended before the next append.
    file.set_len(len + whole as u64).ok();
    Err((text[..whole].iter().filter(|byte| **byte == b'\n').count(), error))
}
