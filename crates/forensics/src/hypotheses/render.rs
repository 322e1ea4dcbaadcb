//! The ledger as text.

use std::fmt;

use telensic_run::Visible;

use super::{HypothesisLedger, Registration, UncountedReason};

impl fmt::Display for HypothesisLedger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} trials of {} hypotheses in {} runs; {} reject at {} uncorrected, {} by Bonferroni, {} by Benjamini-Hochberg, {} by Benjamini-Yekutieli",
            self.trials.len(),
            self.hypotheses,
            self.runs.len(),
            self.rejected_uncorrected(),
            self.alpha,
            self.rejected_by_bonferroni(),
            self.rejected_by_benjamini_hochberg(),
            self.rejected_by_benjamini_yekutieli(),
        )?;
        let unregistered = self
            .trials
            .iter()
            .filter(|trial| !matches!(trial.registration, Registration::Registered { .. }))
            .count();
        writeln!(
            f,
            "{} results repeat an earlier trial and are counted once; {unregistered} trials were not registered before their first result; {} results have no p-value that counts",
            self.reproductions,
            self.uncounted.len(),
        )?;
        if !self.trials.is_empty() {
            writeln!(
                f,
                "\n{:<22} {:<20} {:>10} {:>10} {:>10}  {:<12} {:<20} run",
                "hypothesis", "test", "p", "Bonferroni", "BH", "registered", "trial"
            )?;
        }
        for trial in &self.trials {
            let registered = match trial.registration {
                Registration::Registered { .. } => "before",
                Registration::Afterwards { .. } => "afterwards",
                Registration::Claimed => "claimed only",
                Registration::None => "no",
            };
            let attempt = match (trial.attempt, trial.reproduced) {
                (1, 0) => "first".to_owned(),
                (1, times) => format!("first, repeated {times}x"),
                (attempt, 0) => format!("attempt {attempt}"),
                (attempt, times) => format!("attempt {attempt}, repeated {times}x"),
            };
            writeln!(
                f,
                "{:<22} {:<20} {:>10.3e} {:>10.3e} {:>10.3e}  {registered:<12} {attempt:<20} {}",
                Visible(&trial.hypothesis_id),
                Visible(&trial.test_name),
                trial.p_value,
                trial.adjusted.bonferroni,
                trial.adjusted.benjamini_hochberg,
                trial.run,
            )?;
        }
        for result in &self.uncounted {
            let reason = match &result.reason {
                UncountedReason::NoPValue => "has no p-value".to_owned(),
                UncountedReason::NotAProbability(p) => {
                    format!("has the p-value {}, which is no probability", p.0)
                }
                UncountedReason::Unreadable(why) => format!("does not fit its type: {}", Visible(why)),
            };
            writeln!(
                f,
                "not counted: {} ({}) of {} {reason}",
                Visible(&result.hypothesis_id),
                Visible(&result.test_name),
                result.run
            )?;
        }
        Ok(())
    }
}
