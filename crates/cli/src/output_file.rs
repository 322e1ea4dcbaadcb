//! A file that the user asked for, written whole or not at all.
//!
//! Invariant: nothing within a run's directory is written, nor a ledger: what was recorded stays as it is.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use telensic::{DataRoot, RunDir, RunId};
use tempfile::NamedTempFile;

use crate::exit::Failure;
use crate::screen::Screen;

/// Where an answer goes.
#[derive(Clone, Debug)]
pub(crate) struct OutputFile(PathBuf);

impl From<String> for OutputFile {
    fn from(path: String) -> Self {
        Self(path.into())
    }
}

impl OutputFile {
    /// Its name, to be shown.
    pub(crate) fn shown(&self) -> String {
        self.0.display().to_string()
    }

    /// Whether it is the standard output.
    pub(crate) fn is_stdout(&self) -> bool {
        self.0.as_os_str() == "-"
    }

    /// Refuses the standard output, to which something else is printed.
    pub(crate) fn leave_stdout(&self) -> Result<(), Failure> {
        if self.is_stdout() {
            return Err(Failure::Told(
                "with --json the output cannot be -: name a file".to_owned(),
            ));
        }
        Ok(())
    }

    /// Refuses a place where this must not be written, before any work is done for it.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        if self.is_stdout() {
            return Ok(());
        }
        if self.0.is_dir() {
            return Err(Failure::Told(format!(
                "{} is a directory: name a file",
                self.shown()
            )));
        }
        let directory = self.directory();
        let real = fs::canonicalize(&directory).map_err(|error| self.cannot(&error))?;
        for ancestor in real.ancestors() {
            // Only its places are asked for: a run whose manifest is broken is one all the same.
            let run = RunDir::at(ancestor, RunId::new());
            let why = if run.seal().exists() {
                "which is sealed: any change would break its proof"
            } else if run.manifest_path().exists() {
                "in which only its recorder writes"
            } else {
                continue;
            };
            return Err(Failure::Told(format!(
                "{} lies in the run {}, {why}; name a file elsewhere",
                self.shown(),
                ancestor.display()
            )));
        }
        let is_ledger =
            |root: &Path| DataRoot::new(root).ledger() == real.join(self.0.file_name().unwrap_or_default());
        if real.ancestors().any(is_ledger) {
            return Err(Failure::Told(format!(
                "{} is a ledger: name another file",
                self.shown()
            )));
        }
        Ok(())
    }

    /// Writes it, in one piece as it seems to others.
    pub(crate) fn write<E: Into<Failure>>(
        &self,
        screen: &mut Screen,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
    ) -> Result<(), Failure> {
        self.check()?;
        if self.is_stdout() {
            return fill(screen).map_err(Into::into);
        }
        // A pipe or a device is not replaced by a file.
        if self.0.metadata().is_ok_and(|metadata| !metadata.is_file()) {
            let file = File::options().write(true).open(&self.0);
            return self
                .fill(file.map_err(|error| self.cannot(&error))?, fill)
                .map(drop);
        }
        // A link stays a link.
        let target = fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
        let temporary = NamedTempFile::new_in(self.directory()).map_err(|error| self.cannot(&error))?;
        let (file, path) = temporary.into_parts();
        let file = self.fill(file, fill)?;
        file.sync_all().map_err(|error| self.cannot(&error))?;
        path.persist(target).map_err(|error| self.cannot(&error.error))
    }

    fn fill<E: Into<Failure>>(
        &self,
        file: File,
        fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<(), E>,
    ) -> Result<File, Failure> {
        let mut out = BufWriter::with_capacity(1 << 18, file);
        fill(&mut out).map_err(|error| match error.into() {
            Failure::Output(error) => self.cannot(&error),
            told => told,
        })?;
        out.into_inner().map_err(|error| self.cannot(error.error()))
    }

    fn directory(&self) -> PathBuf {
        let real = fs::canonicalize(&self.0).unwrap_or_else(|_| self.0.clone());
        match real.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        }
    }

    fn cannot(&self, error: &io::Error) -> Failure {
        Failure::Told(format!(
            "cannot write {}: {error}: name a file in a directory that exists and is writable",
            self.shown()
        ))
    }
}
