//! The CPU profiles of a run at its end: which stage each sample belongs to, the drawings, and the list of them all.

use std::path::Path;

use telensic_forensics::Timeline;
use telensic_forensics::profile::{
    CpuProfile, IndexEntry, IndexVersion, ProfileIndex, ProfileKind, decode, encode, flamegraph,
};
use telensic_run::{Manifest, RunDir, RunError};

/// Draws what the processes of the run have left, a flamegraph a process and one a stage, and lists it in `INDEX.json`; nothing is
/// written if there is no profile. What cannot be read is told of and left as it is.
pub(super) fn settle(run: &RunDir, timeline: &Timeline, manifest: &Manifest, troubles: &mut Vec<String>) {
    let paths = match run.list_cpu_profiles() {
        Ok(paths) => paths,
        Err(error) => return troubles.push(error.to_string()),
    };
    let mut profiles = Vec::new();
    let mut entries = Vec::new();
    for path in paths {
        match settle_one(run, timeline, &path) {
            Ok((profile, listed)) => {
                profiles.push(profile);
                entries.extend(listed);
            }
            Err(trouble) => troubles.push(trouble),
        }
    }
    if profiles.is_empty() {
        return;
    }
    for stage in stages(&profiles) {
        match draw_stage(run, manifest, &profiles, &stage) {
            Ok(entry) => entries.push(entry),
            Err(error) => troubles.push(error.to_string()),
        }
    }
    let index = ProfileIndex {
        version: IndexVersion::CURRENT,
        profiles: entries,
    };
    let written = run.write(&run.profile_index(), &super::conclude::json(&index));
    troubles.extend(written.err().map(|error| error.to_string()));
}

/// Gives the samples of one process their stages, and draws them.
fn settle_one(
    run: &RunDir,
    timeline: &Timeline,
    path: &Path,
) -> Result<(CpuProfile, [IndexEntry; 2]), String> {
    let file = std::fs::read(path).map_err(|error| RunError::io("read", path, error).to_string())?;
    let mut profile =
        decode(&file).map_err(|error| format!("{} is no CPU profile: {error}", path.display()))?;
    profile.settle_stages(timeline);
    let drawn = run.flamegraph_of(path);
    let written = encode(&profile)
        .map_err(|error| RunError::io("write", path, error))
        .and_then(|file| run.write(path, &file))
        .and_then(|()| {
            let stacks = profile
                .stacks
                .iter()
                .map(|stack| (profile.names(stack), stack.samples));
            run.write(&drawn, flamegraph(&profile.facts.package, stacks).as_bytes())
        });
    written.map_err(|error| error.to_string())?;
    let listed = [
        (&drawn, ProfileKind::Flamegraph),
        (&path.to_owned(), ProfileKind::Pprof),
    ]
    .map(|(path, kind)| IndexEntry::of_process(name_of(path), kind, &profile));
    Ok((profile, listed))
}

/// Draws one stage, over all processes.
fn draw_stage(
    run: &RunDir,
    manifest: &Manifest,
    profiles: &[CpuProfile],
    stage: &str,
) -> Result<IndexEntry, RunError> {
    let path = run.flamegraph_of_stage(&manifest.profile, manifest.started(), stage);
    let stacks = profiles.iter().flat_map(|profile| {
        let of_it = profile.stacks_of(stage);
        of_it.map(|stack| (profile.names(stack), stack.samples))
    });
    run.write(&path, flamegraph(&format!("stage {stage}"), stacks).as_bytes())?;
    Ok(IndexEntry::of_stage(
        name_of(&path),
        &manifest.profile,
        stage,
        profiles,
    ))
}

fn stages(profiles: &[CpuProfile]) -> Vec<String> {
    let mut stages: Vec<String> = profiles.iter().flat_map(CpuProfile::stages).collect();
    stages.sort_unstable();
    stages.dedup();
    stages
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
