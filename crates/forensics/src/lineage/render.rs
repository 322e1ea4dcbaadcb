//! A lineage as text, from the figure down to the data.

use std::fmt;

use serde::Serialize;
use telensic_run::Visible;

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
            Visible(&self.id),
            self.decisions.len(),
            self.run,
            Visible(&self.profile)
        )?;
        if let Some(figure) = &self.figure {
            writeln!(
                f,
                "  figure {}: {} {}",
                Visible(&figure.pnl_id),
                figure.amount.0,
                Visible(&figure.currency)
            )?;
        }
        for fill in &self.fills {
            writeln!(
                f,
                "  fill {}: {} {} {} at {}, from decision {}",
                Visible(&fill.fill_id),
                fill.side.as_str(),
                fill.quantity.0,
                Visible(&fill.symbol),
                fill.price.0,
                Visible(&fill.decision_id)
            )?;
        }
        for decision in &self.decisions {
            write!(f, "{decision}")?;
        }
        if let Some(code) = &self.code {
            writeln!(f, "  code: {}", Json(code))?;
        }
        self.gaps
            .iter()
            .try_for_each(|gap| writeln!(f, "  gap: {}", Visible(gap)))
    }
}

impl fmt::Display for DecisionLineage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decision = &self.decision;
        let (id, place) = (Visible(&decision.decision_id), Visible(&self.place));
        writeln!(f, "  decision {id} at {place}")?;
        writeln!(f, "    features: {}", Json(&decision.features_at_decision))?;
        if let Some(thresholds) = &decision.thresholds {
            writeln!(f, "    thresholds: {}", Json(thresholds))?;
        }
        if let Some(model) = &self.model {
            let init = &model.init;
            let (algorithm, version) = (Visible(&init.algorithm_name), Visible(&init.version));
            write!(f, "    model: {algorithm} {version}")?;
            if let Some(seed) = init.random_seed {
                write!(f, ", seed {}", seed.0)?;
            }
            if let Some(hash) = &init.config_hash {
                write!(f, ", config {}", Visible(hash))?;
            }
            writeln!(f, ", begun at {}", Visible(&model.place))?;
        }
        for read in &self.data {
            let hash = read.hash.as_deref().unwrap_or("no hash recorded");
            writeln!(f, "    data: {} ({})", Visible(&read.source), Visible(hash))?;
        }
        Ok(())
    }
}

/// A value as one line of JSON, whose texts are made visible.
struct Json<'a, T>(&'a T);

impl<T: Serialize> fmt::Display for Json<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_string(self.0).map_err(|_| fmt::Error)?;
        write!(f, "{}", Visible(json))
    }
}
