//! Opening a store: what a crash left is put in order, and what is only in the log comes back into memory.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use hashbrown::HashMap;
use rustix::fs::{FlockOperation, flock};

use super::face::Store;
use super::shape::Shape;
use super::state::State;
use super::{StoreOptions, keeper};
use crate::catalog::{Catalog, Stream};
use crate::error::{StoreError, StoreErrorKind};
use crate::segment::{FooterCache, Segment, SegmentId};
use crate::shelf::{LocalShelf, Shelf};
use crate::visitor;
use crate::wal::{Cursor, Damage, Hold, Log, Opened, Position};

/// The name of the store's own cursor.
const CURSOR: &str = "store";
/// So many bytes of the log are read at once.
const READ: usize = 8 << 20;
const LOCK_TRIES: u32 = 50;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// A store, and what was found when it was opened.
#[derive(Debug)]
pub struct OpenedStore {
    /// The store.
    pub store: Store,
    /// What was not as it should be; each is worth a line in the log.
    pub findings: Vec<Finding>,
    /// How many requests came back from the log into memory.
    pub replayed: u64,
}

/// Something that was not as it should be.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Finding {
    /// The log ended within a frame that was never acknowledged; so many bytes were cut off.
    TornTail(u64),
    /// A stretch of the log cannot be read.
    Damage(Damage),
    /// A reader's place could not be read: it begins at the oldest frame.
    DamagedCursor(String),
    /// The catalog could not be read and was made again from the segments.
    CatalogRebuilt,
    /// A segment cannot be read; its rows are not found. The file stays where it is.
    UnreadableSegment(String),
    /// A frame of the log is no request that can be stored; it was passed over.
    UnreadableFrame(Position),
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::TornTail(bytes) => {
                write!(
                    f,
                    "the log ended with {bytes} bytes of an unfinished frame; they were cut off"
                )
            }
            Self::Damage(damage) => write!(f, "{damage}"),
            Self::DamagedCursor(name) => {
                write!(
                    f,
                    "the place of reader {name} is lost; it begins at the oldest frame"
                )
            }
            Self::CatalogRebuilt => f.write_str("the catalog was damaged and was made again"),
            Self::UnreadableSegment(why) => f.write_str(why),
            Self::UnreadableFrame(position) => {
                write!(
                    f,
                    "the frame at position {position} is no request; it was passed over"
                )
            }
        }
    }
}

impl Store {
    /// Opens the store in this directory, or makes it; its segments lie there too.
    pub fn open(dir: &Path, options: StoreOptions) -> Result<OpenedStore, StoreError> {
        let shelf = LocalShelf::open(&dir.join("segments"))?;
        Self::open_with_shelf(dir, Arc::new(shelf), options)
    }

    /// Opens the store in this directory, or makes it, with segments on this shelf. The shelf belongs to it alone.
    pub fn open_with_shelf(
        dir: &Path,
        shelf: Arc<dyn Shelf>,
        options: StoreOptions,
    ) -> Result<OpenedStore, StoreError> {
        crate::wal::make_private_directory(dir)?;
        let lock = lock(dir)?;
        remove_scratch(&dir.join("scratch"))?;
        let mut findings = Vec::new();
        let (catalog, was_rebuilt) = Catalog::open(&dir.join("catalog.db"))?;
        findings.extend(was_rebuilt.then_some(Finding::CatalogRebuilt));
        let footers = Arc::new(FooterCache::default());
        let segments = load_segments(&shelf, &catalog, &footers, &mut findings)?;
        let begins = flushed_to(&catalog, &segments)?;
        // A log that was lost must not give out positions that segments have.
        let mut log_options = options.log.clone();
        log_options.begin_at = begins.values().copied().fold(log_options.begin_at, Position::max);
        let state = State {
            segments,
            begins,
            ..State::default()
        };
        let shape = Arc::new(Shape::new(
            dir.to_owned(),
            options,
            shelf,
            catalog,
            footers,
            state,
        ));

        let weak = Arc::downgrade(&shape);
        let on_commit = move |frames| {
            if let Some(shape) = weak.upgrade() {
                take_in(&shape, frames);
            }
        };
        let Opened {
            log,
            torn_bytes,
            damaged_cursors,
        } = Log::open(&dir.join("log"), log_options, on_commit)?;
        findings.extend((torn_bytes > 0).then_some(Finding::TornTail(torn_bytes)));
        findings.extend(damaged_cursors.into_iter().map(Finding::DamagedCursor));
        let mut cursor = log.cursor(CURSOR, Hold::Essential)?;
        let replayed = replay(&shape, &mut cursor, &mut findings)?;
        let log = Arc::new(log);
        let keeper = keeper::Keeper::new(shape.clone(), log.clone(), cursor);
        Ok(OpenedStore {
            store: Store::new(shape, log, keeper, lock)?,
            findings,
            replayed,
        })
    }
}

