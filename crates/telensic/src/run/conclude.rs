//! The end of a run: what it recorded is merged, read and sealed.
//!
//! ```text
//! tapes --> timeline --> forensic_trace.json, events.jsonl, health, reports
//! parts --> provenance.json
//! CPU profiles --> flamegraphs, profiles/INDEX.json
//!       then run.json with its final status, then the seal over all of it, then `latest`
//! ```
//!
//! Done by the process that started the run, or by `telensic recover`. Invariant: what cannot be derived is told of and
//! left out; it never keeps the run from being sealed. Every step can be done again, should the process die within one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use telensic_forensics::critical_path::{CriticalPath, PathOptions};
use telensic_forensics::report::html::{self, ReportInput};
use telensic_forensics::report::markdown;
use telensic_forensics::timeline::SpanIndex;
use telensic_forensics::{Health, RunSummary, Timeline, TraceFile};
use telensic_run::event::{EventLine, EventRecord, write_lines};
use telensic_run::{
    DataRoot, Exit, Manifest, Provenance, ResourceUse, RunDir, RunError, RunStatus, Seal, SigningKey,
};
use telensic_tape::{SpanId, Tape, TraceId, UnixNanos, WriterState};

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    status: RunStatus,
    error: Option<String>,
    exit: Option<Exit>,
    resource_use: Option<ResourceUse>,
    at: Option<UnixNanos>,
}

impl Ending {
    /// With this status, now.
    pub fn of(status: RunStatus) -> Self {
        Self {
            status,
            error: None,
            exit: None,
            resource_use: None,
            at: None,
        }
    }

    /// Says why, in a line.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.error = Some(reason.into());
        self
    }

    /// Says how the program ended.
    #[must_use]
    pub fn exit(mut self, exit: Exit) -> Self {
        self.exit = Some(exit);
        self
    }

    /// Says what the program used.
    #[must_use]
    pub fn resource_use(mut self, used: ResourceUse) -> Self {
        self.resource_use = Some(used);
        self
    }

    /// Says when, if that is not now.
    #[must_use]
    pub fn at(mut self, time: UnixNanos) -> Self {
        self.at = Some(time);
        self
    }

    pub(super) fn status(&self) -> RunStatus {
        self.status
    }

    pub(super) fn reason(&self) -> Option<&str> {
        self.error.as_deref()
    }
}

/// A run that has ended.
#[derive(Debug)]
pub struct Concluded {
    /// Where it lies.
    pub run: RunDir,
    /// How it ended.
    pub status: RunStatus,
    /// How long it took, in nanoseconds.
    pub duration: u64,
    /// How many spans it has.
    pub spans: u64,
    /// How many log records and events.
    pub logs: u64,
    /// How it did.
    pub health: Health,
    /// The proof that nothing was changed since.
    pub seal: Seal,
    /// What could not be derived, a line each.
    pub troubles: Vec<String>,
}

/// How many earlier runs tell what is usual.
const HISTORY: usize = 20;

/// How long the tapes of workers that still run are waited for.
const WORKERS: Duration = Duration::from_secs(5);

