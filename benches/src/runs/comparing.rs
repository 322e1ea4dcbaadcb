//! The comparison of two runs that part because an input changed.

use telensic_benches::Outcome;
use telensic_forensics::RunView;
use telensic_forensics::diff::{Certainty, Diff, SuspectKind};

use crate::cache::Cache;
use crate::cases::{Case, Section};
use crate::figures::{Measured, ensure};
use crate::site::{Files, Site};
use crate::stopwatch::{Stopwatch, Whose};

pub(crate) const CASES: &[Case] = &[
    Case {
        section: Section::Comparing,
        name: "both runs read",
        measure: opened,
    },
    Case {
        section: Section::Comparing,
        name: "diff, of both runs as read",
        measure: diff,
    },
];

fn opened(site: &Site) -> Outcome<Measured> {
    warm(site)?;
    let watch = Stopwatch::start(Whose::This)?;
    let views = open(site)?;
    let effort = watch.stop()?;
    let events: usize = views.iter().map(|view| view.timeline.logs().len()).sum();
    Ok(Measured::taken(effort, spans(&views), format!("{events} events")))
}

fn diff(site: &Site) -> Outcome<Measured> {
    warm(site)?;
    let views = open(site)?;
    let [first, second] = &views;
    let watch = Stopwatch::start(Whose::This)?;
    let found = Diff::of(first, second);
    let effort = watch.stop()?;
    let cause = found.cause.as_ref().ok_or("the diff names no cause")?;
    let suspect = cause.suspects.first().ok_or("the diff suspects nothing")?;
    let is_right = cause.certainty == Certainty::Shown && suspect.kind == SuspectKind::Input;
    ensure(is_right && found.events.first.is_some(), || {
        format!("the diff takes the runs to part because of {cause:?}")
    })?;
    let result = format!(
        "{} events differ, since {}",
        found.events.differing, suspect.change
    );
    Ok(Measured::taken(effort, spans(&views), result))
}

fn warm(site: &Site) -> Outcome<()> {
    for run in site.pair() {
        Cache::Warm.prepare(&Files::of(&run)?.paths)?;
    }
    Ok(())
}

fn open(site: &Site) -> Outcome<[RunView; 2]> {
    let [first, second] = site.pair();
    Ok([RunView::open(first)?, RunView::open(second)?])
}

fn spans(views: &[RunView]) -> u64 {
    views.iter().map(|view| view.timeline.spans().len() as u64).sum()
}
