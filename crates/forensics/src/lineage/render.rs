//! A lineage as text, from the figure down to the data.

use std::fmt;

use serde::Serialize;

use super::{DecisionLineage, Lineage};

impl fmt::Display for Lineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_complete() {
            "complete"
        } else {
            "incomplete"
        };
        writeln!(
            f,
            "{state}: {} rests on {} decisions of {} ({})",
            self.id,
            self.decisions.len(),
            self.run,
            self.profile
        )?;
        if let Some(figure) = &self.figure {
            writeln!(
                f,
                "  figure {}: {} {}",
                figure.pnl_id, figure.amount.0, figure.currency
            )?;
        }
        for fill in &self.fills {
            writeln!(
                f,
                "  fill {}: {} {} {} at {}, from decision {}",
                fill.fill_id,
                fill.side.as_str(),
                fill.quantity.0,
                fill.symbol,
                fill.price.0,
                fill.decision_id
            )?;
        }
        for decision in &self.decisions {
            write!(f, "{decision}")?;
        }
        if let Some(code) = &self.code {
            writeln!(f, "  code: {}", Json(code))?;
        }
        self.gaps.iter().try_for_each(|gap| writeln!(f, "  gap: {gap}"))
    }
}

impl fmt::Display for DecisionLineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decision = &self.decision;
        writeln!(f, "  decision {} at {}", decision.decision_id, self.place)?;
        writeln!(f, "    features: {}", Json(&decision.features_at_decision))?;
        if let Some(thresholds) = &decision.thresholds {
            writeln!(f, "    thresholds: {}", Json(thresholds))?;
        }
        if let Some(model) = &self.model {
            let init = &model.init;
            write!(f, "    model: {} {}", init.algorithm_name, init.version)?;
            if let Some(seed) = init.random_seed {
                write!(f, ", seed {}", seed.0)?;
            }
            if let Some(hash) = &init.config_hash {
                write!(f, ", config {hash}")?;
            }
            writeln!(f, ", begun at {}", model.place)?;
        }
        for read in &self.data {
            let hash = read.hash.as_deref().unwrap_or("no hash recorded");
            writeln!(f, "    data: {} ({hash})", read.source)?;
        }
        Ok(())
    }
}

/// A value as one line of JSON.
struct Json<'a, T>(&'a T);

impl<T: Serialize> fmt::Display for Json<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self.0).map_err(|_| fmt::Error)?)
    }
}