/// Takes committed frames into memory, and wakes the keeper if there are many.
pub(super) fn take_in(shape: &Shape, frames: Vec<crate::wal::Frame>) {
    let mut state = shape.state();
    state.apply(frames);
    let is_due = !state.frozen.is_empty() || state.memory_bytes() > shape.options.flush_bytes;
    drop(state);
    if is_due {
        shape.bell.ring();
    }
}

fn lock(dir: &Path) -> Result<File, StoreError> {
    let path = dir.join("lock");
    let file = File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(&path)
        .map_err(StoreError::on("open", &path))?;
    // One that is ending, or a child that is being started, may hold it for a moment.
    for _ in 0..LOCK_TRIES {
        if flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok() {
            return Ok(file);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    Err(StoreError::new(
        StoreErrorKind::Locked,
        format!(
            "{} is in use by another process: stop it, or use another directory",
            dir.display()
        ),
    ))
}

/// What queries of a process that died left behind.
fn remove_scratch(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::io("remove", path, error))
        }
        _ => Ok(()),
    }
}

/// The segments on the shelf; those that a finished compaction left behind are removed.
fn load_segments(
    shelf: &Arc<dyn Shelf>,
    catalog: &Catalog,
    footers: &Arc<FooterCache>,
    findings: &mut Vec<Finding>,
) -> Result<Vec<Arc<Segment>>, StoreError> {
    let listed: Vec<(SegmentId, u64)> = shelf
        .list()?
        .into_iter()
        .filter_map(|(name, len)| SegmentId::parse(&name).map(|id| (id, len)))
        .collect();
    let mut known = catalog.segments()?;
    let mut segments = Vec::new();
    for (id, len) in &listed {
        if listed.iter().any(|(other, _)| other.replaces(id)) {
            shelf.remove(&id.name())?;
            continue;
        }
        let (shelf, footers) = (shelf.clone(), footers.clone());
        let segment = match known.remove(&id.name()) {
            Some((size, facts)) if size == *len => Segment::new(id.clone(), *len, facts, shelf, footers),
            _ => match Segment::open(id.clone(), *len, shelf, footers) {
                Ok(segment) => {
                    catalog.change(&[&segment], &[])?;
                    segment
                }
                Err(error) if error.kind() == StoreErrorKind::Damaged => {
                    findings.push(Finding::UnreadableSegment(error.to_string()));
                    continue;
                }
                Err(error) => return Err(error),
            },
        };
        segments.push(Arc::new(segment));
    }
    let gone: Vec<String> = known.into_keys().collect();
    catalog.forget(&gone)?;
    Ok(segments)
}

/// Brings back into memory what is in the log but in no segment.
fn replay(shape: &Shape, cursor: &mut Cursor, findings: &mut Vec<Finding>) -> Result<u64, StoreError> {
    let mut replayed = 0;
    loop {
        let batch = cursor.read(READ)?;
        if batch.frames.is_empty() && batch.damages.is_empty() {
            let mut state = shape.state();
            state.applied = state.applied.max(batch.next);
            return Ok(replayed);
        }
        findings.extend(batch.damages.into_iter().map(Finding::Damage));
        for mut frame in batch.frames {
            let stream = (frame.entry.signal, frame.entry.tenant.clone());
            let flushed_to = shape.state().begins.get(&stream).copied().unwrap_or_default();
            // A generation that was frozen meanwhile moves this, but never beyond the frame.
            if frame.position < flushed_to {
                continue;
            }
            let Ok(rows) = visitor::check(frame.entry.signal, &frame.entry.body) else {
                findings.push(Finding::UnreadableFrame(frame.position));
                continue;
            };
            frame.entry.rows = rows as u32;
            // The frame is a part of all that was read at once, which must not be kept for one of many tenants.
            frame.entry.body = bytes::Bytes::copy_from_slice(&frame.entry.body);
            replayed += 1;
            shape.state().apply(vec![frame]);
        }
    }
}

/// Up to where each stream is in segments.
fn flushed_to(catalog: &Catalog, segments: &[Arc<Segment>]) -> Result<HashMap<Stream, Position>, StoreError> {
    let mut flushed = catalog.streams()?;
    for segment in segments {
        let stream = (segment.id.signal, segment.id.tenant.clone());
        let to = flushed.entry(stream).or_default();
        *to = segment.id.to.max(*to);
    }
    Ok(flushed)
}
