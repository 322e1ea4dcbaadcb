//! An intake that puts what it takes on tapes of a run.
//!
//! Invariant: nothing is written before it went through the check, so no secret reaches a tape; and `Ok` is returned
//! only if no tape was in trouble meanwhile, so what was acknowledged is in the files.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use telensic_redact::Redactor;
use telensic_run::RunDir;
use telensic_tape::Signal;

use super::counts::IntakeSummary;
use super::fold::Telling;
use super::reel::Way;
use super::shelf::{NoReel, Shelf};
use super::{Intake, Refused, Taken};
use crate::otlp::{Check, ExportRequest, Owned, Reason, Rejected, record_of};

/// How a [`RunIntake`] works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RunIntakeOptions {
    /// Resources that get a tape of their own; further ones share a tape. 64 by default.
    pub most_tapes: usize,
    /// Scopes that get chunks of their own on a tape; further ones share chunks. 256 by default.
    pub most_scopes: usize,
    /// How deep values may be nested. 32 by default: protobuf libraries give up soon after.
    pub nesting: u32,
    /// Bytes of disk that are left free, so that the run can still be finished; 64 MiB by default.
    pub keep_free: u64,
}

impl Default for RunIntakeOptions {
    fn default() -> Self {
        Self {
            most_tapes: 64,
            most_scopes: 256,
            nesting: 32,
            keep_free: 64 << 20,
        }
    }
}

