//! `selection`: the positions that are taken, in equal parts. An audited step: what goes in and what comes out is said by hash.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use telensic::events::{AuditIntent, AuditOutcome, Fields, Texts};
use telensic::pipeline::{Named, StageError, Task};
use telensic::{Run, record};

use super::Examination;
use crate::point_in_time::hex;
use crate::sleeve::{Position, SleeveResult};

/// What was decided of all sleeves.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// All sleeves that there are results of.
    pub sleeves: Vec<Selected>,
    /// The hash of the selection.
    pub output_hash: String,
}

/// A sleeve, and how much of the capital it gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Selected {
    /// The sleeve.
    pub sleeve: SleeveResult,
    /// Its share of the capital; 0 without a position.
    pub weight: f64,
}

/// Selects.
pub fn selection(
    task: &mut Task,
    run: &Run,
    sleeves: &Named<SleeveResult>,
    examination: &Examination,
) -> Result<Selection, StageError> {
    let inputs: Texts = sleeves
        .iter()
        .map(|(name, sleeve)| (name, sleeve.hash()))
        .collect();
    let params = Fields::from([
        ("sleeves", sleeves.len()),
        ("hypotheses", examination.tested),
        ("rejected", examination.rejected),
    ]);
    record(&AuditIntent::new("selection").params(params).input_hashes(inputs));

    let taken = sleeves
        .iter()
        .filter(|(_, sleeve)| sleeve.position.is_some())
        .count();
    let weighted = |(_, sleeve): (&str, &SleeveResult)| Selected {
        sleeve: sleeve.clone(),
        weight: sleeve.position.map_or(0.0, |_| 1.0 / taken as f64),
    };
    let selected: Vec<Selected> = sleeves.iter().map(weighted).collect();
    let text = csv(&selected);
    let output_hash = hex(&Sha256::digest(&text));
    let path = run.dir().path().join("data").join("selection.csv");
    task.step("write", |_| {
        std::fs::write(&path, &text)?;
        Ok(run.output(&path)?)
    })?;

    let outputs: Texts = [("selection", output_hash.as_str())].into_iter().collect();
    record(
        &AuditOutcome::new("selected")
            .step("selection")
            .output_hashes(outputs),
    );
    task.set("positions", taken);
    Ok(Selection {
        sleeves: selected,
        output_hash,
    })
}

fn csv(selected: &[Selected]) -> String {
    let mut text = String::from("sleeve,position,weight,bull_epochs,bear_epochs,decision_bar\n");
    for Selected { sleeve, weight } in selected {
        let position = match sleeve.position {
            Some(Position::Bull) => "bull",
            Some(Position::Bear) => "bear",
            None => "none",
        };
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "{},{position},{weight},{},{},{}",
            sleeve.name, sleeve.bull_epochs, sleeve.bear_epochs, sleeve.decision_bar
        );
    }
    text
}
