//! Appending to the ledger, under its lock.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use super::LedgerLine;
use crate::digest::Digest;
use crate::{DataRoot, RunError, RunId, atomic};

/// The ledger, locked for this process until it is dropped.
#[derive(Debug)]
pub(crate) struct LockedLedger {
    file: File,
    path: PathBuf,
    torn: PathBuf,
    bytes: Vec<u8>,
}

impl LockedLedger {
    /// Waits for the lock, makes the ledger if there is none, and mends a torn last line.
    pub(crate) fn lock(root: &DataRoot) -> Result<Self, RunError> {
        let path = root.ledger();
        let mut file = atomic::private(OpenOptions::new().read(true).append(true).create(true))
            .open(&path)
            .map_err(RunError::on("open", &path))?;
        file.lock().map_err(RunError::on("lock", &path))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(RunError::on("read", &path))?;
        let mut ledger = Self {
            file,
            path,
            torn: root.torn_ledger_lines(),
            bytes,
        };
        ledger.mend()?;
        Ok(ledger)
    }

    /// The number and the hash of the last line.
    ///
    /// A last line that was altered does not stop the chain: what follows refers to the hash of its bytes, and
    /// verifying names it.
    pub(crate) fn last(&self) -> (u64, Digest) {
        let mut altered = 0;
        let mut last_altered = None;
        for bytes in self.lines().rev() {
            if let Some(line) = LedgerLine::parse(bytes) {
                let sequence = line.link.sequence.saturating_add(altered);
                return (sequence, last_altered.unwrap_or(line.hash));
            }
            last_altered.get_or_insert(Digest::of(bytes));
            altered += 1;
        }
        (altered, last_altered.unwrap_or(Digest::ZERO))
    }

    /// The line of this run.
    pub(crate) fn find(&self, run: RunId) -> Option<LedgerLine> {
        let name = run.as_str().as_bytes();
        self.lines()
            // Far cheaper than to parse them all.
            .filter(|line| line.windows(name.len()).any(|window| window == name))
            .filter_map(LedgerLine::parse)
            .find(|line| line.link.run_id == run)
    }

    /// Appends a line, on disk when this returns; what was written of it when that fails is taken back.
    pub(crate) fn append(&mut self, line: &LedgerLine) -> Result<(), RunError> {
        let end = self.bytes.len() as u64;
        let written = self.write(&line.to_bytes());
        if let Err(error) = written {
            // Should this fail too, the next one who appends finds a torn line and mends it.
            let _ = self.file.set_len(end);
            return Err(RunError::io("append to", &self.path, error));
        }
        self.bytes.extend(line.to_bytes());
        Ok(())
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)?;
        self.file.sync_all()
    }

    fn lines(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| line.strip_suffix(b"\n").unwrap_or(line))
    }

    /// Of a line without its end: if only the end is missing it is added, else what is there is put aside.
    fn mend(&mut self) -> Result<(), RunError> {
        let whole = self
            .bytes
            .iter()
            .rposition(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let torn = &self.bytes[whole..];
        if torn.is_empty() {
            return Ok(());
        }
        if LedgerLine::parse(torn).is_some() {
            self.write(b"\n")
                .map_err(|error| RunError::io("append to", &self.path, error))?;
            self.bytes.push(b'\n');
            return Ok(());
        }
        keep_torn(&self.torn, torn)?;
        self.file
            .set_len(whole as u64)
            .and_then(|()| self.file.sync_all())
            .map_err(RunError::on("mend", &self.path))?;
        self.bytes.truncate(whole);
        Ok(())
    }
}

/// A crash between this and the cut keeps the same bytes twice, which does no harm.
fn keep_torn(path: &Path, torn: &[u8]) -> Result<(), RunError> {
    atomic::private(OpenOptions::new().append(true).create(true))
        .open(path)
        .and_then(|mut file| {
            file.write_all(torn)?;
            file.write_all(b"\n")?;
            file.sync_all()
        })
        .map_err(RunError::on("keep a torn line in", path))
}
