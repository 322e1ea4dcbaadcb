//! A replay as text.

use std::fmt;

use telensic_run::Visible;

use super::{Check, CheckStatus, Replay};

impl fmt::Display for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let failed = self
            .checks
            .iter()
            .filter(|check| check.status == CheckStatus::Failed)
            .count();
        if failed == 0 {
            write!(f, "consistent: ")?;
        } else {
            write!(
                f,
                "inconsistent, {failed} of {} checks failed: ",
                self.checks.len()
            )?;
        }
        writeln!(
            f,
            "{} epochs, {} decisions, {} tests and {} results rebuilt from the record of {}",
            self.epochs.len(),
            self.decisions.len(),
            self.hypotheses.len(),
            self.results.len(),
            self.run
        )?;
        self.checks.iter().try_for_each(|check| write!(f, "{check}"))
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = match self.status {
            CheckStatus::Ok => "ok",
            CheckStatus::Failed => "FAILED",
            CheckStatus::NotRecorded => "not recorded",
        };
        write!(f, "  {status:<12}  {}", self.rule.text())?;
        match self.failed {
            0 if self.examined == 0 => writeln!(f)?,
            0 => writeln!(f, " ({} examined)", self.examined)?,
            failed => writeln!(f, " ({failed} of {} do not)", self.examined)?,
        }
        for failure in &self.failures {
            writeln!(f, "                  {}", Visible(failure))?;
        }
        if self.failed > self.failures.len() {
            writeln!(
                f,
                "                  and {} more",
                self.failed - self.failures.len()
            )?;
        }
        for reason in &self.not_recorded {
            writeln!(f, "                  passed over: {}", Visible(reason))?;
        }
        Ok(())
    }
}
