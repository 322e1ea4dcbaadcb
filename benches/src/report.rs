//! The race as a table for a terminal, as Markdown for `docs/benchmarks.md`, and as JSON.

use std::fmt::Write as _;

use telensic_benches::{Spread, table};

use crate::Outcome;
use crate::contenders::{self, REFERENCE};
use crate::heat::Heat;
use crate::machine;
use crate::options::Options;
use crate::race::Cell;
use crate::rivals;
use crate::scenario::Scenario;

const HEADINGS: [&str; 6] = [
    "contender",
    "whole cost",
    "min",
    "max",
    "recording thread",
    "ratio to telensic",
];

/// The last column where two threads record at once.
const TO_ONE_THREAD: &str = "ratio to one thread";

/// The figures of a cell that has some.
fn whole(cell: &Cell) -> Option<Spread> {
    if cell.failure.is_some() {
        None
    } else {
        Spread::of(cell.heats.iter().map(Heat::whole_per_record))
    }
}

fn ratio(cell: &Cell, cells: &[Cell], scenario: Scenario, contender: &str) -> Option<f64> {
    let other = cells
        .iter()
        .find(|other| other.scenario == scenario && other.contender.name == contender)?;
    Some(whole(cell)?.median / whole(other)?.median)
}

fn to_reference(cell: &Cell, cells: &[Cell]) -> Option<f64> {
    ratio(cell, cells, cell.scenario, REFERENCE)
}

fn to_one_thread(cell: &Cell, cells: &[Cell]) -> Option<f64> {
    ratio(cell, cells, cell.scenario.by_one_thread()?, cell.contender.name)
}

/// A scenario's table, headings first. A failed cell says so in place of its figures.
fn rows(scenario: Scenario, cells: &[Cell]) -> Vec<Vec<String>> {
    let threads = scenario.by_one_thread().is_some();
    let extra = threads.then_some(TO_ONE_THREAD);
    let mut rows = vec![
        HEADINGS
            .into_iter()
            .chain(extra)
            .map(str::to_owned)
            .collect::<Vec<_>>(),
    ];
    for cell in cells.iter().filter(|cell| cell.scenario == scenario) {
        let times = |ratio: Option<f64>| ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{ratio:.2}x"));
        let mut row = vec![cell.contender.name.to_owned()];
        match (
            whole(cell),
            Spread::of(cell.heats.iter().map(Heat::recording_per_record)),
        ) {
            (Some(whole), Some(recording)) => {
                let figures = [whole.median, whole.min, whole.max, recording.median];
                row.extend(figures.map(|figure| format!("{figure:.1}")));
            }
            _ => row.extend(["FAILED", "-", "-", "-"].map(str::to_owned)),
        }
        row.push(times(to_reference(cell, cells)));
        if threads {
            row.push(times(to_one_thread(cell, cells)));
        }
        rows.push(row);
    }
    rows
}

fn raced(cells: &[Cell]) -> impl Iterator<Item = Scenario> + '_ {
    Scenario::ALL
        .into_iter()
        .filter(|scenario| cells.iter().any(|cell| cell.scenario == *scenario))
}

/// Aligned tables for a terminal.
pub(crate) fn text(cells: &[Cell]) -> String {
    let mut text = format!("{}\n", machine::describe());
    for scenario in raced(cells) {
        let _ = writeln!(text, "\n{}: {}", scenario.name(), scenario.describe());
        text.push_str(&table::aligned(&rows(scenario, cells)));
    }
    for cell in cells {
        if let Some(failure) = &cell.failure {
            let _ = writeln!(
                text,
                "\nFAILED {}/{}: {failure}",
                cell.scenario.name(),
                cell.contender.name
            );
        }
    }
    text
}

/// The page `docs/benchmarks.md`, with what is needed to repeat it.
pub(crate) fn markdown(cells: &[Cell], options: &Options) -> String {
    let only = options
        .only
        .as_ref()
        .map(|only| format!(" --only '{only}'"))
        .unwrap_or_default();
    let mut page = format!(
        "# Benchmarks\n\n\
         What a span, a log record and a metric cost: CPU time of every thread involved, user and system, from the first\n\
         record until the last one is delivered, in nanoseconds per record. Delivered means written to a file;\n\
         each run then reads the file back, decodes it, and counts only if every record is there once, with\n\
         its name, its four values and its ids; of a metric, if it stands at the number of rows. `whole cost` is the median of {rounds} rounds in which the\n\
         contenders take turns, each in a process of its own; `recording thread` is the part of it that the\n\
         program's own thread pays. Nothing is subtracted. A rival that would drop records is paced: its recording\n\
         threads sleep until three quarters of the backlog is worked off, with the limits at which it did best.\n\
         The two cores of this machine slow each other down, so a contender with two busy threads has two speeds;\n\
         least and greatest show both.\n\n\
         - Machine: {machine}\n- Versions: {rivals}\n- Repeat it with:\n\n\
         ```sh\ncargo run --release -p telensic-benches --bin race -- --rounds {rounds}{only} --markdown docs/benchmarks.md\n```\n",
        rounds = options.rounds,
        machine = machine::describe(),
        rivals = rivals::versions(),
    );
    for scenario in raced(cells) {
        let _ = writeln!(
            page,
            "\n## {}\n\n{}\n",
            scenario.name(),
            capitalised(scenario.describe())
        );
        page.push_str(&table::markdown(&rows(scenario, cells)));
    }
    page.push_str("\n## How each one runs\n\n");
    let entered = |name| cells.iter().any(|cell| cell.contender.name == name);
    for contender in contenders::ALL.iter().filter(|contender| entered(contender.name)) {
        let _ = writeln!(page, "- **{}**: {}", contender.name, contender.note);
    }
    page
}

fn capitalised(text: &str) -> String {
    let (first, rest) = text.split_at(1);
    format!("{}{rest}.", first.to_uppercase())
}

/// Every figure of every round.
pub(crate) fn json(cells: &[Cell]) -> Outcome<String> {
    let listed: Vec<_> = cells
        .iter()
        .map(|cell| {
            let rounds: Vec<_> = cell
                .heats
                .iter()
                .map(|heat| {
                    serde_json::json!({
                        "records": heat.records,
                        "whole_ns": heat.whole_per_record(),
                        "recording_thread_ns": heat.recording_per_record(),
                    })
                })
                .collect();
            serde_json::json!({
                "scenario": cell.scenario.name(),
                "contender": cell.contender.name,
                "median_ns": whole(cell).map(|spread| spread.median),
                "ratio_to_telensic": to_reference(cell, cells),
                "failure": cell.failure,
                "rounds": rounds,
            })
        })
        .collect();
    let race = serde_json::json!({
        "machine": machine::describe(),
        "versions": rivals::versions(),
        "cells": listed,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&race)?))
}
