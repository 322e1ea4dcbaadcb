//! A run that is killed in the middle, with no warning to anybody, and concluded from what it left.

use std::collections::HashSet;
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use telensic::{RunDir, RunId};
use telensic_forensics::Timeline;
use telensic_forensics::timeline::SpanState;
use telensic_run::names::span;

use super::nav::SERIES;
use super::{Place, pipeline};
use crate::exit::Failure;
use crate::platform::kill_group;
use crate::recovery::{Need, Recovered, need, recover};

/// How long anything here may take that takes a moment.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK: Duration = Duration::from_millis(25);

/// Starts the pipeline, and kills it and its workers when some sleeves have ended and others are under way.
pub(crate) fn happen(place: &Place) -> Result<RunDir, Failure> {
    let known: HashSet<RunId> = place.root().list()?.iter().map(RunDir::id).collect();
    let mut driver = pipeline::begin(place)?;
    let run = until("its last sleeves are under way", || {
        if !goes_on(&mut driver)? {
            return Err(Failure::Told(
                "the pipeline ended before it could be killed: try again".to_owned(),
            ));
        }
        let all = place.root().list()?;
        let new = all.into_iter().find(|run| !known.contains(&run.id()));
        Ok(match new {
            Some(run) if is_in_the_middle(&run)? => Some(run),
            _ => None,
        })
    });
    kill_group(&mut driver).map_err(cannot_kill)?;
    driver.wait().map_err(cannot_kill)?;
    run
}

/// Concludes and seals it, once all its processes are gone.
pub(crate) fn recovered(run: &RunDir) -> Result<Recovered, Failure> {
    let (manifest, need) = until("its processes are gone", || {
        let manifest = run.manifest()?;
        let need = need(run, &manifest)?;
        Ok((!matches!(need, Need::Patience(_))).then_some((manifest, need)))
    })?;
    recover(run, manifest, &need)
}

/// Whether some sleeves have ended and all others are under way: none is just being started, which would leave the
/// beginning of a tape.
fn is_in_the_middle(run: &RunDir) -> Result<bool, Failure> {
    // Without a manifest it has not begun.
    if run.manifest().is_err() {
        return Ok(false);
    }
    let timeline = Timeline::read(run)?;
    let states = timeline.spans().iter().filter_map(|one| {
        let is_sleeve = timeline.text(one.name) == span::RUN_PIPELINE;
        is_sleeve.then_some(one.state)
    });
    let (open, ended): (Vec<_>, Vec<_>) = states.partition(|state| *state == SpanState::Open);
    Ok(!ended.is_empty() && !open.is_empty() && ended.len() + open.len() == SERIES)
}

fn goes_on(driver: &mut Child) -> Result<bool, Failure> {
    Ok(driver.try_wait().map_err(cannot_kill)?.is_none())
}

/// Looks again until there is what is wanted.
fn until<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>, Failure>) -> Result<T, Failure> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look()? {
            return Ok(found);
        }
        if begun.elapsed() > PATIENCE {
            return Err(Failure::Told(format!(
                "waited {} s in vain until {what}: is this machine very busy? try again",
                PATIENCE.as_secs()
            )));
        }
        thread::sleep(LOOK);
    }
}

fn cannot_kill(error: std::io::Error) -> Failure {
    Failure::Told(format!(
        "cannot kill the pipeline: {error}: does this system let a process kill its own?"
    ))
}
