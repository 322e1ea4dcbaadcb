//! The database behind the catalog.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hashbrown::HashMap;
use rusqlite::{Connection, params};
use telensic_tape::Signal;

use crate::error::{StoreError, StoreErrorKind};
use crate::segment::{Segment, SegmentFacts};
use crate::tenant::Tenant;
use crate::wal::Position;

const VERSION: i64 = 1;
const TABLES: &str = "
    create table segments (name text primary key, len integer not null, facts text not null) without rowid;
    create table streams (signal integer, tenant text, flushed_to integer not null, primary key (signal, tenant))
        without rowid;
";

/// What is flushed together: rows of one signal and tenant.
pub(crate) type Stream = (Signal, Tenant);

/// The catalog.
#[derive(Debug)]
pub(crate) struct Catalog {
    path: PathBuf,
    connection: Mutex<Connection>,
}

impl Catalog {
    /// Opens the catalog, and whether it had to be made anew because it was damaged.
    pub(crate) fn open(path: &Path) -> Result<(Self, bool), StoreError> {
        match Self::try_open(path) {
            Ok(catalog) => Ok((catalog, false)),
            Err(error) if error.kind() == StoreErrorKind::NewerFormat => Err(error),
            Err(_) => {
                for suffix in ["", "-wal", "-shm"] {
                    let mut damaged = path.as_os_str().to_owned();
                    damaged.push(suffix);
                    let damaged = PathBuf::from(damaged);
                    match std::fs::remove_file(&damaged) {
                        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                            return Err(StoreError::io("remove", &damaged, error));
                        }
                        _ => {}
                    }
                }
                Ok((Self::try_open(path)?, true))
            }
        }
    }

    fn try_open(path: &Path) -> Result<Self, StoreError> {
        let cannot = |error| Self::cannot(path, error);
        let connection = Connection::open(path).map_err(cannot)?;
        // It can be made again, so it need not survive a power cut on its own.
        connection
            .execute_batch("pragma journal_mode = wal; pragma synchronous = normal;")
            .map_err(cannot)?;
        let version: i64 = connection
            .query_row("pragma user_version", [], |row| row.get(0))
            .map_err(cannot)?;
        if version > VERSION {
            return Err(StoreError::new(
                StoreErrorKind::NewerFormat,
                format!(
                    "{} has version {version}, this program reads up to {VERSION}: use a newer telensic",
                    path.display()
                ),
            ));
        }
        if version == 0 {
            let make = format!("begin; {TABLES} pragma user_version = {VERSION}; commit;");
            connection.execute_batch(&make).map_err(cannot)?;
        }
        let check: String = connection
            .query_row("pragma quick_check(1)", [], |row| row.get(0))
            .map_err(cannot)?;
        if check != "ok" {
            return Err(StoreError::new(StoreErrorKind::Damaged, check));
        }
        Ok(Self {
            path: path.to_owned(),
            connection: Mutex::new(connection),
        })
    }

    fn cannot(path: &Path, error: rusqlite::Error) -> StoreError {
        StoreError::new(
            StoreErrorKind::Io,
            format!("cannot use the catalog {}: {error}", path.display()),
        )
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sizes and facts of all segments it knows.
    pub(crate) fn segments(&self) -> Result<HashMap<String, (u64, SegmentFacts)>, StoreError> {
        let connection = self.connection();
        let cannot = |error| Self::cannot(&self.path, error);
        let mut query = connection
            .prepare("select name, len, facts from segments")
            .map_err(cannot)?;
        let rows = query
            .query_map([], |row| {
                Ok((row.get(0)?, row.get::<_, i64>(1)?, row.get::<_, String>(2)?))
            })
            .map_err(cannot)?;
        let mut segments = HashMap::new();
        for row in rows {
            let (name, len, facts) = row.map_err(cannot)?;
            // What cannot be understood is read from the footer instead.
            if let Ok(facts) = serde_json::from_str(&facts) {
                segments.insert(name, (len as u64, facts));
            }
        }
        Ok(segments)
    }

    /// Up to where each stream is in segments, or has expired.
    pub(crate) fn streams(&self) -> Result<HashMap<Stream, Position>, StoreError> {
        let connection = self.connection();
        let cannot = |error| Self::cannot(&self.path, error);
        let mut query = connection
            .prepare("select signal, tenant, flushed_to from streams")
            .map_err(cannot)?;
        let rows = query
            .query_map([], |row| {
                Ok((
                    row.get::<_, u8>(0)?,
                    row.get::<_, String>(1)?,
                    row.get::<_, i64>(2)?,
                ))
            })
            .map_err(cannot)?;
        let mut streams = HashMap::new();
        for row in rows {
            let (signal, tenant, to) = row.map_err(cannot)?;
            if let (Some(signal), Ok(tenant)) = (Signal::from_byte(signal), tenant.parse()) {
                streams.insert((signal, tenant), Position(to as u64));
            }
        }
        Ok(streams)
    }

    /// Enters new segments and takes out those that are gone, all at once.
    pub(crate) fn change(&self, added: &[&Segment], removed: &[&Segment]) -> Result<(), StoreError> {
        let cannot = |error| Self::cannot(&self.path, error);
        let mut connection = self.connection();
        let change = connection.transaction().map_err(cannot)?;
        for segment in removed {
            change
                .execute("delete from segments where name = ?1", [&segment.name])
                .map_err(cannot)?;
        }
        for segment in added {
            let facts = serde_json::to_string(&segment.facts)
                .map_err(|error| StoreError::new(StoreErrorKind::Io, error.to_string()))?;
            change
                .execute(
                    "insert or replace into segments values (?1, ?2, ?3)",
                    params![segment.name, segment.len as i64, facts],
                )
                .map_err(cannot)?;
            let id = &segment.id;
            change
                .execute(
                    "insert into streams values (?1, ?2, ?3)
                     on conflict do update set flushed_to = max(flushed_to, excluded.flushed_to)",
                    params![id.signal as u8, id.tenant.as_str(), id.to.0 as i64],
                )
                .map_err(cannot)?;
        }
        change.commit().map_err(cannot)
    }

    /// Takes out names that are not on the shelf any longer.
    pub(crate) fn forget(&self, names: &[String]) -> Result<(), StoreError> {
        let connection = self.connection();
        for name in names {
            connection
                .execute("delete from segments where name = ?1", [name])
                .map_err(|error| Self::cannot(&self.path, error))?;
        }
        Ok(())
    }
}
