//! A reader's place in the log, kept on disk.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::frame::{Position, word32, word64};
use super::read::{ReadBatch, Reader};
use super::shared::{CursorPlace, Shared};
use crate::error::{StoreError, StoreErrorKind};
use crate::tenant::Tenant;

pub(super) const DIRECTORY: &str = "cursors";
const MAGIC: [u8; 8] = *b"TLNSCUR1";
const LEN: usize = 20;

/// What happens at the disk budget to frames that a reader does not have yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// They stay, and appends are refused instead.
    Essential,
    /// The oldest are dropped and counted.
    Droppable,
}

/// How far behind a reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CursorLag {
    /// Everything before this is done with.
    pub position: Position,
    /// How many bytes of the log lie behind it.
    pub bytes: u64,
}

/// A reader of the log that comes back to where it was, after a restart too.
///
/// [`read`](Self::read) goes on by itself; what was read is done with only once it is
/// [acknowledged](Self::acknowledge). After a restart it begins with what was not.
#[derive(Debug)]
pub struct Cursor {
    name: String,
    shared: Arc<Shared>,
    reader: Reader,
}

impl Cursor {
    pub(super) fn open(shared: Arc<Shared>, name: &str, hold: Hold) -> Result<Self, StoreError> {
        let name = name.parse::<Tenant>().map_err(|_| {
            StoreError::new(
                StoreErrorKind::Invalid,
                format!("{name:?} is no name of a cursor: use 1 to 64 of a-z, 0-9, - and _"),
            )
        })?;
        let name = name.as_str().to_owned();
        let mut files = shared.files();
        let oldest = files.oldest();
        let place = files.cursors.entry(name.clone()).or_insert(CursorPlace {
            position: oldest,
            hold,
        });
        place.hold = hold;
        let position = place.position;
        drop(files);
        Ok(Self {
            reader: Reader::new(shared.clone(), position),
            name,
            shared,
        })
    }

    /// The next frames, up to so many bytes of them; at least one if there is one.
    pub fn read(&mut self, at_most: usize) -> Result<ReadBatch, StoreError> {
        self.reader.read(at_most)
    }

    /// Waits until there is more to read, at most so long; whether there is.
    pub fn wait(&self, at_most: Duration) -> bool {
        self.shared.wait_beyond(self.reader.position(), at_most)
    }

    /// Everything before this is done with; it is remembered on disk.
    pub fn acknowledge(&self, position: Position) -> Result<(), StoreError> {
        write(&path_of(&self.shared.dir, &self.name), position)?;
        if let Some(place) = self.shared.files().cursors.get_mut(&self.name) {
            place.position = place.position.max(position.0);
        }
        self.shared.remove_done_files()
    }

    /// How far behind it is.
    pub fn lag(&self) -> CursorLag {
        let files = self.shared.files();
        let position = files.cursors.get(&self.name).map_or(0, |place| place.position);
        CursorLag {
            position: Position(position),
            bytes: files.committed().saturating_sub(position),
        }
    }
}

fn path_of(dir: &Path, name: &str) -> PathBuf {
    dir.join(DIRECTORY).join(name)
}

/// Replaces the file by another; whoever reads it sees the old position or the new one.
fn write(path: &Path, position: Position) -> Result<(), StoreError> {
    let mut bytes = [0; LEN];
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..16].copy_from_slice(&position.0.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..16]);
    bytes[16..].copy_from_slice(&crc.to_le_bytes());
    let temporary = path.with_extension("tmp");
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)
        .and_then(|mut file| file.write_all(&bytes))
        .and_then(|()| std::fs::rename(&temporary, path))
        .map_err(StoreError::on("write", path))
}

pub(super) fn remove(shared: &Shared, name: &str) -> Result<(), StoreError> {
    if shared.files().cursors.remove(name).is_none() {
        return Ok(());
    }
    let path = path_of(&shared.dir, name);
    match std::fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(StoreError::io("remove", &path, error));
        }
        _ => {}
    }
    shared.remove_done_files()
}

/// Where all readers were, and the names of those that cannot be told: these begin at the oldest frame.
pub(super) fn load_all(dir: &Path) -> Result<(BTreeMap<String, CursorPlace>, Vec<String>), StoreError> {
    let (mut cursors, mut damaged) = (BTreeMap::new(), Vec::new());
    let dir = dir.join(DIRECTORY);
    for entry in std::fs::read_dir(&dir).map_err(StoreError::on("list", &dir))? {
        let entry = entry.map_err(StoreError::on("list", &dir))?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.parse::<Tenant>().is_err() {
            continue;
        }
        let path = entry.path();
        let bytes = std::fs::read(&path).map_err(StoreError::on("read", &path))?;
        let is_sound = bytes.len() == LEN
            && bytes.starts_with(&MAGIC)
            && word32(&bytes, 16) == crc32fast::hash(&bytes[..16]);
        if !is_sound {
            damaged.push(name.clone());
        }
        let position = if is_sound { word64(&bytes, 8) } else { 0 };
        // A reader that must not lose anything says so before the first append.
        let hold = Hold::Droppable;
        cursors.insert(name, CursorPlace { position, hold });
    }
    Ok((cursors, damaged))
}
