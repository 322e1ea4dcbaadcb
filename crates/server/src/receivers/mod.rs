//! Protocols that other programs send telemetry by. Each receiver hands what it got to an
//! [`Intake`](crate::intake::Intake).

pub mod otlp_http;
