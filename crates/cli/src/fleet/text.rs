//! Many runs as a table of stages, with what stands out below.

use std::io::{self, Write};

use telensic_forensics::Fleet;
use telensic_forensics::fleet::{Durations, Outlier, StageTrend};

use crate::screen::{BAD, FAINT, STRONG, Screen, WARNING};
use crate::units::{counted, duration};
use telensic_run::Visible;

/// So many outliers and causes are shown; the rest is counted.
const MOST: usize = 10;

/// Shows a fleet.
pub(crate) fn print(screen: &mut Screen, fleet: &Fleet) -> io::Result<()> {
    head(screen, fleet)?;
    stages(screen, &fleet.stages)?;
    outliers(screen, fleet)?;
    let errors = &fleet.errors;
    for (cause, count, runs) in errors.iter().take(MOST) {
        let (times, within) = (counted(*count, "time"), counted(*runs, "run"));
        writeln!(
            screen,
            "{}  {} ({times} in {within})",
            screen.paint(BAD, "error"),
            Visible(cause)
        )?;
    }
    rest(screen, errors.len())
}

fn head(screen: &mut Screen, fleet: &Fleet) -> io::Result<()> {
    let profiles = fleet.profiles.join(", ");
    let runs = counted(fleet.runs.len() as u64, "run");
    let title = screen.paint(STRONG, Visible(&profiles));
    write!(
        screen,
        "{title}: {runs}, {} succeeded, {} did not",
        fleet.succeeded,
        fleet.failed.len()
    )?;
    if let (Some(first), Some(last)) = (fleet.runs.first(), fleet.runs.last()) {
        write!(screen, ", {first} to {last}")?;
    }
    writeln!(screen)?;
    if let Some(wall) = &fleet.wall {
        writeln!(
            screen,
            "wall clock  {} median, {} to {}, p95 {}{}",
            duration(wall.median_ns),
            duration(wall.min_ns),
            duration(wall.max_ns),
            duration(wall.p95_ns),
            trend(wall).map_or_else(String::new, |trend| format!(", {trend} a run"))
        )?;
    }
    if let Some(speedup) = fleet.parallelism.median_speedup {
        write!(screen, "parallel    speedup {speedup:.2}")?;
        if let Some(efficiency) = fleet.parallelism.median_efficiency {
            write!(screen, ", efficiency {:.1} %", 100.0 * efficiency)?;
        }
        if let Some(run) = fleet.parallelism.least_efficient {
            write!(screen, ", least in {run}")?;
        }
        writeln!(screen)?;
    }
    Ok(())
}

fn stages(screen: &mut Screen, stages: &[StageTrend]) -> io::Result<()> {
    if stages.is_empty() {
        return Ok(());
    }
    let title = format!(
        "\n{:>14}  {:>14}  {:>9}  {:>8}  {:>5}  {:>6}  {:>7}  stage",
        "median", "p95", "trend/run", "of path", "runs", "failed", "retries"
    );
    writeln!(screen, "{}", screen.paint(FAINT, title))?;
    for stage in stages {
        let of = |pick: fn(&Durations) -> u64| {
            let durations = stage.durations.as_ref();
            durations.map_or_else(|| "-".to_owned(), |durations| duration(pick(durations)))
        };
        let trend = stage.durations.as_ref().and_then(trend).unwrap_or_default();
        writeln!(
            screen,
            "{:>14}  {:>14}  {trend:>9}  {:>6.1} %  {:>5}  {:>6}  {:>7}  {}",
            of(|durations| durations.median_ns),
            of(|durations| durations.p95_ns),
            100.0 * stage.path_share,
            stage.runs,
            stage.failed,
            stage.retries,
            Visible(&stage.id)
        )?;
    }
    writeln!(screen)
}

fn outliers(screen: &mut Screen, fleet: &Fleet) -> io::Result<()> {
    let of_stage = |stage: &'_ StageTrend| {
        let durations = stage.durations.clone();
        let id = format!("stage {}", stage.id);
        durations
            .into_iter()
            .flat_map(|durations| durations.outliers)
            .map(move |outlier| (outlier, id.clone()))
    };
    let of_run = fleet.wall.iter().flat_map(|wall| wall.outliers.clone());
    let mut all: Vec<(Outlier, String)> = of_run.map(|outlier| (outlier, "the run".to_owned())).collect();
    all.extend(fleet.stages.iter().flat_map(of_stage));
    for (outlier, what) in all.iter().take(MOST) {
        let deviation = &outlier.deviation;
        writeln!(
            screen,
            "{}  {}: {} took {}, usual is {}",
            screen.paint(WARNING, "outlier"),
            outlier.run_id,
            Visible(what),
            duration(deviation.duration_ns),
            duration(deviation.usual_ns)
        )?;
    }
    rest(screen, all.len())
}

fn rest(screen: &mut Screen, all: usize) -> io::Result<()> {
    match all.saturating_sub(MOST) {
        0 => Ok(()),
        more => writeln!(screen, "and {more} more"),
    }
}

fn trend(durations: &Durations) -> Option<String> {
    let percent = durations.trend_percent_per_run?;
    Some(format!("{percent:+.1} %"))
}
