//! Typed domain events: what a pipeline read, decided, tested and found.
//!
//! An event is an OTLP log record with an `event_name`. There are three ways in, and one record on the tape:
//!
//! - a typed one, which cannot be wrong: [`EpochDetected::new`] and its setters, written by [`Event::fields`];
//! - a free form one, checked against its JSON Schema by [`Schemas::check`]; one that does not fit is written as
//!   [`EventInvalid`], with the reason;
//! - one of the user's own, by the schema that was given to [`Schemas::register`].
//!
//! And one way out: [`EventRecord::of`] the log record, then [`EventRecord::parse`] into the type.
//!
//! ```
//! use telensic_run::event::{EpochDetected, Event, PositionType, Schemas};
//!
//! let epoch = EpochDetected::new(3_u32, 41_u32, 0.06, f64::NAN).position_type(PositionType::Bull);
//! let mut names = Vec::new();
//! epoch.fields(&mut |name, _value| names.push(name));
//! assert_eq!(names, ["epoch_index", "bar_index", "excess_gain", "excess_loss", "position_type"]);
//!
//! let fields = serde_json::json!({ "epoch_index": -1, "bar_index": 41, "excess_gain": 0.06, "excess_loss": 0 });
//! let misfit = Schemas::standard().check("epoch_detected", &fields).unwrap_err();
//! assert_eq!(misfit.path(), "/epoch_index");
//! ```

mod from_tape;
mod line;
mod lines;
mod misfit;
mod record;
mod schema;
mod schemas;
mod standard;
mod typed;
mod value;
mod words;

pub use from_tape::{attributes_json, value_json};
pub use line::EventLine;
pub use lines::{BadLine, EventLines, write_lines};
pub use misfit::Misfit;
pub use record::EventRecord;
pub use schema::schema_files;
pub use schemas::Schemas;
pub use standard::{
    AcfResult, AdTestResult, AdfResult, AlgorithmInit, AlgorithmResult, AuditIntent, AuditOutcome,
    BetaFitResult, CliffsDeltaResult, CohensDResult, DataLoad, DecisionSnapshot, EpochDetected, EventInvalid,
    FeaturesAtDecision, HypothesisId, HypothesisResult, MannWhitneyResult, ParticipationRatio, PcaResult,
    PnlFigure, PositionType, ShapiroWilkResult, Side, TestDecision, Thresholds, TradeFill, VifResult,
};
pub use typed::Event;
pub use value::{Datum, Fields, Float, Integer, Moment, NotAMoment, Texts, Unsigned};
