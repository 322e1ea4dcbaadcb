//! Programs that hash files, as they are on this machine.

use std::io;
use std::path::PathBuf;
use std::process::Command;

use telensic_benches::Outcome;

use crate::cache::Cache;
use crate::figures::{Measured, ensure};
use crate::stopwatch::{Stopwatch, Whose};

/// A program that prints a hash for each file that it is given.
#[derive(Clone, Copy)]
pub(crate) enum Hasher {
    /// Of GNU coreutils: one thread.
    Sha256sum,
    /// Of BLAKE3's authors: maps the files and hashes on all cores.
    B3sum,
    /// The same on one core.
    B3sumOneThread,
}

impl Hasher {
    const ALL: [Self; 3] = [Self::Sha256sum, Self::B3sum, Self::B3sumOneThread];

    fn program(self) -> &'static str {
        match self {
            Self::Sha256sum => "sha256sum",
            Self::B3sum | Self::B3sumOneThread => "b3sum",
        }
    }

    fn command(self) -> Command {
        let mut command = Command::new(self.program());
        if matches!(self, Self::B3sumOneThread) {
            command.arg("--num-threads=1");
        }
        command
    }

    /// Hashes these files, and checks that each has got a hash.
    pub(crate) fn measure(self, files: &[PathBuf], cache: Cache) -> Outcome<Measured> {
        cache.prepare(files)?;
        let mut bytes = 0;
        for file in files {
            bytes += file.metadata()?.len();
        }
        let watch = Stopwatch::start(Whose::Programs)?;
        let output = match self.command().args(files).output() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Measured::NotInstalled),
            output => output?,
        };
        let effort = watch.stop()?;
        let hashes = output.stdout.split(|byte| *byte == b'\n');
        let hashes = hashes.filter(|line| !line.is_empty()).count();
        ensure(output.status.success() && hashes == files.len(), || {
            let said = String::from_utf8_lossy(&output.stderr);
            format!(
                "{} hashed {hashes} of {} files: {said}",
                self.program(),
                files.len()
            )
        })?;
        Ok(Measured::taken(effort, bytes, format!("{hashes} hashes")))
    }
}

/// What the programs call themselves, a line each once.
pub(crate) fn versions() -> String {
    let mut versions: Vec<String> = Hasher::ALL.into_iter().map(version).collect();
    versions.dedup();
    versions.join(", ")
}

fn version(hasher: Hasher) -> String {
    let program = hasher.program();
    let output = Command::new(program).arg("--version").output();
    let said = output
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok());
    let first = said.as_ref().and_then(|said| said.lines().next());
    first.map_or_else(|| format!("{program} not installed"), str::to_owned)
}
