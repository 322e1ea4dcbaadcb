//! The measurements as tables for a terminal, and as Markdown for `docs/benchmarks-runs.md`.

use std::fmt::Write as _;

use telensic_benches::{Spread, machine, table};

use crate::cases::{Section, Unit};
use crate::figures::Figures;
use crate::options::Options;
use crate::rivals;
use crate::rounds::Row;

const HEADINGS: [&str; 8] = [
    "median",
    "min",
    "max",
    "CPU",
    "rate",
    "peak memory",
    "from disk",
    "came to",
];

/// A section's table, headings first. A failed row says so in place of its figures.
fn lines(section: Section, rows: &[Row]) -> Vec<Vec<String>> {
    let headings = std::iter::once(section.title()).chain(HEADINGS);
    let mut lines = vec![headings.map(str::to_owned).collect::<Vec<_>>()];
    for row in rows.iter().filter(|row| row.case.section == section) {
        let mut line = vec![row.case.name.to_owned()];
        match (&row.failure, cells(section.unit(), &row.figures)) {
            (Some(_), _) => line.push("FAILED".to_owned()),
            (None, None) => line.push("not installed".to_owned()),
            (None, Some(cells)) => line.extend(cells),
        }
        line.resize(HEADINGS.len() + 1, "-".to_owned());
        lines.push(line);
    }
    lines
}

/// The cells of a row that has figures.
fn cells(unit: Unit, rounds: &[Figures]) -> Option<[String; 8]> {
    let wall = Spread::of(rounds.iter().map(|round| round.effort.wall_ns as f64))?;
    let cpu = Spread::of(rounds.iter().map(|round| round.effort.cpu_ns as f64))?;
    let peak = rounds.iter().map(|round| round.effort.peak_bytes).max()?;
    let disk = rounds.iter().map(|round| round.effort.disk_bytes).max()?;
    let last = rounds.last()?;
    let rate = match unit {
        Unit::Bytes => format!("{:.2} GB/s", last.amount as f64 / wall.median),
        Unit::Spans => format!("{:.0} CPU ns a span", cpu.median / last.amount as f64),
    };
    Some([
        time(wall.median),
        time(wall.min),
        time(wall.max),
        time(cpu.median),
        rate,
        bytes(peak),
        bytes(disk),
        last.result.clone(),
    ])
}

/// A time in seconds, or in milliseconds if it is short.
fn time(nanos: f64) -> String {
    if nanos < 1e8 {
        format!("{:.1} ms", nanos / 1e6)
    } else {
        format!("{:.2} s", nanos / 1e9)
    }
}

/// An amount of bytes, in the decimal units of the rates.
pub(crate) fn bytes(amount: u64) -> String {
    match amount {
        0 => "0".to_owned(),
        1..1_000_000 => format!("{:.1} kB", amount as f64 / 1e3),
        _ => format!("{:.1} MB", amount as f64 / 1e6),
    }
}

fn measured(rows: &[Row]) -> impl Iterator<Item = Section> + '_ {
    Section::ALL
        .into_iter()
        .filter(|section| rows.iter().any(|row| row.case.section == *section))
}

/// Aligned tables for a terminal.
pub(crate) fn text(rows: &[Row]) -> String {
    let mut text = format!("{}\n", machine::describe());
    for section in measured(rows) {
        text.push('\n');
        text.push_str(&table::aligned(&lines(section, rows)));
    }
    for row in rows {
        if let Some(failure) = &row.failure {
            let _ = writeln!(text, "\nFAILED {}: {failure}", row.case.name);
        }
    }
    text
}

/// The page `docs/benchmarks-runs.md`, with what is needed to repeat it.
pub(crate) fn markdown(rows: &[Row], options: &Options) -> String {
    let only = options
        .only
        .as_ref()
        .map(|only| format!(" --only '{only}'"))
        .unwrap_or_default();
    let mut page = format!(
        "# Benchmarks of whole runs\n\n\
         What it costs to seal, verify, read, merge, compare and receive runs. Each row is measured {rounds} times, in turn\n\
         with the others, in a process of its own. The run of about {spans} spans, from 20 stages of 100 sleeves on eight workers, is\n\
         on nine tapes by the real writer; two of a tenth of that are compared.\n\n\
         - `median`, `min`, `max`: the wall clock. `CPU`: the median of the CPU time of all threads, user and system.\n\
         - `rate`: bytes by the median of the wall clock, GB = 10^9 bytes; or CPU time a span.\n\
         - `peak memory`: the most that the process had at once, by `VmHWM`; of programs, by `getrusage`. Mapped files count as\n\
         \x20 far as they were touched.\n\
         - `from disk`: what was read from the disk while the clock ran. Every file was read to its end just before, so that it\n\
         \x20 is in the page cache, but for rows with a cold cache: there the files were written out and put out of the cache.\n\
         - `came to`: what the work found, which is checked; a row whose work came to the wrong result says FAILED. A row of a\n\
         \x20 program that is not on the machine says so.\n\n\
         Machine: {machine}. Programs: {programs}. Repeat it with:\n\n\
         ```sh\ncargo run --release -p telensic-benches --bin runs -- --spans {spans} --rounds {rounds}{only} --markdown docs/benchmarks-runs.md\n```\n",
        spans = options.spans,
        rounds = options.rounds,
        machine = machine::describe(),
        programs = rivals::versions(),
    );
    for section in measured(rows) {
        let _ = writeln!(page, "\n## {}\n\n{}\n", section.title(), section.describe());
        page.push_str(&table::markdown(&lines(section, rows)));
    }
    page
}
