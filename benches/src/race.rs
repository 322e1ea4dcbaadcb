//! The race: rounds over every scenario, and in a scenario one contender after the other, so that a
//! machine which grows slower for a while does so for all.

use std::process::Command;

use crate::Outcome;
use crate::contenders::{self, Contender};
use crate::heat::Heat;
use crate::options::Options;
use crate::scenario::Scenario;

/// One contender in one scenario, over all rounds.
pub(crate) struct Cell {
    pub(crate) scenario: Scenario,
    pub(crate) contender: &'static Contender,
    pub(crate) heats: Vec<Heat>,
    /// Why there is no figure; one failed heat is enough.
    pub(crate) failure: Option<String>,
}

impl Cell {
    fn is_chosen(&self, pattern: Option<&str>) -> bool {
        let name = format!("{}/{}", self.scenario.name(), self.contender.name);
        pattern.is_none_or(|pattern| name.contains(pattern))
    }
}

/// Runs every chosen cell for the rounds asked for.
pub(crate) fn run(options: &Options) -> Outcome<Vec<Cell>> {
    let mut cells: Vec<Cell> = Scenario::ALL
        .into_iter()
        .flat_map(|scenario| {
            let entered = contenders::ALL
                .iter()
                .filter(move |contender| contender.scenarios.contains(&scenario));
            entered.map(move |&contender| Cell {
                scenario,
                contender,
                heats: Vec::new(),
                failure: None,
            })
        })
        .filter(|cell| cell.is_chosen(options.only.as_deref()))
        .collect();
    if cells.is_empty() {
        return Err("no cell is called that; `race --rounds 1` shows all".into());
    }
    for round in 1..=options.rounds {
        eprintln!("round {round} of {}", options.rounds);
        for cell in cells.iter_mut().filter(|cell| cell.failure.is_none()) {
            match heat(cell.scenario, cell.contender) {
                Ok(heat) => cell.heats.push(heat),
                Err(error) => {
                    eprintln!("FAILED {}/{}: {error}", cell.scenario.name(), cell.contender.name);
                    cell.failure = Some(error.to_string());
                }
            }
        }
    }
    Ok(cells)
}

/// Runs one heat in a process of its own. The directory is this side's, so that it goes away even if
/// the child is killed.
fn heat(scenario: Scenario, contender: &Contender) -> Outcome<Heat> {
    let directory = tempfile::Builder::new().prefix("telensic-race-").tempdir()?;
    let child = Command::new(std::env::current_exe()?)
        .args(["--heat", scenario.name(), contender.name])
        .arg(directory.path())
        .output()?;
    if !child.status.success() {
        let said = String::from_utf8_lossy(&child.stderr);
        return Err(format!("{}, {}", said.trim(), child.status).into());
    }
    Heat::from_json(&String::from_utf8(child.stdout)?)
}
