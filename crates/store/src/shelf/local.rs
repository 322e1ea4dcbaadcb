//! A shelf that is a directory.
//!
//! A file is written under a name that no reader looks at, synced, renamed, and the directory synced. What a crash
//! leaves under such a name is removed when the shelf is opened.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::ops::Range;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::Shelf;
use crate::error::StoreError;
use crate::wal::{make_private_directory, sync_directory};

const UNFINISHED: &str = ".tmp";

/// Segments in a directory.
#[derive(Debug)]
pub struct LocalShelf {
    root: PathBuf,
}

impl LocalShelf {
    /// Opens the shelf in this directory, or makes it.
    pub fn open(root: &Path) -> Result<Self, StoreError> {
        make_private_directory(root)?;
        let shelf = Self {
            root: root.to_owned(),
        };
        shelf.walk(&mut |path, _| {
            if path.to_string_lossy().ends_with(UNFINISHED) {
                std::fs::remove_file(path).map_err(StoreError::on("remove", path))?;
            }
            Ok(())
        })?;
        Ok(shelf)
    }

    /// All files, two directories deep.
    fn walk(&self, take: &mut dyn FnMut(&Path, u64) -> Result<(), StoreError>) -> Result<(), StoreError> {
        let mut directories = vec![(self.root.clone(), 0)];
        while let Some((directory, depth)) = directories.pop() {
            let entries = std::fs::read_dir(&directory).map_err(StoreError::on("list", &directory))?;
            for entry in entries {
                let entry = entry.map_err(StoreError::on("list", &directory))?;
                let path = entry.path();
                let metadata = match entry.metadata() {
                    Err(error) if error.kind() == ErrorKind::NotFound => continue,
                    other => other.map_err(StoreError::on("read", &path))?,
                };
                if metadata.is_dir() && depth < 2 {
                    directories.push((path, depth + 1));
                } else if metadata.is_file() {
                    take(&path, metadata.len())?;
                }
            }
        }
        Ok(())
    }
}

impl Shelf for LocalShelf {
    fn list(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let mut files = Vec::new();
        self.walk(&mut |path, len| {
            let name = path.strip_prefix(&self.root).ok().and_then(Path::to_str);
            files.extend(name.map(|name| (name.to_owned(), len)));
            Ok(())
        })?;
        Ok(files)
    }

    fn put(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        let path = self.root.join(name);
        let directory = path.parent().unwrap_or(&self.root);
        make_private_directory(directory)?;
        let temporary = self.root.join(format!("{name}{UNFINISHED}"));
        let written = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&temporary)
            .and_then(|mut file| file.write_all(&bytes).and_then(|()| file.sync_all()))
            .and_then(|()| std::fs::rename(&temporary, &path));
        if let Err(error) = written {
            // What is left of it is removed at the next start if it cannot be now.
            let _ = std::fs::remove_file(&temporary);
            return Err(StoreError::io("write", &path, error));
        }
        sync_directory(directory)?;
        // The directories above may be new as well.
        directory.parent().map_or(Ok(()), sync_directory)?;
        sync_directory(&self.root)
    }

    fn read(&self, name: &str, ranges: &[Range<u64>]) -> Result<Vec<Bytes>, StoreError> {
        let path = self.root.join(name);
        let file = File::open(&path).map_err(StoreError::on("open", &path))?;
        let part = |range: &Range<u64>| {
            let mut bytes = vec![0; (range.end.saturating_sub(range.start)) as usize];
            file.read_exact_at(&mut bytes, range.start)
                .map_err(StoreError::on("read", &path))?;
            Ok(bytes.into())
        };
        ranges.iter().map(part).collect()
    }

    fn remove(&self, name: &str) -> Result<(), StoreError> {
        let path = self.root.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::io("remove", &path, error)),
            _ => Ok(()),
        }
    }
}
