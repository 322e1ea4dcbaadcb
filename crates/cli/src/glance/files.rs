//! The files of a run that a reader would open.

use serde::Serialize;
use telensic::RunDir;

/// A file of the run.
#[derive(Serialize)]
pub(crate) struct FileFact {
    pub(crate) what: &'static str,
    pub(crate) path: String,
    pub(crate) bytes: u64,
}

/// Those that are there.
pub(crate) fn files(run: &RunDir) -> Vec<FileFact> {
    let known = [
        ("manifest", run.manifest_path()),
        ("spans", run.forensic_trace()),
        ("events", run.events()),
        ("provenance", run.provenance()),
        ("health", run.health_report()),
        ("report", run.html_report()),
        ("metrics", run.metrics()),
        ("profiles", run.profile_index()),
        ("seal", run.seal()),
    ];
    let there = known.into_iter().filter_map(|(what, path)| {
        let bytes = path.metadata().ok().filter(std::fs::Metadata::is_file)?.len();
        Some(FileFact {
            what,
            path: path.display().to_string(),
            bytes,
        })
    });
    there.collect()
}
