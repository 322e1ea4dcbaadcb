//! Gives a run what it needs.

use serde::Serialize;
use telensic::{Ending, Manifest, RunDir, RunId, RunStatus, UnixNanos, conclude};
use telensic_forensics::Timeline;
use telensic_forensics::timeline::SpanState;
use telensic_run::SigningKey;

use super::Need;
use crate::exit::Failure;
use crate::progress::Progress;
use crate::readings::home;
use crate::units::counted;

/// What became of a run.
#[derive(Serialize)]
pub(crate) struct Recovered {
    pub(crate) run_id: RunId,
    pub(crate) status: RunStatus,
    /// What was done, in words.
    pub(crate) done: &'static str,
    /// Why it did not succeed.
    pub(crate) error: Option<String>,
    /// How long it took, as far as it is known.
    pub(crate) duration_ns: Option<u64>,
    /// What could not be derived, a line each.
    pub(crate) troubles: Vec<String>,
}

/// Concludes or seals a run; one that needs patience is taken for dead.
pub(crate) fn recover(run: &RunDir, manifest: Manifest, need: &Need) -> Result<Recovered, Failure> {
    let _progress = Progress::of(format!("recovering run {}", run.id()));
    match need {
        Need::Nothing => Ok(Recovered::of(&manifest, "it is sealed: nothing to do")),
        Need::Conclusion => concluded(run, manifest),
        Need::Patience(_) if manifest.status == RunStatus::Running => concluded(run, manifest),
        Need::Seal | Need::Patience(_) => sealed(run, &manifest),
    }
}

impl Recovered {
    fn of(manifest: &Manifest, done: &'static str) -> Self {
        let ended = manifest.ended_unix_nano;
        Self {
            run_id: manifest.run_id,
            status: manifest.status,
            done,
            error: manifest.error.clone(),
            duration_ns: ended.map(|ended| ended.saturating_sub(manifest.started_unix_nano)),
            troubles: Vec::new(),
        }
    }
}

fn concluded(run: &RunDir, manifest: Manifest) -> Result<Recovered, Failure> {
    let timeline = Timeline::read(run)?;
    let last_seen = timeline.processes().iter().map(|process| process.last_seen).max();
    let reason = reason(&timeline);
    drop(timeline);
    let ending = Ending::of(RunStatus::Crashed)
        .because(reason)
        .at(last_seen.unwrap_or(UnixNanos(manifest.started_unix_nano)));
    let concluded = conclude(run, home(run).as_ref(), manifest, ending)?;
    Ok(Recovered {
        troubles: concluded.troubles,
        ..Recovered::of(&run.manifest()?, "concluded as crashed, and sealed")
    })
}

/// That it died, and in what.
fn reason(timeline: &Timeline) -> String {
    const NAMED: usize = 3;
    let open: Vec<&str> = timeline
        .spans()
        .iter()
        .filter(|span| span.state == SpanState::Open)
        .map(|span| timeline.text(span.name))
        .collect();
    if open.is_empty() {
        return "its process died, with no span open".to_owned();
    }
    // The innermost tell most of what went on.
    let named: Vec<&str> = open.iter().rev().take(NAMED).copied().collect();
    let more = if open.len() > NAMED { ", ..." } else { "" };
    format!(
        "its process died, with {} open: {}{more}",
        counted(open.len() as u64, "span"),
        named.join(", ")
    )
}

fn sealed(run: &RunDir, manifest: &Manifest) -> Result<Recovered, Failure> {
    let root = home(run);
    telensic_run::seal(run, root.as_ref(), &SigningKey::load_or_create()?)?;
    if let Some(root) = root.filter(|_| manifest.status == RunStatus::Succeeded) {
        root.point_latest_to(run.id())?;
    }
    Ok(Recovered::of(
        manifest,
        "sealed: it had ended, but its process died before that",
    ))
}
