//! The steps of the demonstration, what came of each, and what should have.

use std::fs;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde::Serialize;
use telensic::{RunDir, RunStatus};
use telensic_forensics::diff::{DataVerdict, Diff};
use telensic_forensics::{Health, RunView};
use telensic_run::{FileDifference, VerifyOptions, verify};

use super::nav::{ChangedCell, Nav};
use super::{Place, Teller, accident, figure, pipeline};
use crate::exit::Failure;
use crate::readings::{Report, difference, open};
use crate::recovery::Recovered;
use crate::verdict::{Answer, Finality};

/// What came of the demonstration.
#[derive(Serialize)]
pub(crate) struct Story {
    pub(crate) is_as_expected: bool,
    /// What did not come out as it should, a line each.
    pub(crate) unexpected: Vec<String>,
    /// The directory.
    pub(crate) data: String,
    /// The first run's health.
    pub(crate) health: Health,
    /// Whether its record is whole.
    pub(crate) verified: Answer,
    pub(crate) changed: ChangedCell,
    /// How the run after the change differs.
    pub(crate) diff: Diff,
    /// The run that was killed.
    pub(crate) recovered: Recovered,
    /// Whether what is left of it is whole.
    pub(crate) recovered_verified: Answer,
    /// The address of the second run's report.
    pub(crate) report: String,
    /// Commands to try next.
    pub(crate) next: Vec<String>,
}

/// Does it all; every step is told as soon as it is done.
pub(crate) fn tell(place: &Place, teller: &mut Teller<'_, '_>) -> Result<Story, Failure> {
    let mut nav = Nav::new();
    nav.write(place)?;
    teller.begins()?;
    let first = Report::of(pipeline::run(place)?)?;
    teller.ran(&first)?;
    let verified = proven(place, &first.view.dir)?;
    teller.proven(&verified)?;

    let changed = nav.change_a_cell();
    nav.write(place)?;
    teller.changed(&changed)?;
    let second = open(pipeline::run(place)?)?;
    let diff = difference(&first.view, &second)?.diff;
    teller.differs(&diff)?;

    teller.dies()?;
    let third = accident::happen(place)?;
    let recovered = accident::recovered(&third)?;
    let recovered_verified = proven(place, &third)?;
    teller.recovered(&recovered, &recovered_verified)?;

    let mut story = Story {
        is_as_expected: false,
        unexpected: Vec::new(),
        data: place.path().display().to_string(),
        next: next(place, &second, &changed),
        health: first.health,
        verified,
        changed,
        diff,
        recovered,
        recovered_verified,
        report: address(&second.dir),
    };
    story.check();
    teller.ends(&story)?;
    Ok(story)
}

/// Three questions that the second run, the latest, answers.
fn next(place: &Place, latest: &RunView, changed: &ChangedCell) -> Vec<String> {
    let figure = figure::of(&latest.timeline, &changed.column);
    let lineage = figure.map(|figure| format!("lineage latest {figure}"));
    let words = ["trace".to_owned()]
        .into_iter()
        .chain(lineage)
        .chain(["replay".to_owned()]);
    words.map(|words| place.command(&words)).collect()
}

impl Story {
    /// Holds every step against what must come of it.
    fn check(&mut self) {
        let is_whole = |answer: &Answer| answer.verdict == Finality::Verified;
        let checks = [
            (
                self.health.status == RunStatus::Succeeded && self.health.error_spans == 0,
                "the first run did not succeed",
            ),
            (is_whole(&self.verified), "the first run does not verify"),
            (!self.diff.is_same(), "the diff does not tell the two runs apart"),
            (
                self.names_the_cell(),
                "the diff does not name the changed column and rows",
            ),
            (self.diff.cause.is_some(), "the diff finds no cause"),
            (
                self.recovered.status == RunStatus::Crashed,
                "the killed run is not marked as crashed",
            ),
            (
                is_whole(&self.recovered_verified),
                "the recovered run does not verify",
            ),
        ];
        let failed = checks.iter().filter(|(holds, _)| !holds);
        self.unexpected = failed.map(|(_, said)| (*said).to_owned()).collect();
        self.is_as_expected = self.unexpected.is_empty();
    }

    /// Whether the diff says of the input file that this column changed around this row.
    fn names_the_cell(&self) -> bool {
        let files = self.diff.provenance.inputs.iter();
        files.filter(|file| file.name.ends_with("nav.csv")).any(|file| {
            let DataVerdict::Changed(FileDifference::Changed { columns, .. }) = &file.change else {
                return false;
            };
            let [column] = &columns[..] else { return false };
            let has_row = column
                .rows
                .iter()
                .any(|rows| (rows.start..rows.end).contains(&self.changed.row));
            column.name == self.changed.column && has_row
        })
    }
}

fn proven(place: &Place, run: &RunDir) -> Result<Answer, Failure> {
    let options = VerifyOptions {
        public_key: None,
        ledger: Some(place.root()),
    };
    let verification = verify(run, options)?;
    let path = run.path().display().to_string();
    Ok(Answer::new(&verification, path, true, false, Vec::new()))
}

/// What a browser takes for the address of the run's report.
fn address(run: &RunDir) -> String {
    /// All that means something else in an address, or ends it where it is printed.
    const SPECIAL: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'#')
        .add(b'%')
        .add(b'?')
        .add(b'`');
    let path = run.html_report();
    let path = fs::canonicalize(&path).unwrap_or(path);
    let path = path.to_string_lossy();
    format!("file://{}", utf8_percent_encode(&path, SPECIAL))
}
