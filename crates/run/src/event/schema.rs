//! The JSON Schemas (draft 2020-12) of the standard events, generated from their types.

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{
    AcfResult, AdTestResult, AdfResult, AlgorithmInit, AlgorithmResult, AuditIntent, AuditOutcome,
    BetaFitResult, CliffsDeltaResult, CohensDResult, DataLoad, DecisionSnapshot, EpochDetected, Event,
    EventInvalid, HypothesisResult, MannWhitneyResult, ParticipationRatio, PcaResult, PnlFigure,
    ShapiroWilkResult, TradeFill, VifResult,
};

/// A standard event, as its schema and its type see it.
pub(super) struct Standard {
    pub(super) name: &'static str,
    pub(super) schema: fn() -> Value,
    /// Whether the type can be read from these fields: a schema cannot say everything, such as that there is no
    /// 30th of February.
    pub(super) read: fn(&Value) -> Result<(), serde_json::Error>,
}

/// All of them.
pub(super) const STANDARD: &[Standard] = &[
    standard::<DataLoad>(),
    standard::<AlgorithmInit>(),
    standard::<AlgorithmResult>(),
    standard::<DecisionSnapshot>(),
    standard::<EpochDetected>(),
    standard::<HypothesisResult>(),
    standard::<ShapiroWilkResult>(),
    standard::<BetaFitResult>(),
    standard::<AdTestResult>(),
    standard::<MannWhitneyResult>(),
    standard::<CohensDResult>(),
    standard::<CliffsDeltaResult>(),
    standard::<PcaResult>(),
    standard::<VifResult>(),
    standard::<ParticipationRatio>(),
    standard::<AdfResult>(),
    standard::<AcfResult>(),
    standard::<AuditIntent>(),
    standard::<AuditOutcome>(),
    standard::<TradeFill>(),
    standard::<PnlFigure>(),
    standard::<EventInvalid>(),
];

const fn standard<E: Event>() -> Standard {
    Standard {
        name: E::NAME,
        schema: schema_of::<E>,
        read: |fields| E::deserialize(fields).map(drop),
    }
}

fn schema_of<E: Event>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<E>();
    schema.insert(
        "$id".to_owned(),
        format!("urn:telensic:event:{}:1", E::NAME).into(),
    );
    schema.insert("title".to_owned(), E::NAME.into());
    schema.to_value()
}

/// The files that `schemas/` holds: name and content, in the order of the specification.
pub fn schema_files() -> Vec<(String, String)> {
    STANDARD
        .iter()
        .map(|event| {
            (
                format!("{}.json", event.name),
                format!("{:#}\n", (event.schema)()),
            )
        })
        .collect()
}
