//! The files of the log: their names, their headers, and which there are.

use std::fs::{File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::frame::{word32, word64};
use crate::error::{StoreError, StoreErrorKind};

pub(super) const FILE_HEADER: u64 = 32;
const MAGIC: [u8; 8] = *b"TLNSWAL1";
const VERSION: u32 = 1;

/// A file of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LogFile {
    pub(super) path: PathBuf,
    /// Position of its byte 0.
    pub(super) base: u64,
    pub(super) key: u64,
    pub(super) len: u64,
}

impl LogFile {
    /// Position behind its last byte.
    pub(super) fn end(&self) -> u64 {
        self.base + self.len
    }

    /// Position of its first frame.
    pub(super) fn first_frame(&self) -> u64 {
        self.base + FILE_HEADER
    }

    /// Begins a file at this position; it is on disk when this returns.
    pub(super) fn create(dir: &Path, base: u64) -> Result<(Self, File), StoreError> {
        let key = getrandom::u64().map_err(|error| {
            StoreError::new(
                StoreErrorKind::Io,
                format!("the system has no random numbers: {error}"),
            )
        })?;
        let path = dir.join(format!("{base:016x}-{key:016x}.wal"));
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create_new(true)
            .mode(0o600)
            .open(&path)
            .map_err(StoreError::on("create", &path))?;
        file.write_all(&header(base, key))
            .and_then(|()| file.sync_all())
            .map_err(StoreError::on("write", &path))?;
        sync_directory(dir)?;
        let created = Self {
            path,
            base,
            key,
            len: FILE_HEADER,
        };
        Ok((created, file))
    }

    fn of_path(path: PathBuf, len: u64) -> Option<Self> {
        let name = path.file_name()?.to_str()?.strip_suffix(".wal")?;
        let (base, key) = name.split_once('-')?;
        let hex = |text: &str| {
            (text.len() == 16)
                .then(|| u64::from_str_radix(text, 16).ok())
                .flatten()
        };
        let (base, key) = (hex(base)?, hex(key)?);
        Some(Self { path, base, key, len })
    }

    /// Refuses a file of a newer version; a header that is damaged is no reason to, since the name says the same.
    pub(super) fn check_version(&self) -> Result<(), StoreError> {
        let mut bytes = [0; FILE_HEADER as usize];
        let file = File::open(&self.path).map_err(StoreError::on("open", &self.path))?;
        use std::os::unix::fs::FileExt;
        let is_sound =
            file.read_exact_at(&mut bytes, 0).is_ok() && word32(&bytes, 28) == crc32fast::hash(&bytes[..28]);
        let version = word32(&bytes, 24);
        if is_sound && word64(&bytes, 8) == self.base && version > VERSION {
            return Err(StoreError::new(
                StoreErrorKind::NewerFormat,
                format!(
                    "{} has format version {version}, this program reads up to {VERSION}: use a newer telensic",
                    self.path.display()
                ),
            ));
        }
        Ok(())
    }
}

fn header(base: u64, key: u64) -> [u8; FILE_HEADER as usize] {
    let mut bytes = [0; FILE_HEADER as usize];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..16].copy_from_slice(&base.to_le_bytes());
    bytes[16..24].copy_from_slice(&key.to_le_bytes());
    bytes[24..28].copy_from_slice(&VERSION.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..28]);
    bytes[28..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// The files of the log, by position. What has another name is left alone.
pub(super) fn list(dir: &Path) -> Result<Vec<LogFile>, StoreError> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(StoreError::on("list", dir))? {
        let entry = entry.map_err(StoreError::on("list", dir))?;
        let path = entry.path();
        let len = entry.metadata().map_err(StoreError::on("read", &path))?.len();
        files.extend(LogFile::of_path(path, len));
    }
    files.sort_by_key(|file| file.base);
    Ok(files)
}

/// Makes a directory for its owner alone, with those above it.
pub(crate) fn make_private_directory(path: &Path) -> Result<(), StoreError> {
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(path)
        .map_err(StoreError::on("create", path))
}

/// Makes creations, renames and removals in a directory durable.
pub(crate) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|dir| dir.sync_all())
        .map_err(StoreError::on("sync", path))
}
