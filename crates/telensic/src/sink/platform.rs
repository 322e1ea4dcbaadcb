//! What differs between operating systems: private files and directories, and whether a path leads to a file.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens a file for reading and appending; it is created for its owner alone.
pub(super) fn open_append(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().read(true).append(true).create(true)).open(path)
}

/// Opens an empty file for writing; it is created for its owner alone.
pub(super) fn create_empty(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().write(true).create(true).truncate(true)).open(path)
}

/// Creates a directory and its parents, for their owner alone, where they are missing.
pub(super) fn create_dirs(path: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Whether the path still leads to this open file.
#[cfg(unix)]
pub(super) fn leads_to(path: &Path, file: &File) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;

    let (open, there) = (file.metadata()?, path.metadata());
    Ok(there.is_ok_and(|there| there.ino() == open.ino() && there.dev() == open.dev()))
}

/// Whether the path still leads to this open file: only that it leads to one is known here.
#[cfg(not(unix))]
pub(super) fn leads_to(path: &Path, _file: &File) -> io::Result<bool> {
    Ok(path.exists())
}

/// Makes a rename or removal in a directory outlive a power cut.
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    File::open(path)?.sync_all()?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
