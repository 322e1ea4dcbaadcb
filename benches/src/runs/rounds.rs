//! The rounds: every case once a round, one after the other, so that a machine which grows slower for a while does so
//! for all.

use std::process::Command;

use telensic_benches::Outcome;

use crate::cases::{self, Case};
use crate::figures::{Figures, Measured};
use crate::options::Options;
use crate::prepare::prepare;
use crate::site::Site;

/// A case over all rounds.
pub(crate) struct Row {
    pub(crate) case: &'static Case,
    /// None where the program is not installed.
    pub(crate) figures: Vec<Figures>,
    /// Why there are no figures; one failed round is enough.
    pub(crate) failure: Option<String>,
}

/// Measures every chosen case for the rounds asked for.
pub(crate) fn run(options: &Options) -> Outcome<Vec<Row>> {
    let is_chosen = |case: &&Case| {
        let pattern = options.only.as_deref();
        pattern.is_none_or(|pattern| case.name.contains(pattern))
    };
    let rows = cases::all().filter(is_chosen).map(|case| Row {
        case,
        figures: Vec::new(),
        failure: None,
    });
    let mut rows: Vec<Row> = rows.collect();
    if rows.is_empty() {
        return Err("no case is called that; `runs --rounds 1` shows all".into());
    }
    let directory = tempfile::Builder::new().prefix("telensic-runs-").tempdir()?;
    let site = Site::at(directory.path());
    eprintln!(
        "recording runs of {} and {} spans",
        options.spans,
        options.spans / 10
    );
    prepare(&site, options.spans)?;
    for round in 1..=options.rounds {
        eprintln!("round {round} of {}", options.rounds);
        for row in rows.iter_mut().filter(|row| row.failure.is_none()) {
            match measure(row.case, &site) {
                Ok(Measured::Taken(figures)) => row.figures.push(figures),
                Ok(Measured::NotInstalled) => {}
                Err(error) => {
                    eprintln!("FAILED {}: {error}", row.case.name);
                    row.failure = Some(error.to_string());
                }
            }
        }
    }
    Ok(rows)
}

/// Measures a case in a process of its own.
fn measure(case: &Case, site: &Site) -> Outcome<Measured> {
    let child = Command::new(std::env::current_exe()?)
        .args(["--measure", case.name])
        .arg(site.path())
        .output()?;
    if !child.status.success() {
        let said = String::from_utf8_lossy(&child.stderr);
        return Err(format!("{}, {}", said.trim(), child.status).into());
    }
    Ok(serde_json::from_slice(&child.stdout)?)
}
