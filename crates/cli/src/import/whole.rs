//! Whole runs: a directory, or an evidence pack. They keep their ids and seals.

use std::fs;
use std::io;
use std::path::Path;

use telensic::{DataRoot, RunDir, RunError};
use telensic_forensics::pack;
use telensic_run::{SigningKey, VerifyOptions, enter_in_ledger, verify};

use super::Imported;
use crate::exit::Failure;

/// Copies a run directory into this root.
pub(crate) fn from_directory(from: &Path, root: &DataRoot) -> Result<Imported, Failure> {
    let run = RunDir::open(from)?;
    place(&run, root, |to| copy_tree(run.path(), to))
}

/// Unpacks an evidence pack into this root.
pub(crate) fn from_pack(file: &Path, root: &DataRoot) -> Result<Imported, Failure> {
    let scratch =
        tempfile::tempdir().map_err(|error| Failure::Told(format!("cannot make a directory: {error}")))?;
    let unpacked = scratch.path().join("run");
    pack::unpack(file, &unpacked)?;
    from_directory(&unpacked, root)
}

/// Puts a run to its place under its name, verified, whole or not at all.
fn place(
    run: &RunDir,
    root: &DataRoot,
    fill: impl FnOnce(&Path) -> Result<(), RunError>,
) -> Result<Imported, Failure> {
    let target = root.run(run.id());
    if target.path().exists() {
        return Err(Failure::Told(format!(
            "run {} is in {} already: nothing is overwritten; remove that one or name another root with --data",
            run.id(),
            target.path().display()
        )));
    }
    let runs = root.runs();
    fs::create_dir_all(&runs).map_err(RunError::on("make", &runs))?;
    // Not a run's name, so nobody takes it for one until it is whole.
    let partial = runs.join(format!(".import-{}-{}", run.id(), std::process::id()));
    let placed = fill(&partial)
        .and_then(|()| fs::rename(&partial, target.path()).map_err(RunError::on("write", target.path())));
    if let Err(error) = placed {
        // What is left of it is of no use.
        let _ = fs::remove_dir_all(&partial);
        return Err(error.into());
    }
    if target.seal().exists() {
        enter_in_ledger(&target, root, &SigningKey::load_or_create()?)?;
    }
    let verification = verify(&target, VerifyOptions::default())?;
    Ok(Imported {
        findings: verification.findings.iter().map(ToString::to_string).collect(),
        run: target,
        records: None,
    })
}

fn copy_tree(from: &Path, to: &Path) -> Result<(), RunError> {
    fs::create_dir(to).map_err(RunError::on("make", to))?;
    let entries = fs::read_dir(from).map_err(RunError::on("list", from))?;
    for entry in entries {
        let entry = entry.map_err(RunError::on("list", from))?;
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type().map_err(RunError::on("look at", &path))?;
        if kind.is_dir() {
            copy_tree(&path, &target)?;
        } else if kind.is_file() {
            fs::copy(&path, &target).map_err(RunError::on("copy", &path))?;
        } else {
            let error = io::Error::new(
                io::ErrorKind::InvalidInput,
                "it is neither a file nor a directory",
            );
            return Err(RunError::io("copy", &path, error));
        }
    }
    private(to).map_err(RunError::on("make private", to))
}

/// A copy is for its owner alone, as what it was copied from.
#[cfg(unix)]
fn private(directory: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(directory, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn private(_: &Path) -> io::Result<()> {
    Ok(())
}
