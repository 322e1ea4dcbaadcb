//! The whole reading, in the form that `--json` and `health.json` have.

use serde::Serialize;
use telensic_run::{Exit, Manifest, ResourceUse, RunId, RunStatus, names};
use telensic_tape::{SpanId, TraceId};

use super::errors::Errors;
use super::path::PathReport;
use super::stages::Stages;
use super::{
    Anomaly, ErrorGroup, Gap, Listed, LogCounts, NameRow, Parallelism, RecordState, RunSummary, SpanRef,
    StageBasis, StageRow, anomalies, fan_outs, gaps, self_times, span_names, stage_table,
};
use crate::critical_path::PathOptions;
use crate::timeline::{SpanIndex, Timeline};

/// The version of `health.json`.
const FORMAT_VERSION: u32 = 1;

/// How a run did.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Health {
    /// The version of this form.
    pub format_version: u32,
    /// The run.
    pub run_id: RunId,
    /// The profile that it executed.
    pub profile: String,
    /// How it stands.
    pub status: RunStatus,
    /// Why it did not succeed, as the manifest says.
    pub error: Option<String>,
    /// When it started, Unix nanoseconds.
    pub started_unix_nano: u64,
    /// When it ended, Unix nanoseconds.
    pub ended_unix_nano: Option<u64>,
    /// How the wrapped program ended.
    pub exit: Option<Exit>,
    /// What it used.
    pub resource_use: Option<ResourceUse>,
    /// Wall-clock time: the root's duration; without a root, from the first start to the last end.
    pub wall_ns: u64,
    /// The root.
    pub root: Option<SpanRef>,
    /// How many spans there are.
    pub span_count: u64,
    /// What the stages are.
    pub stage_basis: StageBasis,
    /// The stages, by start.
    pub stages: Vec<StageRow>,
    /// Whether running things at once was worth it.
    pub parallelism: Parallelism,
    /// The critical path; none without a root.
    pub critical_path: Option<PathReport>,
    /// The spans by name.
    pub names: Listed<NameRow>,
    /// The errors by cause, the gravest first: what was not caught, then what broke most.
    pub errors: Vec<ErrorGroup>,
    /// How many causes there are; of very many, `errors` has the first.
    pub error_causes: u64,
    /// How many spans failed.
    pub error_spans: u64,
    /// What is missing.
    pub gaps: Listed<Gap>,
    /// How whole the record is.
    pub record: RecordState,
    /// What was logged.
    pub logs: LogCounts,
    /// What is not as usual.
    pub anomalies: Vec<Anomaly>,
    /// How many earlier runs of the profile that was held against.
    pub earlier_runs: u64,
}

impl Health {
    /// Reads a run. Of `history`, the runs of the same profile that started earlier count.
    pub fn of(timeline: &Timeline, manifest: &Manifest, history: &[RunSummary]) -> Self {
        let root = root_of(timeline, manifest);
        let wall = match root {
            Some(root) => timeline.span(root).duration(),
            None => extent(timeline).unwrap_or_else(|| from_to(manifest)),
        };
        let own = self_times::of_all(timeline);
        let stages = Stages::of(timeline, root);
        let mut rows = stage_table::rows(timeline, &stages, &own, wall);
        let path = PathOptions::default();
        let critical_path = root.map(|root| PathReport::of(timeline, root, path, &stages, &mut rows));
        let fan_outs = fan_outs::find(timeline);
        let errors = Errors::of(timeline, &stages);
        let earlier: Vec<&RunSummary> = history
            .iter()
            .filter(|run| run.profile == manifest.profile && run.run_id < manifest.run_id)
            .collect();
        Self {
            format_version: FORMAT_VERSION,
            run_id: manifest.run_id,
            profile: manifest.profile.clone(),
            status: manifest.status,
            error: manifest.error.clone(),
            started_unix_nano: manifest.started_unix_nano,
            ended_unix_nano: manifest.ended_unix_nano,
            exit: manifest.exit,
            resource_use: manifest.resource_use,
            wall_ns: wall,
            root: root.map(|root| SpanRef::of(timeline, root)),
            span_count: timeline.spans().len() as u64,
            stage_basis: stages.basis,
            anomalies: anomalies::find(wall, &rows, &errors.groups.first, &earlier),
            stages: rows,
            parallelism: Parallelism::of(timeline, &own, wall, &fan_outs),
            critical_path,
            names: span_names::rows(timeline, &own),
            error_causes: errors.groups.total,
            error_spans: errors.spans,
            errors: errors.groups.first,
            gaps: gaps::find(timeline, manifest.status, &fan_outs),
            record: RecordState::of(timeline),
            logs: LogCounts::of(timeline),
            earlier_runs: earlier.len() as u64,
        }
    }
}

/// The root of a run: what its manifest names, or the longest span called `pipeline:...`, or the longest root.
pub(crate) fn root_of(timeline: &Timeline, manifest: &Manifest) -> Option<SpanIndex> {
    let ids = manifest.trace_id.as_deref().and_then(TraceId::from_hex);
    let ids = ids.zip(manifest.root_span_id.as_deref().and_then(SpanId::from_hex));
    if let Some(root) = ids.and_then(|(trace, span)| timeline.find(trace, span)) {
        return Some(root);
    }
    let rank = |root: &SpanIndex| {
        let span = timeline.span(*root);
        let is_pipeline = timeline.text(span.name).starts_with(names::span::PIPELINE_PREFIX);
        // Of equal ones the first.
        (
            is_pipeline,
            !span.is_orphan(),
            span.duration(),
            std::cmp::Reverse(*root),
        )
    };
    timeline.roots().iter().copied().max_by_key(rank)
}

/// From the first start to the last end.
fn extent(timeline: &Timeline) -> Option<u64> {
    let first = timeline.spans().first()?.start.0;
    let last = timeline.spans().iter().map(|span| span.end.0).max()?;
    Some(last - first)
}

fn from_to(manifest: &Manifest) -> u64 {
    let ended = manifest.ended_unix_nano.unwrap_or(manifest.started_unix_nano);
    ended.saturating_sub(manifest.started_unix_nano)
}
