//! The standard events, one type each.

mod algorithm;
mod audit;
mod data;
mod decision;
mod epoch;
mod hypothesis;
mod invalid;
mod statistics;
mod trade;

pub use algorithm::{AlgorithmInit, AlgorithmResult};
pub use audit::{AuditIntent, AuditOutcome};
pub use data::DataLoad;
pub use decision::{DecisionSnapshot, FeaturesAtDecision, Thresholds};
pub use epoch::{EpochDetected, PositionType};
pub use hypothesis::{HypothesisId, HypothesisResult, TestDecision};
pub use invalid::EventInvalid;
pub use statistics::{
    AcfResult, AdTestResult, AdfResult, BetaFitResult, CliffsDeltaResult, CohensDResult, MannWhitneyResult,
    ParticipationRatio, PcaResult, ShapiroWilkResult, VifResult,
};
pub use trade::{PnlFigure, Side, TradeFill};