/// Puts what it takes on tapes in a run's tape directory, one for each resource.
#[derive(Debug)]
pub struct RunIntake {
    dir: PathBuf,
    redactor: Arc<Redactor>,
    options: RunIntakeOptions,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` once it was finished.
    shelf: Option<Shelf>,
    summary: IntakeSummary,
    /// Things for the user to know, each said once.
    notices: Vec<String>,
}

/// When to try again after a disk was full: somebody has to free space first.
const RETRY_AFTER: Duration = Duration::from_secs(5);

impl RunIntake {
    /// An intake for this run; a tape is made when the first record of a resource comes.
    pub fn open(run: &RunDir, redactor: Arc<Redactor>, options: RunIntakeOptions) -> Self {
        Self {
            dir: run.tapes(),
            redactor,
            options,
            state: Mutex::new(State {
                shelf: Some(Shelf::new(run.tapes(), options.most_tapes, options.most_scopes)),
                summary: IntakeSummary::default(),
                notices: Vec::new(),
            }),
        }
    }

    /// What it has taken so far.
    pub fn summary(&self) -> IntakeSummary {
        self.lock().summary.clone()
    }

    /// What the user should know and was not told yet, a line each.
    pub fn take_notices(&self) -> Vec<String> {
        std::mem::take(&mut self.lock().notices)
    }

    /// Closes all tapes; what comes later is refused.
    pub fn finish(&self) -> IntakeSummary {
        let mut state = self.lock();
        let shelf = state.shelf.take();
        for reel in shelf
            .into_iter()
            .flat_map(|mut shelf| shelf.clear().collect::<Vec<_>>())
        {
            if let Err(error) = reel.close() {
                let lost = "what it held is lost: leave the directory alone while the run goes on";
                state.notices.push(format!(
                    "a tape in {} was removed and cannot be put back: {error}; {lost}",
                    self.dir.display()
                ));
            }
        }
        state.summary.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn refused(&self, reason: String) -> Refused {
        Refused {
            reason,
            retry_after: RETRY_AFTER,
        }
    }

    /// Refuses a request for which there may be no room, before any of it is written.
    fn check_room(&self, bytes: usize) -> Result<(), Refused> {
        let free = match free_bytes(&self.dir) {
            Ok(free) => free,
            Err(error) => {
                return Err(self.refused(format!(
                    "cannot look at the run's directory {}: {error}; make it readable again",
                    self.dir.display()
                )));
            }
        };
        if free >= self.options.keep_free.saturating_add(bytes as u64) {
            return Ok(());
        }
        Err(self.refused(format!(
            "only {free} bytes are free where the run is recorded, {}: free some disk space",
            self.dir.display()
        )))
    }
}

impl Intake for RunIntake {
    fn take(&self, request: &ExportRequest) -> Result<Taken, Refused> {
        let mut state = self.lock();
        let State {
            shelf,
            summary,
            notices,
        } = &mut *state;
        let outcome = self.check_room(request.bytes().len()).and_then(|()| {
            let shelf = shelf
                .as_mut()
                .ok_or_else(|| self.refused("the run has ended: nothing more is recorded".to_owned()))?;
            self.put(shelf, request, summary, notices)
        });
        match &outcome {
            Ok(taken) => summary.count(request.signal(), taken),
            Err(refused) => {
                if summary.refused == 0 {
                    notices.push(refused.reason.clone());
                }
                summary.refused += 1;
            }
        }
        outcome
    }
}

impl RunIntake {
    fn put(
        &self,
        shelf: &mut Shelf,
        request: &ExportRequest,
        summary: &mut IntakeSummary,
        notices: &mut Vec<String>,
    ) -> Result<Taken, Refused> {
        let mut check = Check::new(&self.redactor, self.options.nesting);
        let mut taken = Taken {
            accepted: 0,
            rejected: request.rejected(),
        };
        let with_records =
            |resource: &Owned<'_>| resource.scopes().any(|scope| scope.records().next().is_some());
        for resource in request.resources().filter(with_records) {
            let (reel, telling) = match shelf.reel(resource.owner(), &mut check) {
                Ok(found) => found,
                Err(NoReel::Trouble(reason)) => return Err(self.refused(reason)),
                Err(NoReel::Rejected(reason)) => {
                    let records = resource.scopes().flat_map(|scope| scope.records()).count();
                    taken.rejected.add(reason, records as u64);
                    continue;
                }
            };
            let before = taken.accepted;
            for scope in resource.scopes() {
                let mut records = scope.records().peekable();
                if records.peek().is_none() {
                    continue;
                }
                match reel.way(request.signal(), scope.owner(), &mut check) {
                    Ok(mut way) => {
                        let put = put_records(
                            &mut way,
                            request.signal(),
                            records,
                            telling.as_ref(),
                            &mut check,
                            &mut taken,
                        );
                        if way.telling.is_some() {
                            say_first(notices, &mut summary.without_own_scope, put, MANY_SCOPES);
                        }
                    }
                    Err(reason) => taken.rejected.add(reason, records.count() as u64),
                }
            }
            if telling.is_some() {
                let put = taken.accepted - before;
                say_first(notices, &mut summary.without_own_tape, put, MANY_RESOURCES);
            }
        }
        summary.masked_values += check.masked();
        summary.tapes = shelf.tapes();
        let trouble = shelf.round();
        notices.append(&mut shelf.notices);
        match trouble {
            Some(reason) => Err(self.refused(reason)),
            None => Ok(taken),
        }
    }
}

const MANY_SCOPES: &str = "a program uses very many instrumentation scopes: those of its further records are kept as \
                           their attributes otel.scope.name and otel.scope.version";

const MANY_RESOURCES: &str = "very many resources send to this run: further ones share a tape, on which they are \
                              attributes of each record";

/// Counts records, and says it when they are the first.
fn say_first(notices: &mut Vec<String>, count: &mut u64, records: u64, notice: &str) {
    if *count == 0 && records > 0 {
        notices.push(notice.to_owned());
    }
    *count += records;
}

/// Puts records on a tape; how many.
fn put_records<'a>(
    way: &mut Way<'_>,
    signal: Signal,
    records: impl Iterator<Item = &'a [u8]>,
    resource: Option<&Telling>,
    check: &mut Check<'_>,
    taken: &mut Taken,
) -> u64 {
    let schema = record_of(signal);
    let mut put = 0;
    for record in records {
        let appended = check.safe(schema, record).and_then(|safe| {
            let told = match (resource, &way.telling) {
                (None, None) => return way.append(&safe),
                (Some(resource), None) => resource.tell(signal, &safe),
                (None, Some(scope)) => scope.tell(signal, &safe),
                (Some(resource), Some(scope)) => scope.tell(signal, &resource.tell(signal, &safe)),
            };
            way.append(&told)
        });
        match appended {
            Ok(()) => put += 1,
            Err(reason) => reject(&mut taken.rejected, reason),
        }
    }
    taken.accepted += put;
    put
}

#[cold]
fn reject(rejected: &mut Rejected, reason: Reason) {
    rejected.add(reason, 1);
}

/// How much of the disk is free for this user.
#[cfg(unix)]
fn free_bytes(dir: &std::path::Path) -> std::io::Result<u64> {
    let stat = rustix::fs::statvfs(dir)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Where it cannot be asked, the tape finds out when it reserves space.
#[cfg(not(unix))]
fn free_bytes(_dir: &std::path::Path) -> std::io::Result<u64> {
    Ok(u64::MAX)
}

impl Drop for RunIntake {
    fn drop(&mut self) {
        self.finish();
    }
}
