//! A sealed run as one page.

use std::io::Write;

use telensic_run::{RunDir, RunError, RunErrorKind};

use super::PackContents;
use crate::report::html::{self, ReportInput};

/// Writes the pack of a run that is sealed: its report, and behind it all its files.
pub fn write(run: &RunDir, report: &ReportInput<'_>, out: &mut impl Write) -> Result<(), RunError> {
    if !run.seal().is_file() {
        return Err(RunError::new(
            RunErrorKind::Invalid,
            format!(
                "{} is not sealed, so there is nothing to prove: `telensic recover` seals a run that has ended",
                run.path().display()
            ),
        ));
    }
    let contents = PackContents::of(run)?;
    let report = ReportInput {
        pack: Some(&contents),
        ..report.clone()
    };
    html::write(out, &report).map_err(|error| {
        RunError::new(
            RunErrorKind::Io,
            format!("cannot write the evidence pack: {error}"),
        )
    })
}
