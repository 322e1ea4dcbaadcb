//! What a glance at a run shows.

use serde::Serialize;
use telensic::{Manifest, RunDir};
use telensic_forensics::health::{ErrorGroup, InFlight, Listed, StageRow};
use telensic_forensics::{Health, Timeline};
use telensic_run::Provenance;

use super::files::{FileFact, files};
use super::proof::Proof;
use crate::exit::Failure;
use crate::progress::Progress;
use crate::runs::{Standing, standing};

/// A run at a glance.
#[derive(Serialize)]
pub(crate) struct Glance {
    pub(crate) path: String,
    pub(crate) standing: Standing,
    pub(crate) manifest: Manifest,
    pub(crate) wall_ns: u64,
    pub(crate) tapes: u64,
    pub(crate) spans: u64,
    pub(crate) failed_spans: u64,
    pub(crate) logs: u64,
    pub(crate) events: u64,
    pub(crate) lost: u64,
    pub(crate) damaged_tapes: u64,
    pub(crate) stages: Vec<StageRow>,
    pub(crate) errors: Vec<ErrorGroup>,
    pub(crate) open: Listed<InFlight>,
    pub(crate) proof: Proof,
    pub(crate) provenance: Option<Provenance>,
    pub(crate) files: Vec<FileFact>,
    /// Parts of the run that cannot be read, a line each.
    pub(crate) unreadable: Vec<String>,
}

impl Glance {
    /// At this run, whether it has ended or goes on.
    pub(crate) fn at(run: &RunDir) -> Result<Self, Failure> {
        let _progress = Progress::of(format!("reading run {}", run.id()));
        let manifest = run.manifest()?;
        let timeline = Timeline::read(run)?;
        let health = Health::of(&timeline, &manifest, &[]);
        let tapes = timeline.unreadable().iter();
        let mut unreadable: Vec<String> = tapes.map(|tape| tape.reason.clone()).collect();
        let provenance = match Provenance::gather(run) {
            Ok(provenance) => Some(provenance),
            Err(error) => {
                // A run that was cut short need not have any.
                unreadable.extend((!error.is_missing_file()).then(|| error.to_string()));
                None
            }
        };
        Ok(Self {
            path: run.path().display().to_string(),
            standing: standing(&manifest),
            wall_ns: health.wall_ns,
            tapes: health.record.tapes,
            spans: health.span_count,
            failed_spans: health.error_spans,
            logs: health.logs.records,
            events: timeline.logs().iter().filter(|log| log.event.is_some()).count() as u64,
            lost: timeline
                .processes()
                .iter()
                .flat_map(|process| &process.lost)
                .map(|(_, count)| count)
                .sum(),
            damaged_tapes: health.record.damaged.total,
            stages: health.stages,
            errors: health.errors,
            open: health.record.open,
            proof: Proof::of(run),
            files: files(run),
            manifest,
            provenance,
            unreadable,
        })
    }
}