/// Merges, reads and seals a run whose process has ended, or is this one. Without a root, no ledger is kept and `latest`
/// not moved.
pub fn conclude(
    run: &RunDir,
    root: Option<&DataRoot>,
    mut manifest: Manifest,
    ending: Ending,
) -> Result<Concluded, RunError> {
    let mut troubles = Vec::new();
    wait_for_workers(run, &mut troubles)?;
    let timeline = Timeline::read(run)?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let ended = ending.at.map_or(now.as_nanos() as u64, |at| at.0);
    manifest.status = ending.status;
    manifest.ended_unix_nano = Some(ended.max(manifest.started_unix_nano));
    manifest.error = ending.error;
    manifest.exit = ending.exit.or(manifest.exit);
    manifest.resource_use = ending.resource_use.or(manifest.resource_use);

    let provenance = settle_provenance(run, &manifest, &mut troubles);
    let history = root.map(|root| RunSummary::earlier(root, &manifest, HISTORY));
    let (history, unreadable) = history.transpose()?.unwrap_or_default();
    troubles.extend(unreadable.iter().map(RunError::to_string));
    let health = Health::of(&timeline, &manifest, &history);
    for written in [
        run.write_streamed(&run.forensic_trace(), |out| {
            TraceFile::new(&timeline)
                .verbose(TraceFile::is_verbose_by_env())
                .write_to(out)
        }),
        run.write_streamed(&run.events(), |out| write_events(run, &timeline, out)),
        run.write(&run.health_json(), &json(&health)),
        run.write(&run.health_report(), markdown::health(&health).as_bytes()),
        run.write_streamed(&run.html_report(), |out| {
            let mut report = ReportInput::new(&manifest, &timeline);
            report.health = Some(&health);
            report.provenance = provenance
                .as_ref()
                .and_then(|provenance| serde_json::to_value(provenance).ok());
            let path = root_of(&timeline, &health)
                .map(|root| CriticalPath::of(&timeline, root, PathOptions::default()));
            report.critical_path = path.as_ref();
            html::write(out, &report)
        }),
    ] {
        troubles.extend(written.err().map(|error| error.to_string()));
    }

    super::profiles::settle(run, &timeline, &manifest, &mut troubles);
    run.write_manifest(&manifest)?;
    let key = SigningKey::load_or_create()?;
    let seal = telensic_run::seal(run, root, &key)?;
    if let Some(root) = root.filter(|_| manifest.status == RunStatus::Succeeded)
        && let Err(error) = root.point_latest_to(run.id())
    {
        troubles.push(error.to_string());
    }
    Ok(Concluded {
        run: run.clone(),
        status: manifest.status,
        duration: ended.saturating_sub(manifest.started_unix_nano),
        spans: timeline.spans().len() as u64,
        logs: timeline.logs().len() as u64,
        health,
        seal,
        troubles,
    })
}

/// Waits until the tapes of processes of this host that still run are closed, but not for ever.
fn wait_for_workers(run: &RunDir, troubles: &mut Vec<String>) -> Result<(), RunError> {
    let begun = Instant::now();
    loop {
        let open: Vec<PathBuf> = run
            .list_tapes()?
            .into_iter()
            .filter(|tape| is_worker(tape))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        if begun.elapsed() > WORKERS {
            for tape in open {
                troubles.push(format!(
                    "{} is still being written: what comes now is not covered by the seal; end workers before the run",
                    tape.display()
                ));
            }
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Whether another process of this host writes this tape.
fn is_worker(tape: &Path) -> bool {
    // One that is no tape is told of by the health report.
    Tape::open(tape)
        .is_ok_and(|tape| tape.writer_state() == WriterState::Live && tape.head().pid() != std::process::id())
}

/// The root that the health report is about.
fn root_of(timeline: &Timeline, health: &Health) -> Option<SpanIndex> {
    let root = health.root.as_ref()?;
    timeline.find(
        TraceId::from_hex(&root.trace_id)?,
        SpanId::from_hex(&root.span_id)?,
    )
}

fn write_events(run: &RunDir, timeline: &Timeline, out: &mut impl Write) -> io::Result<()> {
    let mut lines = Vec::new();
    for (index, place) in timeline.log_indices().zip(0..) {
        let log = timeline.log(index);
        if log.event.is_none() {
            continue;
        }
        let record = timeline.log_view(index).map(|view| EventRecord::of(&view));
        // One that does not decode is damage, which the health report names.
        if let Some(Ok(Some(event))) = record {
            let process = timeline.process(log.process);
            let line = EventLine::new(
                event,
                Some(run.id()),
                &process.host,
                process.pid,
                &process.service,
            );
            lines.push((line, place));
        }
    }
    write_lines(&lines, out)
}

/// The provenance with all that was added.
fn settle_provenance(run: &RunDir, manifest: &Manifest, troubles: &mut Vec<String>) -> Option<Provenance> {
    let settled = Provenance::settle(run).and_then(|mut provenance| {
        if provenance.experiment_id != manifest.experiment_id {
            provenance.experiment_id.clone_from(&manifest.experiment_id);
            provenance.write(run)?;
        }
        Ok(provenance)
    });
    settled.map_err(|error| troubles.push(error.to_string())).ok()
}

pub(super) fn json(value: &impl serde::Serialize) -> Vec<u8> {
    // No map with other keys than text and no failing writer: nothing here can fail.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
